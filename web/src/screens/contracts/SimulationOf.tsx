// What would have been charged, without effect: of a contract kept, or of a draft while it is typed.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { answer, api, type Problem, ProblemError } from "../../api/client";
import type { SimulationRequest } from "../../api/schema";
import { period } from "../../format/date";
import { brl, money } from "../../format/money";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { LinesTable } from "../closings/ClosingLines";

export function SimulationOf({ request }: { request: SimulationRequest }) {
  const result = useQuery({
    queryKey: ["simulation", request],
    placeholderData: keepPreviousData,
    queryFn: () => answer(api.POST("/simulations/contracts", { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: request })),
  });
  if (request.draft && result.error instanceof ProblemError && result.error.problem.status === 422) return <Unfinished problem={result.error.problem} />;
  if (result.error) return <ProblemNote error={result.error} retry={() => void result.refetch()} />;
  if (!result.data) return <Wait />;
  const { periods, lines, line_count, issues, comparison } = result.data;
  return (
    <div aria-busy={result.isFetching} style={{ display: "grid", gap: 10, opacity: result.isFetching ? 0.6 : 1 }}>
      <table className="plain">
        <thead><tr><th>Período</th><th className="num">Produção</th><th className="num">Fixos</th><th className="num">Total (R$)</th></tr></thead>
        <tbody>
          {periods.map((one) => (
            <tr key={one.period.start}><td>{period(one.period)}</td><td className="num">{money(one.totals.production)}</td><td className="num">{money(one.totals.items_fixed)} + {money(one.totals.contract_fixed)}</td><td className="num"><b>{money(one.total)}</b></td></tr>
          ))}
        </tbody>
      </table>
      {issues.length > 0 && <div className="note warn"><ul>{issues.map((issue, i) => <li key={i}>{issue.title}{issue.item && `: ${issue.item}`}</li>)}</ul></div>}
      {comparison.changes.length > 0 && (
        <details>
          <summary>O que mudou: {brl(comparison.before)} → {brl(comparison.after)} ({brl(comparison.difference)})</summary>
          <ul>{comparison.changes.map((change, i) => <li key={i}>{change.cause_label}: {change.description} {brl(change.difference)}</li>)}</ul>
        </details>
      )}
      <h2>Passo a passo, no último período</h2>
      <LinesTable lines={lines} />
      {line_count > lines.length && <p className="soft">e mais {line_count - lines.length} linhas menores.</p>}
    </div>
  );
}

/** What is still being typed is no mistake. */
const Unfinished = ({ problem }: { problem: Problem }) => (
  <div className="box soft" role="status">
    A simulação aparece quando a definição estiver completa.
    <ul>{problem.reasons?.map((reason, i) => <li key={i}>{reason.message}</li>)}</ul>
  </div>
);
