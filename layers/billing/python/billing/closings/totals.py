"""A closing's total, shown as a sum (CLO-04, CLO-09).

    total = production + items' fixed costs + contract fixed costs + surcharges - discounts

A sum below zero becomes zero, and the rest is the customer's credit. If the amount charged differs from the amount
due, the difference is an explicit adjustment line.

>>> totals = ClosingTotals(production=Money("5.00"), discounts=Money("20.00"))
>>> totals.total, totals.credit
(Money('0.00'), Money('15.00'))
"""

from collections.abc import Iterable
from typing import NamedTuple

from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.rating.lines import RatedLine


class ClosingTotals(Entity):
    production: Money = ZERO
    """O que foi usado, franquias, planos, níveis: toda linha que não é custo fixo, com o seu imposto."""
    items_fixed: Money = ZERO
    contract_fixed: Money = ZERO
    surcharges: Money = ZERO
    discounts: Money = ZERO
    """As a positive amount."""

    @property
    def balance(self) -> Money:
        """The sum, which discounts and credits may bring below zero."""
        return self.production + self.items_fixed + self.contract_fixed + self.surcharges - self.discounts

    @property
    def total(self) -> Money:
        return max(self.balance, ZERO)

    @property
    def credit(self) -> Money:
        """By how much discounts and credits exceed everything else: an entry in the customer's credit balance."""
        return max(-self.balance, ZERO)

    def adjusted(self, signed: Iterable[Money]) -> "ClosingTotals":
        """With these surcharges (above zero) and discounts (below zero) instead of the previous ones."""
        amounts = list(signed)
        return self.evolve(
            surcharges=Money.sum(amount for amount in amounts if amount.cents > 0),
            discounts=-Money.sum(amount for amount in amounts if amount.cents < 0),
        )


class Charged(NamedTuple):
    adjustment: Money
    """A line of its own, with reason and author."""
    total: Money


NO_TOTALS = ClosingTotals.model_construct()  # all zero: nothing to validate, no schema to build for it


def closing_totals(lines: Iterable[RatedLine], signed: Iterable[Money] = ()) -> ClosingTotals:
    """The totals of rated lines with their taxes and signed adjustments; lines that are not billed count in no sum."""
    cents = {"production": 0, "items_fixed": 0, "contract_fixed": 0}
    for line in lines:
        if line.billed:
            cents[_column(line)] += line.amount.cents + (line.tax.cents if line.tax is not None else 0)
    sums = {column: Money.from_cents(amount) for column, amount in cents.items()}
    return ClosingTotals(**sums).adjusted(signed)


def _column(line: RatedLine) -> str:
    if line.kind != "fixed":
        return "production"
    return "contract_fixed" if line.item_id is None else "items_fixed"


def total_charged(due: Money, charged: Money) -> Charged:
    """The amount that a person charges instead of the amount due; the difference becomes the adjustment line."""
    return Charged(charged - due, charged)
