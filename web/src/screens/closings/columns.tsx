// The columns of closings, on their own screen and in a customer's panel (CLO-02).
import type { ClosingSummary } from "../../api/schema";
import { period } from "../../format/date";
import { money } from "../../format/money";
import type { Column } from "../../parts/Grid";
import { State, Tag } from "../../parts/Tag";

/** Of what was never computed the API says so, and no zero. */
export const dueText = (c: ClosingSummary) => (c.computed_at ? money(c.due) : c.due_label);

export const closingColumns = (withCustomer: boolean): Column<ClosingSummary>[] => [
  ...(withCustomer ? [{ key: "cliente", title: "Cliente", text: (c: ClosingSummary) => c.customer, width: 150, grow: 300 }] : []),
  { key: "contrato", title: "Contrato", text: (c) => c.contract_title, width: 146, grow: 300 },
  { key: "periodo", title: "Período", text: (c) => period(c.period), by: (c) => c.period.start, width: 182, grow: 1 },
  { key: "situacao", title: "Situação", text: (c) => c.status_label, show: (c) => <State of="ClosingStatus" is={c.status} />, width: 124, grow: 1 },
  { key: "pendencias", title: "Pendências", text: (c) => (c.pending ? String(c.pending) : ""), by: (c) => c.pending, show: (c) => (c.pending ? <Tag tone="warn">{c.pending}</Tag> : ""), width: 96, grow: 1 },
  { key: "devido", title: "Devido (R$)", text: dueText, amount: (c) => c.due, align: "right", width: 104, grow: 1 },
  { key: "cobrado", title: "Cobrado (R$)", text: (c) => money(c.charged), amount: (c) => c.charged, align: "right", width: 104, grow: 1 },
  { key: "cobranca", title: "Cobrança", text: (c) => c.situation, width: 84, grow: 1 },
];
