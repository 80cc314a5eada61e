"""The tasks of the remittance and of the bank return."""

from billing.bank_files import remittance_file, remittances, returns
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.service import RunContext


@task
def plan_remittance(context: RunContext) -> dict[str, object]:
    """Choose the titles that wait to be registered (BNK-04)."""
    return runs.plan(context, remittances.plan)


@task
def claim_chunk(context: RunContext) -> dict[str, object]:
    """Claim titles, so that no other file takes them."""
    return remittances.claim(context)


@task
def write_remittance(context: RunContext) -> dict[str, object]:
    """Take the sequence number and store the file, each once."""
    return remittance_file.write(context)


@task
def mark_chunk(context: RunContext) -> dict[str, object]:
    """Mark titles as sent, or release them."""
    return remittances.mark(context)


@task
def read_return(context: RunContext) -> dict[str, object]:
    """Check the whole return file and pin its occurrences (BNK-05)."""
    return returns.read(context)


@task
def apply_chunk(context: RunContext) -> dict[str, object]:
    """Apply occurrences, each once."""
    return runs.work(context, returns.apply)


@task
def finish_return(context: RunContext) -> dict[str, object]:
    """Close the run and write the return's summary."""
    return returns.finish(context)
