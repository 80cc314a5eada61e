// "Notas emitidas": the documents of a month; the month itself, closed or open, with its observation; the XML for the accountant.
import { Button, Checkbox, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { DocumentState, FiscalDocument, FiscalMonth, FiscalMonthData } from "../../api/schema";
import { useCompanies, useMay, useToday } from "../../app/me";
import { Action } from "../../parts/Action";
import { Choice, MonthInput } from "../../parts/fields";
import { Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { ProblemNote } from "../../parts/Problem";
import { allPages, usePages } from "../../parts/remote";
import { Heading, Wait } from "../../parts/show";
import { FiscalDocumentDrawer } from "./FiscalDocumentDrawer";
import { documentColumns } from "./parts";

export function FiscalDocuments() {
  const today = useToday();
  const companies = useCompanies();
  if (!today || !companies.data) return <><Heading title="Notas emitidas" />{companies.error ? <ProblemNote error={companies.error} retry={() => void companies.refetch()} /> : <Wait />}</>;
  return <DocumentsOf today={today} firstCompany={companies.data[0]?.id} />;
}

function DocumentsOf({ today, firstCompany }: { today: string; firstCompany: string | undefined }) {
  const companies = useCompanies().data ?? [];
  const [company, setCompany] = useState(firstCompany);
  const [month, setMonth] = useState<string | undefined>(today.slice(0, 7));
  const [state, setState] = useState<DocumentState>();
  const [opened, open] = useState<FiscalDocument>();
  const list = usePages({
    key: ["fiscal-documents", company, month, state],
    enabled: company !== undefined && month !== undefined,
    page: (cursor) => answer(api.GET("/companies/{company_id}/fiscal-documents", { params: { path: { company_id: company! }, query: { month: month!, state, cursor } } })),
  });
  const names = list.names;
  const columns = documentColumns(names);
  return (
    <>
      <Heading title="Notas emitidas" />
      <div className="bar" style={{ alignItems: "end" }}>
        <Choice label="Empresa" required options={companies.map((c) => ({ value: c.id, label: c.trade_name }))} value={company} onChange={setCompany} />
        <MonthInput label="Competência" value={month} onChange={setMonth} />
        <Choice label="Situação" options={labels.DocumentState} value={state} onChange={setState} placeholder="todas" />
        {company && month && <MonthTools companyId={company} month={month} />}
      </div>
      <Grid
        name="Notas emitidas" columns={columns} rows={list.rows} rowKey={(d) => d.id} error={list.error} retry={list.retry} order="numero"
        onOpen={open} more={list.more} empty="Nenhum documento nesta competência."
      />
      {opened && <FiscalDocumentDrawer document={opened} onClose={() => open(undefined)} />}
    </>
  );
}

function MonthTools({ companyId, month }: { companyId: string; month: string }) {
  const path = { company_id: companyId, month };
  const may = useMay("fiscal:configure");
  const [editing, setEditing] = useState(false);
  const [error, setError] = useState<unknown>();
  const kept = useQuery({ queryKey: ["fiscal-months", companyId, month], queryFn: () => answer(api.GET("/companies/{company_id}/fiscal-months/{month}", { params: { path } })) });
  const archive = async () => {
    setError(undefined);
    try {
      window.location.assign((await answer(api.GET("/companies/{company_id}/fiscal-months/{month}/archive", { params: { path } }))).url);
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <>
      <Button variant="default" onClick={() => void archive()}>Baixar os XML</Button>
      {may && kept.data && <Button variant="default" onClick={() => setEditing(true)}>{kept.data.is_open ? "Competência aberta" : "Competência fechada"}</Button>}
      <HistoryButton of={{ id: `${companyId}-${month}`, title: "Competência" }} read={() => allPages((cursor) => answer(api.GET("/companies/{company_id}/fiscal-months/{month}/history", { params: { path, query: { cursor } } })))} />
      <ProblemNote error={error ?? kept.error} />
      {editing && kept.data && <MonthForm kept={kept.data} onClose={() => setEditing(false)} />}
    </>
  );
}

function MonthForm({ kept, onClose }: { kept: FiscalMonth; onClose: () => void }) {
  const [data, set] = useState<FiscalMonthData>({ is_open: kept.is_open, observation: kept.observation });
  return (
    <Action
      title="Competência" button="Salvar" onClose={onClose}
      run={() => answer(api.PUT("/companies/{company_id}/fiscal-months/{month}", { params: { path: { company_id: kept.company_id, month: kept.month }, header: ifMatch(kept.version) }, body: data }))}
    >
      <Checkbox label="Aberta: recebe documentos novos" checked={data.is_open ?? true} onChange={(event) => set({ ...data, is_open: event.currentTarget.checked })} />
      <Textarea label="Observação, impressa em todos os documentos da competência" autosize minRows={2} maxLength={250} value={data.observation ?? ""} onChange={(event) => set({ ...data, observation: event.currentTarget.value || undefined })} data-autofocus />
    </Action>
  );
}
