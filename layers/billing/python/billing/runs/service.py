"""Start, plan, walk, check, cancel and restart: what all processes have in common.

A process has three tasks in its context: plan (which keys), work on a chunk, and compute its totals. Each gets a
`RunContext`. This module does the rest, so that every run, started again, comes to the same result, whatever was
killed.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from billing.access.call import Call
from billing.access.scope import ALL_COMPANIES
from billing.audit.changes import Changes
from billing.core.clock import Clock
from billing.core.errors import Conflict, NotFound
from billing.core.files import Files
from billing.core.ids import derived_id
from billing.runs import store
from billing.runs.actions import RunAction
from billing.runs.kinds import PROCESSES, RunKind
from billing.runs.model import (
    ChunkResult,
    Manifest,
    Parked,
    Run,
    RunEvent,
    RunProgress,
    RunStatus,
)
from billing.runs.processes import Processes


@dataclass(frozen=True, slots=True)
class RunContext:
    """What every task works with."""

    event: RunEvent
    run: Run
    """As read when the task began."""
    call: Call
    """On behalf of the person who started the run, for its companies, at the run's own instant."""
    files: Files
    clock: Clock
    """For reporting on the task itself; everything is done as of `call.now`."""

    @classmethod
    def of(cls, event: RunEvent, files: Files, clock: Clock) -> "RunContext":
        """Raises NotFound."""
        call, run = call_of(event)
        return cls(event, run, call, files, clock)

    def manifest(self) -> Manifest:
        return store.read_manifest(self.files, self.call.tenant_id, self.run.id)


class Chunk(NamedTuple):
    number: int
    keys: list[str]
    pinned: dict[str, str]
    """Values that the plan fixed for the whole run."""


Plan = Callable[[RunContext], tuple[Iterable[str], dict[str, str]]]
"""The keys to work on, in order, and the values fixed for them."""

Work = Callable[[RunContext, Chunk], ChunkResult]
"""Work on one chunk, safe to repeat; returns the result."""

Begun = Callable[[RunContext], bool]
"""Whether the chunk has taken something (numbers, say) that it must then complete."""


def start(
    call: Call,
    processes: Processes,
    kind: RunKind,
    *,
    name: str | None = None,
    company_id: str | None = None,
    input: dict[str, str] | None = None,  # noqa: A002  (the state machine's own word)
) -> Run:
    """Start the run of this request, or start it again.

    A request is identified by the person, its content and its Idempotency-Key (for a schedule, the time at which it
    fires): a new request for the same thing is another run, which finds what has come up since the last one. A run
    over a file has the file's own `name` instead: the same content is the same run. A run that is still going on is
    executed concurrently; both executions come to the same rows.
    """
    run_id = derived_id("run", call.tenant_id, kind, name or _of_request(call, company_id, input or {}))
    wanted_run = Run(
        id=run_id,
        kind=kind,
        at=call.now,
        business_date=call.today,
        company_id=company_id,
        input=input or {},
        started_by=call.actor_id,
    )
    try:
        run = store.get(call.tenant_id, run_id).again(call.actor_id, wanted_run)
    except NotFound:
        run = wanted_run
    changes = Changes(call)
    changes.put(store.run_row(call.tenant_id, run), RunAction.STARTED)
    try:
        run = changes.commit_answering(run)
    except Conflict:
        run = store.get(call.tenant_id, run_id)  # somebody has just started it
    launch(processes, call.tenant_id, run)
    return run


def _of_request(call: Call, company_id: str | None, parameters: dict[str, str]) -> str:
    occasion = call.idempotency.key if call.idempotency is not None else call.now.isoformat()
    return json.dumps([call.actor_id, occasion, company_id, parameters], sort_keys=True)


def start_again(call: Call, processes: Processes, run_id: str) -> Run:
    """Another attempt of a run, from its start. Raises as `to_change`."""
    run = to_change(call, run_id).again(call.actor_id)
    changes = Changes(call)
    changes.put(store.run_row(call.tenant_id, run), RunAction.STARTED_AGAIN)
    run = changes.commit_answering(run)
    launch(processes, call.tenant_id, run)
    return run


def to_change(call: Call, run_id: str) -> Run:
    """A run that the caller may cancel or start again, having the permission for what it does and working for its
    companies.

    Raises NotFound, Forbidden.
    """
    run = store.get_for(call, run_id)
    call.require(PROCESSES[run.kind].permission)
    return run


def launch(processes: Processes, tenant_id: str, run: Run) -> None:
    data = {"tenant_id": tenant_id, "run_id": run.id, "attempt": run.attempt}
    processes.start(run.kind, run.execution_name, data)


def cancel(call: Call, run_id: str) -> Run:
    """Raises as `to_change`, Refused for a run that is over."""
    run = to_change(call, run_id).cancelled(call.now)
    changes = Changes(call)
    changes.put(store.run_row(call.tenant_id, run), RunAction.CANCELLED)
    return changes.commit_answering(run)


def call_of(event: RunEvent) -> tuple[Call, Run]:
    """The call that a task acts under. Raises NotFound."""
    run = store.get(event.tenant_id, event.run_id)
    return Call.unattended(event.tenant_id, run.actor, run.at, run.scope or ALL_COMPANIES), run


def plan(context: RunContext, make: Plan, chunk_keys: int | None = None) -> dict[str, object]:
    """Fix what the run works on, once, and return the chunks to walk, each of `chunk_keys` keys."""
    call, run, files = context.call, context.run, context.files
    manifest = store.find_manifest(files, call.tenant_id, run.id)
    if manifest is None:
        keys, pinned = make(context)
        manifest = store.put_manifest(files, call.tenant_id, run.id, keys, pinned, chunk_keys)
    chunks, company_id = len(manifest.chunks), manifest.pinned.get("company_id")
    _keep(call, run.id, lambda run: run.planned(chunks=chunks, keys=manifest.keys, company_id=company_id))
    return walk_of(context.event, manifest)


def walk_of(event: RunEvent, manifest: Manifest) -> dict[str, object]:
    """What a state machine continues with: the chunks to walk."""
    return {**event.to_map(), "chunks": list(range(len(manifest.chunks)))}


def chunk_of(context: RunContext) -> Chunk:
    """The task's chunk."""
    manifest, number = context.manifest(), context.event.chunk
    return Chunk(number, store.chunk_keys(context.files, manifest, number), manifest.pinned)


def work(context: RunContext, do: Work, has_begun: Begun | None = None) -> dict[str, object]:
    """Work on one chunk. Returns nothing: the result is in its row.

    In a cancelled run, only chunks that `has_begun` are completed.
    """
    if context.run.status is RunStatus.CANCELLED and not (has_begun and has_begun(context)):
        return {}
    store.put_chunk(context.call, context.run, do(context, chunk_of(context)))
    return {}


def check(context: RunContext) -> Run:
    """Compare the chunks' rows with the manifest and close the run at the clock's present instant; a cancelled run
    stays cancelled.

    Raises Conflict if a chunk is missing.
    """
    call, run, at = context.call, context.run, context.clock.now()
    if run.status is RunStatus.CANCELLED:
        return run
    results = walked(call, context.manifest())
    totals = sum_totals(result.totals for result in results)
    parked = sum(len(result.parked) for result in results)
    return _keep(call, run.id, lambda current: current.finished(at, totals, parked))


def end_of(run: Run) -> dict[str, object]:
    """The output of a state machine."""
    return {"status": run.status, "parked": run.parked}


def walked(call: Call, manifest: Manifest, walk: str = store.LAST_WALK) -> list[ChunkResult]:
    """The chunks' results from their rows. Raises Conflict if a chunk is missing."""
    results = list(store.chunk_results(call.tenant_id, manifest.run_id, walk))
    counted = {result.chunk: result.keys for result in results}
    expected = {i: chunk.keys for i, chunk in enumerate(manifest.chunks)}
    if counted != expected:
        raise Conflict(
            "run.incomplete", f"Partes concluídas: {len(counted)} de {len(expected)}. Inicie de novo."
        )
    return results


def fail(event: RunEvent, failure: str, at: datetime) -> dict[str, object]:
    """Record that the state machine failed, with the error's name; the run can be started again."""
    call, _ = call_of(event)
    run = _keep(call, event.run_id, lambda current: current.failed(at, failure, event.attempt))
    return {"status": run.status}


def progress(tenant_id: str, run: Run) -> RunProgress:
    """How much of its last attempt a run has completed."""
    done = [
        chunk_result
        for chunk_result in store.chunk_results(tenant_id, run.id)
        if chunk_result.attempt == run.attempt
    ]
    return RunProgress(**run.__dict__, done_chunks=len(done), done_keys=sum(result.keys for result in done))


def parked_of(tenant_id: str, run_id: str) -> list[Parked]:
    return [parked for result in store.chunk_results(tenant_id, run_id) for parked in result.parked]


def sum_totals(parts: Iterable[dict[str, str]]) -> dict[str, str]:
    """Totals by name, summed exactly.

    >>> sum_totals([{"billed": "10.50", "invoices": "1"}, {"billed": "0.50"}])
    {'billed': '11.00', 'invoices': '1'}
    """
    totals: dict[str, Decimal] = {}
    for part in parts:
        for name, value in part.items():
            totals[name] = totals.get(name, Decimal(0)) + Decimal(value)
    return {name: str(value) for name, value in totals.items()}


def _keep(call: Call, run_id: str, change: Callable[[Run], Run]) -> Run:
    """Change the run's row. Two concurrent attempts may do so, so it is read again once after a conflict."""
    for last in (False, True):
        before = store.get(call.tenant_id, run_id)
        after = change(before)
        if after == before:
            return before
        changes = Changes(call)
        changes.put(store.run_row(call.tenant_id, after), RunAction.CHANGED, before=before, after=after)
        try:
            changes.commit()
        except Conflict:
            if last:
                raise
        else:
            return after
    raise AssertionError("unreachable")
