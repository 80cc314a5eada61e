"""The cost, for a read over the API, of recording who reads what: `python -m tests.bench bench_access_log`.

Each call to DynamoDB takes 5 ms here, about as on AWS; the same reads take turns with the log and without it.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import ALL_COMPANIES
from billing.audit.access_log import Access, rows_of
from billing.core.clock import Clock, FixedClock
from billing.entry import access_log, wiring
from functions.customers.api import handler
from tests.support.aws import in_process_aws
from tests.support.billing import company, customer, keep
from tests.support.http import Client
from tests.support.tables import create_tables

READS = 150
ROUND_TRIP_S = 0.005
BEGUN = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def measure() -> dict[str, dict[str, Any]]:
    """Medians for one person who reads one customer; each read is in another minute, so that each is recorded."""
    with in_process_aws() as aws:
        create_tables()
        call = Call("ten_alfa", Actor("usr_ana"), ALL_COMPANIES, frozenset(Permission), FixedClock(BEGUN))
        keep(call, company(), customer("cus_ana0"))
        aws.observers.append(_round_trip)
        client = Client(handler)
        log = access_log.AccessLog(_put)
        taken: dict[bool, list[float]] = {True: [], False: []}
        for read in range(READS):
            for is_kept in (True, False):
                with _wired(FixedClock(BEGUN + timedelta(minutes=read)), log if is_kept else None):
                    begun = time.perf_counter()
                    answer = client.get("/customers/cus_ana0")
                    taken[is_kept].append((time.perf_counter() - begun) * 1000)
                assert answer.status == 200, answer.body
    kept, without = median(taken[True]), median(taken[False])
    return {
        "read_with_access_log_ms": {"median": round(kept, 2), "unit": "ms"},
        "read_without_access_log_ms": {"median": round(without, 2), "unit": "ms"},
    }


def _put(tenant_id: str, access: Access) -> None:
    """The rows as they are sent, and the time they take on the way: otherwise the emulator's own work would be
    counted."""
    for row in rows_of(tenant_id, access):
        row.serialize()
    time.sleep(ROUND_TRIP_S)


def _round_trip(_operation: str, _body: bytes, moment: str) -> None:
    if moment == "before":
        time.sleep(ROUND_TRIP_S)


@contextmanager
def _wired(clock: Clock, log: access_log.AccessLog | None) -> Iterator[None]:
    former = wiring.clock, wiring.access_log
    wiring.clock, wiring.access_log = (lambda: clock), (lambda: log)  # type: ignore[assignment]
    try:
        yield
    finally:
        wiring.clock, wiring.access_log = former


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", "sa-east-1")
    print(measure())
