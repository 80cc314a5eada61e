"""The tasks of a statement's import."""

from functools import partial

from billing.bank_files.ending import let_go
from billing.entry.task import task
from billing.payments import statement_imports
from billing.runs import service as runs
from billing.runs.service import RunContext


@task
def read_statement(context: RunContext) -> dict[str, object]:
    """Read a statement and number its rows."""
    return statement_imports.read(context)


@task
def receive_chunk(context: RunContext) -> dict[str, object]:
    """Receive the Pix of a chunk's rows, each once."""
    return runs.work(context, partial(statement_imports.receive_chunk, let_go))


@task
def finish_statement(context: RunContext) -> dict[str, object]:
    """Close the run and write the import's totals."""
    return statement_imports.finish(context)
