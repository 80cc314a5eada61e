// "Contas não faturadas" of all customers, with the total of the whole filter (CON-01).
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ChargeListed, ChargeStatus, paths } from "../../api/schema";
import { usePaymentProfiles } from "../../app/me";
import { parseDays } from "../../format/date";
import { brl } from "../../format/money";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { between, choice, useRemoteList } from "../../parts/remote";
import { Heading, Totals } from "../../parts/show";
import { ChargeToolbar } from "../invoicing/ChargeToolbar";
import { CHARGE_COLUMNS } from "../invoicing/chargeColumns";
import { customerColumn, useScopeFilter, withRemote } from "./parts";

type Asked = paths["/charges"]["get"]["parameters"]["query"];

const COLUMNS: Column<ChargeListed>[] = [
  customerColumn<ChargeListed>(),
  ...withRemote(
    CHARGE_COLUMNS as Column<ChargeListed>[],
    {
      vencimento: { ask: between("due", parseDays), hint: "mm/aaaa", orders: { up: "due_on", down: "-due_on" } },
      valor: { orders: { down: "-amount" } },
      situacao: { ask: choice("status"), options: labels.ChargeStatus },
    },
    ["descricao", "parcela", "referencia", "vencimento", "valor", "situacao", "agrupamento", "bloqueio"],
  ),
];

const SHOWN: Record<string, { label: string; status?: ChargeStatus[] }> = {
  faturar: { label: "Não faturadas", status: ["unbilled", "suspended"] },
  faturadas: { label: "Faturadas", status: ["billed"] },
  todas: { label: "Todas" },
};

export function AllCharges() {
  const profiles = usePaymentProfiles().data ?? [];
  const scope = useScopeFilter();
  const [shown, setShown] = useWord("mostrar", "faturar");
  const [profile, setProfile] = useWord("profile");
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const { status } = SHOWN[shown] ?? SHOWN.todas!;
  const list = useRemoteList({
    key: "charges", columns: COLUMNS, order: "vencimento",
    fixed: { ...scope.fixed, ...(profile && { payment_profile_id: profile }), ...(status && { status }) },
    page: (query, cursor) => answer(api.GET("/charges", { params: { query: { ...(query as Asked), limit: 100, cursor } } })),
    foot: ({ totals }) => [["Contas", totals.count.toLocaleString("pt-BR")], ["Valor", brl(totals.amount)]],
  });
  const totals = list.first?.totals;
  return (
    <>
      <Heading title="Contas não faturadas">
        <Choice label="Mostrar" required options={Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }))} value={shown} onChange={(next) => setShown(next ?? "faturar")} w={130} />
        {scope.fields}
        <Choice label="Profile" placeholder="todos" options={profiles.map((one) => ({ value: one.id, label: one.name }))} value={profile} onChange={(next) => setProfile(next ?? "")} w={180} />
      </Heading>
      <Totals items={[["Contas", totals ? totals.count.toLocaleString("pt-BR") : "…"], ["Valor", totals ? brl(totals.amount) : "…"], ["Crédito de clientes", totals ? brl(totals.credit) : "…"]]} />
      <div className="bar"><ChargeToolbar chosen={list.rows?.filter((row) => ticked.has(row.id)) ?? []} onRefused={(ids) => tick(new Set(ids))} /></div>
      <Grid name="Contas não faturadas" rowKey={(c) => c.id} ticked={ticked} onTick={tick} empty="Nenhuma conta aqui." {...list.grid} />
    </>
  );
}
