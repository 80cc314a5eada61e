"""S3 in the local cloud: what its events say."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import json
from contextvars import ContextVar
from typing import Any

from ministack.services import eventbridge, s3

_version: ContextVar[str | None] = ContextVar("version", default=None)


def tell_eventbridge_the_version() -> None:
    """An event of a versioned bucket names the version that was stored; the emulator gives it to queues, but not to
    EventBridge."""
    fire, dispatch = s3._fire_s3_event, eventbridge._dispatch_event

    def fire_with_version(*args: Any, version_id: str | None = None, **named: Any) -> None:
        token = _version.set(version_id)
        try:
            fire(*args, version_id=version_id, **named)
        finally:
            _version.reset(token)

    def dispatch_with_version(event: dict[str, Any], view: Any = None) -> None:
        version = _version.get()
        if event["Source"] == "aws.s3" and version is not None:
            detail = json.loads(event["Detail"])
            detail["object"]["version-id"] = version
            event = {**event, "Detail": json.dumps(detail)}
        dispatch(event, view)

    s3._fire_s3_event = fire_with_version
    eventbridge._dispatch_event = dispatch_with_version
