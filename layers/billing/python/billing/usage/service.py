"""Usage entries: from people one at a time, from metering in batches that count every event once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from billing.access.call import Call
from billing.audit.batches import BatchAnswer
from billing.audit.changes import Changes, trying_again
from billing.catalog import store as catalog
from billing.catalog.model import BillingItem, ItemOrigin
from billing.contracts import store as contracts
from billing.contracts.model import Contract
from billing.contracts.uses import reasons_to_leave_item
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.period import Month
from billing.core.table import require_version
from billing.customers.table import registered, require_customer
from billing.usage import store
from billing.usage.acceptance import Condition, Guard, arriving, billing_month, hold, no_contract, stamp
from billing.usage.actions import UsageAction
from billing.usage.counting import Placed, Words, count
from billing.usage.events import UsageEvent
from billing.usage.imports import (
    CUSTOMER_MISSING,
    BatchLine,
    FieldError,
    ImportOutcome,
    answer,
    read_lines,
)
from billing.usage.model import FINALISED, NewUsageEntry, OpenMonths, UsageEntry, future_month

WORDS = Words(UsageAction.IMPORTED, "lançamentos da volumetria")
LAST_MONTH_FINALISED = Refusal(
    "usage.contract_closed",
    "O último mês do contrato já foi faturado: cobre este consumo à parte, em uma conta.",
    field="month",
)
ITEM_MISSING = Refusal("item.missing", "O item de faturamento não existe.", field="billing_item_id")

OFFERED_MONTHS = 12
"""The current month and the eleven before it, less the finalised ones."""


def open_months(call: Call, customer_id: str) -> OpenMonths:
    """The months offered for a usage entry (USE-01): billed by a contract and not finalised. Raises NotFound."""
    require_customer(call.tenant_id, customer_id)
    agreed = contracts.contracts_for(call, customer_id)
    recent = [Month.of(call.today).plus(-back) for back in range(OFFERED_MONTHS)]
    months = [month for month in recent if billing_month(agreed, month)]
    closed = store.finalised_months(call.tenant_id, [(customer_id, month) for month in months])
    return OpenMonths(months=tuple(month for month in months if (customer_id, month) not in closed))


def add_entry(call: Call, customer_id: str, new: NewUsageEntry) -> UsageEntry:
    """Raises NotFound, Refused for a month that is finalised, has not begun, or that no contract bills."""
    return trying_again(call, lambda: _add_entry(call, customer_id, new))


def _add_entry(call: Call, customer_id: str, new: NewUsageEntry) -> UsageEntry:
    require_customer(call.tenant_id, customer_id)
    item = catalog.get(call.tenant_id, new.billing_item_id)
    reasons = [refusal for refusal in [future_month(new.month, call.today)] if refusal is not None]
    agreed = contracts.contracts_of(call.tenant_id, customer_id)
    if not _is_billed(call, agreed, new.month):
        reasons.append(no_contract(new.month))
    if _is_finalised(call, customer_id, new.month):
        reasons.append(FINALISED)
    if reasons:
        raise Refused.because(reasons)
    entry = UsageEntry.model_validate(
        {**new.__dict__, "id": new_id("use"), "customer_id": customer_id, "entered_at": call.now}
    )
    changes = Changes(call)
    changes.put(store.entry_row(call.tenant_id, entry), UsageAction.ENTERED)
    hold(
        changes,
        [
            _open(call, customer_id, new.month),
            _unchanged(call, item),
            *_arriving(call.tenant_id, agreed, new.month),
        ],
    )
    return changes.commit_answering(entry)


def remove(call: Call, customer_id: str, month: Month, usage_id: str, version: int) -> UsageEntry:
    """Raises Refused for metering's usage entries and for a finalised month (USE-02)."""
    return trying_again(call, lambda: _remove(call, customer_id, month, usage_id, version))


def _remove(call: Call, customer_id: str, month: Month, usage_id: str, version: int) -> UsageEntry:
    entry = require_version(store.get_entry(call.tenant_id, customer_id, month, usage_id), version)
    reasons = entry.reasons_to_stay(finalised=_is_finalised(call, customer_id, month))
    if reasons:
        raise Refused.because(reasons)
    changes = Changes(call)
    changes.delete(store.entry_row(call.tenant_id, entry), UsageAction.REMOVED, before=entry)
    agreed = billing_month(contracts.contracts_of(call.tenant_id, customer_id), month)
    hold(
        changes, [_open(call, customer_id, month), *(stamp(call.tenant_id, contract) for contract in agreed)]
    )
    return changes.commit_answering(entry)


def _is_finalised(call: Call, customer_id: str, month: Month) -> bool:
    return bool(store.finalised_months(call.tenant_id, [(customer_id, month)]))


def _is_billed(call: Call, agreed: Iterable[Contract], month: Month) -> bool:
    """Whether a contract of the caller's companies bills the month."""
    return bool(
        billing_month([contract for contract in agreed if call.works_for(contract.company_id)], month)
    )


def _arriving(tenant_id: str, agreed: Iterable[Contract], month: Month) -> Iterator[Condition]:
    """The conditions for all contracts that may bill the month: the first one to freeze takes it."""
    for contract in billing_month(agreed, month):
        yield from arriving(tenant_id, contract, ends_on=contract.ends_on)


def _open(call: Call, customer_id: str, month: Month) -> Guard:
    """The transaction itself checks the marker, so that nothing slips into a month that is being finalised."""
    return Guard(store.UsageTable, *store.finalised_key(call.tenant_id, customer_id, month), 0)


def _unchanged(call: Call, item: BillingItem) -> Guard:
    """Guards the item with its prices: an item that is being deleted gets no usage entry."""
    return Guard(catalog.CatalogTable, *catalog.item_key(call.tenant_id, item.id), item.version)


def reasons_to_keep_price(
    call: Call, item_id: str, since: Month | None, until: Month | None
) -> list[Refusal]:
    """Why an item's price for the months from `since` up to, not including, `until` cannot be deleted (CAT-03).

    A usage entry just written may not be in the index yet; its closing then has a pending issue that names the item.
    """
    entries = store.entries_of_item(call.tenant_id, item_id, since, until)
    if not entries:
        return []
    linked = Refusal(
        "item.has_usage",
        "O item está em lançamentos de consumo. Exclua os lançamentos antes de excluir o item.",
    )
    others = reasons_to_leave_item(call, dict.fromkeys(customer for customer, _ in entries))
    if store.finalised_months(call.tenant_id, entries):
        charged = "O item está em cobranças finalizadas e não pode ser excluído."
        return [*others, linked, Refusal("item.charged", charged)]
    return [*others, linked]


def reasons_to_leave_price(call: Call, item_id: str) -> list[Refusal]:
    """Why who does not work for all that bill the item does not change its price: whose customers have usage entries of it, as far
    as the oldest ones tell."""
    entries = store.entries_of_item(call.tenant_id, item_id, None, None)
    return reasons_to_leave_item(call, dict.fromkeys(customer for customer, _ in entries))


def import_events(
    call: Call, raw: Sequence[UsageEvent | dict[str, Any]], field_error: FieldError
) -> BatchAnswer:
    """Count events of metering: every event once however often it is sent, each wholly or not at all (USE-03)."""
    return answer(call, count_events(call, enumerate(raw, start=1), field_error))


def count_events(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> ImportOutcome[UsageEvent]:
    """The results of numbered lines. Late usage, of a finalised month, is counted in the next open one (CLO-11)."""
    outcome: ImportOutcome[UsageEvent] = ImportOutcome()
    lines = read_lines(UsageEvent, numbered, outcome, field_error, source)
    lines = _of_known_things(call, lines, outcome)
    count(call, lines, outcome, lambda some: _placed(call, some, outcome), WORDS)
    return outcome


def _of_known_things(
    call: Call, lines: list[BatchLine[UsageEvent]], outcome: ImportOutcome[UsageEvent]
) -> list[BatchLine[UsageEvent]]:
    """Lines for a month that has begun, whose customer and item exist."""
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


def _items_of(call: Call, lines: Iterable[BatchLine[UsageEvent]]) -> dict[str, BillingItem]:
    return catalog.get_many(call.tenant_id, {line.event.billing_item_id for line in lines})


def _placed(
    call: Call, lines: Sequence[BatchLine[UsageEvent]], outcome: ImportOutcome[UsageEvent]
) -> list[tuple[BatchLine[UsageEvent], Placed]]:
    """Each usage entry in its own month or, if that is finalised, in the customer's next open one."""
    items = _items_of(call, lines)
    people = sorted({line.event.customer_id for line in lines})
    agreed = {customer: contracts.contracts_of(call.tenant_id, customer) for customer in people}
    wanted = {(line.event.customer_id, line.event.month) for line in lines}
    open_month = _open_months_of(call, wanted, agreed)
    placed = []
    for line in lines:
        event = line.event
        customer_id, item = event.customer_id, items.get(event.billing_item_id)
        month = open_month.get((customer_id, event.month))
        reasons = [] if item is not None else [ITEM_MISSING]
        if not _is_billed(call, agreed[customer_id], event.month):
            reasons.append(no_contract(event.month))
        elif month is None:
            reasons.append(LAST_MONTH_FINALISED)
        if reasons or item is None or month is None:
            outcome.refuse(line.number, reasons)
            continue
        entry = UsageEntry.model_validate(
            {
                **event.__dict__,
                "month": month,
                "used_in": event.month if month != event.month else None,
                "id": store.entry_id(event.event_key),
                "origin": ItemOrigin.METERING,
                "entered_at": call.now,
            }
        )
        conditions = (
            _open(call, customer_id, month),
            _unchanged(call, item),
            *_arriving(call.tenant_id, agreed[customer_id], month),
        )
        placed.append((line, Placed(store.entry_row(call.tenant_id, entry), conditions)))
    return placed


def _open_months_of(
    call: Call, wanted: set[tuple[str, Month]], agreed: dict[str, list[Contract]]
) -> dict[tuple[str, Month], Month]:
    """For each wanted month, the first from it on that a contract bills and that is not finalised; absent if there is
    none."""
    open_months: dict[tuple[str, Month], Month] = {}
    candidates = {pair: pair[1] for pair in wanted if _is_billed(call, agreed[pair[0]], pair[1])}
    while candidates:
        closed = store.finalised_months(call.tenant_id, {(c, month) for (c, _), month in candidates.items()})
        open_months |= {pair: month for pair, month in candidates.items() if (pair[0], month) not in closed}
        candidates = {
            (customer, wanted_month): following
            for (customer, wanted_month), month in candidates.items()
            if (customer, wanted_month) not in open_months
            and _is_billed(call, agreed[customer], following := month.plus(1))
        }
    return open_months
