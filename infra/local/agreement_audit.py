"""Whether debt agreements add up: the instalments charge what was renegotiated, and what they paid is what was
settled."""

from collections.abc import Iterator
from dataclasses import dataclass

from billing.agreements.model import AgreementStatus, InstalmentAgreement
from billing.core.money import Money
from billing.invoicing.charge import Charge
from billing.invoicing.invariants import Finding
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments.model import Method, Settlement

_OVER = {AgreementStatus.FULFILLED, AgreementStatus.BROKEN}


@dataclass(frozen=True)
class AgreementBooks:
    """What one tenant keeps about its debt agreements."""

    agreements: list[InstalmentAgreement]
    invoices: dict[str, Invoice]
    charges: dict[str, Charge]
    settlements: list[Settlement]


def findings(books: AgreementBooks) -> Iterator[Finding]:
    for agreement in books.agreements:
        yield from _sums(agreement)
        yield from _originals(books, agreement)
        yield from _instalments(books, agreement)
        yield from _settled(books, agreement)
    known = {agreement.id for agreement in books.agreements}
    for invoice in books.invoices.values():
        if invoice.status is InvoiceStatus.RENEGOTIATED and invoice.agreement_id not in known:
            yield Finding("without_agreement", invoice.id, f"renegotiated in {invoice.agreement_id}")


def _sums(agreement: InstalmentAgreement) -> Iterator[Finding]:
    """The instalments add up to the debt, and their principal to the balances of its invoices."""
    parts = agreement.instalments
    charged = Money.sum(part.total for part in parts)
    owed = Money.sum(debt.total for debt in agreement.invoices) + agreement.instalment_interest
    balances = Money.sum(debt.balance for debt in agreement.invoices)
    principal = Money.sum(part.principal for part in parts)
    if not charged == owed == agreement.total or balances != principal or principal != agreement.principal:
        detail = f"asks {charged} of {owed}, total {agreement.total}; principal {principal} of {balances}"
        yield Finding("sum_of_agreement", agreement.id, detail)


def _originals(books: AgreementBooks, agreement: InstalmentAgreement) -> Iterator[Finding]:
    """The original invoices are renegotiated until the agreement ends, and not afterwards."""
    for debt in agreement.invoices:
        invoice = books.invoices.get(debt.id)
        is_tied = (
            invoice is not None
            and invoice.status is InvoiceStatus.RENEGOTIATED
            and invoice.agreement_id == agreement.id
        )
        if is_tied == (agreement.status in _OVER):
            yield Finding("renegotiated_invoice", debt.id, f"of {agreement.id}, which is {agreement.status}")


def _instalments(books: AgreementBooks, agreement: InstalmentAgreement) -> Iterator[Finding]:
    """The instalments are made once the agreement is in force, for what was agreed; none is charged after it ends."""
    if agreement.status is AgreementStatus.STARTING:
        return
    for part in agreement.instalments:
        charge = books.charges.get(agreement.charge_id(part.number))
        if charge is None or charge.amount != part.total:
            yield Finding("instalment", agreement.id, f"number {part.number} of {part.total}")
            continue
        invoice = books.invoices.get(charge.invoice_id or "")
        is_settled = invoice is not None and invoice.status is InvoiceStatus.SETTLED
        is_asked = charge.status is ChargeStatus.UNBILLED or (
            charge.status is ChargeStatus.BILLED and not is_settled
        )
        if is_asked and agreement.status in _OVER:
            yield Finding("instalment_after_end", charge.id, f"of {agreement.id}, {agreement.status}")


def _settled(books: AgreementBooks, agreement: InstalmentAgreement) -> Iterator[Finding]:
    """When the agreement ends, it settles of the invoices what the instalments have paid of them; until then,
    nothing."""
    justification = f"Parcelamento {agreement.code}"
    settled = Money.sum(
        one.principal
        for one in books.settlements
        if one.method is Method.AGREEMENT and one.justification == justification and one.is_live
    )
    expected = agreement.discharged if agreement.status in _OVER else Money("0.00")
    if settled != expected:
        yield Finding("settled_by_agreement", agreement.id, f"settled {settled}, paid {expected}")
