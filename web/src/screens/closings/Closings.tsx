// "Fechamentos": the timeline of months, count and total of the filter, the list, closing a month (CLO-02).
import { Button, Checkbox, SegmentedControl } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { ClosingStatus, ClosingSummary, Run } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { addMonths, month as monthText } from "../../format/date";
import { brl } from "../../format/money";
import { capital } from "../../format/text";
import { Action } from "../../parts/Action";
import { CustomerPicker } from "../../parts/CustomerPicker";
import { DayInput } from "../../parts/fields";
import { Grid } from "../../parts/Grid";
import { useSetSearch, useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { usePages } from "../../parts/remote";
import { Heading, inSight, Totals } from "../../parts/show";
import { useCompanyFilter } from "../receivables/parts";
import { closingColumns } from "./columns";
import { StartSimulation } from "./BaseSimulation";

const COLUMNS = closingColumns(true);
const STATUSES = [{ value: "", label: "Todos" }, ...(["open", "waiting", "processed", "frozen"] as const).map((value) => ({ value, label: capital(labels.ClosingStatus[value]) }))];

export function Closings() {
  const today = useToday();
  const navigate = useNavigate();
  const may = useMay("closings:freeze", "runs:start");
  const last = today.slice(0, 7);
  const [month, setMonth] = useWord("mes", last && addMonths(last, -1));
  const [status] = useWord("situacao");
  const { company, field } = useCompanyFilter();
  const [customer, setCustomer] = useWord("cliente");
  const [contract] = useWord("contrato");
  const [pending, setPending] = useWord("pendencias");
  const criteria = { company_id: company, customer_id: customer || undefined, contract_id: contract || undefined, pending: pending ? true : undefined };
  const set = useSetSearch();
  const [simulating, setSimulating] = useState(false);
  const simulate = useMay("runs:start", "closings:read");
  const [closing, setClosing] = useState(false);
  const timeline = useQuery({
    queryKey: ["closings", "timeline", last, criteria],
    placeholderData: keepPreviousData,
    enabled: last !== "",
    queryFn: async () => (await answer(api.GET("/closings/timeline", { params: { query: { first: addMonths(last, -11), last, ...criteria } } }))).months,
  });
  const list = usePages({
    key: ["closings", month, status, criteria],
    enabled: month !== "",
    page: (cursor) => answer(api.GET("/closings", { params: { query: { month, status: (status || undefined) as ClosingStatus | undefined, ...criteria, cursor } } })),
  });
  const first = list.first;
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const rows = list.rows;
  const chosen = rows?.filter((shown) => ticked.has(shown.id)) ?? []; // ticks of another month are kept
  const one = chosen.length === 1 ? chosen[0] : undefined;
  const see = (shown: ClosingSummary) => void navigate({ to: `/fechamentos/${shown.customer_id}/${shown.id}` });
  return (
    <>
      <Heading title="Fechamentos">
        {field}
        <SegmentedControl size="xs" data={STATUSES} value={status} onChange={(next) => set({ situacao: next || undefined })} />
        {simulate && <Button variant="default" onClick={() => setSimulating(true)}>Simular a base</Button>}
        {may && <Button onClick={() => setClosing(true)}>Fechar o mês</Button>}
      </Heading>
      <div className="bar">
        <CustomerPicker label="" value={customer} onChange={(id) => setCustomer(id ?? "")} />
        <Checkbox label="Com pendências" checked={pending !== ""} onChange={(event) => setPending(event.currentTarget.checked ? "sim" : "")} />
        <span className="grow" />
        <Button variant="default" disabled={!one} onClick={() => one && see(one)}>Ver detalhes</Button>
        {contract && <Button size="compact-xs" variant="default" onClick={() => set({ contrato: undefined })}>Só {first?.items[0]?.contract_title ?? "um contrato"}. Ver todos</Button>}
      </div>
      <ProblemNote error={timeline.error} retry={() => void timeline.refetch()} />
      <div className="months" role="group" aria-label="Linha do tempo">
        {timeline.data?.map((one) => (
          <button key={one.month} type="button" aria-pressed={one.month === month} ref={one.month === month ? inSight : undefined} onClick={() => setMonth(one.month)}>
            {monthText(one.month)}<small>{one.closings} {one.closings === 1 ? "fechamento" : "fechamentos"}</small>
            {one.closings > 0 && <small>{brl(one.total)}</small>}
            {one.pending > 0 && <small className="bad">{one.pending} com pendência</small>}
          </button>
        ))}
      </div>
      <Totals items={[["Fechamentos no filtro", first?.count ?? "…"], ["Total calculado", first ? brl(first.total) : "…"]]} />
      <Grid
        name="Fechamentos" columns={COLUMNS} rowKey={(c) => c.id} rows={rows} ticked={ticked} onTick={tick} error={list.error} retry={list.retry} order="cliente"
        more={list.more}
        onOpen={see} empty="Nenhum fechamento começou neste mês."
      />
      {simulating && <StartSimulation onClose={() => setSimulating(false)} />}
      {closing && <CloseMonth onClose={() => setClosing(false)} />}
    </>
  );
}

function CloseMonth({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const today = useToday();
  const [on, setOn] = useState<string | undefined>(today);
  return (
    <Action
      title="Fechar o mês" onClose={onClose} ready={on !== undefined} button="Iniciar" onDone={(run) => void navigate({ to: `/execucoes/${(run as Run).id}` })}
      warning="Calcula todos os fechamentos cujo período terminou, e congela os que não têm pendência e congelam automaticamente."
      run={(header) => answer(api.POST("/runs/closings", { params: { header }, body: { on } }))}
    >
      <DayInput label="Na data" value={on} onChange={setOn} data-autofocus />
    </Action>
  );
}
