"""Subcategory and category levels (CHG-02): an adjustment to the sum below, as a visible line of its own.

    level_line = R(limits(adjustments(sum below))) - (sum below)

The steps of a transaction, without those for the quantity; a category's sum includes its subcategory lines. Nothing
is added if the sum below is negative, if no parameter is set, or if the definition is conditional and the sum is not
above zero. An unconditional definition adjusts a sum of zero too.

>>> level_line(Money("180.00"), Parameters(free_up_to=Money("250.00")))
Money('-180.00')
"""

from billing.core.money import Money
from billing.rating import brazilian
from billing.rating.exact import exactly
from billing.rating.explanation import AMOUNT, Rule, Trail
from billing.rating.transaction import Adjustments, Parameters, apply, close, steps_of


@exactly
def level_line(below: Money, parameters: Parameters, *, only_if_positive: bool = False) -> Money:
    """The level's line for the sum below; zero if nothing is added."""
    adjustments = steps_of(parameters)
    if not applies(below, adjustments, only_if_positive=only_if_positive):
        return Money.from_cents(0)
    return take_adjustment(Trail(), below, adjustments)


def applies(below: Money, adjustments: Adjustments, *, only_if_positive: bool) -> bool:
    if below.cents < 0 or (only_if_positive and below.cents == 0):
        return False
    return bool(adjustments)


def take_adjustment(trail: Trail, lines: Money, adjustments: Adjustments) -> Money:
    """How much adjustments change a sum of lines."""
    base = ("below", lines.decimal, "lines")
    trail.set_amount(SUM_BELOW, base)
    apply(trail, adjustments)
    adjusted = close(trail)
    trail.set_amount(MINUS_BELOW, base)
    return adjusted - lines


SUM_BELOW = Rule(
    "sum_below",
    AMOUNT,
    lambda _q, _a, below: below,
    lambda s, _unit: f"soma das linhas abaixo: {brazilian.amount(s.after)}",
)
MINUS_BELOW = Rule(
    "minus_below",
    AMOUNT,
    lambda _q, a, below: a - below,
    lambda s, _unit: f"menos a soma das linhas abaixo = {brazilian.amount(s.after)}",
)
RULES = (SUM_BELOW, MINUS_BELOW)
