"""Flat: an amount per period, prorated by days if the period is used only in part, or a one-time amount."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from billing.core.entity import Entity
from billing.core.money import UnitPrice
from billing.rating import brazilian
from billing.rating.explanation import AMOUNT, QUANTITY, Rule, Trail
from billing.rating.proration import Basis


class Flat(Entity):
    kind: Literal["flat"] = "flat"
    amount: UnitPrice
    """R$ por um período da subcategoria da definição (hora, dia, ... ano), ou uma única vez."""
    basis: Basis = Basis.ACTUAL
    """Como se contam os dias de uma parte do mês."""
    fixed_cost: bool = False
    """Custo fixo ao lado da produção, e não o preço de um plano; o fechamento o mostra em coluna própria."""


def periods(trail: Trail, days: int, divisor: int) -> None:
    """The quantity: days used over the days of the period."""
    if days == divisor:
        trail.set_quantity(WHOLE_PERIOD)
    else:
        trail.set_quantity(
            PART_OF_PERIOD,
            ("days", Decimal(days), "contract"),
            ("period_days", Decimal(divisor), "period"),
        )


def price(trail: Trail, model: Flat) -> None:
    trail.set_amount(PERIOD_PRICE, ("amount", model.amount, "definition"))


WHOLE_PERIOD = Rule("whole_period", QUANTITY, lambda q, _a: q + 1, lambda _s, _unit: "período inteiro")
PART_OF_PERIOD = Rule(
    "part_of_period",
    QUANTITY,
    lambda _q, _a, days, period_days: Fraction(days) / Fraction(period_days),
    lambda s, _unit: brazilian.days_of(s.value("days"), s.value("period_days")),
)
PERIODS = Rule(
    "periods",
    QUANTITY,
    lambda _q, _a, count: count,
    lambda s, unit: brazilian.units(s.after, unit),
)
OF_MONTHS = Rule(
    "of_months",
    QUANTITY,
    lambda q, _a, months: Fraction(q) / Fraction(months),
    lambda s, unit: f"de {brazilian.plain(s.inputs[0].value)} meses: {brazilian.units(s.after, unit)}",
)
PERIOD_PRICE = Rule(
    "period_price",
    AMOUNT,
    lambda q, _a, amount: q * amount,
    lambda s, _unit: f"× {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
RULES = (WHOLE_PERIOD, PART_OF_PERIOD, PERIODS, OF_MONTHS, PERIOD_PRICE)
