"""Graduated: each tier prices the units that fall into it; R(units x unit + flat) per tier entered, the first at 0.

A negative quantity (a true-up) is credited at the first tier's unit amount; flat amounts are not given back.
"""

from typing import Literal

from billing.core.entity import Entity
from billing.rating import brazilian
from billing.rating.exact import Number, in_cents
from billing.rating.explanation import AMOUNT, ZERO, Rule, Trail
from billing.rating.pricing.tiers import Tiers


class Graduated(Entity):
    kind: Literal["graduated"] = "graduated"
    tiers: Tiers


def price(trail: Trail, model: Graduated) -> None:
    lower: Number = ZERO
    quantity = trail.quantity
    for tier in model.tiers:
        upper = tier.up_to
        flat = ZERO if tier.flat is None or quantity < 0 else tier.flat.decimal
        trail.set_amount(
            GRADUATED_TIER,
            ("above", lower, "definition"),
            ("up_to", "" if upper is None else upper, "definition"),
            ("unit_amount", tier.unit_amount or ZERO, "definition"),
            ("flat", flat, "definition"),
        )
        if upper is None or quantity <= upper:
            return
        lower = upper


def _tier(
    quantity: Number, amount: Number, above: Number, up_to: Number | str, unit: Number, flat: Number
) -> Number:
    units = _units(quantity, above, up_to)
    return amount + in_cents(units * unit + flat)


def _units(quantity: Number, above: Number, up_to: Number | str) -> Number:
    return (quantity if isinstance(up_to, str) or quantity < up_to else up_to) - above


GRADUATED_TIER = Rule(
    "graduated_tier",
    AMOUNT,
    _tier,
    lambda s, _unit: (
        f"faixa acima de {brazilian.plain(s.value('above'))}: {brazilian.price(s.value('unit_amount'))} por unidade"
        f"{' + ' + brazilian.amount(s.value('flat')) if s.value('flat') else ''} = {brazilian.amount(s.after)}"
    ),
)
RULES = (GRADUATED_TIER,)
