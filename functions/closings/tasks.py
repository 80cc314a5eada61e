"""The tasks of the monthly closing."""

from billing.closings import closing_run
from billing.entry import wiring
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.model import RunEvent


@task
def plan_closings(event: RunEvent) -> dict[str, object]:
    """Choose the closings whose period has ended (CLO-01)."""
    return runs.plan(event, wiring.files(), closing_run.plan_closings)


@task
def close_chunk(event: RunEvent) -> dict[str, object]:
    """Compute closings, and freeze those that nothing holds back (CLO-06)."""
    return runs.work(event, wiring.files(), closing_run.close_chunk)
