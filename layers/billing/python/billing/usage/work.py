"""Store transactions from producers, each once, where the next closing of their contract will bill them (USE-07)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from billing.access.call import Call
from billing.audit.batches import BatchAnswer
from billing.contracts import store as contracts
from billing.core.errors import InvalidInput
from billing.core.ids import derived_id
from billing.customers.table import registered
from billing.usage import store
from billing.usage.acceptance import Guard, arriving
from billing.usage.actions import TransactionAction
from billing.usage.counting import Placed, Words, count
from billing.usage.events import TransactionEvent
from billing.usage.imports import (
    CUSTOMER_MISSING,
    BatchLine,
    FieldError,
    ImportOutcome,
    answer,
    read_lines,
)
from billing.usage.transactions import (
    Transaction,
    contract_for,
    reasons_against,
)

LONGEST = timedelta(days=366)
WORDS = Words(TransactionAction.IMPORTED, "transações")


def listed(call: Call, customer_id: str, contract_id: str, start: date, end: date) -> list[Transaction]:
    """A contract's transactions billed in [start, end). Raises NotFound, Forbidden, InvalidInput for over a year."""
    contracts.get_for(call, customer_id, contract_id)
    if not start < end <= start + LONGEST:
        raise InvalidInput("transactions.days", "O dia final vem depois do inicial, até um ano.")
    return store.transactions(call.tenant_id, customer_id, contract_id, start, end)


def import_transactions(
    call: Call, raw: Sequence[TransactionEvent | dict[str, Any]], field_error: FieldError
) -> BatchAnswer:
    return answer(call, count_transactions(call, enumerate(raw, start=1), field_error))


def count_transactions(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> ImportOutcome[TransactionEvent]:
    """The results of numbered lines."""
    outcome: ImportOutcome[TransactionEvent] = ImportOutcome()
    lines = read_lines(TransactionEvent, numbered, outcome, field_error, source)
    people = registered(call.tenant_id, [line.event.customer_id for line in lines])
    known = []
    for line in lines:
        if line.event.customer_id in people:
            known.append(line)
        else:
            outcome.refuse(line.number, [CUSTOMER_MISSING])
    count(call, known, outcome, lambda some: _placed(call, some, outcome), WORDS)
    return outcome


def _placed(
    call: Call, lines: Sequence[BatchLine[TransactionEvent]], outcome: ImportOutcome[TransactionEvent]
) -> list[tuple[BatchLine[TransactionEvent], Placed]]:
    """Each on its own day or, if that is frozen, on its contract's first open day."""
    people = sorted({line.event.customer_id for line in lines})
    agreed = {customer: contracts.contracts_for(call, customer) for customer in people}
    chosen = [(line, contract_for(agreed[line.event.customer_id], line.event)) for line in lines]
    billed = store.billed_until(
        call.tenant_id,
        {(contract.customer_id, contract.id) for _, contract in chosen if contract is not None},
    )
    placed = []
    for line, contract in chosen:
        until = None if contract is None else billed.get((contract.customer_id, contract.id))
        end = None if until is None else until.end
        reasons = reasons_against(line.event, contract, end, call.today)
        if reasons or contract is None:
            outcome.refuse(line.number, reasons)
            continue
        transaction = Transaction(
            **dict(line.event),
            id=derived_id("txn", "event", line.event.event_key),
            contract_id=contract.id,
            bill_on=max(line.event.on, end or date.min),
            received_at=call.now,
        )
        key = store.billed_until_key(call.tenant_id, contract.customer_id, contract.id)
        guard = Guard(store.UsageTable, *key, 0 if until is None else until.version)
        conditions = (guard, *arriving(call.tenant_id, contract, ends_on=contract.ends_on))
        placed.append((line, Placed(store.transaction_row(call.tenant_id, transaction), conditions)))
    return placed
