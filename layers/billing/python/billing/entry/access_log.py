"""Record who reads what, in parallel with the handler: a row is put while the handler reads, and awaited at the end.

A put takes a few milliseconds, no longer than the handler's own reads, so it hardly delays the request. A row that
cannot be kept in time is reported in the log, which has a line for the access anyway, and the request is answered.
Repeated requests by the same person to the same address within a minute count as one access in this environment.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from billing.audit.access_log import Access, AccessRow, rows_of
from billing.entry import log

WAITS_S = 1.0
"""How long, in seconds, an answer waits for its row."""
MOST_KNOWN = 1000

Keep = Callable[[str, Access], None]


def put(tenant_id: str, access: Access) -> None:
    with AccessRow.batch_write() as batch:
        for row in rows_of(tenant_id, access):
            batch.save(row)


class AccessLog:
    """Belongs to one Lambda environment, which answers one request at a time."""

    def __init__(self, keep: Keep = put) -> None:
        self._keep = keep
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="access")
        self._known: dict[tuple[str, ...], str] = {}

    def note(self, tenant_id: str, access: Access) -> Future[None] | None:
        """None if the same access was noted within this minute."""
        key = (tenant_id, access.actor_id, access.route, *access.subjects.values(), *access.filters)
        minute = f"{access.at:%Y-%m-%dT%H:%M}"
        if self._known.get(key) == minute:
            return None
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = minute
        return self._pool.submit(self._keep, tenant_id, access)


def finish(noted: "Future[None] | None") -> None:
    """Wait for the row before answering: an environment is frozen between requests."""
    if noted is None:
        return
    try:
        noted.result(WAITS_S)
    except (PynamoDBException, BotoCoreError, TimeoutError) as fault:
        log.event("access_not_kept", fault=type(fault).__name__)


def configured() -> AccessLog | None:
    """As the environment variables say; None where accesses are not kept."""
    return AccessLog() if os.environ.get("KEEPS_ACCESSES") == "1" else None
