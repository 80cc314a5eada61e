// One run: watched, cancelled, started again, with what it parked and why.
import { Button } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { RunKind } from "../../api/schema";
import { useCompanies, useMay, usePaymentProfiles } from "../../app/me";
import { instant } from "../../format/date";
import { Action } from "../../parts/Action";
import { ProblemNote } from "../../parts/Problem";
import { usePages } from "../../parts/remote";
import { RunProgress, useRun } from "../../parts/RunProgress";
import { Facts, Heading, Wait } from "../../parts/show";
import { SimulationResult } from "../closings/BaseSimulation";
import { madeBy } from "./made";
import { nameOf, valueOf } from "./names";

const PERMISSION = {
  monthly_closing: "closings:freeze", billing_run: "invoices:bill", remittance: "banking:remit", bank_return: "banking:return",
  dispatch: "dispatch:send", usage_import: "usage:write", statement_import: "banking:return", simulation: "closings:read", fiscal: "fiscal:issue",
} as const satisfies Record<RunKind, string>;

export function RunScreen() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const query = useRun(runId);
  const [dialog, setDialog] = useState<"cancel" | "again">();
  const run = query.data;
  const companies = useCompanies().data ?? [];
  const profiles = usePaymentProfiles().data ?? [];
  const names = (id: string) => companies.find((one) => one.id === id)?.trade_name ?? profiles.find((one) => one.id === id)?.name ?? "";
  const may = useMay("runs:start", PERMISSION[run?.kind ?? "simulation"]);
  const parked = usePages({
    key: ["runs", runId, "parked", run?.parked],
    enabled: (run?.parked ?? 0) > 0,
    page: (cursor) => answer(api.GET("/runs/{run_id}/parked", { params: { path: { run_id: runId }, query: { cursor } } })),
  });
  if (query.error) return <><Heading title="Execução" /><ProblemNote error={query.error} retry={() => void query.refetch()} /></>;
  if (!run) return <Wait />;
  const path = { run_id: runId };
  const made = madeBy(run);
  return (
    <>
      <Heading title={`${labels.RunKind[run.kind]} de ${instant(run.at)}`}>
        {may && run.status === "running" && <Button variant="default" onClick={() => setDialog("cancel")}>Cancelar</Button>}
        {may && run.status !== "running" && <Button variant="default" onClick={() => setDialog("again")}>Começar de novo</Button>}
      </Heading>
      <RunProgress run={run} />
      <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 12 }}>
        <section className="box"><h2>Pedido</h2><Facts items={[["Tentativa", String(run.attempt)], ["Fim", instant(run.finished_at)], ...Object.entries(run.input).map(([key, value]): [string, string] => [nameOf(key), valueOf(value, names)]).filter(([, text]) => text !== "")]} /></section>
        <section className="box"><h2>Resultado</h2>{Object.keys(run.totals).length ? <Facts items={Object.entries(run.totals).map(([key, value]): [string, string] => [nameOf(key), valueOf(value)])} /> : <p className="soft">Ainda não há.</p>}{made && <p><Link to={made.to} search={made.search as never}>{made.words}</Link></p>}</section>
      </div>
      {run.parked > 0 && (
        <section className="box">
          <h2>Itens separados: o que impediu cada um</h2>
          <ProblemNote error={parked.error} retry={parked.retry} />
          <table className="plain">
            <thead><tr><th>Item</th><th>Motivo</th></tr></thead>
            <tbody>{parked.rows?.map((one) => <tr key={one.key}><td><Parked of={one.key} names={parked.names} /></td><td>{one.message}</td></tr>)}</tbody>
          </table>
          {parked.more && <Button variant="default" mt={8} onClick={parked.more}>Mostrar mais</Button>}
        </section>
      )}
      {run.kind === "simulation" && run.status === "done" && <SimulationResult runId={runId} />}
      {dialog === "cancel" && <Action title="Cancelar a execução" onClose={() => setDialog(undefined)} warning="O que já foi feito fica feito; o que falta não será feito." run={(header) => answer(api.POST("/runs/{run_id}/cancel", { params: { path, header } }))} />}
      {dialog === "again" && <Action title="Começar de novo" onClose={() => setDialog(undefined)} warning="Converge para o mesmo resultado: o que já foi feito não é feito outra vez." run={(header) => answer(api.POST("/runs/{run_id}/start-again", { params: { path, header } }))} />}
    </>
  );
}

/** The customer whose thing it was, or the line of a bank's file. */
function Parked({ of, names }: { of: string; names: Record<string, string> }) {
  const customer = Object.keys(names).find((id) => of.includes(id));
  if (customer) return <Link to={`/clientes/${customer}`}>{names[customer]}</Link>;
  return /^\d+$/.test(of) ? `Linha ${of}` : "—";
}
