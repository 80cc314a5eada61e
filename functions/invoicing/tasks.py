"""The tasks of the billing run."""

from billing.entry.task import task
from billing.invoicing import billing_run
from billing.runs import service as runs
from billing.runs.service import RunContext


@task
def plan_billing(context: RunContext) -> dict[str, object]:
    """Choose the unbilled charges and group them (CON-06)."""
    return runs.plan(context, billing_run.plan_billing)


@task
def bill_chunk(context: RunContext) -> dict[str, object]:
    """Make a chunk's invoices, each once (INV-17)."""
    return runs.work(context, billing_run.bill_chunk, billing_run.has_begun)
