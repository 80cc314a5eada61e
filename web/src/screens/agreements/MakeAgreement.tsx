// "Parcelar dívida" (PAY-06): open invoices are ticked, the instalments are shown, and only then agreed.
import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { AgreementProposal, AgreementRequest, AmountDue, InstalmentAgreement } from "../../api/schema";
import { useMay, usePaymentProfiles, useToday } from "../../app/me";
import { day } from "../../format/date";
import { brl, isPositive, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Choice, CountInput, DayInput, MoneyInput } from "../../parts/fields";
import { ProblemNote } from "../../parts/Problem";
import { Heading, Totals, Wait } from "../../parts/show";
import { AgreementPaper, Agreements } from "./Agreements";

const MOST = 12;
const AGREEMENTS = "/customers/{customer_id}/agreements";

export function MakeAgreement() {
  const { customerId } = useParams({ strict: false }) as { customerId: string };
  const path = { customer_id: customerId };
  const customer = useQuery({ queryKey: ["customers", customerId], queryFn: () => answer(api.GET("/customers/{customer_id}", { params: { path } })) });
  const due = useQuery({ queryKey: ["customers", customerId, "amounts-due"], queryFn: () => answer(api.GET("/customers/{customer_id}/amounts-due", { params: { path } })) });
  const may = useMay("payments:renegotiate");
  const [chosen, setChosen] = useState<AmountDue[]>();
  const [printed, setPrinted] = useState<string>();
  return (
    <>
      <Heading title={`Parcelar dívida${customer.data ? ` · ${customer.data.name}` : ""}`}>
        <Link to={`/clientes/${customerId}`}>Painel do cliente</Link>
      </Heading>
      <ProblemNote error={due.error ?? customer.error} retry={() => void due.refetch()} />
      {due.isPending && <Wait />}
      {due.data && may && <Pending items={due.data.items} onChosen={setChosen} />}
      <Agreements customerId={customerId} />
      {chosen && <Terms customerId={customerId} invoices={chosen} onClose={() => setChosen(undefined)} onMade={(made) => setPrinted(made.id)} />}
      {printed && <AgreementPaper customerId={customerId} agreementId={printed} onClose={() => setPrinted(undefined)} />}
    </>
  );
}

function Pending({ items, onChosen }: { items: AmountDue[]; onChosen: (chosen: AmountDue[]) => void }) {
  const [ticked, setTicked] = useState<string[]>([]);
  const toggle = (id: string) => setTicked(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]);
  const chosen = items.filter((item) => ticked.includes(item.invoice_id));
  if (items.length === 0) return <div className="box soft">Nenhuma fatura em aberto.</div>;
  return (
    <section aria-label="Contas pendentes">
      <h2>Contas pendentes</h2>
      <table className="plain">
        <thead><tr><th /><th>Vencimento</th><th>Fatura</th><th>Descrição</th><th className="num">Dias</th><th className="num">Saldo</th></tr></thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.invoice_id}>
              <td><Checkbox aria-label={`Fatura ${item.number}`} checked={ticked.includes(item.invoice_id)} onChange={() => toggle(item.invoice_id)} /></td>
              <td>{day(item.due_on)}</td><td>{item.number}</td><td>{item.description}</td><td className="num">{item.days_late || ""}</td><td className="num">{money(item.amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="bar">
        <span className="grow" />
        <Button disabled={chosen.length === 0 || chosen.length > MOST} onClick={() => onChosen(chosen)}>Parcelar dívida</Button>
      </div>
      {chosen.length > MOST && <div className="note warn">Um parcelamento tem até {MOST} faturas: faça outro para as demais.</div>}
    </section>
  );
}

type TermsProps = { customerId: string; invoices: AmountDue[]; onClose: () => void; onMade: (made: InstalmentAgreement) => void };

function Terms({ customerId, invoices, onClose, onMade }: TermsProps) {
  const path = { customer_id: customerId };
  const today = useToday();
  const profiles = (usePaymentProfiles().data ?? []).filter((profile) => profile.company_id === invoices[0]!.company_id);
  const [terms, setTerms] = useState<Partial<AgreementRequest>>({ instalments: 3, charges_lateness: true, first_due_on: today });
  const set = (changes: Partial<AgreementRequest>) => setTerms({ ...terms, ...changes });
  const profile = terms.payment_profile_id ?? (profiles.length === 1 ? profiles[0]!.id : undefined);
  const { instalments, first_due_on } = terms;
  const request: AgreementRequest | undefined =
    instalments && first_due_on && profile
      ? { ...terms, instalments, first_due_on, payment_profile_id: profile, invoice_ids: invoices.map((invoice) => invoice.invoice_id) }
      : undefined;
  const proposal = useQuery({
    queryKey: ["proposals", customerId, request],
    enabled: request !== undefined,
    retry: false,
    queryFn: () => answer(api.POST(`${AGREEMENTS}/proposal`, { params: { path, header: { "Idempotency-Key": crypto.randomUUID() } }, body: request! })),
  });
  return (
    <Action
      title="Parcelamento de dívida" button="Parcelar e imprimir" size="xl" onClose={onClose} ready={request !== undefined && proposal.data !== undefined && !proposal.isFetching}
      warning={proposal.data?.warnings?.length ? proposal.data.warnings.map((warning) => <div key={warning.code}>{warning.message}</div>) : undefined}
      run={(header) => answer(api.POST(AGREEMENTS, { params: { path, header }, body: { ...request!, proposal: proposal.data!.proposal } }))}
      onDone={(made) => onMade(made as InstalmentAgreement)}
    >
      <div className="fields three">
        <CountInput label="Número de parcelas" min={1} max={360} value={terms.instalments} onChange={(next) => set({ instalments: next })} />
        <DayInput label="Vencimento da primeira" value={terms.first_due_on} onChange={(next) => set({ first_due_on: next })} />
        <CountInput label="Dias entre as parcelas" description="Em branco, um mês." min={1} max={366} value={terms.interval_days} onChange={(next) => set({ interval_days: next })} />
        <MoneyInput label="Entrada" description="Em branco, nenhuma." value={terms.down_payment ?? undefined} onChange={(next) => set({ down_payment: next })} />
        <Choice label="Profile de pagamento" required options={profiles.map((p) => ({ value: p.id, label: p.name }))} value={profile} onChange={(next) => set({ payment_profile_id: next })} />
        <Checkbox label="Calcula Juros e Multa" checked={terms.charges_lateness ?? true} onChange={(event) => set({ charges_lateness: event.currentTarget.checked })} />
      </div>
      {proposal.isFetching && <Wait />}
      <ProblemNote error={proposal.error} />
      {proposal.data && <Shown proposal={proposal.data} />}
    </Action>
  );
}

function Shown({ proposal }: { proposal: AgreementProposal }) {
  const bears = isPositive(proposal.instalment_interest);
  return (
    <div style={{ maxHeight: 340, overflow: "auto" }} tabIndex={0} aria-label="Proposta">
      <table className="plain" aria-label="Faturas do parcelamento">
        <thead><tr><th>Fatura</th><th>Vencimento</th><th className="num">Dias</th><th className="num">Saldo</th><th className="num">Multa</th><th className="num">Juros</th><th className="num">Total</th></tr></thead>
        <tbody>
          {proposal.invoices.map((debt) => (
            <tr key={debt.id}><td>{debt.number}</td><td>{day(debt.due_on)}</td><td className="num">{debt.days_late || ""}</td><td className="num">{money(debt.balance)}</td><td className="num">{money(debt.fine)}</td><td className="num">{money(debt.interest)}</td><td className="num">{money(debt.total)}</td></tr>
          ))}
        </tbody>
      </table>
      <table className="plain" aria-label="Parcelas do parcelamento">
        <thead><tr><th>Parcela</th><th>Vencimento</th>{bears && <th className="num">Juros do parcelamento</th>}<th className="num">Valor</th></tr></thead>
        <tbody>
          {proposal.instalments.map((part) => (
            <tr key={part.number}><td>{part.number === 0 ? "Entrada" : part.number}</td><td>{day(part.due_on)}</td>{bears && <td className="num">{money(part.instalment_interest)}</td>}<td className="num">{money(part.total)}</td></tr>
          ))}
        </tbody>
      </table>
      <Totals items={[["Saldo", brl(proposal.principal)], ["Multa", brl(proposal.fine)], ["Juros", brl(proposal.interest)], ["Juros do parcelamento", brl(proposal.instalment_interest)], ["Total parcelado", brl(proposal.total)]]} />
      {proposal.breaks_after_days !== undefined && <p className="soft">Quebra-se sozinho com uma parcela vencida há mais de {proposal.breaks_after_days} dias.</p>}
    </div>
  );
}
