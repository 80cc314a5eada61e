"""Discounts, and what becomes of the difference when a manual settlement has another amount (CTR-12, INV-08).

The on-time discount is conditional: it never reduces the invoice, only what is received, and a pro-rata amount below it
comes to zero, never negative (CTR-13). Percent discounts come before fixed ones.

>>> on_time(Money("34.84"), Money("40.00"), deadline=date(2026, 3, 10), paid_on=date(2026, 3, 10))
OnTime(discount=Money('34.84'), payable=Money('0.00'))
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.rating.exact import exactly, to_cents
from billing.rating.taxes import Taxed, taxed


class OnTime(NamedTuple):
    discount: Money
    payable: Money


class ManualSettlement(NamedTuple):
    settled: Money
    discount_charge: Money
    """The unpaid rest, as a discount charge on the invoice."""
    surcharge_charge: Money
    """The amount overpaid, as a surcharge charge."""


def on_time(amount: Money, discount: Money, *, deadline: date, paid_on: date) -> OnTime:
    """min(discount, amount) if paid by the deadline (inclusive); nothing after it."""
    given = min(discount, amount) if paid_on <= deadline else ZERO
    return OnTime(given, amount - given)


def manual_settlement(invoice: Money, amount: Money | None) -> ManualSettlement:
    """Without an amount, the full amount is settled; less becomes a discount charge, more a surcharge charge. Refused
    for zero."""
    settled = invoice if amount is None else amount
    if settled.cents < 0 or (settled == ZERO and invoice != ZERO):
        raise Refused("settlement.amount", "O valor liquidado deve ser maior que zero.")
    return ManualSettlement(settled, max(invoice - settled, ZERO), max(settled - invoice, ZERO))


@exactly
def discounted(
    quantity: Decimal, unit_price: Decimal, *, percents: Sequence[Decimal] = (), fixed: Sequence[Money] = ()
) -> Money:
    """One line after its discounts: the percentages compounded, rounded once, then the fixed ones; never below zero."""
    exact = quantity * unit_price
    for percent in percents:
        exact -= exact * percent / 100
    return max(to_cents(exact) - Money.sum(fixed), ZERO)


def discounted_with_tax(
    quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, tax_percent: Decimal
) -> Taxed:
    """The discounted line and the tax on its rounded amount."""
    return taxed(discounted(quantity, unit_price, percents=[discount_percent]), tax_percent)
