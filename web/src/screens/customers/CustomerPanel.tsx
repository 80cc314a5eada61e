// "Painel do cliente" (CUS-06): who it is, what is open, and the panels with their counts.
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { Charge, Invoice } from "../../api/schema";
import { useMay, useToday } from "../../app/me";
import { cpfCnpj, phone } from "../../format/document";
import { brl, isPositive, less, sum } from "../../format/money";
import { Action } from "../../parts/Action";
import { History } from "../../parts/History";
import { useSetSearch, useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Heading, Totals, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { Contracts } from "../contracts/Contracts";
import { CustomerMessages } from "../dispatch/CustomerMessages";
import { CustomerClosings } from "../closings/CustomerClosings";
import { Charges } from "../invoicing/Charges";
import { Invoices } from "../invoicing/Invoices";
import { CustomerForm } from "./CustomerForm";

export function useCustomer(customerId: string) {
  return useQuery({
    queryKey: ["customers", customerId],
    queryFn: () => answer(api.GET("/customers/{customer_id}", { params: { path: { customer_id: customerId } } })),
  });
}

export const useInvoices = (customerId: string) =>
  useQuery({
    queryKey: ["invoices", customerId],
    queryFn: async () => (await answer(api.GET("/customers/{customer_id}/invoices", { params: { path: { customer_id: customerId } } }))).items,
  });

export const useCharges = (customerId: string) =>
  useQuery({
    queryKey: ["charges", customerId],
    queryFn: async () => (await answer(api.GET("/customers/{customer_id}/charges", { params: { path: { customer_id: customerId } } }))).items,
  });

export const openAmount = (invoice: Invoice) => less(invoice.amount, invoice.paid);
const live = (invoice: Invoice) => invoice.status === "open" || invoice.status === "suspended";
const gone = (invoice: Invoice) => ["deleted", "replaced", "cancelled"].includes(invoice.status);
const unbilled = (charge: Charge) => charge.status === "unbilled" || charge.status === "suspended";

export function CustomerPanel() {
  const { customerId } = useParams({ strict: false }) as { customerId: string };
  const customer = useCustomer(customerId);
  const invoices = useInvoices(customerId);
  const charges = useCharges(customerId);
  const today = useToday();
  const [tab] = useWord("aba", "receber");
  const set = useSetSearch();
  const [dialog, setDialog] = useState<"edit" | "activity">();
  const may = useMay("customers:write");

  if (customer.error) return <><Heading title="Cliente" /><ProblemNote error={customer.error} retry={() => void customer.refetch()} /></>;
  if (!customer.data) return <Wait />;
  const person = customer.data;
  const open = invoices.data?.filter(live) ?? [];
  const overdue = open.filter((invoice) => invoice.due_on < today);
  const waiting = charges.data?.filter(unbilled) ?? [];
  const count = (of: unknown[], known: unknown) => (known === undefined ? "" : ` (${of.length})`);
  const settled = invoices.data?.filter((invoice) => invoice.status === "settled") ?? [];
  const removed = invoices.data?.filter(gone) ?? [];
  const late = sum(overdue.map(openAmount));
  return (
    <>
      <Heading title={`${person.code} · ${person.name}`}>
        {!person.is_active && <Tag tone="warn">Inativo</Tag>}
        {may && <Button variant="default" onClick={() => setDialog("activity")}>{person.is_active ? "Inativar" : "Reativar"}</Button>}
        {may && <Button variant="default" onClick={() => setDialog("edit")}>Editar</Button>}
      </Heading>
      <Totals
        items={[
          ["Em aberto", invoices.data ? brl(sum(open.map(openAmount))) : "…"],
          ["Vencido", invoices.data ? brl(late) : "…", isPositive(late)],
          ["Liquidado", invoices.data ? brl(sum(settled.map((invoice) => invoice.paid))) : "…"],
          ["Não faturado", charges.data ? brl(sum(waiting.map((charge) => charge.amount))) : "…"],
        ]}
      />
      <Tabs value={tab} onChange={(next) => set({ aba: next === "receber" ? undefined : next, f: undefined, s: undefined })} keepMounted={false} style={{ display: "flex", flexDirection: "column", flex: 1, minHeight: 0 }}>
        <Tabs.List aria-label="Painéis do cliente">
          <Tabs.Tab value="contratos">Contratos</Tabs.Tab>
          <Tabs.Tab value="receber">Faturas a receber{count(open, invoices.data)}</Tabs.Tab>
          <Tabs.Tab value="contas">Contas não faturadas{count(waiting, charges.data)}</Tabs.Tab>
          <Tabs.Tab value="liquidadas">Liquidadas{count(settled, invoices.data)}</Tabs.Tab>
          <Tabs.Tab value="excluidas">Excluídas{count(removed, invoices.data)}</Tabs.Tab>
          <Tabs.Tab value="fechamentos">Fechamentos</Tabs.Tab>
          <Tabs.Tab value="mensagens">Mensagens</Tabs.Tab>
          <Tabs.Tab value="cadastro">Cadastro</Tabs.Tab>
          <Tabs.Tab value="historico">Histórico</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} style={{ flex: 1, minHeight: 0, display: "flex", flexDirection: "column", gap: 8, paddingTop: 8 }}>
          {tab === "contratos" && <Contracts customerId={customerId} />}
          {tab === "receber" && <Invoices name="Faturas a receber" query={invoices} rows={invoices.data?.filter(live)} actions />}
          {tab === "liquidadas" && <Invoices name="Liquidadas" query={invoices} rows={invoices.data && settled} />}
          {tab === "excluidas" && <Invoices name="Excluídas" query={invoices} rows={invoices.data && removed} />}
          {tab === "contas" && <Charges customerId={customerId} query={charges} rows={charges.data?.filter(unbilled)} />}
          {tab === "fechamentos" && <CustomerClosings customerId={customerId} />}
          {tab === "mensagens" && <CustomerMessages customerId={customerId} />}
          {tab === "historico" && <div className="box" style={{ overflow: "auto" }} tabIndex={0}><History id={customerId} read={() => answer(api.GET("/customers/{customer_id}/history", { params: { path: { customer_id: customerId } } }))} /></div>}
          {tab === "cadastro" && (
            <div className="box">
              <Facts
                items={[
                  ["Tipo", labels.PersonKind[person.kind]],
                  ["CPF/CNPJ", cpfCnpj(person.document)],
                  ["Nome fantasia", person.trade_name],
                  ["Classificação", labels.Classification[person.classification]],
                  ["E-mails", person.emails.join(", ")],
                  ["Telefones", person.phones.map(phone).join(", ")],
                  ["Canais", person.channels.map((channel) => labels.Channel[channel]).join(", ")],
                  ...person.addresses.map((a): [string, string] => ["Endereço", `${a.street}, ${a.number}${a.complement ? `, ${a.complement}` : ""} · ${a.district} · ${a.city}/${a.uf} · ${a.cep}`]),
                  ["Observações fiscais", person.fiscal_notes.join("; ")],
                ]}
              />
            </div>
          )}
        </Tabs.Panel>
      </Tabs>
      {dialog === "edit" && <CustomerForm customer={person} onClose={() => setDialog(undefined)} onSaved={() => setDialog(undefined)} />}
      {dialog === "activity" && (
        <Action
          title={person.is_active ? "Inativar cliente" : "Reativar cliente"} items={[{ id: person.id, text: person.name }]} onClose={() => setDialog(undefined)}
          run={() => answer(api.PUT("/customers/{customer_id}/activity", { params: { path: { customer_id: customerId }, header: ifMatch(person.version) }, body: { is_active: !person.is_active } }))}
        />
      )}
    </>
  );
}
