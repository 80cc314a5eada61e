"""Whether each usage row is accounted for exactly once (BEY-10): taken by one frozen closing, with its line or with a pending
issue that a person passed over, or waiting for a closing that is named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.closings.figures import Figures
from billing.closings.model import Closing
from billing.closings.schedule import usage_months
from billing.contracts.model import BillingMode, Contract
from billing.core.period import closing_period
from billing.invoicing.invariants import Finding
from billing.rating.lines import RatedLine
from billing.rating.meters import Meter
from billing.usage.model import UsageEntry
from billing.usage.readings import Reading
from billing.usage.transactions import BilledUntil, Transaction

NOTHING = Decimal(0)


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

    def live(self, contract_id: str) -> Closing | None:
        """The contract's oldest closing that is not frozen."""
        found = [c for c in self.closings if c.contract_id == contract_id and not c.is_frozen]
        return min(found, key=lambda closing: closing.period.start, default=None)

    def taken(self) -> dict[str, list[Closing]]:
        """The frozen closings that took each launch and transaction."""
        found: dict[str, list[Closing]] = defaultdict(list)
        for closing in self.closings:
            if closing.is_frozen:
                for usage_id in self.figures[closing.id].usage_ids:
                    found[usage_id].append(closing)
        return found


def findings(books: UsageBooks) -> Iterator[Finding]:
    taken = books.taken()
    waiting = [(entry.id, _waits_for(books, entry)) for entry in books.entries]
    waiting += [(each.id, _of_transaction(books, each)) for each in books.transactions]
    for usage_id, closing in waiting:
        closings = taken.get(usage_id, [])
        if len(closings) > 1:
            yield Finding("usage_twice", usage_id, ", ".join(closing.id for closing in closings))
        elif not closings and closing is None:
            yield Finding("usage_lost", usage_id, "taken by no closing, and none is to come")
    for closing in books.closings:
        if closing.is_frozen and not closing.pending:
            yield from _lines(books, closing)
    yield from _readings(books)


def _waits_for(books: UsageBooks, entry: UsageEntry) -> Closing | None:
    """The closing that will take a launch that none has: of its month, or of the one after."""
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
    previous = next((each for each in books.closings if each.id == live.previous_id), None)
    marker = (books.billed_until or {}).get(transaction.contract_id)
    since = live.period.start if previous is None else previous.period.start
    if marker is None or live.period.start <= marker.first:
        since = date.min
    return live if transaction.bill_on >= since else None


def _lines(books: UsageBooks, closing: Closing) -> Iterator[Finding]:
    """What a closing without pending issues took is in its lines: launches by quantity, each transaction by its own line."""
    figures = books.figures[closing.id]
    taken = set(figures.usage_ids)
    quantities: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for entry in books.entries:
        if entry.id in taken:
            quantities[entry.billing_item_id] += entry.quantity
    billed = _catalog_quantities(figures.lines)
    for item_id, quantity in quantities.items():
        if billed[item_id] != quantity:
            yield Finding(
                "usage_line", closing.id, f"{item_id}: took {quantity}, lines have {billed[item_id]}"
            )
    sources = {source for line in figures.lines for source in _sources(line)}
    by_sum = any(source.startswith(("usage:", "pool:")) for source in sources)
    for each in books.transactions:
        is_told = f"usage {each.id}" in sources or by_sum
        if each.id in taken and each.quantity and not is_told:
            yield Finding("usage_line", each.id, f"taken by {closing.id}, in none of its lines")


def _catalog_quantities(lines: Iterable[RatedLine]) -> dict[str, Decimal]:
    """What the lines priced by the catalog took of each billing item, before any minimum."""
    found: dict[str, Decimal] = defaultdict(lambda: NOTHING)
    for line in lines:
        item = next((s for s in _sources(line) if s.startswith("catalog ")), None)
        if item is not None:
            found[item.split()[1].partition("@")[0]] += line.explanation.steps[0].value("quantity")
    return found


def _sources(line: RatedLine) -> Iterator[str]:
    return (given.source for step in line.explanation.steps for given in step.inputs)


def _readings(books: UsageBooks) -> Iterator[Finding]:
    """Where no closing comes after, the counter billed is what all readings say; elsewhere the next one trues up."""
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
                counted = Meter(meter.initial, item.joined_on, known).position(ends_on).units
                billed = _counter(books, contract, item.id, meter.unit)
                if billed is not None and billed != counted:
                    yield Finding("reading_lost", f"{item.id}/{meter.unit}", f"billed {billed} of {counted}")


def _counter(books: UsageBooks, contract: Contract, item_id: str, unit: str) -> Decimal | None:
    """Units billed by the last frozen closing that rated the meter; None where none did, or where they are estimated."""
    frozen = [each for each in books.closings if each.contract_id == contract.id and each.is_frozen]
    for closing in sorted(frozen, key=lambda each: each.period.start, reverse=True):
        for counter in books.figures[closing.id].counters:
            if (counter.item_id, counter.unit) == (item_id, unit):
                return None if counter.is_estimated else counter.units
    return None
