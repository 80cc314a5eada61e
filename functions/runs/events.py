"""What EventBridge Scheduler wakes: the runs of the day."""

from datetime import datetime
from typing import Any

from billing.entry import log, wiring
from billing.entry.schedule import start_for_all
from billing.runs.model import RunKind


def start_scheduled(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the kind of run and the schedule's own time (ISO 8601), whenever it is tried again."""
    log.event("schedule", kind=str(event["kind"]), time=str(event["time"]))
    runs = start_for_all(RunKind(event["kind"]), datetime.fromisoformat(event["time"]), wiring.processes())
    return {"runs": [run.id for run in runs]}
