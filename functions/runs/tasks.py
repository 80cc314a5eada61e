"""The tasks that every process ends with."""

from typing import Any

from billing.entry import log, wiring
from billing.entry.faults import as_transient
from billing.entry.task import task
from billing.runs import service
from billing.runs.model import RunEvent
from billing.runs.service import RunContext


@task
def check_run(context: RunContext) -> dict[str, object]:
    """Compare what the chunks made with the manifest, and close the run (PLT-04)."""
    return service.end_of(service.check(context))


def fail_run(event: dict[str, Any], context: Any) -> dict[str, object]:
    """Record the error that the state machine gave up on."""
    log.task("fail_run", event, context)
    failed = RunEvent.model_validate({name: event[name] for name in ("tenant_id", "run_id", "attempt")})
    with as_transient():
        return service.fail(failed, str(event["failure"]), wiring.clock().now())
