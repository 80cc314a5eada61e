// "Execuções": all long work, newest first (PLT-05).
import { Progress } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Run } from "../../api/schema";
import { instant } from "../../format/date";
import { type Column, Grid } from "../../parts/Grid";
import { Heading } from "../../parts/show";
import { State, Tag } from "../../parts/Tag";
import { usePages } from "../../parts/remote";
import { nameOf, valueOf } from "./names";

const totals = (run: Run) => Object.entries(run.totals).map(([key, value]) => `${nameOf(key)} ${valueOf(value)}`).join(" · ");

const COLUMNS: Column<Run>[] = [
  { key: "tipo", title: "Tipo", text: (r) => labels.RunKind[r.kind], width: 160, grow: 60 },
  { key: "inicio", title: "Início", text: (r) => instant(r.at), by: (r) => r.at, width: 130, grow: 1 },
  { key: "fim", title: "Fim", text: (r) => instant(r.finished_at), by: (r) => r.finished_at, width: 130, grow: 1 },
  { key: "origem", title: "Iniciada por", text: (r) => (r.started_by === "schedule" ? "agendamento" : r.started_by === "upload" ? "arquivo enviado" : "pessoa"), width: 110, grow: 1 },
  { key: "situacao", title: "Situação", text: (r) => labels.RunStatus[r.status], show: (r) => (r.status === "running" ? <Progress value={100} animated aria-label="Em andamento" mt={12} /> : <State of="RunStatus" is={r.status} />), width: 110, grow: 1 },
  { key: "separados", title: "Separados", text: (r) => (r.parked ? String(r.parked) : ""), by: (r) => r.parked, show: (r) => (r.parked ? <Tag tone="warn">{r.parked}</Tag> : ""), width: 84, grow: 1 },
  { key: "resultado", title: "Resultado", text: totals, width: 260, grow: 500 },
];

export function Runs() {
  const navigate = useNavigate();
  const list = usePages({
    key: ["runs"],
    page: (cursor) => answer(api.GET("/runs", { params: { query: { limit: 100, cursor } } })),
    every: (pages) => (pages[0]?.items.some((run) => run.status === "running") ? 5_000 : false),
  });
  return (
    <>
      <Heading title="Execuções" />
      <Grid
        name="Execuções" columns={COLUMNS} rows={list.rows} rowKey={(r) => r.id} error={list.error} retry={list.retry} order="-inicio"
        more={list.more} onOpen={(r) => void navigate({ to: `/execucoes/${r.id}` })} empty="Nenhuma execução ainda."
      />
    </>
  );
}
