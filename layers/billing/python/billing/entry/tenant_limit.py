"""How many requests of one tenant are taken, so that the integration of one does not starve the others.

An HTTP API has no usage plans, and its own limit is of all callers together
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html), so the functions count: a row of the
platform table for each tenant and ten seconds. An environment counts its first requests of a tenant for itself and
takes permits for more from the row, in blocks that grow; people at a screen never come to it. Where the row cannot be
counted, requests are taken: the limit is for fairness, not for safety.
"""

import os
import time
from collections.abc import Callable

from pynamodb.exceptions import PynamoDBException

from billing.audit.changes import PlatformTable
from billing.core.errors import TooManyRequests

WINDOW_S = 10
FREE = 5
"""Requests of a tenant that one environment takes in a window without counting them."""
LARGEST_BLOCK = 16
PARTITION = "requests#"
"""What the keys of the rows begin with; grants name it."""


class RequestCounter(PlatformTable):
    """How many requests of a tenant were counted in a window, as the row's version; granted apart from the table's rows."""


class TenantLimit:
    """Of one environment, which answers one request after the other."""

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
        """Permits of the next block, or 0; of a tenant that has none left the row is not asked again."""
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
    """Requests of the tenant in the window, with these."""
    row = RequestCounter(f"{PARTITION}{tenant_id}", f"{window:012d}")
    row.update(
        actions=[RequestCounter.version.add(more), RequestCounter.ttl.set((window + 6) * WINDOW_S)],
        add_version_condition=False,
    )
    return int(row.version)


def configured() -> TenantLimit | None:
    """By the environment; None where it sets no limit."""
    per_second = os.environ.get("TENANT_REQUESTS_PER_SECOND")
    return TenantLimit(int(per_second) * WINDOW_S) if per_second else None
