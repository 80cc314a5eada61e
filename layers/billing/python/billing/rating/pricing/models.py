"""All pricing models as one union, distinguished by `kind`; and what one model charges for one quantity, on its own."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from billing.core.money import Money
from billing.rating.exact import Number, exactly, to_cents
from billing.rating.explanation import ZERO, Trail
from billing.rating.pricing import (
    allowance,
    blocks,
    flat_bands,
    graduated,
    package,
    per_unit,
    percentage,
    volume,
)
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.blocks import Blocks
from billing.rating.pricing.catalog import Catalog
from billing.rating.pricing.flat import Flat
from billing.rating.pricing.flat_bands import FlatBands
from billing.rating.pricing.graduated import Graduated
from billing.rating.pricing.minimum_commitment import MinimumCommitment
from billing.rating.pricing.package import Package
from billing.rating.pricing.partial_passage import WHOLE, Passage
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.pricing.percentage import Percentage
from billing.rating.pricing.volume import Volume
from billing.rating.transaction import TAKE

Pricing = Annotated[
    PerUnit
    | Graduated
    | Volume
    | Package
    | Blocks
    | Percentage
    | Flat
    | Catalog
    | Allowance
    | FlatBands
    | MinimumCommitment,
    Field(discriminator="kind"),
]

ByQuantity = PerUnit | Graduated | Volume | Package | Blocks
"""Models that price one quantity in one line."""


def price(trail: Trail, model: ByQuantity, already_billed: Number = ZERO) -> None:
    """The model's amount for the trail's quantity."""
    if type(model) is Blocks:
        blocks.price(trail, model, already_billed)
    else:
        _PRICE_OF[type(model)](trail, model)


_PRICE_OF: dict[type, Callable[[Trail, Any], None]] = {
    PerUnit: per_unit.price,
    Graduated: graduated.price,
    Volume: volume.price,
    Package: package.price,
}
"""Looked up by type: `isinstance` on an entity's class is slow for other types."""


@exactly
def amount_of(
    model: ByQuantity | Allowance | FlatBands,
    quantity: Decimal,
    *,
    passage: Passage = WHOLE,
    already_billed: Money | None = None,
) -> Money:
    """What a model charges for a quantity, without adjustments: the sum of its rounded lines."""
    trail = Trail()
    trail.set_quantity(TAKE, ("quantity", quantity, "usage"))
    match model:
        case Allowance():
            return _fee_and_excess(trail, model, passage)
        case FlatBands():
            return _band_and_excess(trail, model, passage)
        case _:
            price(trail, model, already_billed.decimal if already_billed else ZERO)
            return to_cents(trail.amount)


@exactly
def percentage_of(model: Percentage, events: Sequence[Decimal]) -> Money:
    """What the percentage model charges for the events, in their order."""
    trail = Trail()
    percentage.price(trail, model, events)
    return to_cents(trail.amount)


def _fee_and_excess(trail: Trail, model: Allowance, passage: Passage) -> Money:
    excess = trail.branch()
    return allowance.price_fee(trail, model.fee, passage) + allowance.price_excess(excess, model, passage)


def _band_and_excess(trail: Trail, model: FlatBands, passage: Passage) -> Money:
    band = flat_bands.band_of(Decimal(trail.quantity), model, passage)
    excess = trail.branch()
    fee = flat_bands.price_band(trail, band or model.tiers[-1], passage)
    if band is not None or model.excess_price is None:
        return fee
    return fee + flat_bands.price_excess(excess, model, passage)
