"""Runs that say they go on while their execution is gone: stopped, timed out, or lost with the engine that ran it.

A run's row tells its end before its execution ends, so a row that still says "running" when the execution is over was
cut off. It is started again, which converges; one that is cut off again and again is failed, for a person to look at.
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
"""Of the runs' own instants: all that a month starts. One that is older and started again is followed by who did so."""
MOST_ATTEMPTS = 5
LOST = "ExecutionLost"
"""The failure of a run that was cut off too often."""


def lost_runs(call: Call, executions: Executions) -> Iterator[tuple[Run, Execution]]:
    """Those of the tenant that are to be started again, as their rows stand after their executions were looked at."""
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
    """Start a lost run again, or fail it. Whoever does so at the same moment has it: then what stands is answered."""
    if execution is Execution.ABSENT:  # whoever started it was cut off before the execution was
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
