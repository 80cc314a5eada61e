"""Fixed amount by band (faixas de valor fixo): the band that contains the quantity determines the fee.

Above the last band: its amount plus the price of the excess; without an excess price, only the last band's amount,
and the closing shows a pending issue (CLO-05 f).
"""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from billing.core.entity import Entity
from billing.core.money import Money, Quantity, UnitPrice
from billing.rating.explanation import Trail
from billing.rating.pricing.allowance import price_fee
from billing.rating.pricing.partial_passage import WHOLE, Passage, prorated_units, take_allowance
from billing.rating.transaction import UNIT_PRICE, close


class Band(Entity):
    up_to: Annotated[Quantity, Field(gt=0)]
    """Última quantidade da faixa."""
    fee: Money
    """R$ pelo período."""


def _in_order(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    if any(upper.up_to <= lower.up_to for lower, upper in pairwise(bands)):
        raise ValueError("faixas sobrepostas: cada limite é maior que o da faixa anterior")
    return bands


class FlatBands(Entity):
    kind: Literal["flat_bands"] = "flat_bands"
    tiers: Annotated[tuple[Band, ...], Field(min_length=1, max_length=100), AfterValidator(_in_order)]
    excess_price: UnitPrice | None = None
    """R$ por unidade acima da última faixa."""


def band_of(quantity: Decimal, model: FlatBands, passage: Passage = WHOLE) -> Band | None:
    """The band that contains the quantity, None above the last; a partial passage shrinks the bands."""
    for band in model.tiers:
        if quantity <= _end(band, passage):
            return band
    return None


def price_band(trail: Trail, band: Band, passage: Passage = WHOLE) -> Money:
    return price_fee(trail, band.fee, passage)


def price_excess(trail: Trail, model: FlatBands, passage: Passage = WHOLE) -> Money:
    """The units above the last band; only if the model has a price for them."""
    assert model.excess_price is not None
    take_allowance(trail, model.tiers[-1].up_to, passage)
    trail.set_amount(UNIT_PRICE, ("unit_price", model.excess_price, "definition"))
    return close(trail)


def _end(band: Band, passage: Passage) -> Decimal:
    if passage.is_whole:
        return band.up_to
    return prorated_units(band.up_to, Decimal(passage.days), Decimal(passage.period_days))
