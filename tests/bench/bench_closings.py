"""The cost of a monthly closing: CPU, write units and read units per closing that is computed and frozen.

`python -m tests.bench.bench_closings` prints the table; `make bench` collects `measure()`. A plan has one line and one
charge; a print contract has two lines, two charges and a meter reading. Units and CPU are measured as in
`bench_billing`.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import botocore.httpsession
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from billing.closings.starting import ClosingsRequest, start_closings
from billing.runs.model import RunEvent
from tests.bench.bench_billing import Recording
from tests.support.aws import Raw, in_process_aws
from tests.support.billing import MemoryFiles, NoProcesses
from tests.support.closings import begin, on, read, walk
from tests.support.contracts import FEBRUARY_1, TENANT, contract, printing
from tests.support.tables import create_tables

CLOSINGS = 200
REPEATS = 5


def measure() -> dict[str, dict[str, Any]]:
    figures: dict[str, dict[str, Any]] = {}
    for name, keep in (("plan", _plan), ("print", _print)):
        recording = record(keep)
        taken = [replay(recording) for _ in range(REPEATS)]
        figures |= {
            f"closing_{name}_cpu_ms": _figure(1000 * median(taken) / CLOSINGS, "ms"),
            f"closing_{name}_write_units": _figure(recording.written, "units"),
            f"closing_{name}_read_units": _figure(recording.meter.read_units / CLOSINGS, "units"),
        }
    return figures


def record(keep: Callable[[int], None]) -> Recording:
    """Close a base of contracts made by `keep`."""
    recording = Recording(CLOSINGS)
    with in_process_aws(signed=True) as aws:
        create_tables()
        recording.watch(aws)
        for number in range(CLOSINGS):
            keep(number)
        recording.run_id = start_closings(on(FEBRUARY_1), NoProcesses(), ClosingsRequest()).id
        recording.answers.clear()
        recording.meter.write_units = recording.meter.read_units = 0
        walk(RunEvent(tenant_id=TENANT, run_id=recording.run_id), MemoryFiles())
    return recording


def replay(recording: Recording) -> float:
    """Seconds of CPU of the same run, with each recorded answer given at once."""
    answers = iter(recording.answers)

    def answer(_session: object, request: AWSPreparedRequest) -> AWSResponse:
        status, headers, body = next(answers)
        return AWSResponse(request.url, status, headers, Raw(body))

    original = botocore.httpsession.URLLib3Session.send
    botocore.httpsession.URLLib3Session.send = answer
    try:
        start = time.process_time()
        walk(RunEvent(tenant_id=TENANT, run_id=recording.run_id), MemoryFiles())
        return time.process_time() - start
    finally:
        botocore.httpsession.URLLib3Session.send = original


def _plan(number: int) -> None:
    begin(contract(f"cus_{number:020d}", id=f"con_{number:020d}"))


def _print(number: int) -> None:
    customer_id = f"cus_{number:020d}"
    begin(printing(customer_id, id=f"con_{number:020d}"))
    read(customer_id, "7000", FEBRUARY_1)


def _figure(value: float, unit: str) -> dict[str, Any]:
    return {"median": round(value, 3), "unit": unit}


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:<40}{figure['median']:>12} {figure['unit']}")
