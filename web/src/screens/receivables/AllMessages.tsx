// Messages to all customers: what went out, what was not sent, what is uncertain (MSG-04, MSG-05).
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { MessageListed, MessageState, paths } from "../../api/schema";
import { instant, parseDays } from "../../format/date";
import { Choice } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { useWord } from "../../parts/listState";
import { between, useRemoteList, word } from "../../parts/remote";
import { Heading } from "../../parts/show";
import { State } from "../../parts/Tag";
import { MessageDrawer } from "../dispatch/MessageDrawer";
import { customerColumn } from "./parts";

type Asked = paths["/messages"]["get"]["parameters"]["query"];

const COLUMNS: Column<MessageListed>[] = [
  { key: "quando", title: "Quando", text: (m) => instant(m.at), width: 128, grow: 1, ask: between("on", parseDays), hint: "mm/aaaa", orders: { down: "-at" } },
  customerColumn<MessageListed>(),
  { key: "canal", title: "Canal", text: (m) => labels.Channel[m.channel], width: 90, grow: 1, ask: word("channel"), options: labels.Channel },
  { key: "finalidade", title: "Finalidade", text: (m) => labels.MessagePurpose[m.purpose], width: 130, grow: 1, ask: word("purpose"), options: labels.MessagePurpose },
  { key: "assunto", title: "Assunto", text: (m) => m.subject, width: 180, grow: 300 },
  { key: "para", title: "Para", text: (m) => m.to.join(", "), width: 150, grow: 200 },
  { key: "situacao", title: "Situação", text: (m) => m.state_label, show: (m) => <State of="MessageState" is={m.state} />, width: 100, grow: 1 },
  { key: "falha", title: "Falha", text: (m) => m.failure ?? "", width: 90, grow: 90 },
];

export function AllMessages() {
  const [state, setState] = useWord("situacao");
  const [opened, open] = useWord("mensagem");
  const list = useRemoteList({
    key: "messages", columns: COLUMNS, order: "-quando",
    fixed: { ...(state && { state: state.split(",") as MessageState[] }) },
    page: (query, cursor) => answer(api.GET("/messages", { params: { query: { ...(query as Asked), limit: 100, cursor } } })),
    foot: ({ count }) => [["Mensagens", count.toLocaleString("pt-BR")]],
  });
  const message = list.rows?.find((one) => one.id === opened);
  return (
    <>
      <Heading title="Mensagens enviadas">
        <Choice label="Situação" placeholder="todas" options={labels.MessageState} value={state as MessageState | ""} onChange={(next) => setState(next ?? "")} w={170} />
      </Heading>
      <Grid name="Mensagens enviadas" rowKey={(m) => m.id} onOpen={(m) => open(m.id)} empty="Nenhuma mensagem aqui." {...list.grid} />
      {message && <MessageDrawer message={message} onClose={() => open("")} />}
    </>
  );
}
