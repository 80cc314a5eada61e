// "Registrar Cobrança": Centro de Resultado, Ticket, Valor total a ser cobrado, after a look at the items (CLO-09).
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import type { ClosingDetail } from "../../api/schema";
import { cents, brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { MoneyInput } from "../../parts/fields";
import { ClosingItems } from "./ClosingItems";
import type { Path } from "./Closing";
import { PendingIssues } from "./FreezeDialog";

/** What is reviewed is what is due now: the closing is computed again first. */
export function ChargeClosing({ path, customer, onClose }: { path: Path; customer: string; onClose: () => void }) {
  const [key] = useState(() => crypto.randomUUID());
  const closing = useQuery({
    queryKey: ["closings", "to charge", path.closing_id],
    gcTime: 0,
    queryFn: async () => {
      await answer(api.POST("/customers/{customer_id}/closings/{closing_id}/computations", { params: { path, header: { "Idempotency-Key": key } } }));
      return answer(api.GET("/customers/{customer_id}/closings/{closing_id}", { params: { path } }));
    },
  });
  if (closing.data) return <Review closing={closing.data} path={path} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={`Cobrar ${customer}`} size="xl">
      {closing.error ? <ProblemNote error={closing.error} /> : <Wait />}
    </Dialog>
  );
}

function Review({ closing, path, onClose }: { closing: ClosingDetail; path: Path; onClose: () => void }) {
  const [total, setTotal] = useState<string | undefined>(closing.total);
  const [centre, setCentre] = useState("");
  const [ticket, setTicket] = useState("");
  const [reason, setReason] = useState("");
  const other = total !== undefined && cents(total) !== cents(closing.total);
  return (
    <Action
      title={`Cobrar ${closing.customer}`} button="Salvar" size="xl" onClose={onClose} warning={closing.issues.length > 0 ? <PendingIssues of={closing} /> : undefined}
      ready={total !== undefined && centre.trim() !== "" && ticket.trim() !== "" && (!other || reason.trim() !== "")}
      run={(_header, confirm) =>
        answer(
          api.PUT("/customers/{customer_id}/closings/{closing_id}/charge", {
            params: { path, header: ifMatch(closing.version) },
            body: { total: total!, cost_centre: centre, ticket, confirm, ...(other ? { reason } : {}) },
          }),
        )
      }
    >
      <div style={{ maxHeight: 220, overflow: "auto" }} tabIndex={0} aria-label="Itens lançados"><ClosingItems closing={closing} /></div>
      <div>Valor total devido: <b>{brl(closing.total)}</b></div>
      <div className="bar" style={{ alignItems: "start" }}>
        <TextInput label="Centro de Resultado" value={centre} onChange={(event) => setCentre(event.currentTarget.value)} data-autofocus />
        <TextInput label="Ticket" value={ticket} onChange={(event) => setTicket(event.currentTarget.value)} />
        <MoneyInput label="Valor total a ser cobrado" value={total} onChange={setTotal} />
      </div>
      {other && <TextInput label="Motivo da diferença" value={reason} onChange={(event) => setReason(event.currentTarget.value)} />}
    </Action>
  );
}
