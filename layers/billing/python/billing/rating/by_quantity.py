"""Lines for what was used: per definition, target and version, whatever the pricing model (CHG-08)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from billing.core.money import Money
from billing.rating.charge import ChargeRating
from billing.rating.explanation import ZERO, Trail
from billing.rating.gathering import Gathering, Groups
from billing.rating.matching import Series
from billing.rating.pricing import allowance, flat_bands, models, percentage, shared_allowance
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.blocks import Blocks, Mode
from billing.rating.pricing.flat_bands import FlatBands
from billing.rating.pricing.graduated import Graduated
from billing.rating.pricing.models import ByQuantity
from billing.rating.pricing.package import Package
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.pricing.percentage import Percentage
from billing.rating.pricing.volume import Volume
from billing.rating.ruling import Ruling
from billing.rating.run import RatingRun
from billing.rating.transaction import TAKE
from billing.rating.units import covers

_NO_USE = Gathering()


def rate_usage(run: RatingRun, series: Series, groups: Groups) -> None:
    """Every target of the definition with its use, and those without use if the definition charges them anyway."""
    used = groups.get(series.definition_id, {})
    for item_id in _targets(run, series, used):
        active = run.active_part(item_id)
        if active is None:
            continue
        for ruling, parts in run.directory.by_version(series, item_id, active):
            gathering = used.get((item_id, ruling.version))
            if gathering is None:
                if not _charges_without_use(ruling) or not _concerns(run, ruling, series, item_id):
                    continue
                gathering = _NO_USE
            rate_charge(ChargeRating(run, ruling, item_id, parts, gathering))


def _targets(
    run: RatingRun, series: Series, used: Mapping[tuple[str | None, int], Gathering]
) -> Sequence[str | None]:
    """The targets that the definition is for, and those with use under it."""
    if series.first.is_pooled:
        return (None,)
    seen = {target for target, _ in used}
    if not run.item_ids and series.item_id is None and seen:
        return sorted(seen, key=lambda item_id: item_id or "")
    targets = run.targets(series)
    return (*targets, *seen.difference(targets))  # at most one more: use by the contract itself, by no item


def _charges_without_use(ruling: Ruling) -> bool:
    """Whether it charges without use: a fee, a flat amount or a minimum does."""
    if ruling.minimum_quantity or ruling.definition.parameters.minimum_charge:
        return True
    match ruling.pricing:
        case Allowance() | FlatBands():
            return True
        case Graduated(tiers=tiers) | Volume(tiers=tiers):
            return bool(tiers[0].flat)
        case _:
            return False


def _concerns(run: RatingRun, ruling: Ruling, series: Series, item_id: str | None) -> bool:
    """A header definition does not concern an item whose meters all count something else."""
    units = run.meter_units.get(item_id or "")
    if series.item_id is not None or not units:
        return True
    return any(covers(ruling.usage_unit, unit) for unit in units)


def rate_charge(charge: ChargeRating) -> None:
    """The lines of one charge by its pricing model."""
    model = charge.ruling.pricing
    _BY_MODEL[type(model)](charge, model)


def _in_one_line(charge: ChargeRating, model: ByQuantity) -> None:
    trail = Trail()
    charge.take_quantity(trail)
    models.price(trail, model)
    if trail.quantity or trail.amount or _charges_without_use(charge.ruling):
        charge.close(trail)


def _allowance(charge: ChargeRating, model: Allowance) -> None:
    if model.shared:
        _shared(charge, model)
    else:
        _individual(charge, model)


def _individual(charge: ChargeRating, model: Allowance) -> None:
    quantity = Trail()
    charge.take_quantity(quantity)
    passage = charge.fee_passage()
    fee = quantity.branch()
    total = charge.add(fee, allowance.price_fee(fee, model.fee, passage), "allowance_fee")
    excess = quantity.branch()
    beyond = allowance.price_excess(excess, model, passage)
    if excess.quantity:
        total += charge.add(excess, beyond, "excess", label=" – excedente")
    charge.adjust_sum(quantity, total)


def _bands(charge: ChargeRating, model: FlatBands) -> None:
    quantity = Trail()
    charge.take_quantity(quantity)
    passage = charge.fee_passage()
    band = flat_bands.band_of(quantity.quantity, model, passage)
    fee = quantity.branch()
    total = charge.add(fee, flat_bands.price_band(fee, band or model.tiers[-1], passage), "allowance_fee")
    if band is None and model.excess_price is None:
        charge.run.issue(
            "rating.above_last_band",
            "Quantidade acima da última faixa, sem preço do excedente: informe o preço ou mais uma faixa.",
            charge.item_id,
        )
    elif band is None:
        excess = quantity.branch()
        beyond = flat_bands.price_excess(excess, model, passage)
        total += charge.add(excess, beyond, "excess", label=" – excedente")
    charge.adjust_sum(quantity, total)


def _shared(charge: ChargeRating, model: Allowance) -> None:
    """The pool's cost as one line per user; adjustments apply to the pool, as a line of the contract."""
    quantity = Trail()
    charge.take_quantity(quantity, pooled=True)
    pool = quantity.branch()
    shared_allowance.price(pool, model, charge.passage)
    users = charge.gathering.by_user() or dict.fromkeys(
        ((item_id, "") for item_id in charge.run.item_ids or [""]), ZERO
    )
    everyone = list(users.values())
    shares = shared_allowance.shares(pool, everyone)
    sharing = shared_allowance.Sharing.of(everyone)
    total = Money.from_cents(0)
    for ((item_id, unit), used), share in zip(users.items(), shares, strict=True):
        trail = pool.branch()
        sharing.take(trail, used, share)
        total += share
        charge.add_share(trail, share, item_id or None, unit)
    charge.adjust_sum(quantity, total)


def _percentage(charge: ChargeRating, model: Percentage) -> None:
    events = sorted(
        charge.gathering.entries,
        key=lambda measured: (measured.on, measured.usage_id, measured.item_id or "", measured.quantity),
    )
    amounts = [event.quantity for event in events]
    amounts += [
        measured.units for measured in charge.gathering.metered if measured.units
    ]  # a meter's count is one event
    trail = Trail()
    trail.set_quantity(TAKE, ("quantity", ZERO + len(amounts), "usage"))
    percentage.price(trail, model, amounts)
    charge.close(trail)


def _blocks(charge: ChargeRating, model: Blocks) -> None:
    if model.mode is Mode.DELTA:
        _running_blocks(charge, model)
    else:
        _in_one_line(charge, model)


def _running_blocks(charge: ChargeRating, model: Blocks) -> None:
    """All tiers of the running total, minus what was billed before; the line's quantity is the running total."""
    before = charge.run.terms.running_totals.get((charge.ruling.definition_id, charge.item_id))
    trail = Trail()
    if before is not None:
        trail.set_quantity(TAKE, ("quantity", before.quantity, "closing"))
    charge.gathering.take(trail)
    models.price(trail, model, before.amount.decimal if before is not None else ZERO)
    charge.close(trail)


_BY_MODEL: dict[type, Callable[[ChargeRating, Any], None]] = {
    PerUnit: _in_one_line,
    Graduated: _in_one_line,
    Volume: _in_one_line,
    Package: _in_one_line,
    Blocks: _blocks,
    Allowance: _allowance,
    FlatBands: _bands,
    Percentage: _percentage,
}
"""Looked up by type: trying one class after another costs more than the arithmetic."""
