// "E-mails, SMS e mensagens enviadas ao cliente" (MSG-05), and one by hand with a preview.
import { Button, Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Message } from "../../api/schema";
import { useMay } from "../../app/me";
import { instant } from "../../format/date";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Timeline, Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { NewMessageForm } from "./NewMessageForm";

const COLUMNS: Column<Message>[] = [
  { key: "quando", title: "Quando", text: (m) => instant(m.steps[0]?.at), by: (m) => m.steps[0]?.at, width: 128, grow: 1 },
  { key: "canal", title: "Canal", text: (m) => labels.Channel[m.channel], width: 80, grow: 1 },
  { key: "finalidade", title: "Finalidade", text: (m) => labels.MessagePurpose[m.purpose], width: 130, grow: 1 },
  { key: "assunto", title: "Assunto", text: (m) => m.subject, width: 200, grow: 400 },
  { key: "para", title: "Para", text: (m) => m.to.join(", "), width: 160, grow: 200 },
  { key: "situacao", title: "Situação", text: (m) => labels.MessageState[m.state], show: (m) => <State of="MessageState" is={m.state} />, width: 100, grow: 1 },
  { key: "falha", title: "Falha", text: (m) => m.failure ?? "", width: 90, grow: 90 },
];

export function CustomerMessages({ customerId }: { customerId: string }) {
  const [opened, open] = useWord("mensagem");
  const [writing, setWriting] = useState(false);
  const may = useMay("dispatch:send");
  const list = useQuery({
    queryKey: ["messages", customerId],
    queryFn: async () => (await answer(api.GET("/customers/{customer_id}/messages", { params: { path: { customer_id: customerId } } }))).items,
  });
  const message = list.data?.find((one) => one.id === opened);
  return (
    <>
      {may && <div className="bar"><Button onClick={() => setWriting(true)}>Nova mensagem</Button></div>}
      <Grid name="Mensagens" columns={COLUMNS} rows={list.data} rowKey={(m) => m.id} error={list.error} retry={() => void list.refetch()} order="-quando" onOpen={(m) => open(m.id)} empty="Nenhuma mensagem enviada." />
      {message && <Content message={message} onClose={() => open("")} />}
      {writing && <NewMessageForm customerId={customerId} onClose={() => setWriting(false)} />}
    </>
  );
}

function Content({ message, onClose }: { message: Message; onClose: () => void }) {
  const text = useQuery({
    queryKey: ["message-content", message.id],
    queryFn: async () => {
      const link = await answer(api.GET("/customers/{customer_id}/messages/{message_id}/content", { params: { path: { customer_id: message.customer_id, message_id: message.id } } }));
      const kept = (await (await fetch(link.url)).json()) as { text?: string };
      return kept.text ?? "";
    },
  });
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={message.subject || labels.Channel[message.channel]} closeButtonProps={{ "aria-label": "Fechar" }}>
      <Facts items={[["Para", message.to.join(", ")], ["Cópia", message.cc.join(", ")], ["Falha", message.failure]]} />
      <div className="box" style={{ whiteSpace: "pre-wrap", margin: "12px 0" }}>
        <ProblemNote error={text.error} retry={() => void text.refetch()} />
        {text.isPending ? <Wait /> : text.data}
      </div>
      <Timeline items={message.steps.map((step) => ({ at: step.at, text: labels.MessageState[step.state] }))} />
    </Drawer>
  );
}
