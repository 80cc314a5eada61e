"""Runs: plan once, walk, check, cancel, start again."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billing.access.call import Actor, Call
from billing.adapters.s3 import S3Files
from billing.core.errors import Conflict, Refused
from billing.runs import service, store
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Parked, RunEvent, RunStatus
from billing.runs.service import Chunk, RunContext
from tests.support.aws import InProcessAws
from tests.support.cutting import meanwhile
from tests.support.tasks import in_task

LATER = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)
KEYS = [f"cus_{i:04d}" for i in range(450)]


class Started:
    """Processes that only remember what was started."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        self.names.append(name)


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture
def started() -> Started:
    return Started()


def planned(_context: RunContext) -> tuple[list[str], dict[str, str]]:
    return KEYS, {"cut_off": "2026-03-10"}


def counted(_context: RunContext, chunk: Chunk) -> ChunkResult:
    number, keys, _ = chunk
    parked = (Parked(key=keys[0], code="test", message="fora"),) if number == 0 else ()
    return ChunkResult(chunk=number, keys=len(keys), totals={"billed": f"{len(keys)}.00"}, parked=parked)


def begin(call: Call, started: Started, name: str = "2026-03") -> RunEvent:
    run = service.start(call, started, RunKind.BILLING_RUN, name=name)
    return RunEvent(tenant_id=call.tenant_id, run_id=run.id)


@pytest.mark.req("PLT-04")
def test_run_walks_its_chunks_and_sums_them(call: Call, files: S3Files, started: Started) -> None:
    event = begin(call, started)
    answer = service.plan(in_task(event, files), planned)
    for chunk in answer["chunks"]:
        service.work(in_task(event.evolve(chunk=chunk), files), counted)
    service.check(in_task(event, files, LATER))

    run = store.get(call.tenant_id, event.run_id)
    assert (run.status, run.chunks, run.keys, run.parked) == (RunStatus.DONE, 3, 450, 1)
    assert (run.totals, run.finished_at) == ({"billed": "450.00"}, LATER)
    assert [p.message for p in service.parked_of(call.tenant_id, run.id)] == ["fora"]


@pytest.mark.req("PLT-04")
def test_run_whose_map_was_incomplete_is_not_done(call: Call, files: S3Files, started: Started) -> None:
    event = begin(call, started)
    service.plan(in_task(event, files), planned)
    service.work(in_task(event, files), counted)

    with pytest.raises(Conflict, match="1 de 3"):
        service.check(in_task(event, files, LATER))


@pytest.mark.req("PLT-04")
def test_manifest_is_made_once_whatever_is_planned_again(
    call: Call, files: S3Files, started: Started
) -> None:
    event = begin(call, started)
    service.plan(in_task(event, files), planned)
    answer = service.plan(in_task(event, files), lambda *_: (["another"], {}))

    assert answer["chunks"] == [0, 1, 2]
    assert store.read_manifest(files, call.tenant_id, event.run_id).pinned == {"cut_off": "2026-03-10"}


@pytest.mark.req("PLT-04")
def test_same_run_started_twice_is_one_run_and_two_executions(
    call: Call, files: S3Files, started: Started
) -> None:
    first, second = begin(call, started), begin(call, started)

    assert first == second
    assert started.names == [f"{first.run_id}-1", f"{first.run_id}-2"]
    assert len(store.runs_for(call).items) == 1


@pytest.mark.req("PLT-04")
def test_cancelled_run_begins_no_other_chunk_and_is_not_cancelled_twice(
    call: Call, files: S3Files, started: Started
) -> None:
    event = begin(call, started)
    service.plan(in_task(event, files), planned)
    service.work(in_task(event, files), counted)
    service.cancel(call, event.run_id)
    service.work(in_task(event.evolve(chunk=1), files), counted)
    service.check(in_task(event, files, LATER))

    assert [result.chunk for result in store.chunk_results(call.tenant_id, event.run_id)] == [0]
    assert store.get(call.tenant_id, event.run_id).status is RunStatus.CANCELLED
    with pytest.raises(Refused):
        service.cancel(call, event.run_id)


@pytest.mark.req("PLT-04")
def test_failure_is_recorded_and_the_run_starts_again(call: Call, files: S3Files, started: Started) -> None:
    event = begin(call, started)
    service.fail(event, "Transient", LATER)
    failed = store.get(call.tenant_id, event.run_id)
    again = service.start_again(call, started, event.run_id)

    assert (failed.status, failed.failure, failed.finished_at) == (RunStatus.FAILED, "Transient", LATER)
    assert (again.status, again.attempt, again.failure) == (RunStatus.RUNNING, 2, None)


@pytest.mark.req("REP-03")
def test_run_acts_for_the_person_who_began_the_current_attempt(
    call: Call, files: S3Files, started: Started
) -> None:
    event, bia = begin(call, started), call._replace(actor=Actor("usr_bia"))
    beside = service.start_again(bia, started, event.run_id)
    service.fail(event.evolve(attempt=2), "Transient", LATER)
    after_failure = service.start_again(bia, started, event.run_id)

    assert [beside.actor, after_failure.actor] == [
        Actor("usr_ana", event.run_id),
        Actor("usr_bia", event.run_id),
    ]
    assert service.call_of(event)[0].actor == after_failure.actor


@pytest.mark.req("PLT-04")
def test_failure_of_an_older_attempt_leaves_the_run_as_it_is(
    call: Call, files: S3Files, started: Started
) -> None:
    event = begin(call, started)
    service.start_again(call, started, event.run_id)
    service.fail(event, "States.Timeout", LATER)
    going_on = store.get(call.tenant_id, event.run_id)

    for chunk in service.plan(in_task(event, files), planned)["chunks"]:  # type: ignore[attr-defined]
        service.work(in_task(event.evolve(chunk=chunk), files), counted)
    service.check(in_task(event.evolve(attempt=2), files, LATER))
    service.fail(event, "States.Timeout", LATER)
    service.fail(event.evolve(attempt=2), "States.Timeout", LATER)
    done = store.get(call.tenant_id, event.run_id)

    assert (going_on.status, going_on.failure) == (RunStatus.RUNNING, None)
    assert (done.status, done.failure) == (RunStatus.DONE, None)


@pytest.mark.req("PLT-04")
def test_run_that_is_cancelled_while_it_ends_stays_cancelled(
    call: Call, files: S3Files, started: Started, aws: InProcessAws
) -> None:
    event = begin(call, started)
    for chunk in service.plan(in_task(event, files), planned)["chunks"]:  # type: ignore[attr-defined]
        service.work(in_task(event.evolve(chunk=chunk), files), counted)

    with meanwhile(aws, 0, lambda: service.cancel(call, event.run_id)):
        service.check(in_task(event, files, LATER))
    service.fail(event, "States.Timeout", LATER)

    assert store.get(call.tenant_id, event.run_id).status is RunStatus.CANCELLED
