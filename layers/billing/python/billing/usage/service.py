"""Launch usage: by hand one at a time, by metering in batches that count every event once."""

from collections.abc import Iterable, Sequence
from typing import Any

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.catalog import store as catalog
from billing.catalog.model import Origin
from billing.core.errors import Conflict, Refusal, Refused
from billing.core.ids import new_id
from billing.core.period import Month
from billing.core.table import require_version
from billing.customers.table import registered, require_customer
from billing.usage import store
from billing.usage.counting import Guard, Placed, Words, count
from billing.usage.events import UsageEvent
from billing.usage.imports import (
    CUSTOMER_MISSING,
    FieldError,
    ImportReport,
    Line,
    Outcome,
    answer,
    read_lines,
)
from billing.usage.model import FINALISED, NewUsageEntry, OpenMonths, UsageEntry, future_month

WORDS = Words("usage.imported", "lançamentos da volumetria")

OFFERED_MONTHS = 12
"""The month that runs and the eleven before it, less the finalised ones."""


def open_months(call: Call, customer_id: str) -> OpenMonths:
    """The months offered for a launch (USE-01). Raises NotFound."""
    require_customer(call.tenant_id, customer_id)
    months = [Month.of(call.today).plus(-back) for back in range(OFFERED_MONTHS)]
    closed = store.finalised_months(call.tenant_id, [(customer_id, month) for month in months])
    return OpenMonths(months=tuple(month for month in months if (customer_id, month) not in closed))


def launch(call: Call, customer_id: str, new: NewUsageEntry) -> UsageEntry:
    """Raises NotFound, Refused for a month that is finalised or has not begun."""
    require_customer(call.tenant_id, customer_id)
    catalog.get(call.tenant_id, new.billing_item_id)
    reasons = [refusal for refusal in [future_month(new.month, call.today)] if refusal is not None]
    if reasons:
        raise Refused.because(reasons)
    entry = UsageEntry.model_validate(
        {**new.__dict__, "id": new_id("use"), "customer_id": customer_id, "launched_at": call.now}
    )
    changes = Changes(call)
    changes.put(store.entry_row(call.tenant_id, entry), "usage.launched")
    return _commit_in_open_month(changes, call, entry)


def remove(call: Call, customer_id: str, month: Month, usage_id: str, version: int) -> UsageEntry:
    """Raises Refused for metering's launches and for a finalised month (USE-02)."""
    entry = require_version(store.get_entry(call.tenant_id, customer_id, month, usage_id), version)
    entry.require_removable()
    changes = Changes(call)
    changes.delete(store.entry_row(call.tenant_id, entry), "usage.removed", before=entry)
    return _commit_in_open_month(changes, call, entry)


def _commit_in_open_month(changes: Changes, call: Call, entry: UsageEntry) -> UsageEntry:
    """The transaction itself looks at the marker, so that nothing slips into a month that is being finalised."""
    key = store.finalised_key(call.tenant_id, entry.customer_id, entry.month)
    changes.require_absent(store.UsageTable, *key)
    try:
        return changes.commit_answering(entry)
    except Conflict:
        if store.finalised_months(call.tenant_id, [(entry.customer_id, entry.month)]):
            raise Refused.because([FINALISED]) from None
        raise


def reasons_to_keep_price(
    call: Call, item_id: str, since: Month | None, until: Month | None
) -> list[Refusal]:
    """Why an item's price for the months from `since` until before `until` is not deleted (CAT-03)."""
    launches = store.launches_of_item(call.tenant_id, item_id, since, until)
    if not launches:
        return []
    linked = Refusal(
        "item.launched",
        "O item está em lançamentos de consumo. Exclua os lançamentos antes de excluir o item.",
    )
    if store.finalised_months(call.tenant_id, launches):
        charged = "O item está em cobranças finalizadas e não pode ser excluído."
        return [linked, Refusal("item.charged", charged)]
    return [linked]


def import_events(
    call: Call, raw: Sequence[UsageEvent | dict[str, Any]], field_error: FieldError
) -> ImportReport:
    """Count events of metering: every event once however often it is sent, each wholly or not at all (USE-03)."""
    return answer(call, count_events(call, enumerate(raw, start=1), field_error))


def count_events(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> Outcome[UsageEvent]:
    """What becomes of numbered lines. Late usage, of a finalised month, is counted in the next open one (CLO-11)."""
    outcome: Outcome[UsageEvent] = Outcome()
    lines = read_lines(UsageEvent, numbered, outcome, field_error, source)
    lines = _of_known_things(call, lines, outcome)
    count(call, lines, outcome, lambda some: _placed(call, some), WORDS)
    return outcome


def _of_known_things(
    call: Call, lines: list[Line[UsageEvent]], outcome: Outcome[UsageEvent]
) -> list[Line[UsageEvent]]:
    """Lines whose customer and item exist, of a month that has begun."""
    people = registered(call.tenant_id, [line.event.customer_id for line in lines])
    items = {item.id for item in catalog.items(call.tenant_id)} if lines else set()
    kept = []
    for line in lines:
        event, reasons = line.event, []
        if event.customer_id not in people:
            reasons.append(CUSTOMER_MISSING)
        if event.billing_item_id not in items:
            reasons.append(
                Refusal("item.missing", "O item de faturamento não existe.", field="billing_item_id")
            )
        future = future_month(event.month, call.today)
        if future is not None:
            reasons.append(future)
        if reasons:
            outcome.refuse(line.number, reasons)
        else:
            kept.append(line)
    return kept


def _placed(call: Call, lines: Sequence[Line[UsageEvent]]) -> list[tuple[Line[UsageEvent], Placed]]:
    """Each launch in its own month or, where that is finalised, in the customer's next open one."""
    open_month = _open_months_of(call, {(line.event.customer_id, line.event.month) for line in lines})
    placed = []
    for line in lines:
        event = line.event
        month = open_month[event.customer_id, event.month]
        entry = UsageEntry.model_validate(
            {
                **event.__dict__,
                "month": month,
                "used_in": event.month if month != event.month else None,
                "id": store.entry_id(event.event_key),
                "origin": Origin.METERING,
                "launched_at": call.now,
            }
        )
        guard = Guard(*store.finalised_key(call.tenant_id, event.customer_id, month), 0)
        placed.append((line, Placed(store.entry_row(call.tenant_id, entry), guard)))
    return placed


def _open_months_of(call: Call, wanted: set[tuple[str, Month]]) -> dict[tuple[str, Month], Month]:
    """The first month from the wanted one on that is not finalised for the customer."""
    found: dict[tuple[str, Month], Month] = {}
    asked = {pair: pair[1] for pair in wanted}
    while asked:
        closed = store.finalised_months(call.tenant_id, {(c, month) for (c, _), month in asked.items()})
        found |= {pair: month for pair, month in asked.items() if (pair[0], month) not in closed}
        asked = {pair: month.plus(1) for pair, month in asked.items() if pair not in found}
    return found
