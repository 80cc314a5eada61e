// "Contas a receber": the invoices of all customers, with the totals of the whole filter and the panel's tools (INV-14, INV-15).
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { InvoiceListed, InvoiceTotals, InvoiceStatus, paths } from "../../api/schema";
import { named, usePaymentProfiles, useToday } from "../../app/me";
import { parseDays } from "../../format/date";
import { brl, parseAmounts } from "../../format/money";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { between, choice, useRemoteList } from "../../parts/remote";
import type { Query } from "../../parts/rows";
import { Heading, Totals } from "../../parts/show";
import { InvoiceDrawer } from "../invoicing/InvoiceDrawer";
import { InvoiceToolbar } from "../invoicing/InvoiceToolbar";
import { invoiceColumns } from "../invoicing/invoiceColumns";
import { customerColumn, useScopeFilter, withRemote } from "./parts";

type Asked = paths["/invoices"]["get"]["parameters"]["query"];

const number = (name: "number" | "nosso_numero") => (typed: string): Query | undefined => {
  const digits = typed.replace(/[.\-/\s]/g, "");
  return /^\d{1,12}$/.test(digits) ? { [name]: digits } : undefined;
};
const DAY = "mm/aaaa";
const REMOTE: Record<string, Partial<Column<InvoiceListed>>> = {
  numero: { ask: number("number"), orders: { up: "number", down: "-number" } },
  emissao: { ask: between("issued", parseDays), hint: "mm/aaaa", orders: { down: "-issued_on" } },
  vencimento: { ask: between("due", parseDays), hint: DAY, orders: { up: "due_on", down: "-due_on" } },
  valor: { ask: between("amount", parseAmounts), hint: "> 100", orders: { up: "amount", down: "-amount" } },
  situacao: { ask: choice("status"), options: labels.InvoiceStatus },
  remessa: { ask: choice("remittance"), options: labels.RemittanceState },
  nosso: { ask: number("nosso_numero") },
};

/** Where no state is chosen over the column: those that are still to be received. */
const SHOWN: Record<string, { label: string; status?: InvoiceStatus[]; overdue?: boolean }> = {
  aberto: { label: "A receber", status: ["open", "suspended"] },
  vencidas: { label: "Vencidas", overdue: true },
  liquidadas: { label: "Liquidadas", status: ["settled"] },
  renegociadas: { label: "Renegociadas", status: ["renegotiated"] },
  excluidas: { label: "Excluídas", status: ["deleted", "replaced", "cancelled"] },
  todas: { label: "Todas" },
};

export function Receivables() {
  const profiles = usePaymentProfiles().data ?? [];
  const today = useToday();
  const scope = useScopeFilter();
  const [shown, setShown] = useWord("mostrar", "aberto");
  const [profile, setProfile] = useWord("profile");
  const [opened, open] = useWord("fatura");
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const { status, overdue } = SHOWN[shown] ?? SHOWN.todas!;
  const columns: Column<InvoiceListed>[] = [
    customerColumn<InvoiceListed>(),
    ...withRemote(invoiceColumns(named(profiles), today) as Column<InvoiceListed>[], REMOTE, ["numero", "vencimento", "valor", "pago", "situacao", "remessa", "nosso", "emissao", "bloqueio"]),
  ];
  const list = useRemoteList({
    key: "invoices", columns, order: "vencimento",
    fixed: { ...scope.fixed, ...(profile && { payment_profile_id: profile }), ...(status && { status }), ...(overdue !== undefined && { overdue }) },
    page: (query, cursor) => answer(api.GET("/invoices", { params: { query: { ...(query as Asked), limit: 100, cursor } } })),
    foot: ({ totals }) => [["Faturas", totals.count.toLocaleString("pt-BR")], ["Valor", brl(totals.amount)], ["Pago", brl(totals.paid)]],
  });
  const invoice = list.rows?.find((one) => one.id === opened);
  return (
    <>
      <Heading title="Contas a receber">
        <Choice label="Mostrar" required options={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))} value={shown} onChange={(next) => setShown(next ?? "aberto")} w={120} />
        {scope.fields}
        <Choice label="Profile" placeholder="todos" options={profiles.map((one) => ({ value: one.id, label: one.name }))} value={profile} onChange={(next) => setProfile(next ?? "")} w={180} />
      </Heading>
      <Strip totals={list.first?.totals} />
      <InvoiceToolbar chosen={list.rows?.filter((row) => ticked.has(row.id)) ?? []} onRefused={(ids) => tick(new Set(ids))} />
      <Grid name="Contas a receber" rowKey={(i) => i.id} ticked={ticked} onTick={tick} onOpen={(i) => open(i.id)} empty="Nenhuma fatura aqui." {...list.grid} />
      {invoice && <InvoiceDrawer customerId={invoice.customer_id} invoiceId={opened} onClose={() => open("")} />}
    </>
  );
}

/** Of the whole filter, not of the page. */
const Strip = ({ totals }: { totals: InvoiceTotals | undefined }) => (
  <Totals
    items={[
      ["Em aberto", totals ? brl(totals.open) : "…"],
      ["Vencido", totals ? brl(totals.overdue) : "…", totals !== undefined && totals.overdue_count > 0],
      ["Faturas vencidas", totals ? totals.overdue_count.toLocaleString("pt-BR") : "…"],
      ["Suspenso", totals ? brl(totals.suspended) : "…"],
      ["Recebido", totals ? brl(totals.paid) : "…"],
    ]}
  />
);
