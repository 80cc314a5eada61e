"""Allowance (franquia): R(fee) + R(max(0, q - allowance) x excess price), each its own line.

>>> from billing.rating.pricing.models import amount_of
>>> model = Allowance.model_validate({"allowance": "5000", "fee": "275.00", "excess_price": "0.05"})
>>> amount_of(model, Decimal(6000))
Money('325.00')
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from billing.core.entity import Entity
from billing.core.money import Money, Quantity, UnitPrice
from billing.rating import brazilian
from billing.rating.explanation import AMOUNT, Rule, Trail
from billing.rating.pricing.partial_passage import WHOLE, Passage, prorate_fee, take_allowance
from billing.rating.transaction import UNIT_PRICE, close


class Allowance(Entity):
    kind: Literal["allowance"] = "allowance"
    allowance: Annotated[Quantity, Field(ge=0)]
    """Unidades incluídas no valor fixo."""
    fee: Money
    """R$ por um período inteiro, com ou sem uso."""
    excess_price: UnitPrice | None = Field(default=None, validate_default=True)
    """R$ por unidade além da franquia."""
    shared: bool = False
    """Uma franquia para o contrato inteiro (compartilhada), mostrada por item na proporção do uso."""

    @field_validator("excess_price")
    @classmethod
    def _has_excess_price(cls, price: Decimal | None) -> Decimal:
        if price is None:
            raise ValueError("franquia sem preço do excedente e sem faixas: informe um dos dois")
        return price


def price_fee(trail: Trail, fee: Money, passage: Passage = WHOLE) -> Money:
    """The fee, prorated in a partial passage, rounded."""
    trail.set_amount(FEE, ("fee", fee.decimal, "definition"))
    prorate_fee(trail, passage)
    return close(trail)


def price_excess(trail: Trail, model: Allowance, passage: Passage = WHOLE) -> Money:
    """What the quantity has beyond the allowance, at the excess price, which is never prorated; rounded."""
    take_allowance(trail, model.allowance, passage)
    assert model.excess_price is not None
    trail.set_amount(UNIT_PRICE, ("unit_price", model.excess_price, "definition"))
    return close(trail)


FEE = Rule(
    "fee",
    AMOUNT,
    lambda _q, a, fee: a + fee,
    lambda s, _unit: f"franquia {brazilian.amount(s.inputs[0].value)}",
)
RULES = (FEE,)
