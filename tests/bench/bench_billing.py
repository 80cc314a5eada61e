"""The cost of a billing run: CPU, write units and read units per invoice, on 1,000 invoices of one charge.

`python -m tests.bench.bench_billing` prints the table; `make bench` collects `measure()`. Units are computed from item
sizes. CPU is process time of plan, chunks and check, with a stub that answers each request at once as the emulator did
when the same run was recorded: entities, rules, serialisation, pynamodb and botocore; not the store. Medians.
"""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any

import botocore.httpsession
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import ALL_COMPANIES
from billing.core.clock import FixedClock
from billing.core.table import MAX_TRANSACTION_ITEMS, Writes
from billing.customers import store as customers
from billing.invoicing import billing_run, store
from billing.invoicing.charge import Charge
from billing.runs.model import RunEvent
from tests.support.aws import InProcessAws, Raw, in_process_aws
from tests.support.billing import REQUEST, MemoryFiles, NoProcesses, company, customer, keep, profile, walk
from tests.support.capacity import Meter
from tests.support.invoices import charge
from tests.support.tables import create_tables

INVOICES = 1000
SAMPLE = 100
REPEATS = 5
CALL = Call(
    tenant_id="ten_7m3k9x2p4q8r1s5t6v0w",
    actor=Actor("usr_7m3k9x2p4q8r1s5t6v0w"),
    scope=ALL_COMPANIES,
    permissions=frozenset(Permission),
    clock=FixedClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)),
)


def measure() -> dict[str, dict[str, Any]]:
    one = record(INVOICES, charges=1)
    single, double = record(SAMPLE, charges=1), record(SAMPLE, charges=2)
    taken = [replay(one) for _ in range(REPEATS)]
    return {
        "cpu_ms_per_invoice": _figure(1000 * median(taken) / INVOICES, "ms"),
        "write_units_per_invoice": _figure(one.written, "units"),
        "write_units_per_further_charge": _figure(double.written - single.written, "units"),
        "read_units_per_invoice": _figure(one.meter.read_units / INVOICES, "units"),
    }


def _figure(value: float, unit: str) -> dict[str, Any]:
    return {"median": round(value, 3), "unit": unit}


@dataclass
class Recording:
    """A run on the emulator: the answer to each request, and its cost."""

    invoices: int
    run_id: str = ""
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)

    @property
    def written(self) -> float:
        return self.meter.write_units / self.invoices

    def watch(self, aws: InProcessAws) -> None:
        send = aws.send

        def watched(request: AWSPreparedRequest) -> AWSResponse:
            answer = send(request)
            body = answer.content
            self.answers.append((answer.status_code, dict(answer.headers), body))
            target = request.headers.get("X-Amz-Target")
            if target is not None and answer.status_code == 200:
                operation = (target.decode() if isinstance(target, bytes) else target).split(".")[-1]
                self.meter.see(operation, json.loads(request.body), json.loads(body or b"{}"))
            return answer

        aws.send = watched  # type: ignore[method-assign]


def record(invoices: int, *, charges: int) -> Recording:
    """Bill a base of `invoices` customers with that many charges each."""
    recording = Recording(invoices)
    with in_process_aws(signed=True) as aws:
        create_tables()
        recording.watch(aws)
        _keep_base(invoices, charges)
        recording.run_id = billing_run.start(CALL, NoProcesses(), REQUEST).id
        recording.answers.clear()
        recording.meter.write_units = recording.meter.read_units = 0
        walk(RunEvent(tenant_id=CALL.tenant_id, run_id=recording.run_id), MemoryFiles())
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
        walk(RunEvent(tenant_id=CALL.tenant_id, run_id=recording.run_id), MemoryFiles())
        return time.process_time() - start
    finally:
        botocore.httpsession.URLLib3Session.send = original


def _keep_base(invoices: int, charges: int) -> None:
    keep(CALL, company(), profile(id="pro_7m3k9x2p4q8r1s5t6v0w"))
    writes = Writes()
    for number in range(invoices):
        customer_id = f"cus_{number:020d}"
        rows: list[Any] = [customers.customer_row(CALL.tenant_id, customer(customer_id, number + 1))]
        rows += [store.charge_row(CALL.tenant_id, _charge(customer_id, number, n)) for n in range(charges)]
        for row in rows:
            if len(writes) == MAX_TRANSACTION_ITEMS:
                writes.commit()
                writes = Writes()
            writes.put(row)
    writes.commit()


def _charge(customer_id: str, number: int, order: int) -> Charge:
    """With every field that a charge of a recurring plan has, and ids of full length."""
    return charge(
        customer_id=customer_id,
        contract_id=f"con_{number:020d}",
        definition_id=f"def_{order:020d}",
        closing_id=f"clo_{number:020d}",
        payment_profile_id="pro_7m3k9x2p4q8r1s5t6v0w",
        ledger_account="3.1.01",
        instalment=(1, 12),
    )


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:<40}{figure['median']:>12} {figure['unit']}")
