"""Launch usage: by hand one at a time, by metering in batches that count every event once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.catalog import store as catalog
from billing.catalog.model import Origin
from billing.core.errors import Conflict, Refusal, Refused, Transient
from billing.core.ids import new_id
from billing.core.period import Month
from billing.core.table import MAX_TRANSACTION_ITEMS, require_version
from billing.customers import store as customers
from billing.usage import store
from billing.usage.imports import ATTEMPTS, FieldError, ImportReport, Line, Outcome, answer, read_lines
from billing.usage.model import FINALISED, NewUsageEntry, OpenMonths, UsageEntry, UsageEvent, future_month

OFFERED_MONTHS = 12
"""The month that runs and the eleven before it, less the finalised ones."""


def open_months(call: Call, customer_id: str) -> OpenMonths:
    """The months offered for a launch (USE-01). Raises NotFound."""
    customers.get(call.tenant_id, customer_id)
    months = [Month.of(call.today).plus(-back) for back in range(OFFERED_MONTHS)]
    closed = store.finalised_months(call.tenant_id, [(customer_id, month) for month in months])
    return OpenMonths(months=tuple(month for month in months if (customer_id, month) not in closed))


def launch(call: Call, customer_id: str, new: NewUsageEntry) -> UsageEntry:
    """Raises NotFound, Refused for a month that is finalised or has not begun."""
    customers.get(call.tenant_id, customer_id)
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
    outcome: Outcome[UsageEvent] = Outcome()
    lines = read_lines(UsageEvent, raw, outcome, field_error)
    lines = _of_known_things(call, lines, outcome)
    for attempt in range(ATTEMPTS):
        lines = _still_to_count(call, lines, outcome)
        left = []
        for group in _groups(lines):
            try:
                _count(call, [line.event for line in group])
            except (Conflict, Transient):
                if attempt == ATTEMPTS - 1:
                    raise
                left += group
            else:
                outcome.accept(group)
        lines = left
        if not lines:
            break
    return answer(call, outcome)


def _of_known_things(
    call: Call, lines: list[Line[UsageEvent]], outcome: Outcome[UsageEvent]
) -> list[Line[UsageEvent]]:
    """Lines whose customer and item exist, of a month that has begun."""
    people = {c.id for c in customers.get_many(call.tenant_id, [line.event.customer_id for line in lines])}
    items = {item.id for item in catalog.items(call.tenant_id)} if lines else set()
    kept = []
    for line in lines:
        event, reasons = line.event, []
        if event.customer_id not in people:
            reasons.append(Refusal("customer.missing", "O cadastro não existe.", field="customer_id"))
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


def _still_to_count(
    call: Call, lines: list[Line[UsageEvent]], outcome: Outcome[UsageEvent]
) -> list[Line[UsageEvent]]:
    """Lines that are neither known nor of a finalised month, in the order of their customers and months."""
    known = store.known_events(call.tenant_id, [line.event.event_key for line in lines])
    closed = store.finalised_months(call.tenant_id, [_month_of(line.event) for line in lines])
    kept = []
    for line in lines:
        event = line.event
        first = known.setdefault(event.event_key, event)
        if first is not event:
            if first == event:
                outcome.know(line)
            else:
                other = "A chave do evento já foi usada com outro conteúdo."
                outcome.refuse(line.number, [Refusal("usage.key_reused", other, field="event_key")])
        elif _month_of(event) in closed:
            outcome.refuse(line.number, [FINALISED])
        else:
            kept.append(line)
    return sorted(kept, key=lambda line: _month_of(line.event))


def _month_of(event: UsageEvent) -> tuple[str, Month]:
    return event.customer_id, event.month


def _groups(lines: Iterable[Line[UsageEvent]]) -> Iterator[list[Line[UsageEvent]]]:
    """Lines that fit in one transaction: two rows each, a check per customer and month, an entry of audit a customer."""
    group: list[Line[UsageEvent]] = []
    for line in lines:
        grown = [*group, line]
        months = {_month_of(member.event) for member in grown}
        people = {customer for customer, _ in months}
        if 2 * len(grown) + len(months) + len(people) > MAX_TRANSACTION_ITEMS:
            yield group
            grown = [line]
        group = grown
    if group:
        yield group


def _count(call: Call, events: list[UsageEvent]) -> None:
    changes = Changes(call)
    people: dict[str, int] = {}
    for event in events:
        people[event.customer_id] = people.get(event.customer_id, 0) + 1
    for event in events:
        entry = UsageEntry.model_validate(
            {
                **event.__dict__,
                "id": store.entry_id(event.event_key),
                "origin": Origin.METERING,
                "launched_at": call.now,
            }
        )
        counted = people.pop(event.customer_id, None)  # one entry of audit for all that a customer gets here
        changes.put(
            store.entry_row(call.tenant_id, entry),
            "usage.imported" if counted else None,
            note=f"{counted} lançamentos da volumetria" if counted else None,
        )
        changes.put(store.event_row(call.tenant_id, event))
    for customer_id, month in dict.fromkeys(_month_of(event) for event in events):
        changes.require_absent(store.UsageTable, *store.finalised_key(call.tenant_id, customer_id, month))
    changes.commit()
