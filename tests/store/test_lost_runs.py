"""Runs whose execution is gone while their row says that they are running: found by the schedule and started again
(PLT-04)."""

from datetime import timedelta

import pytest

from billing.access.call import Call
from billing.access.tenants import Tenant
from billing.core.sweep import NotAllDone
from billing.entry import wiring
from billing.members.store import tenant_row
from billing.runs import recovery, service, store
from billing.runs.kinds import RunKind
from billing.runs.model import Run, RunStatus
from billing.runs.processes import Execution
from functions.runs.events import recover_runs
from tests.support.aws import InProcessAws
from tests.support.cutting import meanwhile
from tests.support.machine import Remembered
from tests.support.made import keep

pytestmark = pytest.mark.req("PLT-04")


class Engine(Remembered):
    """Starts nothing, and gives the state it was told to for every execution."""

    state = Execution.ENDED

    def state_of(self, machine: str, name: str) -> Execution:
        return self.state


@pytest.fixture
def engine(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()
    keep(call, tenant_row(Tenant(id=call.tenant_id, name="Alfa", company_ids=("com_alfa",))))
    monkeypatch.setattr(wiring, "processes", lambda: engine)
    monkeypatch.setattr(wiring, "executions", lambda: engine)
    return engine


def begun(call: Call, engine: Engine, name: str = "a") -> Run:
    run = service.start(call, engine, RunKind.BILLING_RUN, name=name, company_id="com_alfa")
    engine.started.clear()
    return run


def recover(call: Call) -> list[str]:
    answer = recover_runs({"time": call.now.isoformat()}, None)
    runs: list[str] = answer["runs"]
    return runs


def test_run_whose_execution_ended_is_started_again_for_who_started_it(call: Call, engine: Engine) -> None:
    run = begun(call, engine)

    assert recover(call) == [run.id]

    again = store.get(call.tenant_id, run.id)
    assert (again.status, again.attempt, again.started_by) == (RunStatus.RUNNING, 2, call.actor_id)
    assert [data["attempt"] for _, data in engine.started] == [2]


def test_run_that_was_never_launched_is_launched(call: Call, engine: Engine) -> None:
    """The caller was cut off after the row was written."""
    run = begun(call, engine)
    engine.state = Execution.ABSENT

    recover(call)

    assert store.get(call.tenant_id, run.id) == run
    assert [data["attempt"] for _, data in engine.started] == [1]


def test_run_in_progress_or_ended_is_left_alone(call: Call, engine: Engine) -> None:
    run = begun(call, engine)
    engine.state = Execution.RUNNING
    assert recover(call) == []

    engine.state = Execution.ENDED
    for over in (run.failed(call.now, "X", 1), run.cancelled(call.now), run.finished(call.now, {}, 0)):
        row = store.run_row(call.tenant_id, over.evolve(version=store.get(call.tenant_id, run.id).version))
        keep(call, row)
        assert recover(call) == []
    assert engine.started == []


@pytest.mark.parametrize("days", [35, 36])
def test_runs_of_the_last_month_are_looked_at(call: Call, engine: Engine, days: int) -> None:
    run = begun(call, engine)
    later = call.now + timedelta(days=days)

    answer = recover_runs({"time": later.isoformat()}, None)

    assert answer["runs"] == ([run.id] if days == 35 else [])


def test_run_that_is_lost_again_and_again_is_failed_for_a_person_to_look_at(
    call: Call, engine: Engine
) -> None:
    run = begun(call, engine)
    for _ in range(recovery.MOST_ATTEMPTS - 1):
        recover(call)
    assert store.get(call.tenant_id, run.id).attempt == recovery.MOST_ATTEMPTS

    recover(call)

    failed = store.get(call.tenant_id, run.id)
    assert (failed.status, failed.failure, failed.attempt) == (RunStatus.FAILED, recovery.LOST, 5)
    assert len(engine.started) == recovery.MOST_ATTEMPTS - 1
    assert recover(call) == []


def test_run_that_ends_while_it_is_looked_at_is_left(
    call: Call, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last task writes the row, and then the execution ends."""
    run = begun(call, engine)

    def ends(*_named: str) -> Execution:
        keep(call, store.run_row(call.tenant_id, run.finished(call.now, {}, 0)))
        return Execution.ENDED

    monkeypatch.setattr(engine, "state_of", ends)

    assert recover(call) == []
    assert engine.started == []


def test_lost_run_that_another_starts_at_the_same_moment_is_started_once(
    call: Call, engine: Engine, aws: InProcessAws
) -> None:
    run = begun(call, engine)

    with meanwhile(aws, 0, lambda: service.start_again(call, engine, run.id)):
        recover(call)

    assert store.get(call.tenant_id, run.id).attempt == 2
    assert [data["attempt"] for _, data in engine.started] == [2]


def test_one_runs_fault_keeps_no_other_from_being_started(
    call: Call, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = begun(call, engine, "a"), begun(call, engine, "b")
    start = engine.start

    def throttled(machine: str, name: str, data: dict[str, object]) -> None:
        if data["run_id"] == first.id:
            raise ConnectionError("throttled")
        start(machine, name, data)

    monkeypatch.setattr(engine, "start", throttled)

    with pytest.raises(NotAllDone, match=first.id):
        recover(call)
    assert [data["run_id"] for _, data in engine.started] == [second.id]
