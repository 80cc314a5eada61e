// "Contas a receber não faturadas" (INV-01..INV-03): insert, suspend, remove, bill.
import { Button, Checkbox, NumberInput, Textarea, TextInput } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Charge } from "../../api/schema";
import { useMay, usePaymentProfiles, useToday } from "../../app/me";
import { addDays, addMonths, day, firstDay, period } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { Choice, DayInput, MoneyInput, MonthInput } from "../../parts/fields";
import { type Column, Grid } from "../../parts/Grid";
import { State } from "../../parts/Tag";

type Props = { customerId: string; query: UseQueryResult<Charge[]>; rows: Charge[] | undefined };
type Tool = "insert" | "bill" | "suspend" | "unsuspend" | "remove";

const COLUMNS: Column<Charge>[] = [
  { key: "descricao", title: "Conta", text: (c) => c.description, width: 200, grow: 400 },
  { key: "parcela", title: "Parcela", text: (c) => c.instalment?.join("/") ?? "", width: 66, grow: 1 },
  { key: "referencia", title: "Referência", text: (c) => period(c.reference), by: (c) => c.reference.start, width: 168, grow: 1 },
  { key: "vencimento", title: "Vencimento", text: (c) => day(c.due_on), by: (c) => c.due_on, width: 92, grow: 1 },
  { key: "valor", title: "Valor (R$)", text: (c) => money(c.amount), amount: (c) => c.amount, align: "right", width: 100, grow: 1 },
  { key: "situacao", title: "Situação", text: (c) => labels.ChargeStatus[c.status], show: (c) => <State of="ChargeStatus" is={c.status} />, width: 100, grow: 1 },
  { key: "agrupamento", title: "Agrupamento", text: (c) => c.grouping ?? "", width: 90, grow: 60 },
  { key: "bloqueio", title: "Bloqueio", text: (c) => c.locks.map((lock) => labels.LockKind[lock.kind]).join(", "), width: 90, grow: 60 },
];

const item = (charge: Charge) => ({ id: charge.id, text: `${charge.description} · ${day(charge.due_on)} · ${brl(charge.amount)}` });

export function Charges({ customerId, query, rows }: Props) {
  const [ticked, tick] = useState<ReadonlySet<string>>(new Set());
  const [tool, setTool] = useState<Tool>();
  const change = useMay("invoices:change");
  const bill = useMay("invoices:bill");
  const chosen = rows?.filter((row) => ticked.has(row.id)) ?? [];
  const none = chosen.length === 0;
  const props = { customerId, charges: chosen, onClose: () => setTool(undefined), onRefused: (ids: string[]) => tick(new Set(ids)) };
  return (
    <>
      <div className="bar">
        {change && <Button onClick={() => setTool("insert")}>Inserir conta</Button>}
        {bill && <Button variant="default" disabled={none} onClick={() => setTool("bill")}>Faturar</Button>}
        {change && <Button variant="default" disabled={none} onClick={() => setTool("suspend")}>Suspender</Button>}
        {change && <Button variant="default" disabled={none} onClick={() => setTool("unsuspend")}>Cancelar suspensão</Button>}
        {change && <Button variant="default" disabled={none} onClick={() => setTool("remove")}>Remover</Button>}
      </div>
      <Grid name="Contas não faturadas" columns={COLUMNS} rows={rows} rowKey={(c) => c.id} error={query.error} retry={() => void query.refetch()} order="vencimento" ticked={ticked} onTick={tick} empty="Nenhuma conta a faturar." />
      {tool === "insert" && <Insert customerId={customerId} onClose={() => setTool(undefined)} />}
      {tool === "bill" && <Bill {...props} />}
      {tool && tool !== "insert" && tool !== "bill" && <WithReason tool={tool} {...props} />}
    </>
  );
}

type ToolProps = { customerId: string; charges: Charge[]; onClose: () => void; onRefused: (ids: string[]) => void };
const TITLES = { suspend: "Suspender contas", unsuspend: "Cancelar suspensão de contas", remove: "Remover contas" };

function WithReason({ tool, customerId, charges, ...rest }: ToolProps & { tool: keyof typeof TITLES }) {
  const [text, setText] = useState("");
  const ids = charges.map((charge) => charge.id);
  return (
    <Action
      title={TITLES[tool]} items={charges.map(item)} ready={text.trim() !== ""} {...rest}
      run={(header) => {
        const params = { path: { customer_id: customerId }, header };
        if (tool === "remove") return answer(api.POST("/customers/{customer_id}/charges/remove", { params, body: { ids, notes: text } }));
        if (tool === "suspend") return answer(api.POST("/customers/{customer_id}/charges/suspend", { params, body: { ids, reason: text } }));
        return answer(api.POST("/customers/{customer_id}/charges/unsuspend", { params, body: { ids, reason: text } }));
      }}
    >
      <Textarea label={tool === "remove" ? "Observações" : "Motivo"} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}

/** Billed by hand: one invoice each, or together under one due date and description. */
function Bill({ customerId, charges, ...rest }: ToolProps) {
  const profiles = usePaymentProfiles().data ?? [];
  const [together, setTogether] = useState(false);
  const [due, setDue] = useState<string>();
  const [description, setDescription] = useState("");
  const [profile, setProfile] = useState<string>();
  return (
    <Action
      title="Faturar contas" items={charges.map(item)} {...rest}
      run={(header) =>
        answer(
          api.POST("/customers/{customer_id}/charges/bill", {
            params: { path: { customer_id: customerId }, header },
            body: { ids: charges.map((c) => c.id), together, due_on: due, description: description || undefined, payment_profile_id: profile },
          }),
        )
      }
    >
      <Checkbox label="Todas em uma fatura" disabled={charges.length < 2} checked={together} onChange={(event) => setTogether(event.currentTarget.checked)} />
      <Choice label="Profile de pagamento (em branco: o de cada conta)" options={profiles.map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={setProfile} />
      <DayInput label="Vencimento (em branco: o de cada conta)" value={due} onChange={setDue} />
      <TextInput label="Descrição (em branco: a de cada conta)" value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
    </Action>
  );
}

function Insert({ customerId, onClose }: { customerId: string; onClose: () => void }) {
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
