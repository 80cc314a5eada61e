// "Notas pendentes": the invoices that still need a fiscal document; issue the ticked ones, or all of them by a run (FIS-01).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { PendingInvoice, Run } from "../../api/schema";
import { useCompanies, useMay, useToday } from "../../app/me";
import { firstDay, lastDay } from "../../format/date";
import { counted } from "../../format/text";
import { Action } from "../../parts/Action";
import { Choice, MonthInput } from "../../parts/fields";
import { Grid } from "../../parts/Grid";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Wait } from "../../parts/show";
import { InvoiceDrawer } from "../invoicing/InvoiceDrawer";
import { IssueNote, pendingColumns } from "./parts";
import { allPages } from "../../parts/remote";

export function FiscalPending() {
  const today = useToday();
  const companies = useCompanies();
  if (!today || !companies.data) return <><Heading title="Notas pendentes" />{companies.error ? <ProblemNote error={companies.error} retry={() => void companies.refetch()} /> : <Wait />}</>;
  return <PendingOf today={today} firstCompany={companies.data[0]?.id} />;
}

function PendingOf({ today, firstCompany }: { today: string; firstCompany: string | undefined }) {
  const navigate = useNavigate();
  const companies = useCompanies().data ?? [];
  const may = useMay("fiscal:issue");
  const mayRun = useMay("fiscal:issue", "runs:start");
  const [company, setCompany] = useState(firstCompany);
  const [month, setMonth] = useState<string | undefined>(today.slice(0, 7));
  const [opened, open] = useState<PendingInvoice>();
  const [issuing, setIssuing] = useState<PendingInvoice>();
  const [running, setRunning] = useState(false);
  const list = useQuery({
    queryKey: ["fiscal-pending", company, month],
    enabled: company !== undefined && month !== undefined,
    queryFn: () => allPages((cursor) => answer(api.GET("/companies/{company_id}/fiscal-pending", { params: { path: { company_id: company! }, query: { cursor, month: month! } } }))),
  });
  const names = list.data?.names ?? {};
  const columns = pendingColumns(names);
  const rows = list.data?.items;
  return (
    <>
      <Heading title="Notas pendentes" />
      <div className="bar" style={{ alignItems: "end" }}>
        <Choice label="Empresa" required options={companies.map((c) => ({ value: c.id, label: c.trade_name }))} value={company} onChange={setCompany} />
        <MonthInput label="Faturas geradas em" value={month} onChange={setMonth} />
        {mayRun && <Button disabled={!rows?.length} onClick={() => setRunning(true)}>Emitir todas</Button>}
      </div>
      <Grid
        name="Notas pendentes" columns={columns} rows={rows} rowKey={(i) => i.invoice_id} error={list.error} retry={() => void list.refetch()} order="emissao"
        onOpen={(i) => (may ? setIssuing(i) : open(i))} empty="Nenhuma fatura deste mês precisa de documento fiscal."
      />
      {issuing && <IssueNote invoice={issuing} name={names[issuing.customer_id]} onClose={() => setIssuing(undefined)} />}
      {running && company && month && (
        <Action
          title="Emitir todas as notas pendentes" button="Iniciar" onClose={() => setRunning(false)} items={[{ id: "run", text: counted(rows?.length ?? 0, "fatura") }]}
          run={(header) => answer(api.POST("/runs/fiscal", { params: { header }, body: { company_id: company, issued_from: firstDay(month), issued_to: lastDay(month) } }))}
          onDone={(run) => void navigate({ to: `/execucoes/${(run as Run).id}` })}
        />
      )}
      {opened && <InvoiceDrawer customerId={opened.customer_id} invoiceId={opened.invoice_id} onClose={() => open(undefined)} />}
    </>
  );
}
