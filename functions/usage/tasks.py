"""The tasks of a file import."""

from functools import partial

from billing.entry.messages import field_error
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.service import RunContext
from billing.usage import file_imports


@task
def read_import(context: RunContext) -> dict[str, object]:
    """Read a file as a stream and pin its lines (USE-03)."""
    return file_imports.read(context)


@task
def import_chunk(context: RunContext) -> dict[str, object]:
    """Count lines, each once, each wholly or not at all."""
    return runs.work(context, partial(file_imports.count_chunk, field_error))


@task
def finish_import(context: RunContext) -> dict[str, object]:
    """Close the run and write the import's totals."""
    return file_imports.finish(context)
