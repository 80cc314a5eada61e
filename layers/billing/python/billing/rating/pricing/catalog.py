"""Catalogued items: the price of the usage month (CAT-01), so the definition has no price of its own."""

from decimal import Decimal
from typing import Literal

from billing.core.entity import Entity
from billing.rating.explanation import Trail
from billing.rating.transaction import UNIT_PRICE


class Catalog(Entity):
    kind: Literal["catalog"] = "catalog"


def price(trail: Trail, unit_price: Decimal, source: str) -> None:
    """`source` names the billing item and the month whose price it is."""
    trail.set_amount(UNIT_PRICE, ("unit_price", unit_price, source))
