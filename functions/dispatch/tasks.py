"""The tasks of the dispatch (MSG-03)."""

from functools import partial

from billing.dispatch import mass
from billing.entry.postroom import postman
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.service import RunContext


@task
def plan_dispatch(context: RunContext) -> dict[str, object]:
    """Pin the invoices in the range and the wording of the templates."""
    return runs.plan(context, mass.plan)


@task
def send_chunk(context: RunContext) -> dict[str, object]:
    """Send those messages of one chunk that have not been sent yet."""
    return runs.work(context, partial(mass.send_chunk, postman()))
