// Troca de vencimento, troca de profile: what would move, be replaced or stay, and then its confirmation (CTR-06, CTR-07).
import { NumberInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { Contract, TermsChange, TermsProposal } from "../../api/schema";
import { named, usePaymentProfiles } from "../../app/me";
import { day, instant } from "../../format/date";
import { brl } from "../../format/money";
import { counted } from "../../format/text";
import { Action } from "../../parts/Action";
import { Choice } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Wait } from "../../parts/show";
import { State } from "../../parts/Tag";

const CHANGES = "/customers/{customer_id}/contracts/{contract_id}/changes";

export function ChangeTerms({ contract, onClose }: { contract: Contract; onClose: () => void }) {
  const path = { customer_id: contract.customer_id, contract_id: contract.id };
  const profiles = (usePaymentProfiles().data ?? []).filter((profile) => profile.company_id === contract.company_id);
  const [due, setDue] = useState(contract.due);
  const [profile, setProfile] = useState<string | undefined>(contract.payment_profile_id);
  const changesDue = due.day !== contract.due.day || due.months_after !== contract.due.months_after;
  const changesProfile = profile !== undefined && profile !== contract.payment_profile_id;
  const change: TermsChange = { ...(changesDue && { due }), ...(changesProfile && { payment_profile_id: profile }) };
  const proposal = useQuery({
    queryKey: ["proposals", contract.id, contract.version, change],
    enabled: changesDue || changesProfile,
    retry: false,
    queryFn: () => answer(api.POST(`${CHANGES}/proposal`, { params: { path, header: { "Idempotency-Key": crypto.randomUUID() } }, body: change })),
  });
  return (
    <Action
      title="Trocar vencimento ou profile de pagamento" size="xl" onClose={onClose} ready={proposal.data !== undefined}
      warning={proposal.data?.warnings.length ? proposal.data.warnings.map((warning) => <div key={warning.code}>{warning.message}</div>) : undefined}
      run={(header) => answer(api.POST(CHANGES, { params: { path, header }, body: { ...change, proposal: proposal.data!.proposal } }))}
    >
      <div className="fields three">
        <NumberInput label="Dia do vencimento" min={1} max={31} value={due.day} onChange={(next) => next !== "" && setDue({ ...due, day: Number(next) })} data-autofocus />
        <NumberInput label="Meses depois do período" min={0} max={12} value={due.months_after} onChange={(next) => next !== "" && setDue({ ...due, months_after: Number(next) })} />
        <Choice label="Profile de pagamento" required options={profiles.map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={setProfile} />
      </div>
      {proposal.isFetching && <Wait />}
      <ProblemNote error={proposal.error} />
      {proposal.data && <Shown proposal={proposal.data} />}
    </Action>
  );
}

const months = (count: number) => counted(count, "mês", "meses");

function Shown({ proposal }: { proposal: TermsProposal }) {
  const nothing = proposal.charges.length + proposal.invoices.length + proposal.stays.length === 0;
  if (nothing) return <p className="soft">Nenhuma conta ou fatura em aberto segue este contrato: a troca vale para as próximas.</p>;
  return (
    <div style={{ maxHeight: 320, overflow: "auto" }} tabIndex={0} aria-label="Proposta">
      <table className="plain">
        <thead><tr><th>O que muda</th><th>Vencimento</th><th>Novo vencimento</th><th className="num">Valor</th><th>O que acontece</th></tr></thead>
        <tbody>
          {proposal.invoices.map((invoice) => (
            <tr key={invoice.id}>
              <td>Fatura {invoice.number}</td><td>{day(invoice.due_on)}</td><td>{day(invoice.new_due_on)}</td><td className="num">{brl(invoice.amount)}</td>
              <td>substituída por outra, com novo nosso número</td>
            </tr>
          ))}
          {proposal.charges.map((charge) => (
            <tr key={charge.id}>
              <td>{charge.title}</td><td>{day(charge.due_on)}</td><td>{day(charge.new_due_on)}</td><td className="num">{brl(charge.amount)}</td><td>a conta muda</td>
            </tr>
          ))}
          {proposal.pro_rata && (
            <tr><td>Acerto de {proposal.pro_rata.days} dias</td><td /><td>{day(proposal.pro_rata.due_on)}</td><td className="num">{brl(proposal.pro_rata.amount)}</td><td>nova conta</td></tr>
          )}
        </tbody>
      </table>
      <Staying stays={proposal.stays} />
    </div>
  );
}

/** The changes that were made, and what each left as it was. */
export function Changes({ contract }: { contract: Contract }) {
  const path = { customer_id: contract.customer_id, contract_id: contract.id };
  const profiles = named(usePaymentProfiles().data);
  const list = useQuery({ queryKey: ["contract changes", contract.id, contract.version], queryFn: () => answer(api.GET(CHANGES, { params: { path } })) });
  if (list.error) return <ProblemNote error={list.error} />;
  if (!list.data || list.data.items.length === 0) return null;
  const who = (id: string) => list.data.names?.[id] ?? "—";
  return (
    <>
      <h2>Trocas de vencimento e de profile</h2>
      {list.data.items.map((change) => (
        <div key={change.id} className="box">
          <p>
            {instant(change.asked_at)}, {who(change.asked_by)}: {[
              change.before.due.day !== change.after.due.day && `do dia ${change.before.due.day} para o dia ${change.after.due.day}`,
              change.before.due.months_after !== change.after.due.months_after && `de ${months(change.before.due.months_after)} para ${months(change.after.due.months_after)} depois do período`,
              change.before.payment_profile_id !== change.after.payment_profile_id && `de ${profiles(change.before.payment_profile_id)} para ${profiles(change.after.payment_profile_id)}`,
            ].filter(Boolean).join("; ")}.{" "}
            <State of="ChangeStatus" is={change.status} />
          </p>
          <Staying stays={change.stays} />
        </div>
      ))}
    </>
  );
}

function Staying({ stays }: { stays: TermsProposal["stays"] }) {
  if (stays.length === 0) return null;
  return (
    <table className="plain">
      <thead><tr><th>Fica como está</th><th>Vencimento</th><th>Motivo</th></tr></thead>
      <tbody>
        {stays.map((item) => (
          <tr key={item.id}><td>{item.title}</td><td>{day(item.due_on)}</td><td>{item.reasons.map((reason) => <div key={reason.code}>{reason.message}</div>)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
