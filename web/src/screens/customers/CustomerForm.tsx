// Cadastro: new, or changed (CUS-01). A version conflict says who else changed what, and keeps what was typed.
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { answer, api, ifMatch, ProblemError, useOnce } from "../../api/client";
import { labels } from "../../api/labels";
import type { Customer, CustomerData } from "../../api/schema";
import { queries } from "../../app/queries";
import { Clash, useDraft } from "../../parts/Clash";
import { Drawer } from "../../parts/Dialog";
import { Choice, DocumentInput, LinesInput, WordsInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { useOffered } from "../counter/queries";
import { AddressFields } from "./AddressFields";
import { allPages } from "../../parts/remote";

type Props = { customer?: Customer; onClose: () => void; onSaved: (id: string) => void };

function dataOf(customer: Customer | undefined): CustomerData {
  if (customer === undefined) return { kind: "company", name: "", classification: "customer", channels: ["email"] };
  const { version: _v, id: _i, code: _c, registered_on: _r, is_active: _a, ...data } = customer;
  return data;
}

export function CustomerForm({ customer, onClose, onSaved }: Props) {
  const { header } = useOnce();
  const path = { customer_id: customer?.id ?? "" };
  const draft = useDraft({ data: dataOf(customer), version: customer?.version ?? 0 }, customer && {
    read: async () => {
      const now = await answer(api.GET("/customers/{customer_id}", { params: { path } }));
      return { data: dataOf(now), version: now.version };
    },
    history: () => allPages((cursor) => answer(api.GET("/customers/{customer_id}/history", { params: { path, query: { cursor } } }))),
  });
  const { data, set } = draft;
  const statuses = useOffered("protest_status", customer?.protest_status);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const fieldError = (field: string) =>
    error instanceof ProblemError ? error.problem.reasons?.find((r) => r.field?.split(".").includes(field))?.message : undefined;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const saved = customer
        ? await answer(api.PUT("/customers/{customer_id}", { params: { path, header: ifMatch(draft.version) }, body: data }))
        : await answer(api.POST("/customers", { params: { header }, body: data }));
      await queries.invalidateQueries({ predicate: (query) => String(query.queryKey[0]).startsWith("customer") });
      onSaved(saved.id);
    } catch (failure) {
      if (!(await draft.met(failure))) setError(failure);
      setBusy(false);
    }
  };
  const address = data.addresses?.[0];
  return (
    <Drawer onClose={onClose} size={520} title={customer ? "Editar cadastro" : "Novo cliente"}>
      <form onSubmit={(event) => void save(event)} style={{ display: "grid", gap: 10 }}>
        <div key={draft.round} style={{ display: "grid", gap: 10 }}>
        <Choice label="Tipo de pessoa" required options={labels.PersonKind} value={data.kind} onChange={(kind) => kind && set({ kind })} />
        <TextInput label="Nome" required withAsterisk={false} value={data.name} onChange={(e) => set({ name: e.currentTarget.value })} error={fieldError("name")} data-autofocus />
        <WordsInput label="Nome fantasia" value={data.trade_name ?? undefined} onChange={(trade_name) => set({ trade_name })} />
        <DocumentInput label="CPF/CNPJ" value={data.document ?? undefined} onChange={(document) => set({ document })} error={fieldError("document")} />
        <Choice label="Classificação" required options={labels.Classification} value={data.classification} onChange={(classification) => classification && set({ classification })} />
        <LinesInput label="E-mails, um por linha" value={data.emails} onChange={(emails) => set({ emails })} error={fieldError("emails")} />
        <LinesInput label="Telefones, um por linha" value={data.phones} onChange={(phones) => set({ phones: phones.map((typed) => typed.replace(/[^\d+]/g, "")) })} error={fieldError("phones")} />
        <AddressFields address={address} onChange={(next) => set({ addresses: next ? [next, ...(data.addresses ?? []).slice(1)] : [] })} />
        <LinesInput label="Observações para notas fiscais, uma por linha" value={data.fiscal_notes} onChange={(fiscal_notes) => set({ fiscal_notes })} />
        <Choice label="Status de protesto" options={statuses} value={data.protest_status ?? undefined} onChange={(protest_status) => set({ protest_status })} />
        </div>
        <Clash draft={draft} words={{ kind: labels.PersonKind, classification: labels.Classification, channels: labels.Channel }} />
        <ProblemNote error={error} />
        <div className="bar">
          <span className="grow" />
          <Button variant="default" onClick={onClose}>Cancelar</Button>
          <Button type="submit" loading={busy} disabled={!draft.settled}>Salvar</Button>
        </div>
      </form>
    </Drawer>
  );
}
