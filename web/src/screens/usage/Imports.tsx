// "Importações": a file of usage, readings, transactions or utility bills dropped on the page; what became of its lines (USE-03).
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ImportKind, ImportLine, UsageImport } from "../../api/schema";
import { useMay } from "../../app/me";
import { instant } from "../../format/date";
import { decimal } from "../../format/money";
import { Drawer } from "../../parts/Dialog";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Heading, Totals, Wait } from "../../parts/show";
import { State, Tag } from "../../parts/Tag";
import { Upload } from "../../parts/Upload";
import { useArrivals, usePages } from "../../parts/remote";

const COUNTS: [key: string, words: string][] = [["received", "Recebidas"], ["accepted", "Aceitas"], ["duplicates", "Já conhecidas"], ["refused", "Recusadas"]];

const countsOf = (one: UsageImport) => COUNTS.flatMap(([key, words]): [string, string, boolean][] => (one.totals[key] === undefined ? [] : [[words, decimal(one.totals[key]), key === "refused" && one.totals[key] !== "0"]]));

const COLUMNS: Column<UsageImport>[] = [
  { key: "recebido", title: "Recebido em", text: (i) => instant(i.received_at), by: (i) => i.received_at, width: 136, grow: 1 },
  { key: "tipo", title: "O que o arquivo tem", text: (i) => labels.ImportKind[i.kind], width: 170, grow: 60 },
  { key: "formato", title: "Formato", text: (i) => labels.FileFormat[i.format], width: 120, grow: 1 },
  { key: "linhas", title: "Linhas", text: (i) => countsOf(i).map(([words, count]) => `${words} ${count}`).join(" · "), width: 240, grow: 300 },
  { key: "situacao", title: "Situação", text: (i) => labels.ImportStatus[i.status], show: (i) => <State of="ImportStatus" is={i.status} />, width: 96, grow: 1 },
  { key: "problema", title: "Problema", text: (i) => i.problem ?? "", width: 160, grow: 300, wraps: true },
];

/** What the columns of each kind of file are, in the order of the API's own fields. */
const HEADER: Record<ImportKind, string> = {
  usage: "event_key;customer_id;month;billing_item_id;quantity",
  readings: "event_key;customer_id;item_id;unit;on;value",
  transactions: "event_key;customer_id;contract_id;item_id;on;category;subcategory;quantity;unit_price",
  utility_bills: "source;month;amount;consumption;area",
};

export function Imports() {
  const may = useMay("usage:write");
  const [opened, open] = useWord("arquivo");
  const [kind, setKind] = useState<ImportKind>("usage");
  const list = useArrivals({
    key: ["usage-imports"],
    page: (cursor) => answer(api.GET("/usage-imports", { params: { query: { cursor } } })),
  });
  const rows = list.rows;
  return (
    <>
      <Heading title="Importações">
        {may && <Choice label="" placeholder="O que o arquivo tem" required options={labels.ImportKind} value={kind} onChange={(next) => next && setKind(next)} w={220} />}
      </Heading>
      {may && (
        <Upload
          words={`Solte aqui o arquivo de ${labels.ImportKind[kind].toLowerCase()}, CSV ou JSON por linha`} accept=".csv,.jsonl,.txt"
          link={(file) => answer(api.POST("/usage-imports", { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: { kind, format: /\.jsonl?$/i.test(file.name) ? "jsonl" : "csv" } }))}
          onSent={list.sent}
        />
      )}
      {may && <div className="soft">A primeira linha do CSV diz as colunas, como <code>{HEADER[kind]}</code></div>}
      <Grid name="Importações" columns={COLUMNS} rows={rows} more={list.more} rowKey={(i) => i.id} error={list.error} retry={list.retry} order="-recebido" onOpen={(i) => open(i.id)} empty="Nenhum arquivo ainda. Solte o primeiro acima." />
      {opened && <ImportDrawer id={opened} onClose={() => open("")} />}
    </>
  );
}

const LINES: Column<ImportLine>[] = [
  { key: "linha", title: "Linha", text: (l) => String(l.line), by: (l) => l.line, align: "right", width: 70, grow: 1 },
  { key: "resultado", title: "Resultado", text: (l) => (l.is_duplicate ? "Já conhecida" : "Recusada"), show: (l) => <Tag tone={l.is_duplicate ? "" : "bad"}>{l.is_duplicate ? "já conhecida" : "recusada"}</Tag>, width: 110, grow: 1 },
  { key: "motivos", title: "Motivos", text: (l) => l.reasons.map((reason) => (reason.field ? `${reason.field}: ${reason.message}` : reason.message)).join(" · "), show: (l) => l.reasons.map((reason, i) => <span key={i}>{i > 0 && " · "}{reason.field && <><code>{reason.field}</code>: </>}{reason.message}</span>), width: 300, grow: 500, wraps: true },
];

function ImportDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const path = { import_id: id };
  const one = useQuery({ queryKey: ["usage-imports", id], queryFn: () => answer(api.GET("/usage-imports/{import_id}", { params: { path } })) });
  const lines = usePages({
    key: ["usage-imports", id, "lines"],
    page: (cursor) => answer(api.GET("/usage-imports/{import_id}/lines", { params: { path, query: { cursor } } })),
  });
  return (
    <Drawer onClose={onClose} size="70%" title="Arquivo importado" styles={{ body: { height: "calc(100% - 60px)", display: "flex", flexDirection: "column", gap: 10 } }}>
      <ProblemNote error={one.error} retry={() => void one.refetch()} />
      {one.isPending && <Wait />}
      {one.data && <Totals items={countsOf(one.data)} />}
      {one.data && <Facts items={[["O que o arquivo tem", labels.ImportKind[one.data.kind]], ["Recebido em", instant(one.data.received_at)], ["Problema", one.data.problem]]} />}
      <Grid name="Linhas que não foram aceitas" columns={LINES} rows={lines.rows} rowKey={(l) => String(l.line)} error={lines.error} retry={lines.retry} order="linha" more={lines.more} empty="Todas as linhas foram aceitas." />
    </Drawer>
  );
}
