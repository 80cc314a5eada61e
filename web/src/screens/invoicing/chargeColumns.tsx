// The columns of charges, in a customer's panel and over all customers (CON-01).
import { labels } from "../../api/labels";
import type { Charge } from "../../api/schema";
import { day, period } from "../../format/date";
import { money } from "../../format/money";
import type { Column } from "../../parts/Grid";
import { State } from "../../parts/Tag";

export const CHARGE_COLUMNS: Column<Charge>[] = [
  { key: "descricao", title: "Conta", text: (c) => c.description, width: 132, grow: 400 },
  { key: "parcela", title: "Parcela", text: (c) => c.instalment?.join("/") ?? "", width: 60, grow: 1 },
  { key: "referencia", title: "Referência", text: (c) => period(c.reference), by: (c) => c.reference.start, width: 176, grow: 1 },
  { key: "vencimento", title: "Vencimento", text: (c) => day(c.due_on), by: (c) => c.due_on, width: 100, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (c) => money(c.amount), amount: (c) => c.amount, align: "right", width: 96, grow: 1 },
  { key: "situacao", title: "Situação", text: (c) => labels.ChargeStatus[c.status], show: (c) => <State of="ChargeStatus" is={c.status} />, width: 112, grow: 1 },
  { key: "agrupamento", title: "Agrupamento", text: (c) => c.grouping ?? "", width: 104, grow: 60 },
  { key: "bloqueio", title: "Bloqueio", text: (c) => c.locks.map((lock) => labels.LockKind[lock.kind]).join(", "), width: 76, grow: 60 },
];
