// "Modelos de mensagem": kept by name, with wildcards (MSG-01).
import { Button, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { NewTemplate, Template } from "../../api/schema";
import { useMay } from "../../app/me";
import { Action } from "../../parts/Action";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { HistoryButton } from "../../parts/HistoryButton";
import { Heading } from "../../parts/show";
import { allPages } from "../../parts/remote";

const PURPOSES = { invoice_issued: labels.MessagePurpose.invoice_issued, due_reminder: labels.MessagePurpose.due_reminder, overdue_notice: labels.MessagePurpose.overdue_notice };

const COLUMNS: Column<Template>[] = [
  { key: "nome", title: "Modelo", text: (t) => t.name, width: 180, grow: 200 },
  { key: "canal", title: "Canal", text: (t) => labels.Channel[t.channel], width: 90, grow: 1 },
  { key: "tipo", title: "Envio", text: (t) => labels.TemplateKind[t.kind], width: 130, grow: 1 },
  { key: "finalidade", title: "Finalidade", text: (t) => (t.purpose ? labels.MessagePurpose[t.purpose] : ""), width: 160, grow: 1 },
  { key: "titulo", title: "Título", text: (t) => t.subject, width: 200, grow: 300 },
  { key: "corpo", title: "Corpo", text: (t) => t.body, width: 200, grow: 400 },
];

export function Templates() {
  const may = useMay("dispatch:configure");
  const list = useQuery({ queryKey: ["message-templates"], queryFn: async () => (await allPages((cursor) => answer(api.GET("/message-templates", { params: { query: { cursor } } })))).items });
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"new" | "edit" | "remove">();
  const one = ticked.size === 1 ? list.data?.find((template) => ticked.has(template.id)) : undefined;
  return (
    <>
      <Heading title="Modelos de mensagem">
        <HistoryButton of={one && { id: one.id, title: one.name }} read={(id) => allPages((cursor) => answer(api.GET("/message-templates/{template_id}/history", { params: { path: { template_id: id }, query: { cursor } } })))} />
        {may && <Button variant="default" disabled={!one} onClick={() => setDialog("edit")}>Editar</Button>}
        {may && <Button variant="default" disabled={!one} onClick={() => setDialog("remove")}>Remover</Button>}
        {may && <Button onClick={() => setDialog("new")}>Novo modelo</Button>}
      </Heading>
      <Grid name="Modelos" columns={COLUMNS} rows={list.data} rowKey={(t) => t.id} error={list.error} retry={() => void list.refetch()} order="nome" ticked={ticked} onTick={tick} empty="Nenhum modelo ainda." />
      {(dialog === "new" || (dialog === "edit" && one)) && <TemplateForm template={dialog === "edit" ? one : undefined} onClose={() => setDialog(undefined)} />}
      {dialog === "remove" && one && <Action title="Remover modelo" items={[{ id: one.id, text: one.name }]} onClose={() => setDialog(undefined)} run={() => answer(api.DELETE("/message-templates/{template_id}", { params: { path: { template_id: one.id }, header: ifMatch(one.version) } }))} />}
    </>
  );
}

function TemplateForm({ template, onClose }: { template: Template | undefined; onClose: () => void }) {
  const [data, setData] = useState<NewTemplate>(() => (template ? { name: template.name, kind: template.kind, channel: template.channel, subject: template.subject, body: template.body, purpose: template.purpose } : { name: "", kind: "single", channel: "email", subject: "", body: "" }));
  const set = (changes: Partial<NewTemplate>) => setData((before) => ({ ...before, ...changes }));
  const wildcards = useQuery({ queryKey: ["message-wildcards"], queryFn: async () => (await answer(api.GET("/message-wildcards"))).items });
  const offered = wildcards.data?.find((list) => list.kind === data.kind)?.wildcards ?? [];
  return (
    <Action
      title={template ? "Editar modelo" : "Novo modelo"} size="xl" onClose={onClose} ready={data.name.trim() !== "" && data.body.trim() !== ""}
      run={(header) =>
        template
          ? answer(api.PUT("/message-templates/{template_id}", { params: { path: { template_id: template.id }, header: ifMatch(template.version) }, body: data }))
          : answer(api.POST("/message-templates", { params: { header }, body: data }))
      }
    >
      <TextInput label="Nome" value={data.name} onChange={(event) => set({ name: event.currentTarget.value })} data-autofocus />
      <div className="bar">
        <Choice label="Envio" required options={labels.TemplateKind} value={data.kind} onChange={(kind) => kind && set({ kind })} />
        <Choice label="Canal" required options={{ email: labels.Channel.email, sms: labels.Channel.sms }} value={data.channel} onChange={(channel) => channel && set({ channel })} />
        {data.kind === "mass" && <Choice label="Finalidade" options={PURPOSES} value={data.purpose ?? undefined} onChange={(purpose) => set({ purpose })} />}
      </div>
      {data.channel === "email" && <TextInput label="Título" value={data.subject ?? ""} onChange={(event) => set({ subject: event.currentTarget.value })} />}
      <Textarea label="Corpo da mensagem" autosize minRows={5} maxRows={14} value={data.body} onChange={(event) => set({ body: event.currentTarget.value })} />
      <details><summary>Coringas deste tipo de envio</summary><ul>{offered.map((one) => <li key={one.name}><code>{one.name}</code> {one.meaning}</li>)}</ul></details>
    </Action>
  );
}
