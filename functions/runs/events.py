"""What EventBridge Scheduler triggers: starting the runs of the day, and recovering runs whose execution is gone."""

from datetime import datetime
from typing import Any

from billing.entry import log, wiring
from billing.entry.schedule import Round, recover_for_all, start_for_all
from billing.runs.kinds import RunKind


def start_scheduled(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the kind of run and the schedule's own time (ISO 8601), which is the same in every retry.

    Raises NotAllDone once all the others have started.
    """
    log.event("schedule", kind=str(event["kind"]), time=str(event["time"]))
    at = datetime.fromisoformat(event["time"])
    return _told(start_for_all(RunKind(event["kind"]), at, wiring.processes()))


def recover_runs(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the schedule's own time (ISO 8601). Raises NotAllDone once all the others have started."""
    at = datetime.fromisoformat(event["time"])
    came = recover_for_all(at, wiring.processes(), wiring.executions())
    for run in came.runs:
        log.event("run_recovered", run_id=run.id, kind=run.kind, attempt=str(run.attempt), status=run.status)
    return _told(came)


def _told(came: Round) -> dict[str, Any]:
    for subject, code in came.refused.items():
        log.event("schedule_refused", subject=subject, code=code)
    for subject, error in came.faults.items():
        log.event("schedule_failed", subject=subject, error=error)
    came.report()
    return {"runs": [run.id for run in came.runs], "refused": came.refused}
