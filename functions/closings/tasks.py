"""The tasks of the monthly closing and of the simulation of the base."""

from billing.closings import base_simulation, closing_run
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.service import RunContext


@task
def plan_closings(context: RunContext) -> dict[str, object]:
    """Choose the closings whose period has ended (CLO-01)."""
    return runs.plan(context, closing_run.plan_closings)


@task
def close_chunk(context: RunContext) -> dict[str, object]:
    """Compute closings, and freeze those that nothing holds back (CLO-06)."""
    return runs.work(context, closing_run.close_chunk)


@task
def plan_simulation(context: RunContext) -> dict[str, object]:
    """Choose the contracts with a closing that is not frozen (CHG-10)."""
    return runs.plan(context, base_simulation.plan)


@task
def simulate_chunk(context: RunContext) -> dict[str, object]:
    """Rate contracts in two months and compare, without effect."""
    return runs.work(context, base_simulation.simulate_chunk)


@task
def finish_simulation(context: RunContext) -> dict[str, object]:
    """Close the run and write its summary, outliers first."""
    return base_simulation.finish(context)
