// "Fazer recibo" (PAY-02..PAY-04): what is owed today is ticked, paid at the counter and printed.
import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { AmountDue, AmountsDue, Authorisation, ByMeans, CounterReceipt } from "../../api/schema";
import { useMay } from "../../app/me";
import { day } from "../../format/date";
import { brl, cents, isPositive, less, money, sum } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, MoneyInput, WordsInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { Authoriser } from "./Authoriser";
import { full, MeansInputs, meansText, totalOf, type Typed } from "./means";
import { useOffered, useOwnSessions } from "./queries";
import { CustomerReceipts, ReceiptPaper } from "./Receipts";

const MOST = 8;
type Discount = { authorisation: Authorisation; amount?: string; discount_type?: string; reason?: string };

export function MakeReceipt() {
  const { customerId } = useParams({ strict: false }) as { customerId: string };
  const path = { customer_id: customerId };
  const customer = useQuery({ queryKey: ["customers", customerId], queryFn: () => answer(api.GET("/customers/{customer_id}", { params: { path } })) });
  const due = useQuery({ queryKey: ["customers", customerId, "amounts-due"], queryFn: () => answer(api.GET("/customers/{customer_id}/amounts-due", { params: { path } })) });
  const sessions = useOwnSessions();
  const [printed, setPrinted] = useState<string>();
  return (
    <>
      <Heading title={`Fazer recibo${customer.data ? ` · ${customer.data.name}` : ""}`}>
        <Link to={`/clientes/${customerId}`}>Painel do cliente</Link>
      </Heading>
      <ProblemNote error={due.error ?? customer.error} retry={() => void due.refetch()} />
      {sessions.data?.length === 0 && <div className="note warn">Você não tem caixa aberto. <Link to="/meu-caixa">Abra o seu em “Meu caixa”</Link>.</div>}
      {due.isPending && <Wait />}
      {due.data && <Owed key={customerId} customerId={customerId} due={due.data} onMade={(receipt) => setPrinted(receipt.id)} />}
      <CustomerReceipts customerId={customerId} />
      {printed && <ReceiptPaper customerId={customerId} receiptId={printed} onClose={() => setPrinted(undefined)} />}
    </>
  );
}

function Owed({ customerId, due, onMade }: { customerId: string; due: AmountsDue; onMade: (receipt: CounterReceipt) => void }) {
  const [ticked, setTicked] = useState<string[]>([]);
  const [waived, setWaived] = useState(false);
  const [discount, setDiscount] = useState<Discount>();
  const [protest, setProtest] = useState<Authorisation>();
  const [asking, setAsking] = useState<"discount" | "under_protest">();
  const [paying, setPaying] = useState(false);
  const mayWaive = useMay("payments:waive_interest");
  const maySettle = useMay("payments:settle");
  const despite = useMay("payments:under_protest");
  const chosen = due.items.filter((item) => ticked.includes(item.invoice_id));
  const before = sum(chosen.map((item) => (waived ? item.total_without_interest : item.total)));
  const total = discount?.amount ? less(before, discount.amount) : before;
  const forbidden = due.protest_status !== undefined && !despite && protest === undefined;
  const complete = discount === undefined || (isPositive(discount.amount) && discount.discount_type !== undefined && discount.reason !== undefined);
  const reset = () => {
    setTicked([]);
    setDiscount(undefined);
    setProtest(undefined);
  };
  if (due.items.length === 0) return <div className="box soft">Nenhuma fatura em aberto.</div>;
  return (
    <>
      {due.protest_status !== undefined && (
        <div className="note warn" role="alert">
          Status “{due.protest_status}”: não permite fazer o recibo{despite ? ", salvo pela sua permissão." : protest ? `, autorizado por ${protest.authoriser_name}.` : ". Solicite ao administrador uma senha para continuar."}{" "}
          {forbidden && <Button size="compact-xs" onClick={() => setAsking("under_protest")}>Senha do administrador</Button>}
        </div>
      )}
      <DueTable due={due} ticked={ticked} waived={waived} onTick={setTicked} />
      <div className="bar">
        {mayWaive && <Checkbox label="Sem juros" checked={waived} onChange={(event) => setWaived(event.currentTarget.checked)} />}
        {discount === undefined && <Button variant="default" disabled={chosen.length === 0} onClick={() => setAsking("discount")}>Desconto</Button>}
        <span className="grow" />
        {maySettle && <Button disabled={chosen.length === 0 || chosen.length > MOST || forbidden || !complete} onClick={() => setPaying(true)}>Fazer recibo</Button>}
      </div>
      {chosen.length > MOST && <div className="note warn">Um recibo tem até {MOST} faturas: faça outro para as demais.</div>}
      {discount && <DiscountFields discount={discount} onChange={setDiscount} />}
      <Totals items={[["Faturas", String(chosen.length)], ["Devido", brl(before)], ...(discount?.amount ? [["Desconto", brl(discount.amount)] as [string, string]] : []), ["Total do recibo", brl(total)]]} />
      {asking && <Authoriser purpose={asking} customerId={customerId} onClose={() => setAsking(undefined)} onGiven={(given) => { if (asking === "discount") setDiscount({ authorisation: given }); else setProtest(given); setAsking(undefined); }} />}
      {paying && (
        <Pay
          total={total} invoices={chosen} onClose={() => setPaying(false)} onMade={(receipt) => { reset(); onMade(receipt); }}
          send={(header, paid) =>
            answer(
              api.POST("/counter-receipts", {
                params: { header },
                body: {
                  customer_id: customerId, invoice_ids: chosen.map((item) => item.invoice_id), total, paid, waives_interest: waived,
                  ...(discount && { discount: { authorisation_id: discount.authorisation.id, amount: discount.amount!, discount_type: discount.discount_type!, reason: discount.reason! } }),
                  ...(protest && { protest_authorisation_id: protest.id }),
                },
              }),
            )
          }
        />
      )}
    </>
  );
}

/** The due dates of who is under a protest status that forbids a receipt are red, and say so. */
function DueTable({ due, ticked, waived, onTick }: { due: AmountsDue; ticked: string[]; waived: boolean; onTick: (ids: string[]) => void }) {
  const toggle = (id: string) => onTick(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]);
  const red = due.protest_status !== undefined;
  return (
    <div className="box"><table className="plain" aria-label="Faturas em aberto">
      <thead><tr><th /><th>Vencimento</th><th>Fatura</th><th>Descrição</th><th className="num">Dias</th><th className="num">Valor</th><th className="num">Desconto em dia</th><th className="num">Multa</th><th className="num">Juros</th><th className="num">Total hoje</th></tr></thead>
      <tbody>
        {due.items.map((item) => (
          <tr key={item.invoice_id}>
            <td><Checkbox aria-label={`Fatura ${item.number}`} checked={ticked.includes(item.invoice_id)} disabled={item.reasons !== undefined && item.reasons.length > 0} onChange={() => toggle(item.invoice_id)} /></td>
            <td>{red ? <Tag tone="bad">{day(item.due_on)}</Tag> : day(item.due_on)}</td>
            <td>{item.number}</td>
            <td>{item.description}{item.reasons?.map((reason, i) => <div key={i} className="soft">{reason.message}</div>)}</td>
            <td className="num">{item.days_late || ""}</td>
            <td className="num">{money(item.amount)}</td>
            <td className="num">{money(item.discount)}</td>
            <td className="num">{money(item.fine)}</td>
            <td className="num">{waived ? "—" : money(item.interest)}</td>
            <td className="num">{money(waived ? item.total_without_interest : item.total)}</td>
          </tr>
        ))}
      </tbody>
    </table></div>
  );
}

/** Open only once somebody authorised it, who is shown. */
function DiscountFields({ discount, onChange }: { discount: Discount; onChange: (discount: Discount | undefined) => void }) {
  const types = useOffered("discount_type");
  return (
    <fieldset className="box" style={{ display: "grid", gap: 10 }}>
      <legend>Desconto</legend>
      <div className="note">Usuário Autorizado: <b>{discount.authorisation.authoriser_name}</b></div>
      {types.length === 0 && <div className="note warn">Nenhum tipo de desconto na lista. <Link to="/motivos">Inclua um em “Listas de motivos”</Link>.</div>}
      <div className="bar" style={{ alignItems: "end" }}>
        <MoneyInput label="Valor do desconto" value={discount.amount} onChange={(amount) => onChange({ ...discount, amount })} w={130} />
        <Choice label="Tipo de Desconto" required options={types} value={discount.discount_type} onChange={(discount_type) => onChange({ ...discount, discount_type })} w={200} />
        <WordsInput label="Motivo do Desconto" value={discount.reason} onChange={(reason) => onChange({ ...discount, reason })} maxLength={100} w={320} />
        <Button variant="default" onClick={() => onChange(undefined)}>Sem desconto</Button>
      </div>
    </fieldset>
  );
}

type PayProps = {
  total: string;
  invoices: AmountDue[];
  onClose: () => void;
  onMade: (receipt: CounterReceipt) => void;
  send: (header: { "Idempotency-Key": string }, paid: ByMeans) => Promise<CounterReceipt>;
};

function Pay({ total, invoices, onClose, onMade, send }: PayProps) {
  const [paid, setPaid] = useState<Typed>({ cash: total });
  const change = less(totalOf(paid), total);
  const short = cents(change) < 0n;
  const tooMuch = cents(change) > cents(paid.cash ?? "0");
  return (
    <Action
      title={`Receber ${brl(total)}`} button="Receber e imprimir" onClose={onClose} ready={!short && !tooMuch}
      items={invoices.map((item) => ({ id: item.invoice_id, text: `Fatura ${item.number} · vencimento ${day(item.due_on)}` }))}
      warning={tooMuch ? "O troco é dado em dinheiro: cartão e Pix não passam do total." : undefined}
      run={(header) => send(header, full(paid))} onDone={(made) => onMade(made as CounterReceipt)}
    >
      <MeansInputs value={paid} onChange={setPaid} />
      <Totals items={[["Total", brl(total)], ["Pago", meansText(paid) || brl("0")], [short ? "Faltam" : "Troco", brl(short ? less(total, totalOf(paid)) : change), short]]} />
    </Action>
  );
}
