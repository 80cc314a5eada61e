"""A limit on the requests of each tenant, so that one tenant's integration does not starve the others.

An HTTP API has no usage plans, and its own limit is shared by all callers
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html), so the functions count, in a row
of the platform table for each tenant and ten seconds. An environment lets a tenant's first
requests through uncounted and then takes permits from the row, in growing blocks; people at a screen never get that
far. If the row cannot be updated, requests are let through: the limit is for fairness, not for safety.
"""

import os
import time
from collections.abc import Callable

from pynamodb.exceptions import PynamoDBException

from billing.audit.changes import PlatformTable
from billing.core.errors import TooManyRequests

WINDOW_S = 10
FREE = 5
"""Requests of a tenant that one environment lets through uncounted in each window."""
LARGEST_BLOCK = 16
PARTITION = "requests#"
"""Prefix of the rows' keys; grants name it."""


class RequestCounter(PlatformTable):
    """The requests counted for a tenant in a window, as the row's version; has a grant of its own."""


class TenantLimit:
    """Belongs to one Lambda environment, which answers one request at a time."""

    def __init__(self, per_window: int, clock: Callable[[], float] = time.time) -> None:
        self._per_window = per_window
        self._clock = clock
        self._window = 0
        self._permits: dict[str, int] = {}
        self._blocks: dict[str, int] = {}

    def take(self, tenant_id: str) -> None:
        """Raises TooManyRequests, with the seconds until the next window."""
        now = int(self._clock())
        if now // WINDOW_S != self._window:
            self._window = now // WINDOW_S
            self._permits, self._blocks = {}, {}
        left = self._permits.get(tenant_id, FREE) or self._more(tenant_id)
        if not left:
            raise TooManyRequests(
                "request.too_many",
                "Sua empresa enviou pedidos demais nos últimos segundos. Aguarde alguns segundos e tente de novo.",
                retry_after_s=WINDOW_S - now % WINDOW_S,
            )
        self._permits[tenant_id] = left - 1

    def _more(self, tenant_id: str) -> int:
        """Permits of the next block, or 0. Once a tenant has none left, its row is not read again in this window."""
        block = self._blocks.get(tenant_id, 1)
        if not block:
            return 0
        try:
            counted = count(tenant_id, self._window, block)
        except PynamoDBException:
            return block
        given = max(0, min(block, self._per_window - (counted - block)))
        self._blocks[tenant_id] = min(2 * block, LARGEST_BLOCK) if given else 0
        return given


def count(tenant_id: str, window: int, more: int) -> int:
    """Add to the tenant's requests in the window; returns the new total."""
    row = RequestCounter(f"{PARTITION}{tenant_id}", f"{window:012d}")
    row.update(
        actions=[RequestCounter.version.add(more), RequestCounter.ttl.set((window + 6) * WINDOW_S)],
        add_version_condition=False,
    )
    return int(row.version)


def configured() -> TenantLimit | None:
    """As the environment variables say; None where they set no limit."""
    per_second = os.environ.get("TENANT_REQUESTS_PER_SECOND")
    return TenantLimit(int(per_second) * WINDOW_S) if per_second else None
