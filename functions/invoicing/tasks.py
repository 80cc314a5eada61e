"""The tasks of the billing run."""

from functools import partial

from billing.entry import wiring
from billing.entry.task import task
from billing.invoicing import billing_run
from billing.runs import service as runs
from billing.runs.model import RunEvent


@task
def plan_billing(event: RunEvent) -> dict[str, object]:
    """Choose the unbilled charges and group them (CON-06)."""
    return runs.plan(event, wiring.files(), partial(billing_run.plan_billing, wiring.files()))


@task
def bill_chunk(event: RunEvent) -> dict[str, object]:
    """Make a chunk's invoices, each once (INV-17)."""
    return runs.work(
        event, wiring.files(), partial(billing_run.bill_chunk, wiring.files()), billing_run.has_begun
    )
