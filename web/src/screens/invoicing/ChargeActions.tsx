// What is done to many charges at once; each answers per item (CON-03..CON-05).
import { Checkbox, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { Charge } from "../../api/schema";
import { usePaymentProfiles } from "../../app/me";
import { day } from "../../format/date";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, DayInput } from "../../parts/fields";
import { byCustomer } from "./byCustomer";

const item = (charge: Charge) => ({ id: charge.id, text: `${charge.description} · ${day(charge.due_on)} · ${brl(charge.amount)}` });

type Props = { charges: Charge[]; onClose: () => void; onRefused: (ids: string[]) => void };
const TITLES = { suspend: "Suspender contas", unsuspend: "Cancelar suspensão de contas", remove: "Remover contas" };

export function ChargesWithReason({ tool, charges, ...rest }: Props & { tool: keyof typeof TITLES }) {
  const [text, setText] = useState("");
  return (
    <Action
      title={TITLES[tool]} items={charges.map(item)} ready={text.trim() !== ""} triesFirst {...rest}
      run={(header, _confirmed, dryRun) =>
        byCustomer(charges, header, dryRun, (params, ids) => {
          if (tool === "remove") return answer(api.POST("/customers/{customer_id}/charges/remove", { params, body: { ids, notes: text } }));
          if (tool === "suspend") return answer(api.POST("/customers/{customer_id}/charges/suspend", { params, body: { ids, reason: text } }));
          return answer(api.POST("/customers/{customer_id}/charges/unsuspend", { params, body: { ids, reason: text } }));
        })
      }
    >
      <Textarea label={tool === "remove" ? "Observações" : "Motivo"} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}

/** Billed by hand: one invoice each, or together under one due date and description. */
export function BillCharges({ charges, ...rest }: Props) {
  const profiles = usePaymentProfiles().data ?? [];
  const several = new Set(charges.map((charge) => charge.customer_id)).size > 1;
  const [together, setTogether] = useState(false);
  const [due, setDue] = useState<string>();
  const [description, setDescription] = useState("");
  const [profile, setProfile] = useState<string>();
  return (
    <Action
      title="Faturar contas" items={charges.map(item)} triesFirst {...rest}
      run={(header, _confirmed, dryRun) =>
        byCustomer(charges, header, dryRun, (params, ids) =>
          answer(api.POST("/customers/{customer_id}/charges/bill", { params, body: { ids, together, due_on: due, description: description || undefined, payment_profile_id: profile } })),
        )
      }
    >
      <Checkbox label="Todas em uma fatura" disabled={charges.length < 2 || several} checked={together} onChange={(event) => setTogether(event.currentTarget.checked)} />
      <Choice label="Profile de pagamento (em branco: o de cada conta)" options={profiles.map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={setProfile} />
      <DayInput label="Vencimento (em branco: o de cada conta)" value={due} onChange={setDue} />
      <TextInput label="Descrição (em branco: a de cada conta)" value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
    </Action>
  );
}
