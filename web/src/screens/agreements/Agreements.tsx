// Agreements that were made: where each instalment stands, printed again, broken so that what remains comes back (PAY-06).
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import type { BreakProposal, ShownAgreement } from "../../api/schema";
import { useMay } from "../../app/me";
import { day } from "../../format/date";
import { brl, money } from "../../format/money";
import { Action } from "../../parts/Action";
import { Dialog } from "../../parts/Dialog";
import { WordsInput } from "../../parts/fields";
import { HistoryButton } from "../../parts/HistoryButton";
import { ProblemNote } from "../../parts/Problem";
import { PdfView, Totals, Wait } from "../../parts/show";
import { State } from "../../parts/Tag";
import { allPages } from "../../parts/remote";

const ONE = "/customers/{customer_id}/agreements/{agreement_id}";
const pathOf = (agreement: ShownAgreement) => ({ customer_id: agreement.customer_id, agreement_id: agreement.id });

export function Agreements({ customerId }: { customerId: string }) {
  const list = useQuery({
    queryKey: ["customers", customerId, "agreements"],
    queryFn: () => allPages((cursor) => answer(api.GET("/customers/{customer_id}/agreements", { params: { path: { customer_id: customerId }, query: { cursor } } }))),
  });
  const may = useMay("payments:renegotiate");
  const [printing, setPrinting] = useState<ShownAgreement>();
  const [breaking, setBreaking] = useState<ShownAgreement>();
  if (list.error) return <ProblemNote error={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Wait />;
  if (list.data.items.length === 0) return <div className="box soft">Nenhum parcelamento.</div>;
  const who = (id: string) => list.data.names?.[id] ?? id;
  return (
    <section aria-label="Parcelamentos feitos">
      <h2>Parcelamentos feitos</h2>
      {list.data.items.map((one) => (
        <div key={one.id} className="box">
          <div className="bar">
            <b>{one.title}</b> <State of="AgreementStatus" is={one.status} />
            <span className="soft">{day(one.agreed_on)}, {who(one.asked_by)} · faturas {one.invoices.map((invoice) => invoice.number).join(", ")}</span>
            <span className="grow" />
            <Button variant="default" onClick={() => setPrinting(one)}>Imprimir</Button>
            {may && one.status === "in_force" && <Button variant="default" onClick={() => setBreaking(one)}>Quebrar</Button>}
            <HistoryButton of={{ id: one.id, title: one.title }} read={() => allPages((cursor) => answer(api.GET(`${ONE}/history`, { params: { path: pathOf(one), query: { cursor } } })))} />
          </div>
          {one.ending && <p className="soft">{day(one.ending.on)}: {one.ending.reason}</p>}
          {one.warnings?.map((warning, i) => <p key={i} className="soft">{warning.message}</p>)}
          <Standing agreement={one} />
          <Totals items={[["Total", brl(one.total)], ["Falta", brl(one.balance)]]} />
        </div>
      ))}
      {printing && <AgreementPaper customerId={printing.customer_id} agreementId={printing.id} onClose={() => setPrinting(undefined)} />}
      {breaking && <Break agreement={breaking} onClose={() => setBreaking(undefined)} />}
    </section>
  );
}

const Standing = ({ agreement }: { agreement: ShownAgreement }) => (
  <table className="plain">
    <thead><tr><th>Parcela</th><th>Vencimento</th><th>Fatura</th><th className="num">Falta</th><th className="num">Pede hoje</th><th>Situação</th></tr></thead>
    <tbody>
      {agreement.standing.map((part) => (
        <tr key={part.number}>
          <td>{part.title}</td><td>{day(part.due_on)}</td><td>{part.invoice_number ?? "a faturar"}</td><td className="num">{money(part.balance)}</td><td className="num">{money(part.asks_today)}</td>
          <td>{part.is_paid ? "Paga" : agreement.status === "broken" ? "Retirada" : "Em aberto"}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** What comes back is shown first. */
function Break({ agreement, onClose }: { agreement: ShownAgreement; onClose: () => void }) {
  const path = pathOf(agreement);
  const [reason, setReason] = useState<string>();
  const proposal = useQuery({
    queryKey: ["proposals", agreement.id, agreement.version],
    gcTime: 0,
    retry: false,
    queryFn: () => answer(api.POST(`${ONE}/break/proposal`, { params: { path, header: { "Idempotency-Key": crypto.randomUUID() } } })),
  });
  return (
    <Action
      title={`Quebrar o ${agreement.title}`} size="xl" onClose={onClose} ready={reason !== undefined && proposal.data !== undefined}
      warning="As parcelas que faltam deixam de valer, e o que resta das faturas volta a estar em aberto, com o vencimento de origem."
      run={(header) => answer(api.POST(`${ONE}/break`, { params: { path, header }, body: { reason: reason!, proposal: proposal.data!.proposal } }))}
    >
      <WordsInput label="Motivo" value={reason} onChange={setReason} maxLength={200} data-autofocus />
      {proposal.isFetching && <Wait />}
      <ProblemNote error={proposal.error} />
      {proposal.data && <Restored proposal={proposal.data} />}
    </Action>
  );
}

const Restored = ({ proposal }: { proposal: BreakProposal }) => (
  <>
    <table className="plain" aria-label="Faturas que voltam">
      <thead><tr><th>Fatura</th><th>Vencimento</th><th className="num">Saldo parcelado</th><th className="num">Pago pelas parcelas</th><th className="num">Volta a estar em aberto</th></tr></thead>
      <tbody>
        {proposal.invoices.map((invoice) => (
          <tr key={invoice.id}><td>{invoice.number}</td><td>{day(invoice.due_on)}</td><td className="num">{money(invoice.balance)}</td><td className="num">{money(invoice.paid)}</td><td className="num">{money(invoice.remaining)}</td></tr>
        ))}
      </tbody>
    </table>
    <Totals items={[["Pago", brl(proposal.paid)], ["Volta a estar em aberto", brl(proposal.remaining)]]} />
  </>
);

export function AgreementPaper({ customerId, agreementId, onClose }: { customerId: string; agreementId: string; onClose: () => void }) {
  const link = useQuery({
    queryKey: ["agreement-paper", agreementId],
    gcTime: 0,
    queryFn: () => answer(api.GET(`${ONE}/paper`, { params: { path: { customer_id: customerId, agreement_id: agreementId } } })),
  });
  return (
    <Dialog onClose={onClose} title="Termo de parcelamento" size="xl">
      <ProblemNote error={link.error} retry={() => void link.refetch()} />
      {link.isPending && <Wait />}
      {link.data && <div style={{ height: 520 }}><PdfView url={link.data.url} name="parcelamento" /></div>}
    </Dialog>
  );
}
