"""What EventBridge Scheduler wakes: the runs of the day."""

from datetime import datetime
from typing import Any

from billing.entry import log, wiring
from billing.entry.schedule import start_for_all
from billing.runs.model import RunKind


def start_scheduled(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the kind of run and the schedule's own time (ISO 8601), whenever it is tried again."""
    log.event("schedule", kind=str(event["kind"]), time=str(event["time"]))
    at = datetime.fromisoformat(event["time"])
    runs, refused = start_for_all(RunKind(event["kind"]), at, wiring.processes())
    for tenant_id, code in refused.items():
        log.event("schedule_refused", tenant_id=tenant_id, code=code)
    return {"runs": [run.id for run in runs], "refused": refused}
