"""Billing items and their prices by month (CAT-01..03)."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import Field

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import UnitPrice
from billing.core.period import Month
from billing.core.table import Aggregate
from billing.core.text import Line

ONLY_PRICE_CHANGES = "Somente é possível atualizar os campos “Valor Unitário” e “Início da Vigência”."
NOT_OF_METERING = "Não é possível excluir itens de faturamento gerados pela volumetria."


class ItemOrigin(StrEnum):
    BY_HAND = "by_hand"
    METERING = "metering"


class Price(Entity):
    """R$ por unidade, a partir de um mês."""

    valid_from: Month
    unit_price: UnitPrice = Field(ge=0)


class NewBillingItem(Entity):
    name: Line = Field(min_length=1, max_length=120, examples=["Máquina virtual 4 vCPU"])
    product: Line = Field(min_length=1, max_length=120, examples=["Nuvem pública"])
    unit: Line = Field(min_length=1, max_length=20, examples=["hora"])
    unit_price: UnitPrice = Field(ge=0, examples=["0.1875"])
    valid_from: Month


class BillingItem(Aggregate):
    """Item de faturamento. `prices` é o histórico, do mais antigo ao mais novo, com no máximo um valor por mês."""

    id: str
    name: str
    product: str
    unit: str
    origin: ItemOrigin = ItemOrigin.BY_HAND
    prices: tuple[Price, ...]

    def priced(self, price: Price) -> "BillingItem":
        """With this price from its month on; another price of the same month is replaced (CAT-02)."""
        others = [p for p in self.prices if p.valid_from != price.valid_from]
        return self.evolve(prices=tuple(sorted([*others, price], key=lambda p: p.valid_from)))

    def months_of_price(self, month: Month) -> tuple[Month | None, Month | None]:
        """The months that lose their price if the one that starts in `month` is removed: from the first, up to but not
        including the second.

        None means no limit. Removing the only price removes the item, and so affects all months.
        """
        later = [price.valid_from for price in self.prices if price.valid_from > month]
        only = all(price.valid_from == month for price in self.prices)
        return None if only else month, later[0] if later else None

    def without_price(self, month: Month, linked: Sequence[Refusal] = ()) -> "BillingItem":
        """Without the price that starts in `month`; may leave no price. Raises Refused, also for the usage `linked` to
        it (CAT-03)."""
        reasons = []
        if self.origin is ItemOrigin.METERING:
            reasons.append(Refusal("item.of_metering", NOT_OF_METERING))
        if all(price.valid_from != month for price in self.prices):
            reasons.append(
                Refusal("item.no_such_price", f"Não há valor com início de vigência em {month.format_br()}.")
            )
        reasons += linked
        if reasons:
            raise Refused.because(reasons)
        return self.evolve(prices=tuple(p for p in self.prices if p.valid_from != month))
