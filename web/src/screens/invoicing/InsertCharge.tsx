// "Inserir conta", with its replications (CON-01).
import { NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { usePaymentProfiles, useToday } from "../../app/me";
import { addDays, addMonths, day, firstDay } from "../../format/date";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice, DayInput, MoneyInput, MonthInput } from "../../parts/fields";

export function InsertCharge({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const today = useToday();
  const profiles = usePaymentProfiles().data ?? [];
  const [company, setCompany] = useState<string>();
  const [profile, setProfile] = useState<string>();
  const [description, setDescription] = useState("");
  const [amount, setAmount] = useState<string>();
  const [due, setDue] = useState<string>();
  const [reference, setReference] = useState<string | undefined>(today.slice(0, 7));
  const [replications, setReplications] = useState(0);
  const [interval, setInterval] = useState(30);
  const ready = [company, profile, amount, due, reference].every((value) => value !== undefined) && description.trim() !== "";
  const dates = ready ? Array.from({ length: replications + 1 }, (_, i) => day(addDays(due!, i * interval))) : [];
  return (
    <Action
      title="Inserir conta" onClose={onClose} ready={ready}
      warning={dates.length > 1 ? `${dates.length} contas, com vencimento em ${dates.join(", ")}.` : undefined}
      run={(header) =>
        answer(
          api.POST("/customers/{customer_id}/charges", {
            params: { path: { customer_id: customerId }, header },
            body: { description, amount: amount!, due_on: due!, reference: { start: firstDay(reference!), end: firstDay(addMonths(reference!, 1)) }, company_id: company!, payment_profile_id: profile!, replications, interval_days: interval },
          }),
        )
      }
    >
      <CompanyChoice value={company} onChange={setCompany} />
      <Choice label="Profile de pagamento" required options={profiles.filter((p) => p.company_id === company).map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={setProfile} />
      <TextInput label="Descrição" value={description} onChange={(event) => setDescription(event.currentTarget.value)} data-autofocus />
      <div className="bar">
        <MoneyInput label="Valor" value={amount} onChange={setAmount} />
        <DayInput label="Vencimento" value={due} onChange={setDue} />
        <MonthInput label="Mês de referência" value={reference} onChange={setReference} />
        <NumberInput size="xs" label="Replicações" min={0} max={40} w={100} value={replications} onChange={(value) => setReplications(Number(value) || 0)} />
        <NumberInput size="xs" label="A cada (dias)" min={1} max={366} w={100} value={interval} onChange={(value) => setInterval(Number(value) || 30)} />
      </div>
    </Action>
  );
}
