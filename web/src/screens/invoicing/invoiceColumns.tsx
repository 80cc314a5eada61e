// The columns of invoices, in a customer's panel and over all customers (INV-14).
import { labels } from "../../api/labels";
import type { Invoice } from "../../api/schema";
import { day, instant } from "../../format/date";
import { money } from "../../format/money";
import type { Column } from "../../parts/Grid";
import { State } from "../../parts/Tag";

export const invoiceColumns = (profiles: (id?: string) => string, today: string): Column<Invoice>[] => [
  { key: "numero", title: "Fatura", text: (i) => String(i.number), by: (i) => i.number, width: 66, grow: 1 },
  { key: "descricao", title: "Descrição", text: (i) => i.description, width: 150, grow: 400 },
  { key: "emissao", title: "Emissão", text: (i) => day(i.issued_on), by: (i) => i.issued_on, width: 88, grow: 1 },
  { key: "vencimento", title: "Vencimento", text: (i) => day(i.due_on), by: (i) => i.due_on, width: 104, grow: 1, show: (i) => <span className={i.status === "open" && i.due_on < today ? "bad" : ""}>{day(i.due_on)}</span> },
  { key: "valor", title: "Valor (R$)", text: (i) => money(i.amount), amount: (i) => i.amount, align: "right", width: 96, grow: 1 },
  { key: "pago", title: "Pago (R$)", text: (i) => money(i.paid), amount: (i) => i.paid, align: "right", width: 90, grow: 1 },
  { key: "situacao", title: "Situação", text: (i) => labels.InvoiceStatus[i.status], show: (i) => <State of="InvoiceStatus" is={i.status} />, width: 92, grow: 1 },
  { key: "remessa", title: "No banco", text: (i) => labels.RemittanceState[i.remittance], width: 126, grow: 10 },
  { key: "nosso", title: "Nosso número", text: (i) => i.nosso_numero ?? "", width: 112, grow: 10 },
  { key: "bloqueio", title: "Bloqueio", text: (i) => i.locks.map((lock) => labels.LockKind[lock.kind]).join(", "), width: 80, grow: 60 },
  { key: "profile", title: "Profile", text: (i) => profiles(i.payment_profile_id), width: 90, grow: 60, aside: true },
];

/** When and why, in place of what a deleted invoice no longer waits for; by whom is in its history. */
export const deletedColumns: typeof invoiceColumns = (profiles, today) => [
  ...invoiceColumns(profiles, today).filter(({ key }) => !["pago", "remessa", "bloqueio"].includes(key)),
  { key: "excluida", title: "Excluída em", text: (i) => (i.deletion ? instant(i.deletion.at) : ""), by: (i) => i.deletion?.at, width: 132, grow: 1 },
  { key: "motivo", title: "Motivo", text: (i) => i.deletion?.reason ?? "", width: 130, grow: 300, wraps: true },
];
