"""The tasks of the monthly closing and of the simulation of the base."""

from billing.closings import base_simulation, closing_run
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


@task
def plan_simulation(event: RunEvent) -> dict[str, object]:
    """Choose the contracts with a closing that is not frozen (CHG-10)."""
    return runs.plan(event, wiring.files(), base_simulation.plan)


@task
def simulate_chunk(event: RunEvent) -> dict[str, object]:
    """Rate contracts in two months and compare, without effect."""
    files = wiring.files()
    return runs.work(event, files, base_simulation.simulate_chunk(files))


@task
def finish_simulation(event: RunEvent) -> dict[str, object]:
    """Close the run and write its summary, outliers first."""
    return base_simulation.finish(event, wiring.files(), wiring.clock().now())
