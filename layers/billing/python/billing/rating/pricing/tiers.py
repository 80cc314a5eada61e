"""Tiers by quantity, shared by the graduated and the volume model: half-open (lo, up_to], the last one open.

A tier is given by its upper end alone, so tiers can neither overlap nor leave a gap; ends that do not increase, or a
closed last tier, are refused when saved.
"""

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from billing.core.entity import Entity
from billing.core.money import Money, Quantity, UnitPrice


class Tier(Entity):
    up_to: Annotated[Quantity, Field(gt=0)] | None = None
    """Última quantidade da faixa; ausente na última, que é aberta."""
    unit_amount: UnitPrice | None = None
    """R$ por unidade da faixa; ausente é zero."""
    flat: Money | None = None
    """R$ por ter entrado na faixa; ausente é zero."""


def _in_order(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    *closed, last = tiers
    if last.up_to is not None:
        raise ValueError("a última faixa é aberta: deixe o limite dela em branco")
    ends = [tier.up_to for tier in closed if tier.up_to is not None]
    if len(ends) < len(closed):
        raise ValueError("só a última faixa fica sem limite")
    if any(upper <= lower for lower, upper in pairwise(ends)):
        raise ValueError("faixas sobrepostas: cada limite é maior que o da faixa anterior")
    return tiers


Tiers = Annotated[tuple[Tier, ...], Field(min_length=1, max_length=100), AfterValidator(_in_order)]
