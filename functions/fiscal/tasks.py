"""The tasks of the fiscal run."""

from functools import partial

from billing.entry import fiscal_office
from billing.entry.task import task
from billing.fiscal import run
from billing.runs import service as runs
from billing.runs.service import RunContext


@task
def plan_fiscal(context: RunContext) -> dict[str, object]:
    """Choose the invoices that may need a document (FIS-01)."""
    return runs.plan(context, run.plan, run.CHUNK)


@task
def issue_chunk(context: RunContext) -> dict[str, object]:
    """Issue the documents of a chunk's invoices, each document once."""
    return runs.work(context, partial(run.issue_chunk, office=fiscal_office.office()))
