// "Extrato financeiro" (PAY-01): paid, discount, interest and balance beside each due date; opened, a row tells everything of it.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { StatementRow } from "../../api/schema";
import { day } from "../../format/date";
import { brl, money } from "../../format/money";
import { type Column, Grid } from "../../parts/Grid";
import { Totals } from "../../parts/show";
import { Tag } from "../../parts/Tag";

const words: Record<string, string> = { ...labels.InvoiceStatus, ...labels.ChargeStatus };
const amount = (key: "amount" | "paid" | "discount" | "surcharge" | "renegotiated" | "balance", title: string): Column<StatementRow> => ({
  key, title, text: (row) => money(row[key]), amount: (row) => row[key], align: "right", width: 88, grow: 1,
});

const COLUMNS: Column<StatementRow>[] = [
  { key: "vencimento", title: "Vencimento", text: (row) => day(row.due_on), by: (row) => row.due_on, show: (row) => (row.forbids_receipt ? <Tag tone="bad">{day(row.due_on)}</Tag> : day(row.due_on)), width: 98, grow: 1 },
  { key: "fatura", title: "Fatura", text: (row) => String(row.invoice_number ?? "a faturar"), width: 74, grow: 1 },
  { key: "descricao", title: "Descrição", text: (row) => row.titles.join(", "), width: 100, grow: 60 },
  { key: "situacao", title: "Situação", text: (row) => words[row.status] ?? "", width: 92, grow: 1 },
  { key: "pago_em", title: "Pago em", text: (row) => day(row.settled_on), by: (row) => row.settled_on, width: 88, grow: 1 },
  amount("amount", "Valor (R$)"),
  amount("paid", "Pago (R$)"),
  { ...amount("discount", "Desconto (R$)"), width: 104 },
  amount("surcharge", "Juros (R$)"),
  { ...amount("renegotiated", "Renegociado (R$)"), width: 122 },
  amount("balance", "Saldo (R$)"),
];

export function FinancialStatement({ customerId }: { customerId: string }) {
  const navigate = useNavigate();
  const statement = useQuery({
    queryKey: ["customers", customerId, "financial-statement"],
    queryFn: () => answer(api.GET("/customers/{customer_id}/financial-statement", { params: { path: { customer_id: customerId } } })),
  });
  const told = statement.data;
  const open = (row: StatementRow) =>
    void navigate({ to: `/clientes/${customerId}`, search: (row.invoice_number === undefined ? { aba: "contas" } : { aba: row.status === "settled" || row.status === "renegotiated" ? "liquidadas" : undefined, fatura: row.id }) as never });
  return (
    <>
      <div className="bar">
        {told && <Totals items={[["Cobrado", brl(told.amount)], ["Pago", brl(told.paid)], ["Descontos", brl(told.discount)], ["Juros e multas", brl(told.surcharge)], ["Renegociado", brl(told.renegotiated)], ["Saldo", brl(told.balance)]]} />}
      </div>
      <Grid name="Extrato financeiro" columns={COLUMNS} rows={told?.rows} rowKey={(row) => row.id} error={statement.error} retry={() => void statement.refetch()} order="-vencimento" onOpen={open} empty="Nada foi cobrado deste cliente ainda." />
    </>
  );
}
