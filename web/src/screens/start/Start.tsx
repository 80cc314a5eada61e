// "Início": what waits for the person who is here, the first of each kind, and the way to the rest (WEB-03).
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answer, api } from "../../api/client";
import type { Waiting, WaitingRow, Work } from "../../api/schema";
import { useToday } from "../../app/me";
import { day } from "../../format/date";
import { brl, money } from "../../format/money";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Wait } from "../../parts/show";

type Place = { to: string; search?: Record<string, unknown> };
type Places = { list: (today: string) => Place; row: (row: WaitingRow) => Place };

const customer = (row: WaitingRow) => `/clientes/${row.customer_id}`;
const message = (row: WaitingRow): Place => ({ to: customer(row), search: { aba: "mensagens", mensagem: row.id } });
const run = (row: WaitingRow): Place => ({ to: `/execucoes/${row.id}` });
const runs = (): Place => ({ to: "/execucoes" });

const PLACES: Record<Work, Places> = {
  pending_closings: { list: () => ({ to: "/fechamentos", search: { situacao: "processed", pendencias: "sim" } }), row: (row) => ({ to: `/fechamentos/${row.customer_id}/${row.id}`, search: { aba: "pendencias" } }) },
  held_receipts: { list: () => ({ to: "/retidos" }), row: (row) => ({ to: "/retidos", search: { mes: row.on?.slice(0, 7) ?? "" } }) },
  rejected_titles: { list: () => ({ to: "/rejeitados" }), row: (row) => ({ to: customer(row), search: { aba: "receber", fatura: row.id } }) },
  uncertain_messages: { list: () => ({ to: "/mensagens", search: { situacao: "uncertain" } }), row: message },
  failed_messages: { list: () => ({ to: "/mensagens", search: { situacao: "failed,bounced" } }), row: message },
  cancellation_requests: { list: () => ({ to: "/contratos", search: { situacao: "cancellation_requested" } }), row: (row) => ({ to: `/clientes/${row.customer_id}/contratos/${row.id}` }) },
  overdue_charges: { list: (today) => ({ to: "/contas", search: { f: { vencimento: `<${day(today)}` } } }), row: (row) => ({ to: customer(row), search: { aba: "contas" } }) },
  failed_runs: { list: runs, row: run },
  parked_runs: { list: runs, row: run },
  ending_certificates: { list: () => ({ to: "/configuracao-fiscal" }), row: (row) => ({ to: "/configuracao-fiscal", search: { empresa: row.id } }) },
};

export function Start() {
  const today = useToday();
  const waiting = useQuery({ queryKey: ["waiting"], queryFn: async () => (await answer(api.GET("/waiting"))).items, refetchInterval: 60_000 });
  const items = waiting.data ?? [];
  const some = items.filter((one) => one.count > 0);
  const none = items.filter((one) => one.count === 0);
  return (
    <>
      <Heading title="Início" />
      <ProblemNote error={waiting.error} retry={() => void waiting.refetch()} />
      {waiting.isPending && <Wait />}
      {waiting.data && some.length === 0 && <div className="note ok">Nada aguarda você.</div>}
      <div className="cards">{some.map((one) => <Card key={one.work} waiting={one} today={today} />)}</div>
      {none.length > 0 && <div className="soft">Em dia: {none.map((one) => one.label.toLowerCase()).join(", ")}.</div>}
    </>
  );
}

function Card({ waiting, today }: { waiting: Waiting; today: string }) {
  const places = PLACES[waiting.work];
  return (
    <section className="box" aria-label={waiting.label}>
      <div className="bar">
        <h2>{waiting.label}</h2>
        <span className="grow" />
        <b className="count">{waiting.count.toLocaleString("pt-BR")}</b>
        {waiting.total && <span className="soft">{brl(waiting.total)}</span>}
      </div>
      <table className="plain">
        <tbody>
          {waiting.rows.map((row) => (
            <tr key={row.id}>
              <td><Go to={places.row(row)}>{row.text}</Go>{row.customer && <div className="soft">{row.customer}</div>}</td>
              <td className="num">{day(row.on)}</td>
              <td className="num">{row.amount && money(row.amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Go to={places.list(today)}>{waiting.count === 1 ? "Ver na lista" : `Ver todos (${waiting.count.toLocaleString("pt-BR")})`}</Go>
    </section>
  );
}

const Go = ({ to, children }: { to: Place; children: string }) => <Link to={to.to} search={to.search as never}>{children}</Link>;
