// "Extratos": a bank's statement dropped on the page settles by the Pix in it; what became of each line (PAY-08).
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { StatementImport, StatementLine } from "../../api/schema";
import { named, useMay, usePaymentProfiles } from "../../app/me";
import { day, instant } from "../../format/date";
import { money } from "../../format/money";
import { Drawer } from "../../parts/Dialog";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { Heading } from "../../parts/show";
import { State } from "../../parts/Tag";
import { Upload } from "../../parts/Upload";
import { ProblemNote } from "../../parts/Problem";
import { useArrivals, usePages } from "../../parts/remote";
import { nameOf, valueOf } from "../runs/names";

export function Statements() {
  const may = useMay("banking:return");
  const known = usePaymentProfiles().data ?? [];
  const profiles = named(known);
  const importing = known.filter((profile) => profile.imports_pix);
  const [chosen, choose] = useState<string>();
  const profile = chosen ?? importing[0]?.id;
  const [opened, open] = useWord("extrato");
  const list = useArrivals({
    key: ["statements"],
    page: (cursor) => answer(api.GET("/statements", { params: { query: { cursor } } })),
  });
  const rows = list.rows;
  const columns: Column<StatementImport>[] = [
    { key: "recebido", title: "Recebido em", text: (s) => instant(s.received_at), by: (s) => s.received_at, width: 136, grow: 1 },
    { key: "profile", title: "Profile", text: (s) => profiles(s.profile_id), width: 160, grow: 100 },
    { key: "de", title: "De", text: (s) => day(s.starts_on), by: (s) => s.starts_on, width: 92, grow: 1 },
    { key: "ate", title: "Até", text: (s) => day(s.ends_on), by: (s) => s.ends_on, width: 92, grow: 1 },
    { key: "resumo", title: "Resumo", text: (s) => Object.entries(s.totals).map(([key, value]) => `${nameOf(key)} ${valueOf(value)}`).join(" · "), width: 220, grow: 300 },
    { key: "situacao", title: "Situação", text: (s) => labels.StatementStatus[s.status], show: (s) => <State of="StatementStatus" is={s.status} />, width: 96, grow: 1 },
    { key: "problema", title: "Problema", text: (s) => s.problem ?? "", width: 160, grow: 300, wraps: true },
  ];
  const listed = rows?.find((statement) => statement.id === opened);
  const read = useQuery({
    queryKey: ["statements", opened],
    enabled: opened !== "" && rows !== undefined && !listed, // a run leads here, long after its file has left the first page
    queryFn: () => answer(api.GET("/statements/{statement_id}", { params: { path: { statement_id: opened } } })),
  });
  const one = opened === "" ? undefined : (listed ?? read.data);
  return (
    <>
      <Heading title="Extratos">
        {may && importing.length > 1 && <Choice label="" placeholder="Profile" required options={importing.map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={choose} w={220} />}
      </Heading>
      {may && profile === undefined && <div className="note">Nenhum profile importa os recebimentos de Pix. Ligue a opção em Profiles de pagamento.</div>}
      {may && profile !== undefined && (
        <Upload
          words={`Solte aqui o extrato de ${profiles(profile)}, OFX ou CSV`} accept=".ofx,.csv,.txt"
          link={(file) => answer(api.POST("/payment-profiles/{profile_id}/statements", { params: { path: { profile_id: profile }, header: { "Idempotency-Key": crypto.randomUUID() } }, body: { format: /\.ofx$/i.test(file.name) ? "ofx" : "csv" } }))}
          onSent={list.sent}
        />
      )}
      <ProblemNote error={read.error} retry={() => void read.refetch()} />
      <Grid name="Extratos" columns={columns} rows={rows} more={list.more} rowKey={(s) => s.id} error={list.error} retry={list.retry} order="-recebido" onOpen={(s) => open(s.id)} empty="Nenhum extrato ainda." />
      {one && <StatementDrawer statement={one} title={profiles(one.profile_id)} onClose={() => open("")} />}
    </>
  );
}

const LINES: Column<StatementLine>[] = [
  { key: "linha", title: "Linha", text: (l) => String(l.line), by: (l) => l.line, align: "right", width: 70, grow: 1 },
  { key: "em", title: "Em", text: (l) => day(l.posted_on), by: (l) => l.posted_on, width: 92, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (l) => (l.amount === undefined ? "" : money(l.amount)), amount: (l) => l.amount, align: "right", width: 104, grow: 1 },
  { key: "historico", title: "Histórico do banco", text: (l) => l.text, width: 200, grow: 200 },
  { key: "resultado", title: "Resultado", text: (l) => labels.RowOutcome[l.outcome], width: 130, grow: 1 },
  { key: "mensagem", title: "Mensagem", text: (l) => l.message, width: 220, grow: 400, wraps: true },
];

function StatementDrawer({ statement, title, onClose }: { statement: StatementImport; title: string; onClose: () => void }) {
  const path = { statement_id: statement.id };
  const lines = usePages({
    key: ["statements", statement.id, "lines"],
    page: (cursor) => answer(api.GET("/statements/{statement_id}/lines", { params: { path, query: { cursor } } })),
  });
  return (
    <Drawer onClose={onClose} size="80%" title={`Extrato de ${instant(statement.received_at)} · ${title}`} styles={{ body: { height: "calc(100% - 60px)", display: "flex", flexDirection: "column", gap: 10 } }}>
      {statement.problem && <div className="note bad">{statement.problem}</div>}
      <Grid name="Linhas do extrato" columns={LINES} rows={lines.rows} rowKey={(l) => String(l.line)} error={lines.error} retry={lines.retry} order="linha" more={lines.more} empty="O extrato não tem linhas." />
    </Drawer>
  );
}
