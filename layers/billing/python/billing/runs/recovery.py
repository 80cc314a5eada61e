"""Runs marked as running whose execution is gone: stopped, timed out, or lost with the engine that ran it.

A run's row is marked as ended before its execution ends, so a row that still says "running" after that was cut off.
The run is started again, which is safe; one that keeps being cut off is marked as failed, for a person to look at.
"""

from collections.abc import Iterator
from datetime import timedelta

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.errors import Conflict
from billing.runs import store
from billing.runs.actions import RunAction
from billing.runs.model import Run, RunStatus
from billing.runs.processes import Execution, Executions, Processes
from billing.runs.service import launch

LOOKED_BACK = timedelta(days=35)
"""How far back runs are checked, by their own instant: a month. Whoever restarts an older run watches it themselves."""
MOST_ATTEMPTS = 5
LOST = "ExecutionLost"
"""The failure of a run that was cut off too often."""


def lost_runs(call: Call, executions: Executions) -> Iterator[tuple[Run, Execution]]:
    """The tenant's runs that are to be started again; rows are read again after checking their executions."""
    for run in store.runs_since(call.tenant_id, call.now - LOOKED_BACK):
        if run.status is not RunStatus.RUNNING:
            continue
        execution = executions.state_of(run.kind, run.execution_name)
        if execution is Execution.RUNNING:
            continue
        now = store.get(call.tenant_id, run.id)
        if now.status is RunStatus.RUNNING and now.attempt == run.attempt:
            yield now, execution


def take_up(call: Call, processes: Processes, run: Run, execution: Execution) -> Run:
    """Start a lost run again, or mark it as failed. If somebody else does so at the same time, returns the run as it
    is then."""
    if execution is Execution.ABSENT:  # it was cut off before its execution was started
        launch(processes, call.tenant_id, run)
        return run
    gives_up = run.attempt >= MOST_ATTEMPTS
    after = run.failed(call.now, LOST, run.attempt) if gives_up else run.again(run.started_by)
    action = RunAction.CHANGED if gives_up else RunAction.STARTED_AGAIN
    changes = Changes(call)
    changes.put(store.run_row(call.tenant_id, after), action, before=run, after=after)
    try:
        after = changes.commit_answering(after)
    except Conflict:
        return store.get(call.tenant_id, run.id)
    if not gives_up:
        launch(processes, call.tenant_id, after)
    return after
