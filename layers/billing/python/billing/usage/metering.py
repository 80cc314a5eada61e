"""Take readings of meters: by hand one at a time, from monitoring in batches (USE-04)."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from billing.access.call import Call
from billing.audit.changes import Changes, trying_again
from billing.contracts import store as contracts
from billing.contracts.items import ContractItem
from billing.core.errors import Conflict, Refusal, Refused, Transient
from billing.core.ids import derived_id, new_id
from billing.core.table import MAX_TRANSACTION_ITEMS, require_version
from billing.customers.table import registered, require_customer
from billing.usage import store
from billing.usage.actions import ReadingAction
from billing.usage.events import ReadingEvent
from billing.usage.imports import (
    ATTEMPTS,
    CUSTOMER_MISSING,
    FieldError,
    ImportReport,
    Line,
    Outcome,
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
)

Known = dict[tuple[str, str], list[Reading]]
"""Readings by item and unit, oldest first."""
Kept = list[tuple[Line[ReadingEvent], Reading]]
Versions = dict[str, int]
"""Of the readings, by item: what is kept was compared with these, and makes the next."""


def listed(call: Call, customer_id: str, item_id: str, unit: str) -> list[Reading]:
    """A meter's readings, oldest first; none of an item that is in no contract of the caller's companies."""
    if all(item.id != item_id for item in _items_of(call, customer_id)):
        return []
    return store.readings(call.tenant_id, customer_id, item_id, unit)


def record(call: Call, customer_id: str, new: NewReading) -> Reading:
    """A reading taken by hand. Raises NotFound, Refused with every reason."""
    require_customer(call.tenant_id, customer_id)
    return trying_again(call, lambda: _record(call, customer_id, new))


def _record(call: Call, customer_id: str, new: NewReading) -> Reading:
    versions = store.readings_versions(call.tenant_id, customer_id, [new.item_id])
    reasons = _reasons_against(call, customer_id, new, _items_of(call, customer_id), {})
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
    return changes.commit_answering(reading)


def correct(call: Call, customer_id: str, meter_day: MeterDay, version: int, shown: Shown) -> Reading:
    """Mend a mistaken value; what it billed trues itself up in the next period. Raises NotFound, Refused."""
    return trying_again(call, lambda: _correct(call, customer_id, meter_day, version, shown))


def _correct(call: Call, customer_id: str, meter_day: MeterDay, version: int, shown: Shown) -> Reading:
    versions = store.readings_versions(call.tenant_id, customer_id, [meter_day.item_id])
    before = require_version(store.get_reading(call.tenant_id, customer_id, meter_day), version)
    after = before.evolve(value=shown.value, restart=shown.restart)
    known = store.readings(call.tenant_id, customer_id, before.item_id, before.unit)
    others = {(before.item_id, before.unit): [reading for reading in known if reading.on != before.on]}
    reasons = _reasons_against(call, customer_id, after, _items_of(call, customer_id), others)
    if reasons:
        raise Refused.because(reasons)
    changes = Changes(call)
    changes.put(store.reading_row(call.tenant_id, after), ReadingAction.CORRECTED, before=before, after=after)
    _mark(changes, call, customer_id, versions)
    return changes.commit_answering(after)


def _mark(changes: Changes, call: Call, customer_id: str, versions: Versions) -> None:
    for item_id, version in versions.items():
        changes.include(store.readings_mark_row(call.tenant_id, customer_id, item_id, version))


def import_readings(
    call: Call, raw: Sequence[ReadingEvent | dict[str, Any]], field_error: FieldError
) -> ImportReport:
    """Keep readings that monitoring sent; a repeated one is kept once."""
    return answer(call, count_readings(call, enumerate(raw, start=1), field_error))


def count_readings(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> Outcome[ReadingEvent]:
    """What becomes of numbered lines."""
    outcome: Outcome[ReadingEvent] = Outcome()
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
    call: Call, customer_id: str, lines: list[Line[ReadingEvent]], outcome: Outcome[ReadingEvent]
) -> None:
    for attempt in range(ATTEMPTS):
        versions = store.readings_versions(
            call.tenant_id, customer_id, {line.event.item_id for line in lines}
        )
        left = deque(_groups(_acceptable(call, customer_id, lines, outcome)))
        try:
            while left:
                _keep(call, customer_id, [reading for _, reading in left[0]], versions)
                outcome.accept(line for line, _ in left.popleft())
        except (Conflict, Transient):
            if attempt == ATTEMPTS - 1:
                raise
            lines = [line for group in left for line, _ in group]  # they stood on top of what was not kept
        else:
            return


def _acceptable(
    call: Call, customer_id: str, lines: list[Line[ReadingEvent]], outcome: Outcome[ReadingEvent]
) -> Kept:
    """Each line on top of those before it, an item's in the order of days."""
    items, known = _items_of(call, customer_id), Known()
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
        reasons = _reasons_against(call, customer_id, event, items, known)
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
        kept.append((line, reading))
    return kept


def _groups(kept: Kept) -> Iterator[Kept]:
    """What fits in one transaction: a row a reading, a mark an item, one entry of audit for all."""
    group: Kept = []
    items: set[str] = set()
    for line, reading in kept:
        if len(group) + 1 + len(items | {reading.item_id}) + 1 > MAX_TRANSACTION_ITEMS:
            yield group
            group, items = [], set()
        group.append((line, reading))
        items.add(reading.item_id)
    if group:
        yield group


def _keep(call: Call, customer_id: str, readings: list[Reading], versions: Versions) -> None:
    items = {reading.item_id for reading in readings}
    changes = Changes(call)
    first, *others = readings
    changes.put(
        store.reading_row(call.tenant_id, first),
        ReadingAction.IMPORTED,
        note=f"{len(readings)} leituras da monitoração",
    )
    for reading in others:
        changes.include(store.reading_row(call.tenant_id, reading))
    _mark(changes, call, customer_id, {item_id: versions[item_id] for item_id in items})
    changes.commit()
    for item_id in items:
        versions[item_id] += 1


def _items_of(call: Call, customer_id: str) -> list[ContractItem]:
    return [item for contract in contracts.contracts_for(call, customer_id) for item in contract.items]


def _known_of(call: Call, customer_id: str, new: NewReading, known: Known) -> list[Reading]:
    key = (new.item_id, new.unit)
    if key not in known:
        known[key] = store.readings(call.tenant_id, customer_id, *key)
    return known[key]


def _reasons_against(
    call: Call, customer_id: str, new: NewReading, items: list[ContractItem], known: Known
) -> list[Refusal]:
    placed = [item for item in items if item.id == new.item_id]
    if not placed:
        return [Refusal("reading.item", "O item não está em nenhum contrato do cliente.", field="item_id")]
    there = [item for item in placed if item.joined_on <= new.on and (item.left_on or new.on) >= new.on]
    item = max(there or placed, key=lambda item: item.joined_on)
    meter = item.meter(new.unit)
    if meter is None:
        return [Refusal("reading.meter", "O item não tem medidor desta unidade.", field="unit")]
    return reasons_against(new, item, meter, _known_of(call, customer_id, new, known), call.today)


def _is_same(event: ReadingEvent, reading: Reading) -> bool:
    return (event.on, event.value, event.restart) == (reading.on, reading.value, reading.restart)
