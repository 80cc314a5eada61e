"""Partial passage: an item that was in the contract for part of the period (CLO-05 e).

Charged in full or pro rata: allowance and fee by days over the period's days, with the allowance rounded to a whole
unit, half up; the price of the excess is not prorated.
"""

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from billing.rating import brazilian
from billing.rating.exact import Number, whole_units
from billing.rating.explanation import AMOUNT, QUANTITY, GivenInput, Rule, Step, Trail


class PassageMode(StrEnum):
    FULL = "full"
    PRO_RATA = "pro_rata"


class Passage(NamedTuple):
    """The days that count over the days of the period."""

    days: int
    period_days: int

    @property
    def is_whole(self) -> bool:
        return self.days == self.period_days

    def inputs(self) -> tuple[GivenInput, GivenInput]:
        return (
            ("days", Decimal(self.days), "contract"),
            ("period_days", Decimal(self.period_days), "period"),
        )

    @classmethod
    def of(cls, days: int, period_days: int, mode: PassageMode) -> "Passage":
        return cls(days, period_days) if mode is PassageMode.PRO_RATA else WHOLE


WHOLE = Passage(1, 1)


def prorate_fee(trail: Trail, passage: Passage) -> None:
    if not passage.is_whole:
        trail.set_amount(PRORATED_FEE, *passage.inputs())


def take_allowance(trail: Trail, allowance: Decimal, passage: Passage) -> None:
    """The quantity becomes the part beyond the allowance; a credit always counts as beyond it."""
    if trail.quantity < 0:
        return
    given = ("allowance", allowance, "definition")
    if passage.is_whole:
        trail.set_quantity(EXCESS, given)
    else:
        trail.set_quantity(PRORATED_EXCESS, given, *passage.inputs())


def prorated_units(units: Number, days: Number, period_days: Number) -> Decimal:
    """Units x days / period days to a whole unit, half up."""
    return whole_units(Fraction(units) * Fraction(days) / Fraction(period_days))


def _beyond(quantity: Number, allowance: Number) -> Number:
    if quantity <= allowance:
        return quantity * 0
    return quantity - (Fraction(allowance) if type(quantity) is Fraction else allowance)


def _share(step: Step) -> str:
    """Days over those of the month; in words for merged periods, which have more."""
    days, period_days = step.value("days"), step.value("period_days")
    if days > period_days or period_days > brazilian.LONGEST_MONTH:
        return f"({brazilian.days_of(days, period_days)})"
    return f"{brazilian.plain(days)}/{brazilian.plain(period_days)} dias"


PRORATED_FEE = Rule(
    "prorated",
    AMOUNT,
    lambda _q, a, days, period_days: Fraction(a) * Fraction(days) / Fraction(period_days),
    lambda s, _unit: f"× {_share(s)} = {brazilian.amount(s.after)}",
)
EXCESS = Rule(
    "excess",
    QUANTITY,
    lambda q, _a, allowance: _beyond(q, allowance),
    lambda s, unit: (
        f"franquia de {brazilian.units(s.inputs[0].value, unit)}: excedente {brazilian.units(s.after, unit)}"
    ),
)
PRORATED_EXCESS = Rule(
    "prorated_excess",
    QUANTITY,
    lambda q, _a, allowance, days, period_days: _beyond(q, prorated_units(allowance, days, period_days)),
    lambda s, unit: (
        f"franquia de {brazilian.units(s.inputs[0].value, unit)} ×"
        f" {_share(s)}:"
        f" excedente {brazilian.units(s.after, unit)}"
    ),
)
RULES = (PRORATED_FEE, EXCESS, PRORATED_EXCESS)
