"""What the instalments of a debt agreement have paid and still owe today (PAY-06)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from billing.access.call import Call
from billing.agreements.model import (
    AgreedInstalment,
    AgreementStatus,
    InstalmentAgreement,
    InstalmentStanding,
    ShownAgreement,
)
from billing.core.money import ZERO, Money
from billing.invoicing import store as invoicing
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments.settling import owed_on

_OVER = frozenset({AgreementStatus.FULFILLED, AgreementStatus.BROKEN})


def shown(call: Call, agreements: Sequence[InstalmentAgreement]) -> Iterator[ShownAgreement]:
    """In the order given; charges and invoices of all are read together."""
    for agreement, standing in zip(agreements, _standings(call, agreements), strict=True):
        balance = Money.sum(part.balance for part in standing)
        title = f"Parcelamento {agreement.code}"
        yield ShownAgreement(**agreement.__dict__, title=title, standing=standing, balance=balance)


def standing_of(call: Call, agreement: InstalmentAgreement) -> tuple[InstalmentStanding, ...]:
    """Each instalment's standing, by number. One whose charge does not exist yet is as agreed."""
    (standing,) = _standings(call, [agreement])
    return standing


def _standings(call: Call, agreements: Sequence[InstalmentAgreement]) -> list[tuple[InstalmentStanding, ...]]:
    keys = [
        (agreement.customer_id, agreement.charge_id(part.number))
        for agreement in agreements
        for part in agreement.instalments
    ]
    charges = invoicing.find_charges(call.tenant_id, keys)
    billed = sorted({(c.customer_id, c.invoice_id) for c in charges.values() if c.invoice_id is not None})
    invoices = invoicing.find_invoices(call.tenant_id, billed)
    return [
        tuple(_standing(agreement, part, charges, invoices, call.today) for part in agreement.instalments)
        for agreement in agreements
    ]


def paid_principal(part: AgreedInstalment, charge: Charge, invoice: Invoice | None) -> Money:
    """What an instalment paid of the invoices' balances: its share once it is paid; if it is paid in part, what was paid,
    up to its share."""
    if charge.status is ChargeStatus.SETTLED:
        return part.principal
    if charge.status is not ChargeStatus.BILLED or invoice is None:
        return ZERO
    if invoice.status is InvoiceStatus.SETTLED:
        return part.principal
    return min(part.principal, invoice.paid)


def first_overdue(
    agreement: InstalmentAgreement, standing: Sequence[InstalmentStanding], today: date
) -> InstalmentStanding | None:
    """The overdue instalment for which the agreement's own rule breaks it; None if there is none."""
    if agreement.breaks_after_days is None:
        return None
    late = [
        part
        for part in standing
        if not part.is_paid and (today - part.due_on).days > agreement.breaks_after_days
    ]
    return min(late, key=lambda part: part.due_on, default=None)


def _standing(
    agreement: InstalmentAgreement,
    part: AgreedInstalment,
    charges: Mapping[str, Charge],
    invoices: Mapping[str, Invoice],
    today: date,
) -> InstalmentStanding:
    charge = charges.get(agreement.charge_id(part.number))
    invoice = None if charge is None else invoices.get(charge.invoice_id or "")
    ended = {ended.number: ended.principal for ended in agreement.ended}
    is_paid = charge is not None and (
        charge.status is ChargeStatus.SETTLED
        or (invoice is not None and invoice.status is InvoiceStatus.SETTLED)
    )
    paid = ZERO if charge is None else paid_principal(part, charge, invoice)
    if part.number in ended:
        is_paid, paid = is_paid and ended[part.number] == part.principal, ended[part.number]
    is_asked = not is_paid and part.number not in ended and agreement.status not in _OVER
    balance = part.total if invoice is None else invoice.balance
    due_on = part.due_on if charge is None else charge.due_on
    return InstalmentStanding(
        number=part.number,
        title=f"Parcelamento {agreement.code}" if charge is None else charge.title,
        due_on=due_on if invoice is None else invoice.due_on,
        invoice_id=None if invoice is None else invoice.id,
        invoice_number=None if invoice is None else invoice.number,
        balance=balance if is_asked else ZERO,
        asks_today=(balance if invoice is None else owed_on(invoice, today).payable) if is_asked else ZERO,
        paid_principal=paid,
        is_paid=is_paid,
    )
