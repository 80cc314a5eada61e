"""Taxes per line: R(rounded line x rate), so that the lines' taxes add up to the printed total. The rate is that of
the first day that the line covers.

>>> from billing.core.money import Money
>>> [str(tax_on(Money(line), Decimal(23))) for line in ("55.55", "11.11")]
['12.78', '2.56']
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing.core.money import Money
from billing.rating import brazilian
from billing.rating.exact import in_cents, refuse_floats, to_cents
from billing.rating.explanation import TAX, Rule, Trail


class Taxed(NamedTuple):
    line: Money
    tax: Money
    total: Money


def tax_on(line: Money, rate_percent: Decimal) -> Money:
    refuse_floats(rate_percent)
    return to_cents(line.decimal * rate_percent / 100)


def taxed(line: Money, rate_percent: Decimal) -> Taxed:
    """A rounded line with its tax."""
    on_top = tax_on(line, rate_percent)
    return Taxed(line, on_top, line + on_top)


def taxes_of(lines: Sequence[Money], rate_percent: Decimal) -> tuple[list[Money], Money]:
    """The tax of each line, and their sum: never the tax of the sum."""
    taxes = [tax_on(line, rate_percent) for line in lines]
    return taxes, Money.sum(taxes)


def tax(trail: Trail, code: str, since: date, rate_percent: Decimal) -> Money:
    """The tax on the trail's rounded amount, at the code's rate in force `since` then."""
    trail.set_tax(LINE_TAX, ("rate_percent", rate_percent, f"tax {code} {since}"))
    return to_cents(trail.tax)


LINE_TAX = Rule(
    "tax",
    TAX,
    lambda _q, a, rate: in_cents(a * rate / 100),
    lambda s, _unit: (
        f"imposto {s.inputs[0].source.split(' ')[1]} de {brazilian.percent(s.inputs[0].value)}"
        f" = {brazilian.amount(s.after)}"
    ),
)
RULES = (LINE_TAX,)
