"""The tasks of the remittance and of the bank return."""

from billing.bank_files import remittances, returns
from billing.entry import wiring
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.model import RunEvent


@task
def plan_remittance(event: RunEvent) -> dict[str, object]:
    """Choose the titles that wait to be registered (BNK-04)."""
    return runs.plan(event, wiring.files(), remittances.plan)


@task
def claim_chunk(event: RunEvent) -> dict[str, object]:
    """Claim titles, so that no other file takes them."""
    return remittances.claim(event, wiring.files())


@task
def write_remittance(event: RunEvent) -> dict[str, object]:
    """Take the sequence and put the file, each once."""
    return remittances.write(event, wiring.files())


@task
def mark_chunk(event: RunEvent) -> dict[str, object]:
    """Mark titles as sent, or let them go."""
    return remittances.mark(event, wiring.files())


@task
def read_return(event: RunEvent) -> dict[str, object]:
    """Prove a return file whole and pin its occurrences (BNK-05)."""
    return returns.read(event, wiring.files())


@task
def apply_chunk(event: RunEvent) -> dict[str, object]:
    """Apply occurrences, each once."""
    return runs.work(event, wiring.files(), returns.apply)


@task
def finish_return(event: RunEvent) -> dict[str, object]:
    """Close the run and write the return's summary."""
    return returns.finish(event, wiring.files(), wiring.clock().now())
