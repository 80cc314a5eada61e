"""The tasks of the dispatch (MSG-03)."""

from functools import partial

from billing.dispatch import mass
from billing.entry import wiring
from billing.entry.postroom import postman
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.model import RunEvent


@task
def plan_dispatch(event: RunEvent) -> dict[str, object]:
    """Pin the invoices of the range and the words of the templates."""
    return runs.plan(event, wiring.files(), mass.plan)


@task
def send_chunk(event: RunEvent) -> dict[str, object]:
    """Send the messages of one chunk that were not sent yet."""
    return runs.work(event, wiring.files(), partial(mass.send_chunk, postman()))
