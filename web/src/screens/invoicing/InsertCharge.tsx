// "Inserir conta", with its replications, and "Liquidar agora" (CON-01).
import { Checkbox, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { useMay, usePaymentProfiles, useToday } from "../../app/me";
import { addDays, addMonths, day, firstDay } from "../../format/date";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice, DayInput, MoneyInput, PeriodInput, WordsInput } from "../../parts/fields";
import { InstalmentInput } from "./InstalmentInput";
import { useSettlementMeans } from "./SettlementMeans";

type Reference = { start: string; end: string };
const EVERY = [{ value: "months", label: "Meses" }, { value: "days", label: "Dias" }] as const;

export function InsertCharge({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const today = useToday();
  const profiles = usePaymentProfiles().data ?? [];
  const maySettle = useMay("invoices:bill", "payments:settle");
  const [company, setCompany] = useState<string>();
  const [profile, setProfile] = useState<string>();
  const [description, setDescription] = useState("");
  const [amount, setAmount] = useState<string>();
  const [due, setDue] = useState<string>();
  const [reference, setReference] = useState<Reference | undefined>(() => ({ start: firstDay(today.slice(0, 7)), end: firstDay(addMonths(today.slice(0, 7), 1)) }));
  const [ledger, setLedger] = useState<string>();
  const [composition, setComposition] = useState<string>();
  const [instalment, setInstalment] = useState<[number, number]>();
  const [isNumbered, setIsNumbered] = useState(true);
  const [replications, setReplications] = useState(0);
  const [unit, setUnit] = useState<"months" | "days">("months");
  const [interval, setInterval] = useState(1);
  const [settles, setSettles] = useState(false);
  const { means, fields } = useSettlementMeans(company);
  const filled = [company, profile, amount, due, reference].every((value) => value !== undefined) && description.trim() !== "";
  const dueOf = (order: number) => (unit === "days" ? day(addDays(due!, order * interval)) : undefined);
  const count = replications + 1;
  const repeated = filled && replications > 0 ? `${count} contas${unit === "days" ? `, a última com vencimento em ${dueOf(replications)}` : `, a cada ${interval === 1 ? "mês" : `${interval} meses`}`}.` : undefined;
  const told = settles ? `${repeated ?? ""} ${count > 1 ? "Cada uma será faturada e liquidada hoje." : "Será faturada e liquidada hoje."}`.trim() : repeated;
  const body = () => ({
    description, amount: amount!, due_on: due!, company_id: company!, payment_profile_id: profile!, replications,
    reference: reference!,
    ledger_account: ledger, fiscal_composition: composition,
    instalment,
    ...(unit === "days" ? { interval_days: interval } : { interval_months: interval }),
  });
  return (
    <Action
      title="Inserir conta" onClose={onClose} ready={filled && isNumbered && (!settles || means !== undefined)} warning={told}
      refusedAre="A conta foi inserida e está em Contas não faturadas. Corrija o motivo e fature-a dali; não a insira de novo."
      run={(header) => {
        const params = { path: { customer_id: customerId }, header };
        return settles
          ? answer(api.POST("/customers/{customer_id}/settled-charges", { params, body: { ...body(), settlement: means! } }))
          : answer(api.POST("/customers/{customer_id}/charges", { params, body: body() }));
      }}
    >
      <CompanyChoice value={company} onChange={setCompany} />
      <Choice label="Profile de pagamento" required options={profiles.filter((p) => p.company_id === company).map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={setProfile} />
      <TextInput label="Descrição" value={description} onChange={(event) => setDescription(event.currentTarget.value)} data-autofocus />
      <div className="fields four">
        <MoneyInput label="Valor" value={amount} onChange={setAmount} />
        <DayInput label="Vencimento" value={due} onChange={setDue} />
        <PeriodInput label="Referência" value={reference} onChange={setReference} />
      </div>
      <div className="fields">
        <WordsInput label="Plano de contas" value={ledger} onChange={setLedger} />
        <WordsInput label="Composição fiscal" value={composition} onChange={setComposition} />
      </div>
      <div className="bar">
        <InstalmentInput
          value={instalment}
          onChange={(next, isComplete) => {
            setInstalment(next);
            setIsNumbered(isComplete);
          }}
        />
        <NumberInput size="xs" label="Replicações" min={0} max={120} w={100} value={replications} onChange={(value) => setReplications(Number(value) || 0)} />
        <NumberInput size="xs" label="A cada" min={1} max={unit === "days" ? 366 : 12} w={80} value={interval} onChange={(value) => setInterval(Number(value) || 1)} />
        <Choice label="Intervalo em" required options={[...EVERY]} value={unit} onChange={(value) => setUnit(value ?? "months")} />
      </div>
      {maySettle && <Checkbox label="Liquidar agora: já foi paga" checked={settles} onChange={(event) => setSettles(event.currentTarget.checked)} />}
      {settles && fields}
    </Action>
  );
}
