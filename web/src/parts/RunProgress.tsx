// A long piece of work, watched: asked every 2 s at first, every 15 s later; it can be left and found again in Execuções.
import { Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { labels } from "../api/labels";
import type { RunProgress as Progressing } from "../api/schema";
import { State, Tag } from "./Tag";

export function useRun(runId: string) {
  return useQuery({
    queryKey: ["runs", runId],
    queryFn: () => answer(api.GET("/runs/{run_id}", { params: { path: { run_id: runId } } })),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? Math.min(2_000 + 500 * state.dataUpdateCount, 15_000) : false),
  });
}

export function RunProgress({ run }: { run: Progressing }) {
  const planned = run.keys !== undefined && run.keys > 0;
  const share = run.status === "done" ? 100 : planned ? Math.round((100 * run.done_keys) / run.keys!) : 0;
  return (
    <div className="box" role="status" aria-label="Andamento">
      <div className="bar">
        <b>{labels.RunKind[run.kind]}</b>
        <State of="RunStatus" is={run.status} />
        {run.parked > 0 && <Tag tone="warn">{run.parked} {run.parked === 1 ? "item separado" : "itens separados"}</Tag>}
        <span className="grow" />
        <span>{planned ? `${run.done_keys} de ${run.keys}` : run.status === "running" ? "preparando" : ""}</span>
      </div>
      <Progress mt={8} value={share} animated={run.status === "running"} aria-label="Andamento" color={run.status === "failed" ? "red" : undefined} />
      {run.failure && <div className="note bad" style={{ marginTop: 8 }}>{run.failure}</div>}
    </div>
  );
}
