"""The input for rating: the terms of one contract and what happened in one period, all supplied by the caller.

Nothing is looked up during rating: prices, balances and definition versions are part of the input, so the same input
always gives the same lines. The order of usage, readings, items and definitions never matters. Floats are refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from billing.core.money import Money
from billing.core.period import Month, Period
from billing.rating.definition import Category, ChargeDefinition
from billing.rating.exact import refuse_floats
from billing.rating.explanation import ZERO
from billing.rating.meters import MeterValue
from billing.rating.pricing.partial_passage import PassageMode

TaxRates = Mapping[str, Sequence[tuple[date, Decimal]]]
"""Rates in percent by tax code, each in force from its day until the next one's."""

NO_ATTRIBUTES: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True, eq=False, repr=False)
class RatedItem:
    """A contract item: printer, vehicle, meter, project, work order."""

    item_id: str
    description: str
    area: Decimal | None = None
    """Occupied area in m2, where energy is shared by area."""
    active: Period | None = None
    """The part of the period in which it was in the contract; None means all of it."""
    partial_passage: PassageMode | None = None
    """How a person chose to bill an individual allowance in a partial passage; None means not yet chosen (CLO-05 e)."""

    def __post_init__(self) -> None:
        refuse_floats(self.area)


@dataclass(slots=True, eq=False, repr=False)
class UsageQuantity:
    """One usage entry, event or work-order transaction."""

    item_id: str | None
    unit: str | None
    quantity: Decimal
    unit_price: Decimal | None
    """BRL per unit, if the transaction has its own: cost of a work order, fixed sales price."""
    category: Category
    subcategory: str
    billing_item_id: str | None
    on: date
    attributes: Mapping[str, str] = field(default_factory=lambda: NO_ATTRIBUTES)
    """labour_level, occupation_type, part_class."""
    usage_id: str = ""
    """Its own id, from which the id of a transaction's line is derived."""
    description: str | None = None
    is_late: bool = False
    """From an earlier, frozen period (CLO-11): rated here, at the prices of its own month."""

    def __post_init__(self) -> None:
        refuse_floats(self.quantity, self.unit_price)


@dataclass(slots=True, eq=False, repr=False)
class MeterInput:
    """A meter of an item, with every reading known up to the period's end."""

    item_id: str
    unit: str
    initial: Decimal | None = None
    """The counter's value when it joined the contract; None means the definition's, or zero."""
    readings: Sequence[MeterValue] = ()
    billed_before: Decimal = ZERO
    """Units billed by earlier closings, estimates included."""
    daily_estimate: Decimal | None = None
    """Units a day where there is no reading; None means the definition's, if it estimates."""
    since: date | None = None
    """The meter's first day in the contract; None if there is a reading, or if it is the period's first day."""

    def __post_init__(self) -> None:
        refuse_floats(self.initial, self.billed_before, self.daily_estimate)


class CatalogItem(NamedTuple):
    """A billing item with its prices by month (CAT-01), newest or oldest first."""

    description: str
    unit: str
    prices: Sequence[tuple[Month, Decimal]]


@dataclass(slots=True, eq=False, repr=False)
class RatedBill:
    """A utility bill of the period, from the source named by a definition."""

    amount: Money
    consumption: Decimal | None = None
    area: Decimal | None = None
    """The source's whole area in m2."""

    def __post_init__(self) -> None:
        refuse_floats(self.consumption, self.area)


class RunningTotal(NamedTuple):
    """What earlier closings billed for a definition with blocks of a running total."""

    quantity: Decimal
    amount: Money


@dataclass(slots=True, eq=False, repr=False)
class RatingInput:
    period: Period
    """The closing's period: the divisor of every proration, unless `cut_off_day` is given."""
    active: Period | None = None
    """The part of it in which the contract was active; None means all of it."""
    definitions: Sequence[ChargeDefinition] = ()
    """Every version that may be in force in the period."""
    items: Sequence[RatedItem] = ()
    usage: Sequence[UsageQuantity] = ()
    meters: Sequence[MeterInput] = ()
    carry_over: Mapping[tuple[str, str | None], Decimal] = field(default_factory=dict)
    """Units stored, by definition and item."""
    prices: Mapping[str, CatalogItem] = field(default_factory=dict)
    """The billing items named in the usage."""
    utility_bills: Mapping[tuple[str, Month], RatedBill] = field(default_factory=dict)
    """By utility bill source and the month in which the closing month starts."""
    taxes: TaxRates = field(default_factory=dict)
    running_totals: Mapping[tuple[str, str | None], RunningTotal] = field(default_factory=dict)
    contract_start: date | None = None
    contract_end: date | None = None
    """The day after the contract's last day, if it ends in this period or has ended."""
    cut_off_day: int | None = None
    """Given where the period is not a whole closing month (an early freeze, merged days): monthly amounts then
    count by months from cut-off to cut-off."""

    def __post_init__(self) -> None:
        refuse_floats(
            *self.carry_over.values(), *(percent for rates in self.taxes.values() for _, percent in rates)
        )
