// "E-mails, SMS e mensagens enviadas ao cliente" (MSG-05), and one by hand with a preview.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Message } from "../../api/schema";
import { useMay } from "../../app/me";
import { instant } from "../../format/date";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { State } from "../../parts/Tag";
import { MessageDrawer } from "./MessageDrawer";
import { NewMessageForm } from "./NewMessageForm";
import { allPages } from "../../parts/remote";

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
    queryFn: async () => (await allPages((cursor) => answer(api.GET("/customers/{customer_id}/messages", { params: { path: { customer_id: customerId }, query: { cursor } } })))).items,
  });
  const message = list.data?.find((one) => one.id === opened);
  return (
    <>
      {may && <div className="bar"><Button onClick={() => setWriting(true)}>Nova mensagem</Button></div>}
      <Grid name="Mensagens" columns={COLUMNS} rows={list.data} rowKey={(m) => m.id} error={list.error} retry={() => void list.refetch()} order="-quando" onOpen={(m) => open(m.id)} empty="Nenhuma mensagem enviada." />
      {message && <MessageDrawer message={message} onClose={() => open("")} />}
      {writing && <NewMessageForm customerId={customerId} onClose={() => setWriting(false)} />}
    </>
  );
}
