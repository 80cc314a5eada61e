"""What a task of a run is given, in tests that call a task's own function."""

from datetime import datetime

from billing.core.clock import FixedClock
from billing.core.files import Files
from billing.runs.model import RunEvent
from billing.runs.service import RunContext, call_of


def in_task(event: RunEvent, files: Files, at: datetime | None = None) -> RunContext:
    """The clock is at `at`, or at the run's own instant."""
    return RunContext.of(event, files, FixedClock(at or call_of(event)[0].now))
