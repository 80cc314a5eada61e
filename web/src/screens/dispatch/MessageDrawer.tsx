// A message as it went out, and what became of it.
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Message } from "../../api/schema";
import { Drawer } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Timeline, Wait } from "../../parts/show";

export function MessageDrawer({ message, onClose }: { message: Message; onClose: () => void }) {
  const text = useQuery({
    queryKey: ["message-content", message.id],
    queryFn: () => answer(api.GET("/customers/{customer_id}/messages/{message_id}/content", { params: { path: { customer_id: message.customer_id, message_id: message.id } } })),
  });
  return (
    <Drawer onClose={onClose} size={560} title={message.subject || labels.Channel[message.channel]}>
      <Facts items={[["Para", message.to.join(", ")], ["Cópia", message.cc.join(", ")], ["Anexos", text.data?.attachments?.join(", ")], ["Falha", message.failure]]} />
      <div className="box" style={{ whiteSpace: "pre-wrap", margin: "12px 0" }}>
        <ProblemNote error={text.error} retry={() => void text.refetch()} />
        {text.isPending ? <Wait /> : text.data?.text}
      </div>
      <Timeline items={message.steps.map((step) => ({ at: step.at, text: labels.MessageState[step.state] }))} />
    </Drawer>
  );
}
