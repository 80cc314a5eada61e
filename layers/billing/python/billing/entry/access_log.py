"""Keep who reads what, beside the handler's own work: a row is put while the handler reads, and waited for at the end.

A put takes some milliseconds, and a handler's reads at least as many, so that a request is hardly longer for it. What cannot
be kept in time is said in the log, whose own line of the access stands, and the request is answered. The same person at the
same address within a minute is one access of this environment.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from billing.audit.access_log import Access, AccessRow, rows_of
from billing.entry import log

WAITS_S = 1.0
"""How long an answer is held back for a row that is not yet kept."""
MOST_KNOWN = 1000

Keep = Callable[[str, Access], None]


def put(tenant_id: str, access: Access) -> None:
    with AccessRow.batch_write() as batch:
        for row in rows_of(tenant_id, access):
            batch.save(row)


class AccessLog:
    """Of one environment, which answers one request after the other."""

    def __init__(self, keep: Keep = put) -> None:
        self._keep = keep
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="access")
        self._known: dict[tuple[str, ...], str] = {}

    def note(self, tenant_id: str, access: Access) -> Future[None] | None:
        """None where the same was noted this minute."""
        key = (tenant_id, access.actor_id, access.route, *access.subjects.values(), *access.filters)
        minute = f"{access.at:%Y-%m-%dT%H:%M}"
        if self._known.get(key) == minute:
            return None
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = minute
        return self._pool.submit(self._keep, tenant_id, access)


def finish(noted: "Future[None] | None") -> None:
    """Before the answer goes: an environment stands still between requests."""
    if noted is None:
        return
    try:
        noted.result(WAITS_S)
    except (PynamoDBException, BotoCoreError, TimeoutError) as fault:
        log.event("access_not_kept", fault=type(fault).__name__)


def configured() -> AccessLog | None:
    """By the environment; None where accesses are not kept."""
    return AccessLog() if os.environ.get("KEEPS_ACCESSES") == "1" else None
