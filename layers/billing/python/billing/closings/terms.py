"""The input for rating a period: from the contract, and from what was gathered.

A closing that covers part of a closing month is rated as that part; one that an early freeze made longer than a month
is counted month by month.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from billing.closings.figures import Accrued, Carried, Figures, MinimumBalance, PeriodCounter, TakenBill
from billing.closings.schedule import closing_month
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract
from billing.core.money import ZERO
from billing.core.period import Month, Period
from billing.rating.definition import ChargeDefinition
from billing.rating.lines import Rating
from billing.rating.meters import MeterValue
from billing.rating.pricing.blocks import Blocks, Mode
from billing.rating.pricing.partial_passage import PassageMode
from billing.rating.terms import (
    CatalogItem,
    MeterInput,
    RatedBill,
    RatedItem,
    RatingInput,
    RunningTotal,
    TaxRates,
    UsageQuantity,
)
from billing.usage.acceptance import Guard
from billing.usage.readings import StrayItem
from billing.usage.transactions import BilledUntil

_Kept = TypeVar("_Kept", MinimumBalance, Accrued)


NO_UNITS = Decimal(0)
_NONE: Mapping[Any, Any] = MappingProxyType({})


class Gathered(NamedTuple):
    """What happened in the period, and what the previous closing carried over."""

    opening: Figures = Figures()
    usage: Sequence[UsageQuantity] = ()
    usage_months: Sequence[Month] = ()
    """The months that this closing bills and finalises."""
    usage_ids: Sequence[str] = ()
    """Usage entries and transactions that this closing takes."""
    usage_before: Sequence[str] = ()
    """Usage entries of those months that the closing of an earlier part of the month took."""
    readings: Mapping[tuple[str, str], Sequence[MeterValue]] = _NONE
    """By item and unit, all readings known up to the period's end."""
    last_seen: Mapping[str, date] = _NONE
    """The day of each item's last monitored reading."""
    prices: Mapping[str, CatalogItem] = _NONE
    utility_bills: Mapping[tuple[str, Month], RatedBill] = _NONE
    """By source and month, those of the period's closing months."""
    bills: Sequence[TakenBill] = ()
    """The utility bills that the period's charges need, whether they exist or not."""
    taxes: TaxRates = _NONE
    billed_until: BilledUntil | None = None
    """The day up to which the contract is frozen."""
    stray: Sequence[StrayItem] = ()
    """The customer's equipment that monitoring reported in the period or later and that is in no contract."""
    conditions: Sequence[Guard] = ()
    """What must still be true when the closing freezes with what was gathered."""


def terms(
    contract: Contract,
    period: Period,
    gathered: Gathered | None = None,
    passages: Mapping[str, PassageMode] | None = None,
) -> RatingInput | None:
    """The input for rating; None if the contract is not in force on any day of the period."""
    active = contract.in_force(period)
    if active is None:
        return None
    known = gathered or Gathered()
    month = closing_month(period.start, contract.cut_off_day)
    is_within_month = period.end <= month.end
    late = [usage.on for usage in known.usage if usage.is_late]
    items = {item.id: part for item in contract.items if (part := item.in_contract(active)) is not None}
    return RatingInput(
        period=month if is_within_month else period,
        cut_off_day=None if is_within_month else contract.cut_off_day,
        active=active,
        definitions=contract.definitions_in(Period(min([period.start, *late]), period.end)),
        items=[
            _item(item, items[item.id], active, passages or {}) for item in contract.items if item.id in items
        ],
        usage=known.usage,
        meters=_meters(contract, items, known) if gathered is not None else (),
        carry_over={
            (balance.definition_id, balance.item_id): balance.units for balance in known.opening.balances
        },
        prices=known.prices,
        utility_bills=known.utility_bills,
        taxes=known.taxes,
        running_totals={
            (total.definition_id, total.item_id): RunningTotal(total.quantity, total.amount)
            for total in known.opening.accrued
        },
        contract_start=contract.activated_on,
        contract_end=contract.ends_on,
    )


def counters(contract: Contract, opening: Figures, rating: Rating) -> tuple[PeriodCounter, ...]:
    """The positions of the contract's meters after the period; a meter that was not rated keeps its position."""
    present = {item.id for item in contract.items}
    by_meter = {
        (counter.item_id, counter.unit): counter for counter in opening.counters if counter.item_id in present
    }
    for position in rating.meter_positions:
        by_meter[position.item_id, position.unit] = PeriodCounter.model_validate(position._asdict())
    return tuple(by_meter[key] for key in sorted(by_meter))


def balances(opening: Figures, rating: Rating) -> tuple[MinimumBalance, ...]:
    """The carry-over left after the period's movements."""
    by_definition = {(balance.definition_id, balance.item_id): balance for balance in opening.balances}
    for movement in rating.carry_over_movements:
        by_definition[movement.definition_id, movement.item_id] = MinimumBalance(
            definition_id=movement.definition_id, item_id=movement.item_id, units=movement.balance
        )
    return tuple(balance for balance in _in_order(by_definition) if balance.units)


def carried(rating: Rating) -> tuple[Carried, ...]:
    """The carry-over's movements in the period, from rating."""
    return tuple(
        Carried(
            definition_id=movement.definition_id,
            item_id=movement.item_id,
            kind=movement.kind,
            units=movement.units,
            balance=movement.balance,
        )
        for movement in rating.carry_over_movements
    )


def accrued(contract: Contract, opening: Figures, rating: Rating) -> tuple[Accrued, ...]:
    """What definitions with blocks of a running total have billed to date."""
    running = {definition.definition_id for definition in contract.definitions if _is_running(definition)}
    by_definition = {(total.definition_id, total.item_id): total for total in opening.accrued}
    for line in rating.lines:
        if line.definition_id in running and line.kind == "usage" and line.quantity is not None:
            key = (line.definition_id, line.item_id)
            before = by_definition[key].amount if key in by_definition else ZERO
            by_definition[key] = Accrued(
                definition_id=line.definition_id,
                item_id=line.item_id,
                quantity=Decimal(line.quantity),
                amount=before + line.amount,
            )
    return tuple(_in_order(by_definition))


def _item(item: ContractItem, part: Period, active: Period, passages: Mapping[str, PassageMode]) -> RatedItem:
    """A partial passage needs a person's choice only for items monitored over the network (CLO-05 e)."""
    return RatedItem(
        item_id=item.id,
        description=item.description,
        area=item.area,
        active=None if part == active else part,
        partial_passage=passages.get(item.id, None if item.monitored else PassageMode.PRO_RATA),
    )


def _meters(contract: Contract, present: Container[str], known: Gathered) -> list[MeterInput]:
    billed = {(counter.item_id, counter.unit): counter.units for counter in known.opening.counters}
    return [
        MeterInput(
            item_id=item.id,
            unit=meter.unit,
            initial=meter.initial,
            readings=known.readings.get((item.id, meter.unit), ()),
            billed_before=billed.get((item.id, meter.unit), NO_UNITS),
            since=max(item.joined_on, contract.activated_on or item.joined_on),
        )
        for item in contract.items
        if item.id in present
        for meter in item.meters
    ]


def _is_running(definition: ChargeDefinition) -> bool:
    return isinstance(definition.pricing, Blocks) and definition.pricing.mode is Mode.DELTA


def _in_order(by_definition: Mapping[tuple[str, str | None], _Kept]) -> list[_Kept]:
    return [by_definition[key] for key in sorted(by_definition, key=lambda place: (place[0], place[1] or ""))]
