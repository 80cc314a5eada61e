// "Cadastrar novo contrato": its terms; items and charge definitions are added on its own screen.
import { Checkbox, NumberInput, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Contract, NewContract } from "../../api/schema";
import { usePaymentProfiles, useToday } from "../../app/me";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice, DayInput } from "../../parts/fields";

export type Terms = Omit<NewContract, "company_id" | "items" | "definitions">;

export function NewContractForm({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const navigate = useNavigate();
  const today = useToday();
  const [company, setCompany] = useState<string>();
  const [terms, setTerms] = useState<Partial<Terms>>({ mode: "closing", starts_on: today, cut_off_day: 1, due: { day: 10, months_after: 1 }, horizon_months: 12 });
  const ready = company !== undefined && !!terms.description && terms.payment_profile_id !== undefined && terms.starts_on !== undefined;
  return (
    <Action
      title="Novo contrato" onClose={onClose} ready={ready} size="xl"
      run={(header) => answer(api.POST("/customers/{customer_id}/contracts", { params: { path: { customer_id: customerId }, header }, body: { ...(terms as Terms), company_id: company! } }))}
      onDone={(made) => void navigate({ to: `/clientes/${customerId}/contratos/${(made as Contract).id}` })}
    >
      <CompanyChoice value={company} onChange={setCompany} />
      <TermsFields terms={terms} onChange={setTerms} companyId={company} />
    </Action>
  );
}

type FieldsProps = { terms: Partial<Terms>; onChange: (terms: Partial<Terms>) => void; companyId: string | undefined };

export function TermsFields({ terms, onChange, companyId }: FieldsProps) {
  const profiles = usePaymentProfiles().data ?? [];
  const set = (changes: Partial<Terms>) => onChange({ ...terms, ...changes });
  const due = terms.due ?? { day: 10 };
  const number = (label: string, value: number | undefined | null, min: number, max: number, change: (value: number | undefined) => void) => (
    <NumberInput size="xs" label={label} min={min} max={max} value={value ?? ""} onChange={(next) => change(next === "" ? undefined : Number(next))} />
  );
  return (
    <>
      <TextInput label="Descrição (plano)" value={terms.description ?? ""} onChange={(event) => set({ description: event.currentTarget.value })} data-autofocus />
      <div className="fields three">
        <Choice label="Modo de cobrança" required options={labels.BillingMode} value={terms.mode} onChange={(mode) => mode && set({ mode })} />
        <DayInput label="Início" value={terms.starts_on} onChange={(starts_on) => set({ starts_on })} />
        <DayInput label="Término" value={terms.ends_on ?? undefined} onChange={(ends_on) => set({ ends_on })} />
        <Choice label="Profile de pagamento" required options={profiles.filter((p) => p.company_id === companyId).map((p) => ({ value: p.id, label: p.name }))} value={terms.payment_profile_id} onChange={(payment_profile_id) => set({ payment_profile_id })} />
        {number("Dia do vencimento", due.day, 1, 31, (day) => set({ due: { ...due, day: day ?? 1 } }))}
        {number("Meses depois do período", due.months_after ?? 0, 0, 12, (months_after) => set({ due: { ...due, months_after: months_after ?? 0 } }))}
        {number("Dia de corte", terms.cut_off_day, 1, 31, (cut_off_day) => set({ cut_off_day }))}
        {number("Meses gerados à frente", terms.horizon_months, 1, 60, (horizon_months) => set({ horizon_months }))}
        {number("Tempo máximo de falha de comunicação (dias)", terms.max_silence_days, 1, 366, (max_silence_days) => set({ max_silence_days }))}
        <TextInput label="Agrupamento" value={terms.grouping ?? ""} onChange={(event) => set({ grouping: event.currentTarget.value || undefined })} />
      </div>
      <Checkbox label="Congelar fechamentos automaticamente" checked={terms.auto_freeze ?? false} onChange={(event) => set({ auto_freeze: event.currentTarget.checked })} />
      <Textarea label="Observações" autosize minRows={1} value={terms.notes ?? ""} onChange={(event) => set({ notes: event.currentTarget.value || undefined })} />
    </>
  );
}
