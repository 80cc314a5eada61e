"""The monthly closing: compute every period that has ended, and freeze those without pending issues (CLO-06, PLT-04).

Each closing is computed and frozen in its own transaction, and what is frozen stays, so a run comes to the same
result however often it is started, killed or executed concurrently. A contract with bad data is parked; the others
are closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from billing.access.call import Call
from billing.closings import freezing, store
from billing.closings.gathering import Gatherer
from billing.closings.model import Closing
from billing.closings.parking import parking
from billing.closings.states import ClosingStatus
from billing.contracts import store as contracts
from billing.core.errors import Conflict, Transient
from billing.core.money import Money
from billing.runs.model import ChunkResult, Parked
from billing.runs.service import Chunk, RunContext

ATTEMPTS = 4
"""How often a closing is tried when somebody else writes it at the same time."""


@dataclass(slots=True)
class _Pass:
    """One chunk being closed."""

    call: Call
    on: date
    gatherer: Gatherer
    stood: list[Closing] = field(default_factory=list)
    parked: list[Parked] = field(default_factory=list)


def plan_closings(context: RunContext) -> tuple[list[str], dict[str, str]]:
    """A key for each closing of the run's companies whose end has come. No data are fixed here: each closing takes
    what there is when it is frozen."""
    call = context.call
    due = store.live_until(call.tenant_id, date.fromisoformat(context.run.input["on"]))
    keys = sorted(ended.key for ended in due if call.works_for(ended.company_id))
    return keys, {}


def close_chunk(context: RunContext, chunk: Chunk) -> ChunkResult:
    """Close one chunk of a run; parked contracts say why, in words for a clerk."""
    call = context.call
    walk = _Pass(call, date.fromisoformat(context.run.input["on"]), Gatherer(call.tenant_id))
    for key in chunk.keys:
        customer_id, closing_id = key.split("/")
        with parking(key, walk.parked):
            for closing in _close_in_turn(walk, customer_id, closing_id):
                walk.stood.append(closing)
    frozen = [closing for closing in walk.stood if closing.is_frozen]
    return ChunkResult(
        chunk=chunk.number,
        keys=len(chunk.keys),
        totals={
            "closings": str(len(walk.stood)),
            "frozen": str(len(frozen)),
            "pending": str(len(walk.stood) - len(frozen)),
            "charges": str(sum(len(closing.charge_ids) for closing in frozen)),
            "total": str(Money.sum(closing.total for closing in frozen)),
        },
        parked=tuple(walk.parked),
    )


def _close_in_turn(walk: _Pass, customer_id: str, closing_id: str) -> Iterator[Closing]:
    """The closing, followed by the next ones of the same contract whose end has come too, so that missed months catch
    up."""
    following: str | None = closing_id
    while following is not None:
        closing = store.get(walk.call.tenant_id, customer_id, following)
        if closing.period.end > walk.on or closing.status is ClosingStatus.WAITING:
            return
        closing = _close(walk, closing)
        yield closing
        may_have_ended = closing.is_frozen and closing.period.end < walk.on
        following = closing.successor_id if may_have_ended else None


def _close(walk: _Pass, closing: Closing) -> Closing:
    """Compute and, if nothing is pending and the contract allows it, freeze; a frozen closing is left alone."""
    call = walk.call
    for _ in range(ATTEMPTS):
        if closing.is_frozen and not closing.charges_left:
            return closing
        contract = contracts.get(call.tenant_id, closing.customer_id, closing.contract_id)
        try:
            if closing.charges_left:
                return freezing.complete(call, contract, closing)
            new = freezing.computed(call, walk.gatherer, contract, closing, walk.on)
            if contract.auto_freeze and not new.figures.issues:
                return freezing.freeze(call, contract, closing, new)
            return freezing.keep(call, closing, new)
        except Conflict:
            closing = store.get(call.tenant_id, closing.customer_id, closing.id)
    raise Transient("the closing is being written by others")
