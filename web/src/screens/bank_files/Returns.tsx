// "Retornos": drop the bank's file, see what it did, line by line (BNK-05).
import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { OccurrenceRow, ReturnFile } from "../../api/schema";
import { named, useMay, usePaymentProfiles } from "../../app/me";
import { day, instant } from "../../format/date";
import { money } from "../../format/money";
import { Drawer } from "../../parts/Dialog";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { useArrivals, usePages } from "../../parts/remote";
import { Heading } from "../../parts/show";
import { State } from "../../parts/Tag";
import { Upload } from "../../parts/Upload";
import { nameOf, valueOf } from "../runs/names";
import { FileRecords } from "./FileRecords";

const LINES: Column<OccurrenceRow>[] = [
  { key: "linha", title: "Linha", text: (o) => String(o.line_number), by: (o) => o.line_number, width: 70, grow: 1 },
  { key: "tipo", title: "Ocorrência", text: (o) => labels.OccurrenceKind[o.kind], width: 130, grow: 60 },
  { key: "nosso", title: "Nosso número", text: (o) => o.nosso_numero, width: 110, grow: 10 },
  { key: "em", title: "Em", text: (o) => day(o.occurred_on), by: (o) => o.occurred_on, width: 88, grow: 1 },
  { key: "pago", title: "Pago (R$)", text: (o) => money(o.paid), amount: (o) => o.paid, align: "right", width: 92, grow: 1 },
  { key: "credito", title: "Creditado (R$)", text: (o) => money(o.net_credited), amount: (o) => o.net_credited, align: "right", width: 104, grow: 1 },
  { key: "destino", title: "Destino", text: (o) => labels.OccurrenceOutcome[o.outcome], show: (o) => <State of="OccurrenceOutcome" is={o.outcome} />, width: 96, grow: 1 },
  { key: "mensagem", title: "Mensagem", text: (o) => [o.message, ...o.reasons].filter(Boolean).join(" · "), width: 200, grow: 400, wraps: true },
];

export function Returns() {
  const profiles = named(usePaymentProfiles().data);
  const [opened, open] = useWord("retorno");
  const may = useMay("banking:return");
  const list = useArrivals({
    key: ["bank-returns"],
    page: (cursor) => answer(api.GET("/bank-returns", { params: { query: { cursor } } })),
  });
  const rows = list.rows;
  const columns: Column<ReturnFile>[] = [
    { key: "recebido", title: "Recebido em", text: (f) => instant(f.received_at), by: (f) => f.received_at, width: 136, grow: 1 },
    { key: "arquivo", title: "Arquivo", text: (f) => f.file_name ?? "", width: 100, grow: 100 },
    { key: "numero", title: "Nº no banco", text: (f) => String(f.bank_sequence ?? ""), by: (f) => f.bank_sequence ?? 0, align: "right", width: 100, grow: 1 },
    { key: "gerado", title: "Gerado em", text: (f) => day(f.created_on), by: (f) => f.created_on ?? "", width: 90, grow: 1, aside: true },
    { key: "profile", title: "Profile", text: (f) => profiles(f.profile_id), width: 136, grow: 150 },
    { key: "banco", title: "Banco", text: (f) => f.bank ?? "", width: 66, grow: 1 },
    { key: "layout", title: "Layout", text: (f) => f.layout ?? "", width: 90, grow: 1, aside: true },
    { key: "ocorrencias", title: "Ocorrências", text: (f) => String(f.occurrences), by: (f) => f.occurrences, align: "right", width: 92, grow: 1 },
    { key: "resumo", title: "Resumo", text: (f) => Object.entries(f.totals).map(([key, value]) => `${nameOf(key)} ${valueOf(value)}`).join(" · "), width: 150, grow: 300, wraps: true },
    { key: "situacao", title: "Situação", text: (f) => labels.ReturnStatus[f.status], show: (f) => <State of="ReturnStatus" is={f.status} />, width: 92, grow: 1 },
    { key: "problema", title: "Problema", text: (f) => f.problem ?? "", width: 120, grow: 250, wraps: true },
  ];
  const listed = rows?.find((one) => one.id === opened);
  const read = useQuery({
    queryKey: ["bank-returns", opened],
    enabled: opened !== "" && rows !== undefined && !listed, // a run leads here, long after its file has left the first page
    queryFn: () => answer(api.GET("/bank-returns/{return_id}", { params: { path: { return_id: opened } } })),
  });
  const file = opened === "" ? undefined : (listed ?? read.data);
  return (
    <>
      <Heading title="Retornos" />
      {may && (
        <Upload
          words="Solte aqui o arquivo de retorno do banco" accept=".ret,.txt,.RET,.TXT"
          link={(file) => answer(api.POST("/bank-returns", { params: { header: { "Idempotency-Key": crypto.randomUUID() }, query: { file_name: file.name } } }))}
          onSent={list.sent}
        />
      )}
      <ProblemNote error={read.error} retry={() => void read.refetch()} />
      <Grid name="Retornos" columns={columns} rows={rows} more={list.more} rowKey={(f) => f.id} error={list.error} retry={list.retry} order="-recebido" onOpen={(f) => open(f.id)} empty="Nenhum retorno ainda. Solte o primeiro arquivo acima." />
      {file && <ReturnDrawer file={file} title={profiles(file.profile_id)} onClose={() => open("")} />}
    </>
  );
}

function ReturnDrawer({ file, title, onClose }: { file: ReturnFile; title: string; onClose: () => void }) {
  const path = { return_id: file.id };
  const lines = usePages({
    key: ["bank-returns", file.id, "lines"],
    page: (cursor) => answer(api.GET("/bank-returns/{return_id}/lines", { params: { path, query: { cursor } } })),
  });
  return (
    <Drawer onClose={onClose} size="90%" title={`Retorno de ${instant(file.received_at)} · ${title}`} styles={{ body: { height: "calc(100% - 60px)" } }}>
      {file.problem && <div className="note bad">{file.problem}</div>}
      <Tabs defaultValue="linhas" keepMounted={false} style={{ height: "100%", display: "flex", flexDirection: "column" }}>
        <Tabs.List><Tabs.Tab value="linhas">Ocorrências</Tabs.Tab><Tabs.Tab value="arquivo">Arquivo</Tabs.Tab></Tabs.List>
        <Tabs.Panel value="linhas" pt={8} style={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column" }}>
          <Grid name="Ocorrências" columns={LINES} rows={lines.rows} more={lines.more} rowKey={(o) => o.id} error={lines.error} retry={lines.retry} order="linha" empty="O arquivo não tem ocorrências." />
        </Tabs.Panel>
        <Tabs.Panel value="arquivo" pt={8} style={{ overflow: "auto" }}>
          <FileRecords id={["return", file.id]} read={(first) => answer(api.GET("/bank-returns/{return_id}/records", { params: { path, query: { first, count: 20 } } }))} />
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}
