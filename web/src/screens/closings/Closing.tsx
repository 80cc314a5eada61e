// One closing in detail: items, fixed costs, adjustments, notes, pending issues, the calculation at the foot (CLO-03..06).
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { ClosingDetail } from "../../api/schema";
import { useMay } from "../../app/me";
import { instant, period } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { History } from "../../parts/History";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
import { State, Tag } from "../../parts/Tag";
import { Tool, whyNot } from "../../parts/Tool";
import { Adjustments } from "./Adjustments";
import { ClosingItems } from "./ClosingItems";
import { ClosingLines } from "./ClosingLines";
import { ClosingNotes } from "./ClosingNotes";
import { ChargeClosing } from "./ChargeClosing";
import { FreezeDialog } from "./FreezeDialog";
import { allPages } from "../../parts/remote";

export type Path = { customer_id: string; closing_id: string };
type Dialog = "freeze" | "unfreeze" | "compute" | "charge";
const TOOLS: [tool: Dialog, words: string, when: "frozen" | "before"][] = [
  ["compute", "Recalcular", "before"],
  ["charge", "Cobrar", "before"],
  ["freeze", "Congelar", "before"],
  ["unfreeze", "Descongelar", "frozen"],
];

export function Closing() {
  const { customerId, closingId } = useParams({ strict: false }) as { customerId: string; closingId: string };
  const path: Path = { customer_id: customerId, closing_id: closingId };
  const [tab, setTab] = useWord("aba", "itens");
  const [dialog, setDialog] = useState<Dialog>();
  const may = useMay("closings:freeze");
  const query = useQuery({
    queryKey: ["closings", "one", closingId],
    queryFn: () => answer(api.GET("/customers/{customer_id}/closings/{closing_id}", { params: { path } })),
  });
  if (query.error) return <><Heading title="Fechamento" /><ProblemNote error={query.error} retry={() => void query.refetch()} /></>;
  if (!query.data) return <Wait />;
  const closing = query.data;
  const frozen = closing.status === "frozen";
  const done = () => setDialog(undefined);
  return (
    <>
      <Heading title={`${closing.customer} · ${closing.contract_title}`}>
        <State of="ClosingStatus" is={closing.status} />
        {TOOLS.filter(([, , when]) => may && frozen === (when === "frozen")).map(([name, words]) => (
          <Tool key={name} words={words} variant={name === "freeze" ? "filled" : "default"} chosen={[closing]} why={whyNot(name, [closing])} onClick={() => setDialog(name)} />
        ))}
      </Heading>
      <div className="soft">
        Período {period(closing.period)}{closing.computed_at && ` · calculado em ${instant(closing.computed_at)}`}{closing.frozen_at && ` · congelado em ${instant(closing.frozen_at)}`}
        {" · "}<Link to={`/clientes/${customerId}`}>painel do cliente</Link>
        {closing.charging && ` · cobrado: centro de resultado ${closing.charging.cost_centre}, ticket ${closing.charging.ticket}`}
      </div>
      <Tabs value={tab} onChange={(next) => setTab(next ?? "itens")} keepMounted={false} style={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
        <Tabs.List aria-label="Fechamento">
          <Tabs.Tab value="itens">{closing.items.some((item) => item.meters.length) ? "Impressoras e itens" : "Itens"} ({closing.items.length})</Tabs.Tab>
          <Tabs.Tab value="fixos">Custos fixos ({closing.fixed_costs.length})</Tabs.Tab>
          <Tabs.Tab value="ajustes">Acréscimos e Descontos ({closing.adjustments.length})</Tabs.Tab>
          <Tabs.Tab value="observacoes">Observações ({closing.notes.length})</Tabs.Tab>
          <Tabs.Tab value="pendencias">Pendências ({closing.issues.length})</Tabs.Tab>
          <Tabs.Tab value="calculo">Cálculo, linha a linha</Tabs.Tab>
          <Tabs.Tab value="historico">Histórico</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} className="box" mt={8} style={{ flex: 1, minHeight: 120, overflow: "auto" }} tabIndex={0}>
          {tab === "itens" && <ClosingItems closing={closing} />}
          {tab === "fixos" && <FixedCosts closing={closing} />}
          {tab === "ajustes" && <Adjustments closing={closing} path={path} may={may && !frozen} />}
          {tab === "observacoes" && <ClosingNotes closing={closing} path={path} may={may} />}
          {tab === "pendencias" && <Issues closing={closing} />}
          {tab === "historico" && <History id={closingId} read={() => allPages((cursor) => answer(api.GET("/customers/{customer_id}/closings/{closing_id}/history", { params: { path, query: { cursor } } })))} />}
          {tab === "calculo" && <ClosingLines path={path} />}
        </Tabs.Panel>
      </Tabs>
      <Totals
        items={[
          ["Produção", brl(closing.totals.production)],
          ["+ Custo fixo dos itens", brl(closing.totals.items_fixed)],
          ["+ Custos fixos do contrato", brl(closing.totals.contract_fixed)],
          ["+ Acréscimos", brl(closing.totals.surcharges)],
          ["− Descontos", brl(closing.totals.discounts)],
          ["= Total do fechamento", brl(closing.total)],
        ]}
      />
      {dialog === "freeze" && <FreezeDialog closing={closing} path={path} onClose={done} />}
      {dialog === "charge" && <ChargeClosing path={path} customer={closing.customer} onClose={done} />}
      {dialog === "compute" && <Action title="Recalcular o fechamento" onClose={done} run={(header) => answer(api.POST("/customers/{customer_id}/closings/{closing_id}/computations", { params: { path, header } }))} />}
      {dialog === "unfreeze" && (
        <Action
          title="Descongelar o fechamento" onClose={done} warning="As contas deste fechamento que ainda não foram faturadas serão removidas."
          run={() => answer(api.DELETE("/customers/{customer_id}/closings/{closing_id}/freeze", { params: { path, header: ifMatch(closing.version) } }))}
        />
      )}
    </>
  );
}

function FixedCosts({ closing }: { closing: ClosingDetail }) {
  if (closing.fixed_costs.length === 0) return <p className="soft">O contrato não tem custos fixos neste período.</p>;
  return (
    <table className="plain">
      <thead><tr><th>Custo fixo</th><th className="num">Valor (R$)</th></tr></thead>
      <tbody>{closing.fixed_costs.map((cost, i) => <tr key={i}><td>{cost.description}</td><td className="num">{money(cost.amount)}</td></tr>)}</tbody>
    </table>
  );
}

function Issues({ closing }: { closing: ClosingDetail }) {
  if (closing.issues.length === 0) return <p className="soft">Nenhuma pendência.</p>;
  return (
    <ul className="steps">
      {closing.issues.map((issue, i) => (
        <li key={i}>
          <Tag tone="warn">{issue.title}</Tag> {issue.item && <b>{issue.item}</b>}
          <div>{issue.remedy} <Link to={`/clientes/${closing.customer_id}/contratos/${closing.contract_id}`}>Abrir o contrato</Link></div>
        </li>
      ))}
    </ul>
  );
}
