// One contract: its data, items and meters, charge definitions with live simulation, use of the last months (CTR, CHG).
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Contract as Data } from "../../api/schema";
import { named, useCompanies, useMay, usePaymentProfiles } from "../../app/me";
import { day } from "../../format/date";
import { brl } from "../../format/money";
import { counted } from "../../format/text";
import { Action } from "../../parts/Action";
import { useDraft } from "../../parts/Clash";
import { History } from "../../parts/History";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Heading, Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { CarryOver } from "./CarryOver";
import { Changes, ChangeTerms } from "./ChangeTerms";
import { Definitions } from "./Definitions";
import { type Terms, TermsFields } from "./NewContractForm";
import { Items } from "./Items";
import { Readings } from "./Readings";
import { SimulationOf } from "./SimulationOf";
import { Transactions } from "./Transactions";
import { allPages } from "../../parts/remote";

export const contractPath = (contract: Data) => ({ customer_id: contract.customer_id, contract_id: contract.id });

/** Tabs that are one grid, which has a frame of its own. */
const GRIDS = new Set(["encargos", "itens", "leituras", "transacoes"]);

export function Contract() {
  const { customerId, contractId } = useParams({ strict: false }) as { customerId: string; contractId: string };
  const path = { customer_id: customerId, contract_id: contractId };
  const [tab, setTab] = useWord("aba", "encargos");
  const [editing, setEditing] = useState<"terms" | "due">();
  const may = useMay("contracts:write");
  const query = useQuery({
    queryKey: ["contracts", customerId, contractId],
    queryFn: () => answer(api.GET("/customers/{customer_id}/contracts/{contract_id}", { params: { path } })),
  });
  const mayChange = useMay("invoices:change") && may && query.data?.state !== "cancelled";
  if (query.error) return <><Heading title="Contrato" /><ProblemNote error={query.error} retry={() => void query.refetch()} /></>;
  if (!query.data) return <Wait />;
  const contract = query.data;
  return (
    <>
      <Heading title={`Contrato ${contract.number} · ${contract.description}`}>
        <State of="ContractState" is={contract.state} />
        <Link to={`/clientes/${customerId}`} search={{ aba: "contratos" } as never}>painel do cliente</Link>
        <Link to="/fechamentos" search={{ cliente: customerId, contrato: contract.id } as never}>fechamentos</Link>
        {may && <Button variant="default" onClick={() => setEditing("terms")}>Alterações gerais</Button>}
        {mayChange && <Button variant="default" onClick={() => setEditing("due")}>Trocar vencimento ou profile</Button>}
      </Heading>
      <Tabs value={tab} onChange={(next) => setTab(next ?? "encargos")} keepMounted={false} style={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
        <Tabs.List aria-label="Contrato">
          <Tabs.Tab value="encargos">Definições de encargos ({contract.definitions.length})</Tabs.Tab>
          <Tabs.Tab value="itens">Itens e medidores ({contract.items.length})</Tabs.Tab>
          <Tabs.Tab value="leituras">Leituras</Tabs.Tab>
          <Tabs.Tab value="transacoes">Transações</Tabs.Tab>
          <Tabs.Tab value="simulacao">Simulação</Tabs.Tab>
          <Tabs.Tab value="saldo">Saldo de franquia</Tabs.Tab>
          <Tabs.Tab value="dados">Dados</Tabs.Tab>
          <Tabs.Tab value="historico">Histórico</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} className={GRIDS.has(tab) ? "" : "box"} mt={8} tabIndex={0} style={{ flex: 1, minHeight: 0, overflow: "auto", display: "flex", flexDirection: "column", gap: 8 }}>
          {tab === "encargos" && <Definitions contract={contract} may={may} />}
          {tab === "itens" && <Items contract={contract} may={may} />}
          {tab === "leituras" && <Readings contract={contract} />}
          {tab === "transacoes" && <Transactions contract={contract} />}
          {tab === "simulacao" && <SimulationOf request={{ customer_id: customerId, contract_id: contractId, months: 3 }} />}
          {tab === "saldo" && <CarryOver path={path} />}
          {tab === "historico" && <History id={contractId} read={() => allPages((cursor) => answer(api.GET("/customers/{customer_id}/contracts/{contract_id}/history", { params: { path, query: { cursor } } })))} />}
          {tab === "dados" && <><ContractFacts contract={contract} /><Changes contract={contract} /></>}
        </Tabs.Panel>
      </Tabs>
      {editing === "terms" && <EditTerms contract={contract} onClose={() => setEditing(undefined)} />}
      {editing === "due" && <ChangeTerms contract={contract} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function ContractFacts({ contract }: { contract: Data }) {
  const profiles = named(usePaymentProfiles().data);
  const companies = named(useCompanies().data);
  return (
    <Facts
      items={[
        ["Empresa", companies(contract.company_id)],
        ["Modo de cobrança", labels.BillingMode[contract.mode]],
        ["Início", day(contract.starts_on)],
        ["Término", day(contract.ends_on)],
        ["Ativado em", day(contract.activated_on)],
        ["Vencimento", `dia ${contract.due.day}, ${counted(contract.due.months_after, "mês", "meses")} depois do período`],
        ["Dia de corte", String(contract.cut_off_day)],
        ["Profile de pagamento", profiles(contract.payment_profile_id)],
        ["Agrupamento", contract.grouping],
        ["Congela automaticamente", contract.auto_freeze ? "sim" : "não"],
        ["Tempo máximo de falha de comunicação", contract.max_silence_days !== undefined ? counted(contract.max_silence_days, "dia") : undefined],
        ["Desconto promocional", contract.promotional_discount ? `${brl(contract.promotional_discount.amount)} até ${counted(contract.promotional_discount.days_before_due, "dia")} antes do vencimento` : undefined],
        ["Suspensão", contract.suspension && `${day(contract.suspension.on)}: ${contract.suspension.reason}`],
        ["Cancelamento", contract.cancellation && `${day(contract.cancellation.on)}: ${contract.cancellation.reason}`],
        ["Observações", contract.notes],
      ]}
    />
  );
}

function EditTerms({ contract, onClose }: { contract: Data; onClose: () => void }) {
  const path = contractPath(contract);
  const draft = useDraft<Partial<Terms>>({ data: termsOf(contract), version: contract.version }, {
    read: async () => {
      const now = await answer(api.GET("/customers/{customer_id}/contracts/{contract_id}", { params: { path } }));
      return { data: termsOf(now), version: now.version };
    },
    history: () => allPages((cursor) => answer(api.GET("/customers/{customer_id}/contracts/{contract_id}/history", { params: { path, query: { cursor } } }))),
  });
  const terms = draft.data;
  return (
    <Action
      title="Alterações gerais do contrato" size="xl" onClose={onClose} ready={!!terms.description && terms.starts_on !== undefined} draft={draft} words={{ mode: labels.BillingMode }}
      run={() => answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/terms", { params: { path, header: ifMatch(draft.version) }, body: terms as Terms }))}
    >
      <TermsFields terms={terms} onChange={draft.set} companyId={contract.company_id} />
    </Action>
  );
}

/** What `ContractTerms` has, and nothing else. */
export function termsOf(contract: Data): Terms {
  const { description, mode, starts_on, ends_on, cut_off_day, due, payment_profile_id, grouping, auto_freeze, max_silence_days, horizon_months, promotional_discount, notes } = contract;
  return { description, mode, starts_on, ends_on, cut_off_day, due, payment_profile_id, grouping, auto_freeze, max_silence_days, horizon_months, promotional_discount, notes };
}
