"""Readings of meters: entered by a person one at a time, from monitoring in batches (USE-04).

Monitoring also reports equipment that is in no contract: its readings are kept, and the customer's closings say so
(CLO-05 a) until the equipment is added to a contract, which then bills them.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from billing.access.call import Call
from billing.audit.batches import BatchAnswer
from billing.audit.changes import Changes, trying_again
from billing.contracts import store as contracts
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract
from billing.core.errors import Conflict, Refusal, Refused, Transient
from billing.core.ids import derived_id, new_id
from billing.core.table import MAX_TRANSACTION_ITEMS, require_version
from billing.customers.table import registered, require_customer
from billing.usage import store
from billing.usage.acceptance import Condition, Guard, arriving, hold
from billing.usage.actions import ReadingAction
from billing.usage.events import ReadingEvent
from billing.usage.imports import (
    ATTEMPTS,
    CUSTOMER_MISSING,
    BatchLine,
    FieldError,
    ImportOutcome,
    answer,
    read_lines,
)
from billing.usage.readings import (
    MeterDay,
    NewReading,
    Reading,
    ReadingOrigin,
    Shown,
    reasons_against,
    reasons_of_value,
)
from billing.usage.transactions import BilledUntil

CLOSED = Refusal(
    "reading.closed",
    "O último fechamento com este item já foi congelado: descongele-o, ou cobre a diferença à parte, em uma conta.",
    field="on",
)

Known = dict[tuple[str, str], list[Reading]]
"""Readings by item and unit, oldest first."""
Versions = dict[str, int]
"""Versions of the readings by item: new readings were compared with these, and create the next version."""


class Placement(NamedTuple):
    """An item in a contract, and the day up to which that contract is frozen."""

    contract: Contract
    item: ContractItem
    frozen: BilledUntil | None

    @property
    def ends_on(self) -> date | None:
        """The first day on which no closing of the contract bills the item, if known."""
        return min(
            (day for day in (self.item.left_on, self.contract.ends_on) if day is not None), default=None
        )

    @property
    def is_closed(self) -> bool:
        return self.ends_on is not None and self.frozen is not None and self.frozen.end >= self.ends_on

    def conditions(self, tenant_id: str) -> Iterator[Condition]:
        """The conditions for writing a reading."""
        yield from arriving(tenant_id, self.contract, ends_on=self.ends_on)
        key = store.billed_until_key(tenant_id, self.contract.customer_id, self.contract.id)
        yield Guard(store.UsageTable, *key, 0 if self.frozen is None else self.frozen.version)


class Accepted(NamedTuple):
    line: BatchLine[ReadingEvent]
    reading: Reading
    conditions: tuple[Condition, ...]
    is_stray: bool
    """Whether it is for equipment in no contract."""


def listed(call: Call, customer_id: str, item_id: str, unit: str) -> list[Reading]:
    """A meter's readings, oldest first; none of an item that is in no contract of the caller's companies."""
    mine = contracts.contracts_for(call, customer_id)
    if all(contract.item(item_id) is None for contract in mine):
        return []
    return store.readings(call.tenant_id, customer_id, item_id, unit)


def record(call: Call, customer_id: str, new: NewReading) -> Reading:
    """Add a reading taken by a person. Raises NotFound, Refused with every reason."""
    require_customer(call.tenant_id, customer_id)
    return trying_again(call, lambda: _record(call, customer_id, new))


def _record(call: Call, customer_id: str, new: NewReading) -> Reading:
    versions = store.readings_versions(call.tenant_id, customer_id, [new.item_id])
    placements = _placements(call, customer_id)
    reasons = _reasons_against(call, customer_id, new, placements, {})
    if reasons:
        raise Refused.because(reasons)
    reading = Reading.model_validate(
        {
            **new.__dict__,
            "id": new_id("rea"),
            "customer_id": customer_id,
            "origin": ReadingOrigin.BY_HAND,
        }
    )
    changes = Changes(call)
    changes.put(store.reading_row(call.tenant_id, reading), ReadingAction.RECORDED)
    _mark(changes, call, customer_id, versions)
    hold(changes, _conditions(call, new, placements))
    return changes.commit_answering(reading)


def correct(call: Call, customer_id: str, meter_day: MeterDay, version: int, shown: Shown) -> Reading:
    """Correct a mistaken value; what it billed is trued up in the next period. Raises NotFound, Refused."""
    return trying_again(call, lambda: _correct(call, customer_id, meter_day, version, shown))


def _correct(call: Call, customer_id: str, meter_day: MeterDay, version: int, shown: Shown) -> Reading:
    versions = store.readings_versions(call.tenant_id, customer_id, [meter_day.item_id])
    before = require_version(store.get_reading(call.tenant_id, customer_id, meter_day), version)
    after = before.evolve(value=shown.value, restart=shown.restart)
    known = store.readings(call.tenant_id, customer_id, before.item_id, before.unit)
    others = {(before.item_id, before.unit): [reading for reading in known if reading.on != before.on]}
    placements = _placements(call, customer_id)
    reasons = _reasons_against(call, customer_id, after, placements, others)
    if reasons:
        raise Refused.because(reasons)
    changes = Changes(call)
    changes.put(store.reading_row(call.tenant_id, after), ReadingAction.CORRECTED, before=before, after=after)
    _mark(changes, call, customer_id, versions)
    hold(changes, _conditions(call, after, placements))
    return changes.commit_answering(after)


def _mark(changes: Changes, call: Call, customer_id: str, versions: Versions) -> None:
    for item_id, version in versions.items():
        changes.include(store.readings_mark_row(call.tenant_id, customer_id, item_id, version))


def import_readings(
    call: Call, raw: Sequence[ReadingEvent | dict[str, Any]], field_error: FieldError
) -> BatchAnswer:
    """Keep readings that monitoring sent; a repeated one is kept once."""
    return answer(call, count_readings(call, enumerate(raw, start=1), field_error))


def count_readings(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> ImportOutcome[ReadingEvent]:
    """The results of numbered lines."""
    outcome: ImportOutcome[ReadingEvent] = ImportOutcome()
    lines = read_lines(ReadingEvent, numbered, outcome, field_error, source)
    people = registered(call.tenant_id, [line.event.customer_id for line in lines])
    lines.sort(key=lambda line: (line.event.customer_id, line.event.item_id, line.event.on, line.number))
    for customer_id, group in groupby(lines, key=lambda line: line.event.customer_id):
        if customer_id in people:
            _import_of(call, customer_id, list(group), outcome)
            continue
        for line in group:
            outcome.refuse(line.number, [CUSTOMER_MISSING])
    return outcome


def _import_of(
    call: Call, customer_id: str, lines: list[BatchLine[ReadingEvent]], outcome: ImportOutcome[ReadingEvent]
) -> None:
    for attempt in range(ATTEMPTS):
        versions = store.readings_versions(
            call.tenant_id, customer_id, {line.event.item_id for line in lines}
        )
        left = deque(_groups(_acceptable(call, customer_id, lines, outcome)))
        try:
            while left:
                _keep(call, customer_id, left[0], versions)
                outcome.accept(placed_line.line for placed_line in left.popleft())
        except (Conflict, Transient):
            if attempt == ATTEMPTS - 1:
                raise
            lines = [
                placed_line.line for group in left for placed_line in group
            ]  # they were checked against readings that were not kept
        else:
            return


def _acceptable(
    call: Call, customer_id: str, lines: list[BatchLine[ReadingEvent]], outcome: ImportOutcome[ReadingEvent]
) -> list[Accepted]:
    """Each line checked against those before it, an item's lines in order of days."""
    placements, known = _placements(call, customer_id), Known()
    kept = []
    for line in lines:
        event = line.event
        readings = _known_of(call, customer_id, event, known)
        same = next((reading for reading in readings if _is_same(event, reading)), None)
        if same is not None:
            if line.source is not None and same.source == line.source:
                outcome.accept([line])  # by an attempt before, whose report was lost
            else:
                outcome.know(line)
            continue
        is_stray = all(placement.item.id != event.item_id for placement in placements)
        if is_stray:
            reasons = reasons_of_value(event, readings, call.today)
        else:
            reasons = _reasons_against(call, customer_id, event, placements, known)
        if reasons:
            outcome.refuse(line.number, reasons)
            continue
        reading = Reading.model_validate(
            {
                **event.__dict__,
                "id": derived_id("rea", "event", event.event_key),
                "origin": ReadingOrigin.MONITORED,
                "source": line.source,
            }
        )
        readings.append(reading)
        kept.append(Accepted(line, reading, _conditions(call, event, placements), is_stray))
    return kept


def _groups(kept: list[Accepted]) -> Iterator[list[Accepted]]:
    """Groups that fit in one transaction: a row per reading, a mark and perhaps a stray row per item, the conditions,
    one audit entry."""
    group: list[Accepted] = []
    items: set[str] = set()
    conditions: set[Condition] = set()
    for placed in kept:
        grown_items, grown = items | {placed.reading.item_id}, conditions | {*placed.conditions}
        if len(group) + 1 + 2 * len(grown_items) + len(grown) + 1 > MAX_TRANSACTION_ITEMS:
            yield group
            group, grown_items, grown = [], {placed.reading.item_id}, {*placed.conditions}
        group.append(placed)
        items, conditions = grown_items, grown
    if group:
        yield group


def _keep(call: Call, customer_id: str, group: list[Accepted], versions: Versions) -> None:
    items = {placed.reading.item_id for placed in group}
    changes = Changes(call)
    first, *others = [placed.reading for placed in group]
    changes.put(
        store.reading_row(call.tenant_id, first),
        ReadingAction.IMPORTED,
        note=f"{len(group)} leituras da monitoração",
    )
    for reading in others:
        changes.include(store.reading_row(call.tenant_id, reading))
    strays = {
        placed.reading.item_id: placed.reading for placed in group if placed.is_stray
    }  # the newest of each
    for reading in strays.values():
        changes.overwrite(store.stray_row(call.tenant_id, reading))
    _mark(changes, call, customer_id, {item_id: versions[item_id] for item_id in items})
    hold(changes, (condition for placed in group for condition in placed.conditions))
    changes.commit()
    for item_id in items:
        versions[item_id] += 1


def _placements(call: Call, customer_id: str) -> list[Placement]:
    """All items of the customer's contracts, including those with companies that the caller does not work for."""
    agreed = contracts.contracts_of(call.tenant_id, customer_id)
    frozen = store.billed_until(
        call.tenant_id, [(customer_id, contract.id) for contract in agreed if contract.items]
    )
    return [
        Placement(contract, item, frozen.get((customer_id, contract.id)))
        for contract in agreed
        for item in contract.items
    ]


def _there(call: Call, new: NewReading, placements: Iterable[Placement]) -> list[Placement]:
    """The item's place in a contract with the caller's companies: on that day if possible, otherwise any."""
    mine = [p for p in placements if p.item.id == new.item_id and call.works_for(p.contract.company_id)]
    return [p for p in mine if p.item.joined_on <= new.on <= (p.item.left_on or new.on)] or mine


def _conditions(call: Call, new: NewReading, placements: Iterable[Placement]) -> tuple[Condition, ...]:
    there = _there(call, new, placements)
    return tuple(condition for placement in there for condition in placement.conditions(call.tenant_id))


def _known_of(call: Call, customer_id: str, new: NewReading, known: Known) -> list[Reading]:
    key = (new.item_id, new.unit)
    if key not in known:
        known[key] = store.readings(call.tenant_id, customer_id, *key)
    return known[key]


def _reasons_against(
    call: Call, customer_id: str, new: NewReading, placements: list[Placement], known: Known
) -> list[Refusal]:
    there = _there(call, new, placements)
    if not there:
        return [Refusal("reading.item", "O item não está em nenhum contrato do cliente.", field="item_id")]
    item = max((placement.item for placement in there), key=lambda item: item.joined_on)
    meter = item.meter(new.unit)
    if meter is None:
        return [Refusal("reading.meter", "O item não tem medidor desta unidade.", field="unit")]
    closed = [CLOSED] if all(placement.is_closed for placement in there) else []
    readings = _known_of(call, customer_id, new, known)
    return [*reasons_against(new, item, meter, readings, call.today), *closed]


def _is_same(event: ReadingEvent, reading: Reading) -> bool:
    return (event.on, event.value, event.restart) == (reading.on, reading.value, reading.restart)
