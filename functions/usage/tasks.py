"""The tasks of a file's import."""

from billing.entry import wiring
from billing.entry.messages import field_error
from billing.entry.task import task
from billing.runs import service as runs
from billing.runs.model import RunEvent
from billing.usage import file_imports


@task
def read_import(event: RunEvent) -> dict[str, object]:
    """Read a file as a stream and pin its lines (USE-03)."""
    return file_imports.read(event, wiring.files())


@task
def import_chunk(event: RunEvent) -> dict[str, object]:
    """Count lines, each once, each wholly or not at all."""
    files = wiring.files()
    return runs.work(event, files, file_imports.count_chunk(files, field_error))


@task
def finish_import(event: RunEvent) -> dict[str, object]:
    """Close the run and write the import's totals."""
    return file_imports.finish(event, wiring.files(), wiring.clock().now())
