// What is left of invoices that were partly paid: received, forgiven, or taken to a new charge (INV-16).
import { Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Invoice } from "../../api/schema";
import { useMay, usePaymentProfiles, useToday } from "../../app/me";
import { day } from "../../format/date";
import { brl, less } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, DayInput } from "../../parts/fields";

type Way = "settle" | "forgive" | "rebill";
type Props = { invoices: Invoice[]; onClose: () => void; onRefused?: (ids: string[]) => void };

export function OutstandingAction({ invoices, ...rest }: Props) {
  const today = useToday();
  const forgives = useMay("payments:forgive");
  const changes = useMay("invoices:change");
  const profiles = usePaymentProfiles().data ?? [];
  const [way, setWay] = useState<Way>("settle");
  const [method, setMethod] = useState<"profile" | "other">("other");
  const [profile, setProfile] = useState<string>();
  const [on, setOn] = useState<string | undefined>(today);
  const [due, setDue] = useState<string>();
  const [justification, setJustification] = useState("");
  const chosen = invoices.map((invoice) => ({ customer_id: invoice.customer_id, invoice_id: invoice.id }));
  const options = { value: profile, onChange: setProfile, options: profiles.map((one) => ({ value: one.id, label: one.name })) };
  const complete = way === "settle" ? on !== undefined && (method === "other" || profile !== undefined) : way === "forgive" || due !== undefined;
  return (
    <Action
      title="Saldo em aberto de faturas" items={invoices.map((invoice) => ({ id: invoice.id, text: `Fatura ${invoice.number} · ${day(invoice.due_on)} · faltam ${brl(less(invoice.amount, invoice.paid))} de ${brl(invoice.amount)}` }))} ready={complete && justification.trim() !== ""} triesFirst {...rest}
      run={(header, confirm, dryRun) => {
        const params = { header, query: { dry_run: dryRun } };
        if (way === "settle") return answer(api.POST("/outstanding-balances/settlement", { params, body: { invoices: chosen, method, settled_on: on!, justification, confirm, ...(method === "profile" ? { profile_id: profile } : {}) } }));
        if (way === "forgive") return answer(api.POST("/outstanding-balances/forgiveness", { params, body: { invoices: chosen, justification } }));
        return answer(api.POST("/outstanding-balances/rebilling", { params, body: { invoices: chosen, justification, due_on: due!, payment_profile_id: profile } }));
      }}
    >
      <Radio.Group label="O que fazer com o que falta" value={way} onChange={(next) => setWay(next as Way)}>
        <Radio mt={6} value="settle" label="Foi recebido" />
        {forgives && <Radio mt={6} value="forgive" label="Perdoar" description="Vira desconto, e a fatura fica liquidada pelo que foi pago." />}
        {changes && <Radio mt={6} value="rebill" label="Levar a uma conta nova" description="O que falta volta a ser conta não faturada, e a fatura fica liquidada pelo que foi pago." />}
      </Radio.Group>
      {way === "settle" && <Choice label="Como foi recebido" required options={{ other: labels.Method.other, profile: labels.Method.profile }} value={method} onChange={(next) => next && setMethod(next)} />}
      {way === "settle" && method === "profile" && <Choice label="Profile de pagamento" required {...options} />}
      {way === "settle" && <DayInput label="Data do recebimento" value={on} onChange={setOn} />}
      {way === "rebill" && <DayInput label="Vencimento da conta nova" value={due} onChange={setDue} />}
      {way === "rebill" && <Choice label="Profile da conta nova (em branco: o da fatura)" {...options} />}
      <TextInput label="Justificativa" value={justification} onChange={(event) => setJustification(event.currentTarget.value)} />
    </Action>
  );
}
