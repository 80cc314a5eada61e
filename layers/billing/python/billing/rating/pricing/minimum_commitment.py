"""Minimum commitment: whatever is missing to reach the period's minimum becomes a true-up line (BEY-07).

true-up = max(0, R(minimum x days / period days - used)); the used amount is a sum of rounded lines.
"""

from decimal import Decimal
from typing import Literal

from billing.core.entity import Entity
from billing.core.money import Money
from billing.rating import brazilian
from billing.rating.exact import NotNegative, exactly, in_cents, to_cents
from billing.rating.explanation import AMOUNT, Rule, Trail
from billing.rating.pricing.partial_passage import PRORATED_FEE, WHOLE, Passage


class MinimumCommitment(Entity):
    kind: Literal["minimum_commitment"] = "minimum_commitment"
    minimum: NotNegative
    """R$ por um período inteiro."""


@exactly
def true_up(model: MinimumCommitment, used: Money, passage: Passage = WHOLE) -> Money:
    trail = Trail()
    return price(trail, model, used, passage)


def price(trail: Trail, model: MinimumCommitment, used: Money, passage: Passage) -> Money:
    trail.set_amount(COMMITMENT, ("minimum", model.minimum.decimal, "definition"))
    if not passage.is_whole:
        trail.set_amount(PRORATED_FEE, *passage.inputs())
    trail.set_amount(MISSING, ("used", used.decimal, "lines"))
    return to_cents(trail.amount)


COMMITMENT = Rule(
    "commitment",
    AMOUNT,
    lambda _q, _a, minimum: minimum,
    lambda s, _unit: f"consumo mínimo contratado {brazilian.amount(s.inputs[0].value)}",
)
MISSING = Rule(
    "missing",
    AMOUNT,
    lambda _q, a, used: max(in_cents(a - used), Decimal(0)),
    lambda s, _unit: f"menos o consumido {brazilian.amount(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
RULES = (COMMITMENT, MISSING)
