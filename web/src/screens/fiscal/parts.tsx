// The columns of fiscal documents and of the invoices that wait for one, of a company and of a customer; the dialog that issues.
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { FiscalDocument, PendingInvoice } from "../../api/schema";
import { day, instant } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import type { Column } from "../../parts/Grid";
import { State } from "../../parts/Tag";
import { InvoiceDrawer } from "../invoicing/InvoiceDrawer";

type Names = Record<string, string>;
const customer = <R extends { customer_id: string }>(names: Names | undefined): Column<R>[] =>
  names ? [{ key: "cliente", title: "Cliente", text: (row) => names[row.customer_id] ?? "", width: 200, grow: 300 }] : [];

/** With `names`, of many customers. */
export const documentColumns = (names?: Names): Column<FiscalDocument>[] => [
  { key: "numero", title: "Número", text: (d) => String(d.number ?? ""), by: (d) => d.number ?? 0, align: "right", width: 80, grow: 1 },
  { key: "serie", title: "Série", text: (d) => d.series ?? "", width: 60, grow: 1 },
  { key: "modelo", title: "Modelo", text: (d) => labels.FiscalModel[d.model], width: 80, grow: 1 },
  ...customer<FiscalDocument>(names),
  { key: "emissao", title: "Emitida em", text: (d) => (d.issued_at ? instant(d.issued_at) : ""), by: (d) => d.issued_at ?? "", width: 136, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (d) => (d.amount ? money(d.amount) : ""), amount: (d) => d.amount, align: "right", width: 104, grow: 1 },
  { key: "situacao", title: "Situação", text: (d) => labels.DocumentState[d.state], show: (d) => <State of="DocumentState" is={d.state} />, width: 170, grow: 1 },
  { key: "motivo", title: "Motivo", text: (d) => d.reason ?? "", width: 160, grow: 300, wraps: true },
];

export const pendingColumns = (names?: Names): Column<PendingInvoice>[] => [
  { key: "numero", title: "Fatura", text: (i) => String(i.number), by: (i) => i.number, align: "right", width: 80, grow: 1 },
  ...customer<PendingInvoice>(names),
  { key: "descricao", title: "Descrição", text: (i) => i.description, width: 150, grow: 200 },
  { key: "emissao", title: "Gerada em", text: (i) => day(i.issued_on), by: (i) => i.issued_on, width: 96, grow: 1 },
  { key: "vencimento", title: "Vencimento", text: (i) => day(i.due_on), by: (i) => i.due_on, width: 104, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (i) => money(i.amount), amount: (i) => i.amount, align: "right", width: 104, grow: 1 },
  { key: "situacao", title: "Situação", text: (i) => labels.InvoiceStatus[i.status], show: (i) => <State of="InvoiceStatus" is={i.status} />, width: 96, grow: 1 },
  { key: "documento", title: "Documento", text: (i) => (i.is_waiting ? "numerado, sem autorização" : "a emitir"), width: 170, grow: 1 },
];

/** Issues the invoice's documents; where one was not authorised, its invoice is shown, and there the reason. */
export function IssueNote({ invoice, name, onClose }: { invoice: PendingInvoice; name?: string | undefined; onClose: () => void }) {
  const path = { customer_id: invoice.customer_id, invoice_id: invoice.invoice_id };
  const [refused, setRefused] = useState(false);
  if (refused) return <InvoiceDrawer customerId={path.customer_id} invoiceId={path.invoice_id} onClose={onClose} />;
  return (
    <Action
      title={`Emitir a nota da fatura ${invoice.number}`} button="Emitir" onClose={onClose} items={[{ id: invoice.invoice_id, text: [name, invoice.description, brl(invoice.amount)].filter(Boolean).join(" · ") }]}
      run={async (header) => {
        const issued = (await answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents", { params: { path, header }, body: {} }))).items;
        return { some: issued.some((document) => document.state !== "authorised") };
      }}
      onDone={(issued) => setRefused((issued as { some: boolean }).some)}
    />
  );
}
