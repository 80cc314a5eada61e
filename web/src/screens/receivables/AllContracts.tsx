// Contracts of all customers: also those that wait for activation, and the queue of cancellations (CTR-05).
import { useNavigate } from "@tanstack/react-router";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ContractListed, ContractState, paths } from "../../api/schema";
import { named, usePaymentProfiles } from "../../app/me";
import { day, parseDays } from "../../format/date";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { between, useRemoteList, word } from "../../parts/remote";
import { Heading } from "../../parts/show";
import { State } from "../../parts/Tag";
import { customerColumn, useScopeFilter } from "./parts";

type Asked = paths["/contracts"]["get"]["parameters"]["query"];

export function AllContracts() {
  const navigate = useNavigate();
  const profiles = named(usePaymentProfiles().data);
  const scope = useScopeFilter();
  const [state, setState] = useWord("situacao");
  const columns: Column<ContractListed>[] = [
    customerColumn<ContractListed>(),
    { key: "plano", title: "Contrato e plano", text: (c) => c.title, width: 190, grow: 300, ask: word("plan"), hint: "nome inteiro do plano", orders: { up: "plan" } },
    { key: "modo", title: "Modo", text: (c) => c.mode_label, width: 110, grow: 1, ask: word("mode"), options: labels.BillingMode },
    { key: "inicio", title: "Início", text: (c) => day(c.starts_on), width: 100, grow: 1, ask: between("started", parseDays), hint: "mm/aaaa", orders: { down: "-starts_on" } },
    { key: "fim", title: "Término", text: (c) => day(c.ends_on), width: 88, grow: 1 },
    { key: "profile", title: "Profile", text: (c) => profiles(c.payment_profile_id), width: 110, grow: 80 },
    { key: "motivo", title: "Motivo", text: (c) => c.cancellation?.reason ?? c.suspension?.reason ?? "", width: 110, grow: 120 },
    { key: "situacao", title: "Situação", text: (c) => c.state_label, show: (c) => <State of="ContractState" is={c.state} />, width: 150, grow: 1 },
  ];
  const list = useRemoteList({
    key: "contracts", columns, order: "cliente",
    fixed: { ...scope.fixed, ...(state && { state: [state as ContractState] }) },
    page: (query, cursor) => answer(api.GET("/contracts", { params: { query: { ...(query as Asked), limit: 100, cursor } } })),
    foot: ({ count }) => [["Contratos", count.toLocaleString("pt-BR")]],
  });
  return (
    <>
      <Heading title="Contratos">
        <Choice label="Situação" placeholder="todas" options={labels.ContractState} value={state as ContractState | ""} onChange={(next) => setState(next ?? "")} w={190} />
        {scope.fields}
      </Heading>
      <Grid name="Contratos" rowKey={(c) => c.id} onOpen={(c) => void navigate({ to: `/clientes/${c.customer_id}/contratos/${c.id}` })} empty="Nenhum contrato aqui." {...list.grid} />
    </>
  );
}
