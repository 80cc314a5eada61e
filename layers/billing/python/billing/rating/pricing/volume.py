"""Volume: the one tier that contains the quantity prices all of it; zero is in the first.

>>> from decimal import Decimal
>>> from billing.rating.pricing.models import amount_of
>>> tiers = [{"up_to": "100", "unit_amount": "2", "flat": "10"}, {"unit_amount": "1"}]
>>> amount_of(Volume.model_validate({"tiers": tiers}), Decimal("100.5"))
Money('100.50')
"""

from typing import Literal

from billing.core.entity import Entity
from billing.rating import brazilian
from billing.rating.explanation import AMOUNT, ZERO, Rule, Trail
from billing.rating.pricing.tiers import Tiers


class Volume(Entity):
    kind: Literal["volume"] = "volume"
    tiers: Tiers


def price(trail: Trail, model: Volume) -> None:
    """A negative quantity is credited at the first tier's unit amount, without its flat amount."""
    quantity = trail.quantity
    tier = next(tier for tier in model.tiers if tier.up_to is None or quantity <= tier.up_to)
    flat = ZERO if tier.flat is None or quantity < 0 else tier.flat.decimal
    trail.set_amount(
        VOLUME_TIER,
        ("unit_amount", tier.unit_amount or ZERO, "definition"),
        ("flat", flat, "definition"),
        ("up_to", "" if tier.up_to is None else tier.up_to, "definition"),
    )


VOLUME_TIER = Rule(
    "volume_tier",
    AMOUNT,
    lambda q, _a, unit_amount, flat, _up_to: q * unit_amount + flat,
    lambda s, _unit: (
        f"× {brazilian.price(s.value('unit_amount'))}"
        f"{' + ' + brazilian.amount(s.value('flat')) if s.value('flat') else ''} = {brazilian.amount(s.after)}"
    ),
)
RULES = (VOLUME_TIER,)
