"""A task of a state machine: keys in, keys out; one Lambda each, named after its function."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from billing.entry import log
from billing.runs.model import RunEvent


def task(
    function: Callable[[RunEvent], dict[str, object]],
) -> Callable[[dict[str, Any], Any], dict[str, object]]:
    """The Lambda handler of `function`. Errors leave by their class name, which is what the machines catch."""

    @wraps(function)
    def handle(event: dict[str, Any], context: Any) -> dict[str, object]:
        log.task(function.__name__, event, context)
        return function(RunEvent.model_validate({k: event[k] for k in RunEvent.model_fields if k in event}))

    return handle
