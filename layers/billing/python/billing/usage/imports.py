"""Batches of events: reading the lines, and the report of the result of every line (USE-03)."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from billing.access.call import Call
from billing.audit.batches import BatchAnswer, done, refused_for
from billing.audit.changes import MAX_ANSWER, Changes
from billing.core.entity import Entity
from billing.core.errors import Refusal, Severity

E = TypeVar("E", bound=Entity)

REPEATED = Refusal("event.repeated", "Já tinha sido contado; sem efeito.", Severity.WARNS)
CUSTOMER_MISSING = Refusal("customer.missing", "O cadastro não existe.", field="customer_id")

MAX_EVENTS = 1000
"""Events of one batch; more come in several."""
ATTEMPTS = 4
"""How often a transaction is tried when another batch writes the same rows."""

FieldError = Callable[[dict[str, Any]], Refusal]
"""pydantic's error in Portuguese; passed in by `entry`, which has the words."""


class ImportReason(Entity):
    code: str
    message: str
    field: str | None = None


class RefusedLine(Entity):
    line: int
    """From 1."""
    reasons: tuple[ImportReason, ...]


class ImportReport(Entity):
    """The result of each line of a part of a file, kept with it."""

    received: int
    accepted: int
    duplicates: tuple[int, ...]
    """Lines of events that had been counted before."""
    refused: tuple[RefusedLine, ...]


class BatchLine(NamedTuple, Generic[E]):
    number: int
    event: E
    source: str | None = None
    """The import and line that it came from; absent for a batch of the API."""


class ImportOutcome(Generic[E]):
    """Collects the results of a batch's lines."""

    def __init__(self) -> None:
        self._accepted: set[int] = set()
        self._duplicates: set[int] = set()
        self._refused: dict[int, list[Refusal]] = {}

    def accept(self, lines: Iterable[BatchLine[E]]) -> None:
        self._accepted.update(line.number for line in lines)

    def know(self, line: BatchLine[E]) -> None:
        self._duplicates.add(line.number)

    def refuse(self, number: int, reasons: Iterable[Refusal]) -> None:
        self._refused.setdefault(number, []).extend(reasons)

    def join(self, other: "ImportOutcome[E]") -> None:
        self._accepted |= other._accepted  # noqa: SLF001  (its own kind)
        self._duplicates |= other._duplicates  # noqa: SLF001
        self._refused |= other._refused  # noqa: SLF001

    def as_batch(self) -> BatchAnswer:
        answers = [(number, done(str(number))) for number in self._accepted]
        answers += [(number, done(str(number), [REPEATED])) for number in self._duplicates]
        answers += [(number, refused_for(str(number), reasons)) for number, reasons in self._refused.items()]
        return BatchAnswer(items=tuple(answer for _, answer in sorted(answers, key=lambda pair: pair[0])))

    def report(self) -> ImportReport:
        return ImportReport(
            received=len(self._accepted) + len(self._duplicates) + len(self._refused),
            accepted=len(self._accepted),
            duplicates=tuple(sorted(self._duplicates)),
            refused=tuple(
                RefusedLine(
                    line=number,
                    reasons=tuple(
                        ImportReason(code=r.code, message=r.message, field=r.field) for r in reasons
                    ),
                )
                for number, reasons in sorted(self._refused.items())
            ),
        )


def read_lines(
    kind: type[E],
    numbered: Iterable[tuple[int, object]],
    outcome: ImportOutcome[E],
    field_error: FieldError,
    source: str | None = None,
) -> list[BatchLine[E]]:
    """The lines that can be read; the others are refused, each fault at its field."""
    lines = []
    for number, item in numbered:
        try:
            event = kind.model_validate(item)
        except ValidationError as unreadable:
            outcome.refuse(number, [field_error(dict(error)) for error in unreadable.errors()])
        else:
            lines.append(BatchLine(number, event, None if source is None else f"{source}#{number}"))
    return lines


def answer(call: Call, outcome: ImportOutcome[Any]) -> BatchAnswer:
    """The answer for each line, kept for a repeated request. If too long to keep, it is computed again: events still
    count once."""
    batch = outcome.as_batch()
    if len(json.dumps(batch.to_map())) <= MAX_ANSWER:
        Changes(call).commit_answering(batch)
    return batch
