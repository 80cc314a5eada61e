"""A billing run killed before and after every one of its writes, and two runs at the same time: always the same
invoices.

The tasks are called in the order of run.asl.json, in one process, on an in-process DynamoDB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import cycle, product
from typing import Any

import pytest

from billing.access.call import Call, Idempotency
from billing.adapters.s3 import S3Files
from billing.core.clock import FixedClock
from billing.core.money import Money
from billing.invoicing import billing_run, invariants, making, manual_billing, numbering, store
from billing.invoicing.credits import credit
from billing.invoicing.manual_billing import BillByHand
from billing.invoicing.store import InvoicingTable
from billing.runs import service
from billing.runs import store as runs
from billing.runs.model import RunEvent, RunStatus
from tests.support.aws import InProcessAws, in_process_aws
from tests.support.beside import beside_itself
from tests.support.billing import bill_all, keep, many_charges, six_customers, walk
from tests.support.cutting import Cut, count_writes, cut
from tests.support.tables import create_base
from tests.support.tasks import in_task

POINTS_AT_LEAST = 30
ENDS = ("cancelled", "failed", "forgotten")
"""What happened to a run that was cut off: a person cancelled it, its machine failed, or nothing at all."""
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
    """Seven customers in two chunks, several invoices per transaction, and one invoice that takes several."""
    monkeypatch.setattr(runs, "CHUNK_KEYS", 4)
    monkeypatch.setattr(making, "MAX_TRANSACTION_ITEMS", 8)


def march(call: Call) -> None:
    six_customers(call)
    many_charges(call, 16)
    keep(call, CREDIT)


@contextmanager
def base(call: Call) -> Iterator[InProcessAws]:
    with in_process_aws() as aws:
        create_base(lambda: march(call), called=march)
        yield aws


def invoicing_rows() -> dict[tuple[str, str], Any]:
    """Every row of the invoicing table, except the instants of audit entries."""
    return {
        (row.partition, row.row): (
            int(row.version),
            row.unbilled_key,
            row.due_key,
            {name: value for name, value in row.entity.items() if name != "at"},
        )
        for row in InvoicingTable.scan()
    }


@contextmanager
def run_cut_off(call: Call, point: int, moment: str) -> Iterator[InProcessAws]:
    """A base whose run was killed before or after that write."""
    with base(call) as aws:
        with pytest.raises(Cut), cut(aws, point, moment):
            bill_all(call, S3Files("mensal-files"))
        yield aws


Places = list[tuple[int, str]]


@pytest.fixture
def undisturbed(call: Call) -> tuple[dict[tuple[str, str], Any], Places]:
    """The rows of an undisturbed run, and where it could have been killed: before and after each write."""
    with base(call) as aws:
        writes = count_writes(aws, lambda: bill_all(call, S3Files("mensal-files")))
        assert invariants.findings(call.tenant_id, "com_alfa", "1") == []
        return invoicing_rows(), list(product(range(writes), ("before", "after")))


@pytest.mark.req("INV-17", "INV-18", "PLT-04", "CON-06")
def test_run_killed_at_any_write_and_started_again_makes_the_same(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], Places]
) -> None:
    expected, places = undisturbed
    assert len(places) >= POINTS_AT_LEAST

    for point, moment in places:
        with run_cut_off(call, point, moment):
            bill_all(call, S3Files("mensal-files"))

            assert invoicing_rows() == expected, f"killed {moment} {point}"


@pytest.mark.req("INV-17", "PLT-04")
def test_run_executed_twice_at_once_at_any_write_has_the_same_result(call: Call) -> None:
    def bill() -> None:
        bill_all(call, S3Files("mensal-files"))

    for point, rows, undisturbed in beside_itself(lambda: march(call), bill):
        assert rows == undisturbed, f"the second came in at write {point}"


@pytest.mark.req("INV-17", "INV-18", "PLT-04", "CON-06")
def test_next_day_completes_what_a_run_left_at_any_write(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], Places]
) -> None:
    expected, places = undisturbed
    tomorrow = call._replace(clock=FixedClock(call.now + timedelta(days=1)))
    completed = 0

    for (point, moment), end in zip(places, cycle(ENDS), strict=False):
        with run_cut_off(call, point, moment):
            give_up(call, end)

            run = bill_all(tomorrow, S3Files("mensal-files"))

            where = f"{end}, cut {moment} {point}"
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
    """Charges by id in their final state, except the invoice's id, which its run gives, and what is left of a
    credit."""
    return {
        row: (entity["amount"], entity["status"])
        for (_, row), (_, _, _, entity) in rows.items()
        if row.startswith("charge#") and (entity["amount"][0] != "-" or entity["status"] == "billed")
    }


@pytest.mark.req("INV-17", "PLT-04")
def test_chunk_that_took_numbers_is_completed_by_its_retry_although_the_run_is_cancelled(
    call: Call, undisturbed: tuple[dict[tuple[str, str], Any], Places]
) -> None:
    _, places = undisturbed
    begun = 0

    for point, moment in places:
        with run_cut_off(call, point, moment):
            give_up(call, "cancelled")

            for run in runs.runs_for(call).items:
                event = RunEvent(tenant_id=call.tenant_id, run_id=run.id)
                if runs.find_manifest(S3Files("mensal-files"), call.tenant_id, run.id) is not None:
                    walk(event, S3Files("mensal-files"))
                    begun += billing_run.has_begun(in_task(event, S3Files("mensal-files")))

            where = f"killed {moment} {point}"
            assert invariants.findings(call.tenant_id, "com_alfa", "1") == [], where
            assert numbering.open_blocks(call.tenant_id, "com_alfa") == [], where
    assert begun >= POINTS_AT_LEAST // 2


@pytest.mark.req("INV-17", "CON-05", "PLT-04")
def test_next_run_completes_what_was_billed_by_hand_and_cut_off_at_any_write(call: Call) -> None:
    by_hand = call._replace(idempotency=Idempotency("chave-0001", "hash"))

    def bill(customer_id: str) -> None:
        ids = tuple(charge.id for charge in store.charges_of(call.tenant_id, customer_id))
        request = BillByHand(ids=ids, together=True, description="Março e abril")
        manual_billing.bill(by_hand, customer_id, request)

    with base(call) as aws:
        points = count_writes(aws, lambda: bill("cus_0007"))
    assert points >= 4  # the block, two parts of the charges, the invoice

    for point in range(points):
        for moment in ("before", "after"):
            with base(call) as aws:
                with cut(aws, point, moment), pytest.raises(Cut):
                    bill("cus_0007")
                numbers_taken = bool(numbering.open_blocks(call.tenant_id, "com_alfa"))
                is_by_hand = numbers_taken or bool(store.invoices_of(call.tenant_id, "cus_0007"))

                bill_all(call, S3Files("mensal-files"))

                where = f"cut {moment} {point}"
                assert invariants.findings(call.tenant_id, "com_alfa", "1") == [], where
                assert numbering.open_blocks(call.tenant_id, "com_alfa") == [], where
                (invoice,) = store.invoices_of(call.tenant_id, "cus_0007")
                assert (str(invoice.amount), len(invoice.charge_ids)) == ("16.00", 16), where
                assert (invoice.description == "Março e abril") == is_by_hand, where
