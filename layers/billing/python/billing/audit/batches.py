"""One operation on many things, each with a result of its own (INV: "one or many")."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes, kept_answer
from billing.core.entity import Entity
from billing.core.errors import BillingError, Refusal, Refused, Severity
from billing.core.text import Id

T = TypeVar("T")

MOST = 100
"""The most things in one request."""


class Outcome(StrEnum):
    DONE = "done"
    WARNED = "warned"  # done, with something to note
    REFUSED = "refused"


class Reason(Entity):
    code: str
    message: str
    severity: Severity = Severity.BLOCKS
    field: str | None = None
    """O campo a corrigir, se é de um só."""


class ItemAnswer(Entity):
    """O que foi feito de um item."""

    id: str
    """O do pedido; de uma linha importada, o seu número, a partir de 1."""
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    made: tuple[str, ...] = ()
    """O que passou a existir: faturas, liquidações."""


class BatchAnswer(Entity):
    """Um resultado por item, na ordem do pedido."""

    items: tuple[ItemAnswer, ...]


class Chosen(Entity):
    """Ids of things chosen on a screen."""

    ids: tuple[Id, ...] = Field(min_length=1, max_length=MOST)


def each(call: Call, ids: Iterable[str], do: Callable[[Call, Changes, str], ItemAnswer]) -> BatchAnswer:
    """Do it for each one, in a transaction of its own with its own answer; a repeat skips what was done.

    `do` puts its changes and returns the result; what it raises is that item's refusal.
    """
    answers = []
    for item in dict.fromkeys(ids):
        part = call.part(item)
        kept = kept_answer(part)
        if kept is not None:
            answers.append(ItemAnswer.model_validate(kept))
            continue
        changes = Changes(part)
        try:
            answers.append(changes.commit_answering(do(part, changes, item)))
        except BillingError as refused:
            twin = kept_answer(part)  # the same request, which has just succeeded
            answers.append(refusal_of(item, refused) if twin is None else ItemAnswer.model_validate(twin))
    answer = BatchAnswer(items=tuple(answers))
    return Changes(call).commit_answering(answer)


def all_of(field: str, ids: Iterable[str], do: Callable[[str], T]) -> list[T]:
    """For one thing made from several: `do` for each, or a refusal that names every one that prevents it, by its
    place in the field (`ids.2`)."""
    made: list[T] = []
    errors: list[BillingError] = []
    reasons: list[Refusal] = []
    for place, item in enumerate(dict.fromkeys(ids)):
        try:
            made.append(do(item))
        except BillingError as error:
            errors.append(error)
            reasons += [r._replace(field=f"{field}.{place}") for r in reasons_of(error)]
    if not errors:
        return made
    kinds = {type(error) for error in errors}
    kind = kinds.pop() if len(kinds) == 1 else Refused
    raise kind(errors[0].code, errors[0].title, reasons)


def done(item: str, warnings: Iterable[Refusal] = (), made: Iterable[str] = ()) -> ItemAnswer:
    reasons = as_reasons(warnings)
    outcome = Outcome.WARNED if reasons else Outcome.DONE
    return ItemAnswer(id=item, outcome=outcome, reasons=reasons, made=tuple(made))


def refusal_of(item: str, refused: BillingError) -> ItemAnswer:
    return refused_for(item, reasons_of(refused))


def reasons_of(refused: BillingError) -> tuple[Refusal, ...]:
    """All its reasons; an error without reasons is its own reason."""
    return refused.reasons or (Refusal(refused.code, refused.title),)


def refused_for(item: str, reasons: Iterable[Refusal]) -> ItemAnswer:
    return ItemAnswer(id=item, outcome=Outcome.REFUSED, reasons=as_reasons(reasons))


def as_reasons(refusals: Iterable[Refusal]) -> tuple[Reason, ...]:
    return tuple(Reason(code=r.code, message=r.message, severity=r.severity, field=r.field) for r in refusals)
