"""A Lambda that is woken by a stored file."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from billing.core.errors import BillingError, Conflict
from billing.entry import log
from billing.entry.faults import as_transient
from billing.uploads.model import StoredFile


def uploaded(function: Callable[[StoredFile], None]) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The Lambda handler of `function`, which gets S3's EventBridge event at least once for each object.

    A bad file is refused at once; only temporary faults are left to be retried, and end in the dead-letter queue.
    """

    @wraps(function)
    def handle(event: dict[str, Any], _context: Any) -> dict[str, Any]:
        file = StoredFile.of_event(event)
        try:
            with as_transient():
                function(file)
        except Conflict:
            raise
        except BillingError as error:
            log.event("upload_refused", code=error.code)
        return {}

    return handle
