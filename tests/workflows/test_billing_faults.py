"""A billing run killed before and after every one of its writes, and two runs beside each other: always the same invoices.

The tasks are called in the order of billing_run.asl.json, in one process, on an in-process DynamoDB.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.core.money import Money
from billing.invoicing import invariants, making
from billing.invoicing.credits import credit
from billing.invoicing.store import InvoicingTable
from billing.runs import store as runs
from tests.support.aws import WRITES, InProcessAws, in_process_aws
from tests.support.billing import bill_all, keep, many_charges, six_customers
from tests.support.tables import create_tables

POINTS_AT_LEAST = 30
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


def beside(call: Call, aws: InProcessAws) -> None:
    """A whole second run of the same, in the middle of the first one's write."""
    watching, aws.observers[:] = list(aws.observers), []
    bill_all(call, S3Files("mensal-files"))
    aws.observers[:] = watching
