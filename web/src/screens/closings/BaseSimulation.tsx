// "Simular a base": every contract of a month beside another month, without effect, the discrepant first (CLO-12).
import { useNavigate } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { ContractChange, Run } from "../../api/schema";
import { useToday } from "../../app/me";
import { addMonths, month as monthText } from "../../format/date";
import { money } from "../../format/money";
import { Action } from "../../parts/Action";
import { MonthInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { Tag } from "../../parts/Tag";

export function StartSimulation({ onClose }: { onClose: () => void }) {
  const today = useToday();
  const navigate = useNavigate();
  const [month, setMonth] = useState<string | undefined>(today.slice(0, 7));
  const [against, setAgainst] = useState<string | undefined>(addMonths(today.slice(0, 7), -1));
  return (
    <Action
      title="Simular a base" button="Simular" onClose={onClose} ready={month !== undefined} warning="Nada é cobrado nem alterado: só se calcula o que cada contrato cobraria."
      run={(header) => answer(api.POST("/runs/simulations", { params: { header }, body: { month: month!, compare_with: against } }))}
      onDone={(run) => void navigate({ to: `/execucoes/${(run as Run).id}` })}
    >
      <div className="fields">
        <MonthInput label="Mês" value={month} onChange={setMonth} data-autofocus />
        <MonthInput label="Comparado a" value={against} onChange={setAgainst} />
      </div>
    </Action>
  );
}

const COLUMNS: Column<ContractChange>[] = [
  { key: "contrato", title: "Contrato", text: (c) => c.contract_title, width: 240, grow: 300 },
  { key: "antes", title: "Antes (R$)", text: (c) => money(c.before), amount: (c) => c.before, align: "right", width: 110, grow: 1 },
  { key: "depois", title: "Depois (R$)", text: (c) => money(c.after), amount: (c) => c.after, align: "right", width: 110, grow: 1 },
  { key: "diferenca", title: "Diferença (R$)", text: (c) => money(c.difference), amount: (c) => c.difference, align: "right", width: 120, grow: 1 },
  { key: "fora", title: "Fora do comum", text: (c) => (c.is_outlier ? "sim" : ""), show: (c) => c.is_outlier && <Tag tone="warn">sim</Tag>, width: 110, grow: 1 },
  { key: "causas", title: "Por quê", text: (c) => c.changes.map((change) => `${change.cause_label}: ${change.description} (${money(change.difference)})`).join(" · "), width: 260, grow: 500 },
];

export function SimulationResult({ runId }: { runId: string }) {
  const navigate = useNavigate();
  const result = useQuery({ queryKey: ["runs", runId, "simulation"], queryFn: () => answer(api.GET("/runs/{run_id}/simulation", { params: { path: { run_id: runId } } })) });
  return (
    <>
      {result.data && <h2>{monthText(result.data.month)} comparado a {monthText(result.data.compare_with)}</h2>}
      <Grid name="Contratos simulados" columns={COLUMNS} rows={result.data?.contracts} rowKey={(c) => c.contract_id} error={result.error} retry={() => void result.refetch()} onOpen={(c) => void navigate({ to: `/clientes/${c.customer_id}/contratos/${c.contract_id}`, search: { aba: "simulacao" } as never })} empty="Nenhum contrato muda." />
    </>
  );
}
