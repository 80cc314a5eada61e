"""Whether each usage row is accounted for exactly once (BEY-10): taken by one frozen closing, and either in its lines
or covered by a pending issue that a person passed over; or waiting for a known closing.

What a closing may leave out of its lines is decided by its own pending issues (`LEAVES_OUT`); of that it may bill less
than it took, never more, and everything else is checked as in any other closing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from billing.closings.checks import ABOVE_LAST_BAND, ITEM_WITHOUT_COST
from billing.closings.figures import Figures, TakenBill
from billing.closings.model import Closing
from billing.closings.schedule import usage_months
from billing.contracts.model import BillingMode, Contract
from billing.core.period import Month, Period, closing_period
from billing.invoicing.invariants import Finding
from billing.rating.lines import RatedLine
from billing.rating.meters import RatedMeter
from billing.usage.bills import UtilityBill
from billing.usage.model import UsageEntry
from billing.usage.readings import Reading
from billing.usage.transactions import BilledUntil, Transaction

NOTHING = Decimal(0)


class Kind(StrEnum):
    """What a closing takes."""

    LAUNCH = "launch"
    TRANSACTION = "transaction"
    BILL = "bill"


_USED = (Kind.LAUNCH, Kind.TRANSACTION)
LEAVES_OUT: dict[str, tuple[Kind, ...]] = {
    "rating.usage_without_definition": _USED,
    ITEM_WITHOUT_COST: _USED,  # reported instead of the one above
    "rating.usage_outside_period": _USED,
    "rating.item_not_in_contract": _USED,
    "rating.price_missing": (Kind.LAUNCH,),
    "rating.unit_price_missing": (Kind.TRANSACTION,),
    ABOVE_LAST_BAND: _USED,
    "rating.utility_bill_missing": (Kind.BILL,),
    "rating.area_missing": (Kind.BILL,),
    "rating.consumption_missing": (Kind.BILL,),
}
"""Pending issue -> what stays unbilled if a person passes over it. Every other issue leaves nothing out."""


@dataclass(frozen=True)
class UsageBooks:
    """One tenant's usage, and what its closings made of it."""

    contracts: Sequence[Contract]
    closings: Sequence[Closing]
    figures: dict[str, Figures]
    """By closing."""
    entries: Sequence[UsageEntry] = ()
    transactions: Sequence[Transaction] = ()
    readings: Sequence[Reading] = ()
    billed_until: dict[str, BilledUntil] | None = None
    """By contract."""
    bills: Sequence[UtilityBill] = ()

    def live(self, contract_id: str) -> Closing | None:
        """The contract's oldest closing that is not frozen."""
        live_closings = [c for c in self.closings if c.contract_id == contract_id and not c.is_frozen]
        return min(live_closings, key=lambda closing: closing.period.start, default=None)

    def taken(self) -> dict[str, list[Closing]]:
        """The frozen closings that took each launch and transaction."""
        takers: dict[str, list[Closing]] = defaultdict(list)
        for closing in self.closings:
            if closing.is_frozen:
                for usage_id in self.figures[closing.id].usage_ids:
                    takers[usage_id].append(closing)
        return takers


def findings(books: UsageBooks) -> Iterator[Finding]:
    taken = books.taken()
    waiting = [(entry.id, _waits_for(books, entry)) for entry in books.entries]
    waiting += [(transaction.id, _of_transaction(books, transaction)) for transaction in books.transactions]
    for usage_id, closing in waiting:
        closings = taken.get(usage_id, [])
        if len(closings) > 1:
            yield Finding("usage_twice", usage_id, ", ".join(closing.id for closing in closings))
        elif not closings and closing is None:
            yield Finding("usage_lost", usage_id, "taken by no closing, and none is to come")
    for closing in books.closings:
        if closing.is_frozen:
            yield from _lines(books, closing)
    yield from _bills(books)
    yield from _readings(books)


def _waits_for(books: UsageBooks, entry: UsageEntry) -> Closing | None:
    """The closing that will take a launch that none has taken: the one of its month, or of the month after."""
    for contract in books.contracts:
        live = books.live(contract.id)
        is_of_customer = contract.customer_id == entry.customer_id and contract.mode is BillingMode.USAGE
        if not is_of_customer or live is None:
            continue
        before = books.figures.get(live.previous_id or "", Figures()).usage_months
        first = next(usage_months(live.period, contract.cut_off_day))
        is_to_come = entry.month >= first and (
            contract.in_force(closing_period(entry.month, contract.cut_off_day)) is not None
            or contract.ends_on is not None
        )
        if entry.month in before or is_to_come:
            return live
    return None


def _of_transaction(books: UsageBooks, transaction: Transaction) -> Closing | None:
    live = books.live(transaction.contract_id)
    if live is None:
        return None
    previous = next((closing for closing in books.closings if closing.id == live.previous_id), None)
    marker = (books.billed_until or {}).get(transaction.contract_id)
    since = live.period.start if previous is None else previous.period.start
    if marker is None or live.period.start <= marker.first:
        since = date.min
    return live if transaction.bill_on >= since else None


def _lines(books: UsageBooks, closing: Closing) -> Iterator[Finding]:
    """What a closing took is in its lines, except for what its pending issues leave out: launches by quantity, each
    transaction in a line of its own, each bill in a line with its amount."""
    figures = books.figures[closing.id]
    left_out = {kind for issue in figures.issues for kind in LEAVES_OUT.get(issue.code, ())}
    taken = set(figures.usage_ids)
    quantities: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for entry in books.entries:
        if entry.id in taken:
            quantities[entry.billing_item_id] += entry.quantity
    billed = _catalog_quantities(figures.lines)
    for item_id, quantity in quantities.items():
        if billed[item_id] != quantity and not (Kind.LAUNCH in left_out and billed[item_id] < quantity):
            yield Finding(
                "usage_line", closing.id, f"{item_id}: took {quantity}, lines have {billed[item_id]}"
            )
    sources = {source for line in figures.lines for source in _sources(line)}
    by_sum = any(source.startswith(("usage:", "pool:")) for source in sources)
    for transaction in books.transactions:
        is_told = f"usage {transaction.id}" in sources or by_sum
        if (
            transaction.id in taken
            and transaction.quantity
            and not is_told
            and Kind.TRANSACTION not in left_out
        ):
            yield Finding("usage_line", transaction.id, f"taken by {closing.id}, in none of its lines")
    if Kind.BILL not in left_out:
        yield from _bill_lines(books, closing)


def _bill_lines(books: UsageBooks, closing: Closing) -> Iterator[Finding]:
    """Each bill that a closing shares out is in a line, with its present amount or consumption. Sub-metered charges do
    not count as sharing it out: a sub-meter may have counted nothing."""
    figures = books.figures[closing.id]
    contract = next(agreed for agreed in books.contracts if agreed.id == closing.contract_id)
    there = {(bill.source, bill.month): bill for bill in books.bills}
    for taken in figures.bills:
        bill = there.get((taken.source, taken.month))
        versions = {
            (given.name, Decimal(given.value))
            for line in figures.lines
            for step in line.explanation.steps
            for given in step.inputs
            if given.source == f"bill {taken.source}"
        }
        if bill is None or not _is_shared(contract, closing, taken):
            continue
        if not versions & {("bill", bill.amount.decimal), ("consumption", bill.consumption)}:
            of = f"{taken.source} {taken.month}"
            yield Finding("bill_line", of, f"taken by {closing.id}, in none of its lines as it is")


def _is_shared(contract: Contract, closing: Closing, taken: TakenBill) -> bool:
    """Whether a charge of the closing is a share of the bill itself, for the contract or for an item that was in it."""
    days = closing_period(taken.month, contract.cut_off_day).intersection(closing.period)
    active = None if days is None else contract.in_force(days)
    return active is not None and any(
        definition.needed_bill == taken.source
        and definition.energy is not None
        and not definition.energy.sub_metering
        and (definition.item_id is None or _is_there(contract, definition.item_id, active))
        for definition in contract.definitions_in(active)
    )


def _is_there(contract: Contract, item_id: str, days: Period) -> bool:
    item = contract.item(item_id)
    return item is not None and item.in_contract(days) is not None


def _bills(books: UsageBooks) -> Iterator[Finding]:
    """Each bill was taken in its present version by the frozen closings of its month, or a closing that needs it is
    still to come."""
    taken_by: dict[tuple[str, Month], list[tuple[Closing, TakenBill]]] = defaultdict(list)
    cut_off = {contract.id: contract.cut_off_day for contract in books.contracts}
    for closing in books.closings:
        for taken in books.figures[closing.id].bills if closing.is_frozen else ():
            taken_by[taken.source, taken.month].append((closing, taken))
            month = closing_period(taken.month, cut_off[closing.contract_id])
            if month.intersection(closing.period) is None:
                yield Finding("bill_month", f"{taken.source} {taken.month}", f"taken by {closing.id}")
    for bill in books.bills:
        of = f"{bill.source} {bill.month}"
        for closing, taken in taken_by[bill.source, bill.month]:
            if taken.version != bill.version:
                message = f"{closing.id} took version {taken.version}, it has {bill.version}"
                yield Finding("bill_changed", of, message)
        if not taken_by[bill.source, bill.month] and _bill_waits_for(books, bill) is None:
            yield Finding("bill_lost", of, "taken by no closing, and none is to come")


def _bill_waits_for(books: UsageBooks, bill: UtilityBill) -> Closing | None:
    """A closing that is not frozen, of a contract that needs the bill for days that are not frozen yet."""
    for contract in books.contracts:
        live = books.live(contract.id)
        if live is None:
            continue
        days_to_come = Period(live.period.start, date.max)
        if bill.source in contract.bill_sources(days_to_come, bill.month):
            return live
    return None


def _catalog_quantities(lines: Iterable[RatedLine]) -> dict[str, Decimal]:
    """What the lines priced from the catalog took of each billing item, before any minimum."""
    quantities: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for line in lines:
        item = next((s for s in _sources(line) if s.startswith("catalog ")), None)
        if item is not None:
            quantities[item.split()[1].partition("@")[0]] += line.explanation.steps[0].value("quantity")
    return quantities


def _sources(line: RatedLine) -> Iterator[str]:
    return (given.source for step in line.explanation.steps for given in step.inputs)


def _readings(books: UsageBooks) -> Iterator[Finding]:
    """Where no closing follows, the billed counter is what all readings say; elsewhere the next closing trues it up."""
    for contract in books.contracts:
        marker = (books.billed_until or {}).get(contract.id)
        for item in contract.items:
            ends_on = min((day for day in (item.left_on, contract.ends_on) if day), default=None)
            if ends_on is None or marker is None or marker.end < ends_on:
                continue
            for meter in item.meters:
                known = [
                    reading.for_rating()
                    for reading in books.readings
                    if (reading.customer_id, reading.item_id, reading.unit)
                    == (contract.customer_id, item.id, meter.unit)
                ]
                counted = RatedMeter(meter.initial, item.joined_on, known).position(ends_on).units
                billed = _counter(books, contract, item.id, meter.unit)
                if billed is not None and billed != counted:
                    yield Finding("reading_lost", f"{item.id}/{meter.unit}", f"billed {billed} of {counted}")


def _counter(books: UsageBooks, contract: Contract, item_id: str, unit: str) -> Decimal | None:
    """Units billed by the last frozen closing that rated the meter; None if none did, or if they are estimated."""
    frozen = [
        frozen_closing
        for frozen_closing in books.closings
        if frozen_closing.contract_id == contract.id and frozen_closing.is_frozen
    ]
    for closing in sorted(frozen, key=lambda frozen_closing: frozen_closing.period.start, reverse=True):
        for counter in books.figures[closing.id].counters:
            if (counter.item_id, counter.unit) == (item_id, unit):
                return None if counter.is_estimated else counter.units
    return None
