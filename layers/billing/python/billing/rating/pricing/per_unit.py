"""Per unit: quantity times price, one rounding."""

from typing import Literal

from billing.core.entity import Entity
from billing.core.money import UnitPrice
from billing.rating.explanation import Trail
from billing.rating.transaction import UNIT_PRICE


class PerUnit(Entity):
    kind: Literal["per_unit"] = "per_unit"
    unit_price: UnitPrice
    """R$ por unidade."""


def price(trail: Trail, model: PerUnit) -> None:
    trail.set_amount(UNIT_PRICE, ("unit_price", model.unit_price, "definition"))
