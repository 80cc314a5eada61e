"""Count events: each once, however often it is sent, and each completely or not at all (USE-03, USE-07).

An event's guard row is written in the transaction of what it creates. It names the import and line that it came from,
so that retrying part of a file reports the same as the first time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.audit.model import Action
from billing.core.errors import Conflict, Refusal, Transient
from billing.core.table import MAX_TRANSACTION_ITEMS
from billing.usage import store
from billing.usage.acceptance import Condition, hold
from billing.usage.imports import ATTEMPTS, BatchLine, ImportOutcome
from billing.usage.model import CountedEvent, MeteredEvent

E = TypeVar("E", bound=MeteredEvent)

KEY_REUSED = Refusal(
    "usage.key_reused", "A chave do evento já foi usada com outro conteúdo.", field="event_key"
)


class Placed(NamedTuple):
    """What an event creates, and the conditions for writing it."""

    row: store.UsageTable
    conditions: tuple[Condition, ...]


Place = Callable[[Sequence[BatchLine[E]]], list[tuple[BatchLine[E], Placed]]]
"""Determines where each event's row goes at present. Called again if others wrote meanwhile."""


class Words(NamedTuple):
    """How the history names a batch."""

    action: Action
    noun: str


def count(
    call: Call, lines: list[BatchLine[E]], outcome: ImportOutcome[E], place: Place[E], words: Words
) -> None:
    """Write what has not been counted yet. Raises Conflict or Transient if others keep interfering."""
    for attempt in range(ATTEMPTS):
        left: list[BatchLine[E]] = []
        for group in _groups(place(_not_counted(call, lines, outcome))):
            try:
                _write(call, group, words)
            except (Conflict, Transient):
                if attempt == ATTEMPTS - 1:
                    raise
                left += [line for line, _ in group]
            else:
                outcome.accept(line for line, _ in group)
        lines = left
        if not lines:
            return


def _not_counted(call: Call, lines: list[BatchLine[E]], outcome: ImportOutcome[E]) -> list[BatchLine[E]]:
    """Lines whose event is new; an equal event is already known, a different one with the same key is refused."""
    known = store.counted_events(call.tenant_id, [line.event.event_key for line in lines])
    kept = []
    for line in lines:
        counted = known.get(line.event.event_key)
        if counted is None:
            known[line.event.event_key] = CountedEvent(content=line.event.to_map())
            kept.append(line)
        elif not _is_same(counted, line.event):
            outcome.refuse(line.number, [KEY_REUSED])
        elif counted.source is not None and counted.source == line.source:
            outcome.accept([line])  # by an attempt before, whose report was lost
        else:
            outcome.know(line)
    return kept


def _is_same(counted: CountedEvent, event: MeteredEvent) -> bool:
    """Read again, so that "10" and "10.0" are the same quantity."""
    try:
        return type(event).model_validate(counted.content) == event
    except ValidationError:
        return False  # the key of another kind of event


def _groups(placed: list[tuple[BatchLine[E], Placed]]) -> Iterator[list[tuple[BatchLine[E], Placed]]]:
    """Groups that fit in one transaction: two rows and a condition per event, one audit entry per customer."""
    group: list[tuple[BatchLine[E], Placed]] = []
    conditions: set[Condition] = set()
    people: set[str] = set()
    for line, place in sorted(placed, key=_neighbours):
        grown, grown_people = conditions | {*place.conditions}, people | {line.event.customer_id}
        if 2 * (len(group) + 1) + len(grown) + len(grown_people) > MAX_TRANSACTION_ITEMS:
            yield group
            group, grown, grown_people = [], {*place.conditions}, {line.event.customer_id}
        group.append((line, place))
        conditions, people = grown, grown_people
    if group:
        yield group


def _neighbours(placed: tuple[BatchLine[E], Placed]) -> tuple[str, list[str]]:
    """Sorts events by customer and then by conditions."""
    line, place = placed
    return line.event.customer_id, [condition.row for condition in place.conditions]


def _write(call: Call, group: list[tuple[BatchLine[E], Placed]], words: Words) -> None:
    changes = Changes(call)
    of_customer = Counter(line.event.customer_id for line, _ in group)
    for line, place in group:
        number = of_customer.pop(line.event.customer_id, 0)  # one entry of audit for all that a customer gets
        if number:
            changes.put(place.row, words.action, note=f"{number} {words.noun}")
        else:
            changes.include(place.row)
        changes.include(store.event_row(call.tenant_id, line.event, line.source))
    hold(changes, (condition for _, place in group for condition in place.conditions))
    changes.commit()
