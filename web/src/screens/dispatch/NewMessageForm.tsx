import { Button, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, useOnce } from "../../api/client";
import { labels } from "../../api/labels";
import type { MessageDraft } from "../../api/schema";
import { day } from "../../format/date";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { useInvoices } from "../customers/queries";
import { allPages } from "../../parts/remote";

export function NewMessageForm({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const invoices = useInvoices(customerId).data ?? [];
  const { header, renew } = useOnce();
  const templates = useQuery({ queryKey: ["message-templates"], queryFn: async () => (await allPages((cursor) => answer(api.GET("/message-templates", { params: { query: { cursor } } })))).items });
  const wildcards = useQuery({ queryKey: ["message-wildcards"], queryFn: async () => (await answer(api.GET("/message-wildcards"))).items });
  const [company, setCompany] = useState<string>();
  const [channel, setChannel] = useState<"email" | "sms">("email");
  const [subject, setSubject] = useState("");
  const [body, setBody] = useState("");
  const [invoice, setInvoice] = useState<string>();
  const [template, setTemplate] = useState<string>();
  const [draft, setDraft] = useState<MessageDraft>();
  const [error, setError] = useState<unknown>();
  const choose = (id: string | undefined) => {
    setTemplate(id);
    const chosen = templates.data?.find((one) => one.id === id);
    if (chosen) {
      setChannel(chosen.channel);
      setSubject(chosen.subject);
      setBody(chosen.body);
    }
  };
  const preview = async () => {
    setError(undefined);
    try {
      setDraft(await answer(api.POST("/customers/{customer_id}/messages/preview", { params: { path: { customer_id: customerId }, header }, body: { company_id: company!, channel, subject, body, invoice_id: invoice } })));
      renew();
    } catch (failure) {
      setError(failure);
    }
  };
  const single = wildcards.data?.find((list) => list.kind === "single");
  return (
    <Action
      title="Nova mensagem" button="Enviar" size="xl" onClose={onClose} ready={company !== undefined && body.trim() !== ""}
      run={(key) =>
        answer(api.POST("/customers/{customer_id}/messages", { params: { path: { customer_id: customerId }, header: key }, body: { company_id: company!, channel, subject, body, invoice_ids: invoice ? [invoice] : [], template_id: template } }))
      }
    >
      <div className="bar">
        <CompanyChoice value={company} onChange={setCompany} />
        <Choice label="Canal" required options={{ email: labels.Channel.email, sms: labels.Channel.sms }} value={channel} onChange={(value) => value && setChannel(value)} w={110} />
        <Choice label="Modelo" options={(templates.data ?? []).filter((t) => t.kind === "single").map((t) => ({ value: t.id, label: t.name }))} value={template} onChange={choose} />
        <Choice label="Fatura em anexo" options={invoices.filter((i) => i.status === "open").map((i) => ({ value: i.id, label: `${i.number} · ${day(i.due_on)} · ${brl(i.amount)}` }))} value={invoice} onChange={setInvoice} />
      </div>
      {channel === "email" && <TextInput label="Título" value={subject} onChange={(event) => setSubject(event.currentTarget.value)} />}
      <Textarea label="Corpo da mensagem" autosize minRows={4} maxRows={12} value={body} onChange={(event) => setBody(event.currentTarget.value)} />
      {single && (
        <details>
          <summary>Coringas</summary>
          <ul>{single.wildcards.map((one) => <li key={one.name}><code>{one.name}</code> {one.meaning}</li>)}</ul>
        </details>
      )}
      <div><Button variant="default" disabled={!company || body.trim() === ""} onClick={() => void preview()}>Ver como o cliente recebe</Button></div>
      <ProblemNote error={error} />
      {draft && <div className="box" style={{ whiteSpace: "pre-wrap" }}><div className="soft">Para {draft.to.join(", ")}</div><b>{draft.content.subject}</b>{"\n"}{draft.content.text}</div>}
    </Action>
  );
}
