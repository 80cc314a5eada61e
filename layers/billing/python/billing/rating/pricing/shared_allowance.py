"""Shared allowance: the contract's quantities pooled under one allowance, its cost shown per item in proportion to use.

Fee and excess are each rounded; their sum is split by largest remainder (in equal parts if nobody used anything), so
the items' lines always add up to the contract's cost.

>>> from billing.core.money import Money
>>> model = Allowance(allowance="5000", fee=Money("275.00"), excess_price="0.05", shared=True)
>>> total, shares = shared([Decimal(1200), Decimal(800), Decimal(4000)], model)
>>> total, [str(share) for share in shares]
(Money('325.00'), ['65.00', '43.33', '216.67'])
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billing.core.money import Money
from billing.rating import brazilian
from billing.rating.exact import Number, exactly, in_cents, to_cents
from billing.rating.explanation import AMOUNT, QUANTITY, ZERO, Rule, Trail
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.partial_passage import WHOLE, Passage, prorate_fee, take_allowance
from billing.rating.transaction import TAKE


@exactly
def shared(used: Sequence[Decimal], model: Allowance) -> tuple[Money, list[Money]]:
    """The whole period's cost of the pool, and each user's share of it."""
    trail = Trail()
    trail.set_quantity(TAKE, ("quantity", sum(used, ZERO), "usage"))
    price(trail, model)
    return to_cents(trail.amount), shares(trail, used)


def price(trail: Trail, model: Allowance, passage: Passage = WHOLE) -> None:
    """The pool's cost, R(fee) + R(excess)."""
    assert model.excess_price is not None
    trail.set_amount(POOL_FEE, ("fee", model.fee.decimal, "definition"))
    prorate_fee(trail, passage)
    take_allowance(trail, model.allowance, passage)
    trail.set_amount(POOL_EXCESS, ("excess_price", model.excess_price, "definition"))


def shares(trail: Trail, used: Sequence[Decimal]) -> list[Money]:
    """The pool's cost in proportion to use; credited use counts as zero."""
    return to_cents(trail.amount).allocate(_weights(used))


class Sharing(NamedTuple):
    """What shares are measured by: the pool's use or, if nobody used anything, the number of users."""

    whole: Decimal
    is_equal: bool

    @classmethod
    def of(cls, everyone: Sequence[Decimal]) -> "Sharing":
        used = sum(_weights(everyone), ZERO)
        return cls(used or Decimal(len(everyone)), not used)

    def take(self, trail: Trail, used: Decimal, share: Money) -> None:
        """One user's line: its part of the pool, cut to the cent, plus a leftover cent if it got one."""
        weight = Decimal(1) if self.is_equal else max(used, ZERO)
        trail.set_amount(
            POOL_SHARE,
            ("used", weight, "usage"),
            ("pool", self.whole, "usage"),
            ("left_over", share.decimal - _cut(trail.amount, weight, self.whole), "largest remainder"),
        )
        trail.set_quantity(OWN_USE, ("used", used, "usage"))


def _weights(used: Sequence[Decimal]) -> list[Decimal]:
    return [max(quantity, ZERO) for quantity in used]


def _cut(pool: Number, weight: Number | int, whole: Number | int) -> Decimal:
    """Cut to the cent, towards zero."""
    cents = Fraction(pool) * 100 * Fraction(weight) / Fraction(whole)
    return Decimal(int(cents)).scaleb(-2)


POOL_FEE = Rule(
    "pool_fee",
    AMOUNT,
    lambda _q, a, fee: a + fee,
    lambda s, _unit: f"franquia compartilhada {brazilian.amount(s.inputs[0].value)}",
)
POOL_EXCESS = Rule(
    "pool_excess",
    AMOUNT,
    lambda q, a, price: in_cents(a) + in_cents(q * price),
    lambda s, _unit: f"+ excedente × {brazilian.price(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
POOL_SHARE = Rule(
    "pool_share",
    AMOUNT,
    lambda _q, a, used, pool, left_over: _cut(a, used, pool) + _cut(left_over, 1, 1),
    lambda s, unit: (
        f"rateio pelo uso: {brazilian.plain(s.value('used'))} de {brazilian.units(s.value('pool'), unit)}"
        f" = {brazilian.amount(s.after)}"
    ),
)
OWN_USE = Rule(
    "own_use",
    QUANTITY,
    lambda _q, _a, used: used,
    lambda s, unit: f"uso próprio {brazilian.units(s.after, unit)}",
)
RULES = (POOL_FEE, POOL_EXCESS, POOL_SHARE, OWN_USE)
