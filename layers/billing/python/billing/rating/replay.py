"""An explanation run again: the same rules on the same inputs must give the line again (CHG-09, BEY-09)."""

from decimal import localcontext
from typing import NamedTuple

from billing.core.money import Money
from billing.rating import carry_over, energy, levels, meters, taxes, transaction
from billing.rating.exact import EXACT, Number, to_cents
from billing.rating.explanation import AMOUNT, QUANTITY, Explanation, Rule, Trail
from billing.rating.pricing import (
    allowance,
    blocks,
    flat,
    graduated,
    minimum_commitment,
    package,
    partial_passage,
    percentage,
    shared_allowance,
    volume,
)

_WITH_RULES = (
    transaction, levels, taxes, meters, carry_over, energy, allowance, blocks, flat, graduated, minimum_commitment, package,
    partial_passage, percentage, shared_allowance, volume,
)  # fmt: skip

RULES: dict[str, Rule] = {rule.name: rule for module in _WITH_RULES for rule in module.RULES}


class Replayed(NamedTuple):
    """The result of the steps."""

    quantity: Number
    amount: Money
    tax: Money | None
    explanation: Explanation


def replay(explanation: Explanation) -> Replayed:
    """Apply every step's rule to its inputs, starting from zero; KeyError for an unknown rule."""
    trail, is_taxed = Trail(), False
    with localcontext(EXACT):
        for name, inputs, _, _ in explanation.rows:
            rule = RULES[name]
            if rule.sets == QUANTITY:
                trail.set_quantity(rule, *inputs)
            elif rule.sets == AMOUNT:
                trail.set_amount(rule, *inputs)
            else:
                trail.set_tax(rule, *inputs)
                is_taxed = True
        return Replayed(
            trail.quantity,
            to_cents(trail.amount),
            to_cents(trail.tax) if is_taxed else None,
            trail.explanation(explanation.definition_id, explanation.version),
        )
