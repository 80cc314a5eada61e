// "Envio em massa": the invoices of a due range to their customers; who would receive what, and who would not, before it goes (MSG-03).
import { Button, Checkbox } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { DispatchPreview, DispatchRequest, Run, Template } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { firstDay, lastDay } from "../../format/date";
import { counted, countedAll } from "../../format/text";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice, DayInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
import { allPages } from "../../parts/remote";

type Form = Partial<DispatchRequest>;
const PURPOSES = { invoice_issued: labels.MessagePurpose.invoice_issued, due_reminder: labels.MessagePurpose.due_reminder, overdue_notice: labels.MessagePurpose.overdue_notice };

export function MassDispatch() {
  const today = useToday();
  const navigate = useNavigate();
  const may = useMay("dispatch:send", "runs:start");
  const [sending, setSending] = useState(false);
  const [form, setForm] = useState<Form>(() => ({ due_from: firstDay(today.slice(0, 7)), due_to: lastDay(today.slice(0, 7)), purpose: "invoice_issued" }));
  const set = (changes: Form) => setForm((before) => ({ ...before, ...changes }));
  const request = form.company_id && form.due_from && form.due_to ? (form as DispatchRequest) : undefined;
  const templates = useQuery({ queryKey: ["message-templates"], queryFn: async () => (await allPages((cursor) => answer(api.GET("/message-templates", { params: { query: { cursor } } })))).items });
  const preview = useQuery({
    queryKey: ["dispatch-preview", request],
    enabled: request !== undefined && may,
    placeholderData: keepPreviousData,
    queryFn: () => {
      const { company_id, ...query } = request!;
      return answer(api.GET("/companies/{company_id}/dispatch-preview", { params: { path: { company_id }, query: { ...query, email_template_id: query.email_template_id ?? undefined, sms_template_id: query.sms_template_id ?? undefined } } }));
    },
  });
  const would = preview.error ? undefined : preview.data;
  const offered = (channel: Template["channel"]) => (templates.data ?? []).filter((one) => one.kind === "mass" && one.channel === channel).map((one) => ({ value: one.id, label: one.name }));
  return (
    <>
      <Heading title="Envio em massa">{may && <Button disabled={!would || would.emails + would.sms === 0} onClick={() => setSending(true)}>Enviar</Button>}</Heading>
      <div className="bar" style={{ alignItems: "end" }}>
        <CompanyChoice value={form.company_id} onChange={(company_id) => set({ company_id })} w={200} />
        <DayInput label="Vencimento de" value={form.due_from} onChange={(due_from) => set({ due_from })} w={120} />
        <DayInput label="até" value={form.due_to} onChange={(due_to) => set({ due_to })} w={120} />
        <Choice label="Finalidade" required options={PURPOSES} value={form.purpose} onChange={(purpose) => purpose && set({ purpose })} w={200} />
        <Choice label="Modelo de e-mail" placeholder="o da finalidade" options={offered("email")} value={form.email_template_id ?? undefined} onChange={(email_template_id) => set({ email_template_id })} w={190} />
        <Choice label="Modelo de SMS" placeholder="o da finalidade" options={offered("sms")} value={form.sms_template_id ?? undefined} onChange={(sms_template_id) => set({ sms_template_id })} w={190} />
        <Checkbox label="Por todos os canais que o cliente aceita" checked={form.every_channel ?? false} onChange={(event) => set({ every_channel: event.currentTarget.checked })} pb={6} />
      </div>
      <ProblemNote error={preview.error ?? templates.error} retry={() => void preview.refetch()} />
      {preview.isLoading && <Wait />}
      {would && <Would would={would} />}
      {sending && request && would && (
        <Action
          title="Enviar mensagens" button="Enviar" onClose={() => setSending(false)} items={[{ id: "run", text: `${countedAll([[would.emails, "e-mail"], [would.sms, "SMS", "SMS"]])}, de ${counted(would.invoices, "fatura")}` }]}
          warning="Uma mensagem que já saiu não sai outra vez. O que ficou de fora vai quando o motivo for resolvido e o envio, repetido."
          run={(header) => answer(api.POST("/runs/dispatches", { params: { header }, body: request }))} onDone={(run) => void navigate({ to: `/execucoes/${(run as Run).id}` })}
        />
      )}
    </>
  );
}

function Would({ would }: { would: DispatchPreview }) {
  return (
    <>
      <Totals items={[["Faturas", would.invoices], ["E-mails", would.emails], ["SMS", would.sms], ["Já enviadas", would.already_sent], ["Sem envio", would.refused.length, would.refused.length > 0]]} />
      {would.not_shown > 0 && <div className="note warn">A base é grande: esta prévia é das primeiras faturas do intervalo. O envio será de todas; faltam {would.not_shown} na prévia.</div>}
      {would.invoices + would.already_sent === 0 && would.refused.length === 0 && <div className="box soft">Nenhuma fatura em aberto vence neste intervalo.</div>}
      {would.refused.length > 0 && (
        <section className="box" style={{ overflow: "auto" }} tabIndex={0}>
          <h2>Não receberão</h2>
          <table className="plain">
            <thead><tr><th>Fatura</th><th>Cliente</th><th>Motivo</th></tr></thead>
            <tbody>{would.refused.map((one) => <tr key={`${one.number} ${one.message}`}><td>{one.number}</td><td>{one.customer}</td><td>{one.message}</td></tr>)}</tbody>
          </table>
        </section>
      )}
    </>
  );
}
