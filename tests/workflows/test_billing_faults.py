"""A billing run killed before and after every one of its writes, and two runs beside each other: always the same invoices.

The tasks are called in the order of billing_run.asl.json, in one process, on an in-process DynamoDB.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from billing.access.call import Call, Idempotency
from billing.adapters.s3 import S3Files
from billing.core.clock import FixedClock
from billing.core.money import Money
from billing.invoicing import billing_run, charges, invariants, making, numbering, store
from billing.invoicing.charges import BillByHand
from billing.invoicing.credits import credit
from billing.invoicing.store import InvoicingTable
from billing.runs import service
from billing.runs import store as runs
from billing.runs.model import RunEvent, RunStatus
from tests.support.aws import WRITES, InProcessAws, in_process_aws
from tests.support.billing import bill_all, keep, many_charges, six_customers, walk
from tests.support.cutting import Cut, count_writes, cut
from tests.support.tables import create_tables

POINTS_AT_LEAST = 30
ENDS = ("cancelled", "failed", "forgotten")
"""What became of a run that was cut off: a person cancelled it, its machine failed, or nothing at all."""
CREDIT = credit(
    customer_id="cus_0004",
    company_id="com_alfa",
    amount=Money("130.00"),
    source="hel_0001",
    description="Pago em duplicidade",
    on=date(2026, 3, 1),
)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven customers in two chunks, some invoices to a transaction, and one that takes several."""
    monkeypatch.setattr(runs, "CHUNK_KEYS", 4)
    monkeypatch.setattr(making, "MAX_TRANSACTION_ITEMS", 8)


class Killed(BaseException):
    """The process is gone: nobody catches this."""


@contextmanager
def base(call: Call) -> Iterator[InProcessAws]:
    with in_process_aws() as aws:
        create_tables()
        six_customers(call)
        many_charges(call, 16)
        keep(call, CREDIT)
        yield aws


def invoicing_rows() -> dict[tuple[str, str], Any]:
    """Every row of the invoicing table, but for the instants of audit entries."""
    return {
        (row.partition, row.row): (
            int(row.version),
            row.unbilled_key,
            row.due_key,
            {name: value for name, value in row.entity.items() if name != "at"},
        )
        for row in InvoicingTable.scan()
    }


def at_each_write(aws: InProcessAws, do: Callable[[int], None]) -> None:
    """Call `do` with 0, 1, 2... before and after each write request."""
    seen = iter(range(10_000))

    def observe(operation: str, body: bytes, moment: str) -> None:
        if operation in WRITES:
            do(next(seen))

    aws.observers.append(observe)


def kill_at(point: int) -> Callable[[int], None]:
    def kill(seen: int) -> None:
        if seen == point:
            raise Killed

    return kill


@pytest.fixture
def undisturbed(call: Call) -> tuple[dict[tuple[str, str], Any], int]:
    """The rows of a run that nothing disturbs, and in how many places it could have been killed."""
    points = []
    with base(call) as aws:
        at_each_write(aws, points.append)
        bill_all(call, S3Files("mensal-files"))
        aws.observers.clear()
        assert invariants.findings(call.tenant_id, "com_alfa", "1") == []
        return invoicing_rows(), len(points)


@pytest.mark.req("INV-17", "INV-18", "PLT-04", "CON-06")
def test_run_killed_at_any_write_and_started_again_makes_the_same(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], int]
) -> None:
    expected, points = undisturbed
    assert points >= POINTS_AT_LEAST

    for point in range(points):
        with base(call) as aws:
            at_each_write(aws, kill_at(point))
            with pytest.raises(Killed):
                bill_all(call, S3Files("mensal-files"))
            aws.observers.clear()

            bill_all(call, S3Files("mensal-files"))

            assert invoicing_rows() == expected, f"killed at {point}"


@pytest.mark.req("INV-17", "PLT-04")
def test_run_started_beside_itself_at_any_write_makes_the_same(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], int]
) -> None:
    expected, points = undisturbed

    for point in range(0, points, 2):  # before each write: the first run has read, and has yet to write
        with base(call) as aws:
            at_each_write(
                aws,
                lambda seen, aws=aws, point=point: (  # type: ignore[misc]
                    beside(call, aws) if seen == point else None
                ),
            )

            bill_all(call, S3Files("mensal-files"))

            aws.observers.clear()
            assert invoicing_rows() == expected, f"the second came in at {point}"


@pytest.mark.req("INV-17", "INV-18", "PLT-04", "CON-06")
def test_next_day_completes_what_a_run_left_at_any_write(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], int]
) -> None:
    expected, points = undisturbed
    tomorrow = call._replace(clock=FixedClock(call.now + timedelta(days=1)))
    completed = 0

    for point in range(points):
        with base(call) as aws:
            at_each_write(aws, kill_at(point))
            with pytest.raises(Killed):
                bill_all(call, S3Files("mensal-files"))
            aws.observers.clear()
            end = ENDS[point % len(ENDS)]
            give_up(call, end)

            run = bill_all(tomorrow, S3Files("mensal-files"))

            where = f"{end} at {point}"
            assert invariants.findings(call.tenant_id, "com_alfa", "1") == [], where
            assert numbering.open_blocks(call.tenant_id, "com_alfa") == [], where
            assert billed(invoicing_rows()) == billed(expected), where
            completed += "completed" in run.totals
    assert completed >= POINTS_AT_LEAST // 2


def give_up(call: Call, end: str) -> None:
    for run in runs.runs_for(call).items:
        if run.status is not RunStatus.RUNNING:
            continue
        if end == "cancelled":
            service.cancel(call, run.id)
        elif end == "failed":
            service.fail(RunEvent(tenant_id=call.tenant_id, run_id=run.id), "States.Timeout", call.now)


def billed(rows: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """Charges by id as they ended, but for the invoice's id, which its run gives, and what is left of a credit."""
    return {
        row: (entity["amount"], entity["status"])
        for (_, row), (_, _, _, entity) in rows.items()
        if row.startswith("charge#") and (entity["amount"][0] != "-" or entity["status"] == "billed")
    }


@pytest.mark.req("INV-17", "PLT-04")
def test_chunk_that_took_numbers_is_completed_by_its_retry_though_the_run_is_cancelled(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], int]
) -> None:
    _, points = undisturbed
    begun = 0

    for point in range(points):
        with base(call) as aws:
            at_each_write(aws, kill_at(point))
            with pytest.raises(Killed):
                bill_all(call, S3Files("mensal-files"))
            aws.observers.clear()
            give_up(call, "cancelled")

            for run in runs.runs_for(call).items:
                event = RunEvent(tenant_id=call.tenant_id, run_id=run.id)
                if runs.find_manifest(S3Files("mensal-files"), call.tenant_id, run.id) is not None:
                    walk(event, S3Files("mensal-files"))
                    begun += billing_run.has_begun(call, run, 0)

            where = f"killed at {point}"
            assert invariants.findings(call.tenant_id, "com_alfa", "1") == [], where
            assert numbering.open_blocks(call.tenant_id, "com_alfa") == [], where
    assert begun >= POINTS_AT_LEAST // 2


@pytest.mark.req("INV-17", "CON-05", "PLT-04")
def test_next_run_completes_what_was_billed_by_hand_and_cut_off_at_any_write(call: Call) -> None:
    by_hand = call._replace(idempotency=Idempotency("chave-0001", "hash"))

    def bill(customer_id: str) -> None:
        ids = tuple(charge.id for charge in store.charges_of(call.tenant_id, customer_id))
        asked = BillByHand(ids=ids, together=True, description="Março e abril")
        charges.bill(by_hand, customer_id, asked)

    with base(call) as aws:
        points = count_writes(aws, lambda: bill("cus_0007"))
    assert points >= 4  # the block, two parts of the charges, the invoice

    for point in range(points):
        for moment in ("before", "after"):
            with base(call) as aws:
                with cut(aws, point, moment), pytest.raises(Cut):
                    bill("cus_0007")

                bill_all(call, S3Files("mensal-files"))

                where = f"cut {moment} {point}"
                assert invariants.findings(call.tenant_id, "com_alfa", "1") == [], where
                assert numbering.open_blocks(call.tenant_id, "com_alfa") == [], where
                (invoice,) = store.invoices_of(call.tenant_id, "cus_0007")
                assert (str(invoice.amount), len(invoice.charge_ids)) == ("16.00", 16), where
                is_by_hand = (point, moment) != (0, "before")
                assert (invoice.description == "Março e abril") == is_by_hand, where


def beside(call: Call, aws: InProcessAws) -> None:
    """A whole second run of the same, in the middle of the first one's write."""
    watching, aws.observers[:] = list(aws.observers), []
    bill_all(call, S3Files("mensal-files"))
    aws.observers[:] = watching
