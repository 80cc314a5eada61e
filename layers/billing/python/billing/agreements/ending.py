"""End a debt agreement: broken, so that what remains of its invoices is open again, or fulfilled (PAY-06).

However often it is started, cut off or run twice at once, the result is the same:

1. The agreement says that it is ending, and why.
2. Each instalment ends in a transaction of its own, with what it paid: a paid one is bound to what it paid, an unpaid
   one is given up with its invoice, and one paid in part is closed at what was paid.
3. What was paid goes to the invoices, the oldest due date first (Código Civil, art. 355), and they become open or
   settled, in one transaction.
"""

import json
from datetime import date

from billing.access.call import Call
from billing.agreements import store
from billing.agreements.actions import AgreementAction
from billing.agreements.model import (
    AgreedInstalment,
    AgreementStatus,
    BreakProposal,
    ConfirmedBreak,
    Ending,
    InstalmentAgreement,
    RestoredInvoice,
)
from billing.agreements.service import get
from billing.agreements.standing import paid_principal, standing_of
from billing.agreements.store import AgreementListing
from billing.audit.changes import Changes
from billing.core.errors import Refusal, Refused, Transient
from billing.core.ids import content_hash, derived_id
from billing.core.money import ZERO, Money
from billing.invoicing import store as invoicing
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Deletion, Invoice
from billing.invoicing.letting_go import LetGo, LetTitleGo, TakeTitleBack
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments import settings
from billing.payments import store as payments
from billing.payments.actions import SettlementAction
from billing.payments.model import Method, Settlement
from billing.payments.outstanding import closed
from billing.payments.settling import put_settled


def propose_break(call: Call, customer_id: str, agreement_id: str) -> BreakProposal:
    """What the break would do now, without effect. Raises NotFound, Forbidden, Refused."""
    return _proposal(call, _breakable(get(call, customer_id, agreement_id)))


def break_agreement(
    call: Call,
    customer_id: str,
    agreement_id: str,
    request: ConfirmedBreak,
    let_title_go: LetTitleGo,
    take_title_back: TakeTitleBack,
) -> InstalmentAgreement:
    """Do what was shown. Repeated, it continues where it was cut off. Raises Refused if an instalment was paid since."""
    agreement = get(call, customer_id, agreement_id)
    if agreement.status is not AgreementStatus.ENDING:
        if _proposal(call, _breakable(agreement)).proposal != request.proposal:
            message = "As parcelas mudaram desde a proposta. Veja a nova proposta e confirme."
            raise Refused.because([Refusal("agreement.outdated", message, field="proposal")])
        agreement = begin(call, agreement, request.reason)
    return finish(call, agreement, let_title_go, take_title_back)


def begin(call: Call, agreement: InstalmentAgreement, reason: str) -> InstalmentAgreement:
    """Raises Conflict if another call began meanwhile."""
    after = agreement.ends(Ending(reason=reason, by=call.actor_id, on=call.today, at=call.now))
    changes = Changes(call)
    changes.put(store.agreement_row(call.tenant_id, after), AgreementAction.ENDING, note=reason)
    changes.drop(store.listed_row(call.tenant_id, AgreementListing.IN_FORCE, after, version=1))
    changes.include(store.listed_row(call.tenant_id, AgreementListing.UNDER_WAY, after))
    changes.commit()
    return after.evolve(version=after.version + 1)


def finish(
    call: Call, agreement: InstalmentAgreement, let_title_go: LetTitleGo, take_title_back: TakeTitleBack
) -> InstalmentAgreement:
    """Do what is still to be done. Raises Conflict, or Transient if others change the same rows."""
    ended = {instalment.number for instalment in agreement.ended}
    for part in agreement.instalments:
        if part.number not in ended:
            agreement = _end(call, agreement, part, let_title_go)
    return _restore(call, agreement, take_title_back)


def restored(agreement: InstalmentAgreement, paid: Money) -> tuple[RestoredInvoice, ...]:
    """What remains of each invoice after `paid` of the balances, the oldest due date first."""
    left, result = paid, []
    for invoice in sorted(agreement.invoices, key=lambda invoice: (invoice.due_on, invoice.number)):
        part = min(invoice.balance, left)
        left -= part
        result.append(
            RestoredInvoice(
                id=invoice.id,
                number=invoice.number,
                due_on=invoice.due_on,
                balance=invoice.balance,
                paid=part,
                remaining=invoice.balance - part,
            )
        )
    return tuple(result)


def _breakable(agreement: InstalmentAgreement) -> InstalmentAgreement:
    """The agreement, if it can be broken. Raises Refused."""
    reasons = {
        AgreementStatus.STARTING: "O parcelamento ainda está sendo feito. Espere alguns minutos.",
        AgreementStatus.ENDING: "O parcelamento já está sendo encerrado. Espere alguns minutos.",
        AgreementStatus.FULFILLED: "O parcelamento já foi cumprido.",
        AgreementStatus.BROKEN: "O parcelamento já foi quebrado.",
    }
    if agreement.status in reasons:
        code = f"agreement.{agreement.status}"
        raise Refused.because([Refusal(code, reasons[agreement.status])])
    return agreement


def _proposal(call: Call, agreement: InstalmentAgreement) -> BreakProposal:
    standing = standing_of(call, agreement)
    if all(part.is_paid for part in standing):
        message = "Todas as parcelas estão pagas: não há o que quebrar."
        raise Refused.because([Refusal("agreement.paid", message)])
    paid = Money.sum(part.paid_principal for part in standing)
    given_up = tuple(part for part in standing if not part.is_paid)
    shown = [agreement.id, agreement.version, [part.to_map() for part in standing]]
    return BreakProposal(
        invoices=restored(agreement, paid),
        given_up=given_up,
        paid=paid,
        remaining=agreement.principal - paid,
        proposal=content_hash(json.dumps(shown, sort_keys=True).encode())[:32],
    )


def _end(
    call: Call, agreement: InstalmentAgreement, part: AgreedInstalment, let_title_go: LetTitleGo
) -> InstalmentAgreement:
    """End one instalment, with what it paid."""
    charge = invoicing.get_charge(call.tenant_id, agreement.customer_id, agreement.charge_id(part.number))
    invoice = None
    if charge.status is ChargeStatus.BILLED:
        invoice = invoicing.find_invoice(call.tenant_id, charge.customer_id, charge.invoice_id or "")
        if invoice is None:
            raise Transient("the instalment's invoice is being written")
    after = agreement.with_ended(part.number, paid_principal(part, charge, invoice))
    changes = Changes(call)
    if invoice is None:
        _put_given_up(call, changes, agreement, charge)
    elif invoice.status is InvoiceStatus.SETTLED:
        _put(call, changes, agreement, invoice, invoice.bound(agreement.id))
    elif invoice.paid:
        _close_at_paid(call, changes, agreement, invoice, let_title_go)
    else:
        _give_up(call, changes, agreement, invoice, charge, let_title_go)
    changes.include(store.agreement_row(call.tenant_id, after))
    changes.commit()
    return after.evolve(version=after.version + 1)


def _close_at_paid(
    call: Call, changes: Changes, agreement: InstalmentAgreement, before: Invoice, let_title_go: LetTitleGo
) -> None:
    """Settle it at what was paid; the rest goes back to the renegotiated invoices."""
    live = before.unsuspended() if before.status is InvoiceStatus.SUSPENDED else before
    made = closed(
        call,
        live,
        _reason(agreement),
        method=Method.REBILLED,
        description="Saldo devolvido às faturas de origem",
        rebilled=None,
        accounts=settings.of_company(call.tenant_id, before.company_id),
    )
    after, _ = let_title_go(call, changes, made.invoice, LetGo(_reason(agreement), made.settlement.id))
    put_settled(call, changes, before, made._replace(invoice=after.bound(agreement.id)))


def _give_up(
    call: Call,
    changes: Changes,
    agreement: InstalmentAgreement,
    before: Invoice,
    own: Charge,
    let_title_go: LetTitleGo,
) -> None:
    """Delete its invoice; a credit that it used is free again."""
    deletion = Deletion(at=call.now, actor_id=call.actor_id, reason=_reason(agreement))
    after, _ = let_title_go(call, changes, before.given_up(deletion), LetGo(_reason(agreement), before.id))
    _put(call, changes, agreement, before, after)
    _put_given_up(call, changes, agreement, own)
    keys = [(before.customer_id, charge_id) for charge_id in before.charge_ids if charge_id != own.id]
    for other in invoicing.find_charges(call.tenant_id, keys).values():
        changes.put(
            invoicing.charge_row(call.tenant_id, other.freed()), ChargeAction.FREED, note=_reason(agreement)
        )


def _put_given_up(call: Call, changes: Changes, agreement: InstalmentAgreement, charge: Charge) -> None:
    if charge.status in {ChargeStatus.SETTLED, ChargeStatus.REMOVED}:
        return
    row = invoicing.charge_row(call.tenant_id, charge.given_up())
    changes.put(row, ChargeAction.AGREEMENT_ENDED, note=_reason(agreement))


def _put(
    call: Call, changes: Changes, agreement: InstalmentAgreement, before: Invoice, after: Invoice
) -> None:
    action = InvoiceAction.AGREEMENT_ENDED
    invoicing.put_invoice(call.tenant_id, changes, before, after, action, note=_reason(agreement))


def _restore(
    call: Call, agreement: InstalmentAgreement, take_title_back: TakeTitleBack
) -> InstalmentAgreement:
    """Settle the invoices as far as the instalments paid them, and reopen them for what remains."""
    assert agreement.ending is not None
    changes = Changes(call)
    for original in restored(agreement, agreement.discharged):
        before = invoicing.get_invoice(call.tenant_id, agreement.customer_id, original.id)
        after = before.discharged(original.paid, agreement.ending.on)
        if after.status is InvoiceStatus.OPEN:
            after = take_title_back(call, changes, after, agreement.id)
        _put(call, changes, agreement, before, after)
        if original.paid:
            settlement = _settlement(agreement, before, original.paid, agreement.ending.on)
            changes.put(payments.settlement_row(call.tenant_id, settlement), SettlementAction.MADE)
    over = agreement.over()
    is_broken = over.status is AgreementStatus.BROKEN
    action = AgreementAction.BROKEN if is_broken else AgreementAction.FULFILLED
    changes.put(store.agreement_row(call.tenant_id, over), action, note=agreement.ending.reason)
    changes.drop(store.listed_row(call.tenant_id, AgreementListing.UNDER_WAY, over, version=1))
    return changes.commit_answering(over)


def _settlement(agreement: InstalmentAgreement, invoice: Invoice, principal: Money, on: date) -> Settlement:
    """The money itself is in the settlements of the instalments."""
    return Settlement(
        id=derived_id("set", agreement.id, invoice.id),
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        method=Method.AGREEMENT,
        principal=principal,
        received=ZERO,
        settled_on=on,
        source=agreement.ending.by if agreement.ending is not None else agreement.asked_by,
        justification=f"Parcelamento {agreement.code}",
    )


def _reason(agreement: InstalmentAgreement) -> str:
    reason = agreement.ending.reason if agreement.ending is not None else ""
    return f"Parcelamento {agreement.code}: {reason}"
