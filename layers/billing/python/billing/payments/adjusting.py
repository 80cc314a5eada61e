"""The charge that brings an invoice to the amount received for it: below zero a discount, above zero a surcharge
(INV-08)."""

from datetime import date

from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Month, Period
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus
from billing.payments.settings import SettingsData


def adjustment(
    invoice: Invoice,
    difference: Money,
    *,
    settlement_id: str,
    on: date,
    accounts: SettingsData,
    description: str | None = None,
) -> Charge | None:
    """The adjustment charge, already on the invoice; None if there is no difference."""
    if not difference:
        return None
    is_discount = difference < ZERO
    return Charge(
        id=derived_id("chg", settlement_id),
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        description=description or ("Desconto na liquidação" if is_discount else "Acréscimo na liquidação"),
        amount=difference,
        due_on=invoice.due_on,
        reference=Period.of_month(Month.of(on)),
        ledger_account=accounts.discount_ledger_account if is_discount else accounts.surcharge_ledger_account,
        payment_profile_id=invoice.payment_profile_id,
        status=ChargeStatus.BILLED,
        invoice_id=invoice.id,
    )


def within(tolerance: Money, difference: Money) -> bool:
    """Whether a difference of either sign is too small to collect.

    >>> within(Money("0.05"), Money("-0.05")), within(Money("0.05"), Money("0.06")), within(ZERO, Money("0.01"))
    (True, False, False)
    """
    return ZERO < abs(difference) <= tolerance
