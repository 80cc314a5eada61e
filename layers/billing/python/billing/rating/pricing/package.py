"""Package: packages of `size` units beyond the free ones; a package once begun is billed whole."""

from decimal import Decimal
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from billing.core.entity import Entity
from billing.core.money import Quantity, UnitPrice
from billing.rating import brazilian
from billing.rating.exact import Number
from billing.rating.explanation import AMOUNT, Rule, Trail


class Package(Entity):
    kind: Literal["package"] = "package"
    size: Annotated[Quantity, Field(gt=0)]
    unit_price: UnitPrice
    """R$ por pacote."""
    free_units: Annotated[Quantity, Field(ge=0)] = Decimal(0)


def price(trail: Trail, model: Package) -> None:
    trail.set_amount(
        PACKAGES,
        ("size", model.size, "definition"),
        ("unit_price", model.unit_price, "definition"),
        ("free_units", model.free_units, "definition"),
    )


def packages(quantity: Number, size: Number, free: Number = Decimal(0)) -> int:
    """How many packages were begun; none for a credit, because a package once begun is not refunded."""
    beyond = quantity - free
    return ceil(beyond / size) if beyond > 0 else 0


PACKAGES = Rule(
    "package",
    AMOUNT,
    lambda q, _a, size, price, free: packages(q, size, free) * price,
    lambda s, unit: (
        f"em pacotes de {brazilian.units(s.value('size'), unit)} a {brazilian.price(s.value('unit_price'))}"
        f"{', grátis ' + brazilian.plain(s.value('free_units')) if s.value('free_units') else ''}"
        f" = {brazilian.amount(s.after)}"
    ),
)
RULES = (PACKAGES,)
