"""Launch usage: by hand one at a time, by metering in batches that count every event once."""

from collections.abc import Iterable, Sequence
from typing import Any

from billing.access.call import Call
from billing.audit.changes import Changes, trying_again
from billing.catalog import store as catalog
from billing.catalog.model import BillingItem, Origin
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.period import Month
from billing.core.table import require_version
from billing.customers.table import registered, require_customer
from billing.usage import store
from billing.usage.actions import UsageAction
from billing.usage.counting import Guard, Placed, Words, count, require
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

WORDS = Words(UsageAction.IMPORTED, "lançamentos da volumetria")
ITEM_MISSING = Refusal("item.missing", "O item de faturamento não existe.", field="billing_item_id")

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
    return trying_again(call, lambda: _launch(call, customer_id, new))


def _launch(call: Call, customer_id: str, new: NewUsageEntry) -> UsageEntry:
    require_customer(call.tenant_id, customer_id)
    item = catalog.get(call.tenant_id, new.billing_item_id)
    reasons = [refusal for refusal in [future_month(new.month, call.today)] if refusal is not None]
    if _is_finalised(call, customer_id, new.month):
        reasons.append(FINALISED)
    if reasons:
        raise Refused.because(reasons)
    entry = UsageEntry.model_validate(
        {**new.__dict__, "id": new_id("use"), "customer_id": customer_id, "launched_at": call.now}
    )
    changes = Changes(call)
    changes.put(store.entry_row(call.tenant_id, entry), UsageAction.LAUNCHED)
    require(changes, [_open(call, customer_id, new.month), _unchanged(call, item)])
    return changes.commit_answering(entry)


def remove(call: Call, customer_id: str, month: Month, usage_id: str, version: int) -> UsageEntry:
    """Raises Refused for metering's launches and for a finalised month (USE-02)."""
    return trying_again(call, lambda: _remove(call, customer_id, month, usage_id, version))


def _remove(call: Call, customer_id: str, month: Month, usage_id: str, version: int) -> UsageEntry:
    entry = require_version(store.get_entry(call.tenant_id, customer_id, month, usage_id), version)
    reasons = entry.reasons_to_stay(finalised=_is_finalised(call, customer_id, month))
    if reasons:
        raise Refused.because(reasons)
    changes = Changes(call)
    changes.delete(store.entry_row(call.tenant_id, entry), UsageAction.REMOVED, before=entry)
    require(changes, [_open(call, customer_id, month)])
    return changes.commit_answering(entry)


def _is_finalised(call: Call, customer_id: str, month: Month) -> bool:
    return bool(store.finalised_months(call.tenant_id, [(customer_id, month)]))


def _open(call: Call, customer_id: str, month: Month) -> Guard:
    """The transaction itself looks at the marker, so that nothing slips into a month that is being finalised."""
    return Guard(store.UsageTable, *store.finalised_key(call.tenant_id, customer_id, month), 0)


def _unchanged(call: Call, item: BillingItem) -> Guard:
    """The item with its prices: one that is being deleted takes no launch."""
    return Guard(catalog.CatalogTable, *catalog.item_key(call.tenant_id, item.id), item.version)


def reasons_to_keep_price(
    call: Call, item_id: str, since: Month | None, until: Month | None
) -> list[Refusal]:
    """Why an item's price for the months from `since` until before `until` is not deleted (CAT-03).

    A launch of this very moment may not be in the index yet; its closing then has a pending issue that names the item.
    """
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
    count(call, lines, outcome, lambda some: _placed(call, some, outcome), WORDS)
    return outcome


def _of_known_things(
    call: Call, lines: list[Line[UsageEvent]], outcome: Outcome[UsageEvent]
) -> list[Line[UsageEvent]]:
    """Lines whose customer and item exist, of a month that has begun."""
    people = registered(call.tenant_id, [line.event.customer_id for line in lines])
    items = _items_of(call, lines)
    kept = []
    for line in lines:
        event, reasons = line.event, []
        if event.customer_id not in people:
            reasons.append(CUSTOMER_MISSING)
        if event.billing_item_id not in items:
            reasons.append(ITEM_MISSING)
        future = future_month(event.month, call.today)
        if future is not None:
            reasons.append(future)
        if reasons:
            outcome.refuse(line.number, reasons)
        else:
            kept.append(line)
    return kept


def _items_of(call: Call, lines: Iterable[Line[UsageEvent]]) -> dict[str, BillingItem]:
    return catalog.get_many(call.tenant_id, {line.event.billing_item_id for line in lines})


def _placed(
    call: Call, lines: Sequence[Line[UsageEvent]], outcome: Outcome[UsageEvent]
) -> list[tuple[Line[UsageEvent], Placed]]:
    """Each launch in its own month or, where that is finalised, in the customer's next open one."""
    items = _items_of(call, lines)
    open_month = _open_months_of(call, {(line.event.customer_id, line.event.month) for line in lines})
    placed = []
    for line in lines:
        event = line.event
        item = items.get(event.billing_item_id)
        if item is None:
            outcome.refuse(line.number, [ITEM_MISSING])
            continue
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
        guards = (_open(call, event.customer_id, month), _unchanged(call, item))
        placed.append((line, Placed(store.entry_row(call.tenant_id, entry), guards)))
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
