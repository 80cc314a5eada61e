"""The tasks that every process ends with."""

from typing import Any

from billing.entry import log, wiring
from billing.entry.task import task
from billing.runs import service
from billing.runs.model import RunEvent


@task
def check_run(event: RunEvent) -> dict[str, object]:
    """Compare what the chunks made with the manifest and close the run (PLT-04)."""
    return service.check(event, wiring.files())


def fail_run(event: dict[str, Any], context: Any) -> dict[str, object]:
    """Record the error that the state machine gave up on."""
    log.task("fail_run", event, context)
    return service.fail(RunEvent(tenant_id=event["tenant_id"], run_id=event["run_id"]), str(event["failure"]))
