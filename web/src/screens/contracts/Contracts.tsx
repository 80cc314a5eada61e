// "Contratos" of a customer (CTR-01), and the tools of their toolbar that change a state.
import { Button, Checkbox, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { ContractTool, ShownContract as Contract } from "../../api/schema";
import { named, useMay, usePaymentProfiles, useToday } from "../../app/me";
import { day } from "../../format/date";
import { Action } from "../../parts/Action";
import { DayInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { State } from "../../parts/Tag";
import { Tool, whyNot } from "../../parts/Tool";
import { NewContractForm } from "./NewContractForm";
import { allPages } from "../../parts/remote";

const STEPS = ["activate", "suspend", "resume", "request_cancellation", "retain", "cancel"] as const satisfies ContractTool[];
type Step = (typeof STEPS)[number];

export function Contracts({ customerId }: { customerId: string }) {
  const navigate = useNavigate();
  const profiles = named(usePaymentProfiles().data);
  const may = useMay("contracts:write");
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<Step | "new">();
  const list = useQuery({
    queryKey: ["contracts", customerId],
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/contracts", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });
  const columns: Column<Contract>[] = [
    { key: "numero", title: "Contrato", text: (c) => String(c.number), by: (c) => c.number, width: 88, grow: 1 },
    { key: "plano", title: "Plano", text: (c) => c.description, width: 144, grow: 400 },
    { key: "modo", title: "Modo", text: (c) => labels.BillingMode[c.mode], width: 110, grow: 1 },
    { key: "inicio", title: "Início", text: (c) => day(c.starts_on), by: (c) => c.starts_on, width: 88, grow: 1 },
    { key: "fim", title: "Término", text: (c) => day(c.ends_on), by: (c) => c.ends_on, width: 88, grow: 1 },
    { key: "vencimento", title: "Vence", text: (c) => `dia ${c.due.day}`, by: (c) => c.due.day, width: 66, grow: 1 },
    { key: "itens", title: "Itens", text: (c) => String(c.items.length), by: (c) => c.items.length, align: "right", width: 56, grow: 1 },
    { key: "profile", title: "Profile", text: (c) => profiles(c.payment_profile_id), width: 110, grow: 80 },
    { key: "agrupamento", title: "Agrupamento", text: (c) => c.grouping ?? "", width: 104, grow: 60 },
    { key: "situacao", title: "Situação", text: (c) => labels.ContractState[c.state], show: (c) => <State of="ContractState" is={c.state} />, width: 150, grow: 1 },
  ];
  const chosen = list.data?.filter((contract) => ticked.has(contract.id)) ?? [];
  const one = chosen.length === 1 ? chosen[0] : undefined;
  return (
    <>
      {may && (
        <div className="bar">
          <Button onClick={() => setTool("new")}>Novo contrato</Button>
          {STEPS.map((step) => <Tool key={step} words={labels.ContractTool[step]} chosen={chosen} why={whyNot(step, chosen)} one onClick={() => setTool(step)} />)}
        </div>
      )}
      <Grid name="Contratos" columns={columns} rows={list.data} rowKey={(c) => c.id} error={list.error} retry={() => void list.refetch()} order="numero" ticked={ticked} onTick={tick} onOpen={(c) => void navigate({ to: `/clientes/${customerId}/contratos/${c.id}` })} empty="Nenhum contrato ainda. Inclua o primeiro em “Novo contrato”." />
      {tool === "new" && <NewContractForm customerId={customerId} onClose={() => setTool(undefined)} />}
      {tool && tool !== "new" && one && <ContractTool tool={tool} contract={one} onClose={() => setTool(undefined)} />}
    </>
  );
}

function ContractTool({ tool, contract, onClose }: { tool: Step; contract: Contract; onClose: () => void }) {
  const today = useToday();
  const [on, setOn] = useState<string | undefined>(today);
  const [reason, setReason] = useState("");
  const [books, setBooks] = useState(true);
  const asksWhy = tool === "suspend" || tool === "request_cancellation" || tool === "cancel";
  const params = { path: { customer_id: contract.customer_id, contract_id: contract.id }, header: ifMatch(contract.version) };
  const run = () => {
    const why = { on: on!, reason };
    switch (tool) {
      case "activate":
        return answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/activation", { params, body: { on: on!, books_ahead: books } }));
      case "suspend":
        return answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/suspension", { params, body: why }));
      case "resume":
        return answer(api.DELETE("/customers/{customer_id}/contracts/{contract_id}/suspension", { params }));
      case "request_cancellation":
        return answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/cancellation-request", { params, body: why }));
      case "retain":
        return answer(api.DELETE("/customers/{customer_id}/contracts/{contract_id}/cancellation-request", { params }));
      case "cancel":
        return answer(api.PUT("/customers/{customer_id}/contracts/{contract_id}/cancellation", { params, body: why }));
    }
  };
  return (
    <Action
      title={labels.ContractTool[tool]} items={[{ id: contract.id, text: `Contrato ${contract.number} · ${contract.description}` }]} onClose={onClose} run={run}
      ready={(!asksWhy || reason.trim() !== "") && (tool === "resume" || tool === "retain" || on !== undefined)}
    >
      {(asksWhy || tool === "activate") && <DayInput label="Data" value={on} onChange={setOn} />}
      {tool === "activate" && <Checkbox label="Gerar as parcelas do carnê" description={books ? undefined : "Só remove a instrução de aguardando ativação: o contrato passa a ser cobrado mês a mês."} checked={books} onChange={(event) => setBooks(event.currentTarget.checked)} />}
      {asksWhy && <Textarea label="Motivo" value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />}
    </Action>
  );
}
