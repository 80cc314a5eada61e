"""A task of a state machine: keys in, keys out; one Lambda each, named after its function."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from billing.core.errors import BillingError
from billing.entry import log, wiring
from billing.entry.faults import as_transient
from billing.runs.model import RunEvent
from billing.runs.service import RunContext


def task(
    function: Callable[[RunContext], dict[str, object]],
) -> Callable[[dict[str, Any], Any], dict[str, object]]:
    """The Lambda handler of `function`. Errors keep their class name, which is what the machines catch."""

    @wraps(function)
    def handle(event: dict[str, Any], context: Any) -> dict[str, object]:
        log.task(function.__name__, event, context)
        run_event = RunEvent.model_validate({k: event[k] for k in RunEvent.model_fields if k in event})
        try:
            with as_transient():
                return function(RunContext.of(run_event, wiring.files(), wiring.clock()))
        except BillingError as error:
            raise _by_code(error) from None

    return handle


def _by_code(error: BillingError) -> BillingError:
    """The same error without its title, which may quote a bank's file: Lambda logs uncaught errors."""
    bare = type(error).__new__(type(error))
    BillingError.__init__(bare, error.code, "its title is not logged")
    return bare
