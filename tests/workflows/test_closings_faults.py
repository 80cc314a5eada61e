"""A monthly closing killed before and after every one of its writes, and two at the same time: always the same
closings.

The tasks are called in the order of run.asl.json, in one process, on an in-process DynamoDB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from billing.adapters.s3 import S3Files
from billing.closings import charges, ending, figures, freezing, service
from billing.closings.model import FreezeRequest
from billing.closings.service import freeze, refresh
from billing.closings.starting import ClosingsRequest, start_closings
from billing.closings.store import ClosingsTable
from billing.closings.store import figures as figures_of
from billing.closings.unfreezing import unfreeze
from billing.contracts.model import Contract, Why
from billing.contracts.store import ContractsTable, contract_row
from billing.core.errors import Conflict, Refused
from billing.core.money import Money
from billing.core.period import Period
from billing.invoicing.charge import charge_id
from billing.invoicing.states import ChargeStatus
from billing.invoicing.store import InvoicingTable, charge_row, charges_of
from billing.runs import service as runs
from billing.usage.store import UsageTable
from tests.support.aws import InProcessAws, in_process_aws
from tests.support.beside import beside_itself
from tests.support.billing import NoProcesses
from tests.support.closings import begin, close_all, closing_of, enter_usage, on, put, sell, table_of
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH_1,
    PLAN,
    TENANT,
    brokered,
    contract,
    printing,
)
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.tables import create_base, create_tables

POINTS_AT_LEAST = 15
SEVERAL = [{**PLAN, "definition_id": f"def_{number:04d}"} for number in range(7)]

Rows = dict[tuple[str, str, str], Any]


@pytest.fixture(autouse=True)
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A closing of seven charges takes pages before its freeze, and charges after it; a booklet goes in parts."""
    monkeypatch.setattr(charges, "ROOM", 3)
    monkeypatch.setattr(ending, "AT_ONCE", 3)
    monkeypatch.setattr(figures, "LINES_A_PAGE", 2)
    monkeypatch.setattr(freezing, "PAGES_INSIDE", 1)
    monkeypatch.setattr(freezing, "PAGES_AT_ONCE", 2)


def january() -> None:
    """A plan, a booklet, one that ends early, a counter that is not read, usage entries, many charges, and data that
    cannot be read."""
    begin(contract("cus_0001"), date(2026, 1, 20))
    begin(printing("cus_0002"))
    begin(brokered("cus_0003"))
    sell()
    enter_usage("cus_0003", JANUARY, "730", "use_0001")
    begin(contract("cus_0004", definitions=SEVERAL))
    begin(contract("cus_0005", horizon_months=1))
    spoil(begin(contract("cus_0006")).id)
    end(begin(contract("cus_0007", horizon_months=1, definitions=SEVERAL[:3])))


@contextmanager
def base() -> Iterator[InProcessAws]:
    with in_process_aws() as aws:
        create_base(january, called=january)
        yield aws


def end(made: Contract) -> None:
    """Half of January is given back, for one instalment that is invoiced and two that are not; three are after the
    end."""
    january = charges_of(TENANT, made.customer_id)
    february = Period.of_month(FEBRUARY)
    past = [
        charge.evolve(
            id=charge_id(made.id, charge.definition_id or "", february, 0), reference=february, version=0
        )
        for charge in january
    ]
    put(*(charge_row(TENANT, charge) for charge in (january[0].billed("inv_0001"), *past)))
    put(contract_row(TENANT, made.evolve(ends_on=date(2026, 1, 6))))


def spoil(contract_id: str) -> None:
    """A contract's row that can no longer be read: the price model is gone."""
    row = contract_row(TENANT, contract("cus_0006"))
    row.entity["definitions"][0]["pricing"] = {"kind": "?"}
    row.save()


def kept() -> Rows:
    """Every row that a closing writes, including versions and audit entries."""
    return {
        (table.Meta.table_name, row.partition, row.row): (int(row.version), row.entity)
        for table in (ClosingsTable, InvoicingTable, UsageTable)
        for row in table.scan()
    }


def run_january() -> None:
    close_all(FEBRUARY_1, S3Files("mensal-files"))


@pytest.fixture
def undisturbed() -> tuple[Rows, int]:
    """The rows of an undisturbed run, and how many writes it makes."""
    with base() as aws:
        writes = count_writes(aws, run_january)
        assert writes >= POINTS_AT_LEAST
        return kept(), writes


@pytest.mark.req("PLT-04", "CLO-06", "CLO-12")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_run_killed_at_any_write_and_started_again_makes_the_same(
    undisturbed: tuple[Rows, int], moment: str
) -> None:
    expected, writes = undisturbed

    for point in range(writes):
        with base() as aws:
            with cut(aws, point, moment), pytest.raises(Cut):
                run_january()

            run_january()

            assert kept() == expected, f"killed {moment} write {point}"


@pytest.mark.req("PLT-04", "CLO-06")
def test_run_executed_twice_at_once_at_any_write_has_the_same_result() -> None:
    for point, rows, undisturbed in beside_itself(january, run_january):
        assert rows == undisturbed, f"the second came in at write {point}"


@pytest.mark.req("PLT-04", "CLO-06")
def test_contract_with_bad_data_is_parked_with_a_clear_reason_and_the_others_are_closed() -> None:
    with base():
        run = close_all(FEBRUARY_1, S3Files("mensal-files"))
        (parked,) = runs.parked_of(TENANT, run.id)

        assert (run.parked, run.totals["frozen"], run.totals["pending"]) == (1, "5", "1")
        assert parked.key == f"cus_0006/{closing_of('cus_0006', JANUARY).id}"
        assert parked.code == "closing.bad_data"
        assert parked.message.startswith("O cadastro tem dados inválidos (definitions.0.pricing")


@pytest.mark.req("PLT-04")
def test_corrected_contract_is_closed_by_the_next_run_and_the_others_are_left_alone() -> None:
    with base():
        close_all(FEBRUARY_1, S3Files("mensal-files"))
        others = table_of("cus_0001")
        contract_row(TENANT, contract("cus_0006", version=1).activate(date(2026, 1, 1))).save()

        run = close_all(FEBRUARY_1, S3Files("mensal-files"), hour=9)

        assert (run.parked, run.totals["frozen"]) == (0, "1")
        assert [row[3] for row in table_of("cus_0006")] == ["90.00"]
        assert table_of("cus_0001") == others


@pytest.mark.req("PLT-04", "CLO-12")
def test_missed_months_catch_up_in_one_run() -> None:
    with base():
        close_all(MARCH_1, S3Files("mensal-files"))

        assert [row[0] for row in table_of("cus_0001")] == [
            "20/01/2026 a 31/01/2026",
            "01/02/2026 a 28/02/2026",
        ]


@pytest.mark.req("CLO-01")
def test_charges_beyond_one_transaction_are_all_created() -> None:
    with base():
        run_january()

        assert [row[3] for row in table_of("cus_0004")] == ["90.00"] * 7
        closing = closing_of("cus_0004", JANUARY)
        assert (closing.pages, closing.charges_left, len(closing.charge_ids)) == (4, False, 7)


@pytest.mark.req("CLO-01")
def test_no_run_includes_a_future_day() -> None:
    with base(), pytest.raises(Refused, match=r"closings\.future"):
        start_closings(on(FEBRUARY_1), NoProcesses(), ClosingsRequest(on=MARCH_1))


@pytest.mark.req("PLT-04", "CLO-03")
def test_pages_of_two_computations_never_mix() -> None:
    with base() as aws:
        closing = closing_of("cus_0004", JANUARY)
        call = on(FEBRUARY_1)
        other = [{**definition, "pricing": {"kind": "flat", "amount": "80.00"}} for definition in SEVERAL]

        def agree(definitions: list[dict[str, Any]]) -> None:
            contract_row(
                TENANT, contract("cus_0004", definitions=definitions).activate(date(2026, 1, 1))
            ).save()

        refresh(call, "cus_0004", closing.id)
        agree(other)
        with cut(aws, 1, "after"), pytest.raises(Cut):
            refresh(call, "cus_0004", closing.id)
        agree(SEVERAL)
        again = refresh(call, "cus_0004", closing.id)

        kept_lines = figures_of(TENANT, "cus_0004", closing.id, again.pages).lines
        assert [str(line.amount) for line in kept_lines] == ["90.00"] * 7


@pytest.mark.req("CLO-07", "PLT-04")
def test_unfreezing_first_makes_the_charges_that_were_left() -> None:
    with base() as aws:
        closing = refresh(on(FEBRUARY_1), "cus_0004", closing_of("cus_0004", JANUARY).id)
        with cut(aws, 0, "after"), pytest.raises(Cut):
            freeze(on(FEBRUARY_1), "cus_0004", closing.id, closing.version, FreezeRequest())
        left = closing_of("cus_0004", JANUARY)

        processed = unfreeze(on(FEBRUARY_1), "cus_0004", left.id, left.version)

        assert (left.charges_left, processed.charges_left) == (True, False)
        assert len(table_of("cus_0004")) == 7


@pytest.mark.req("CTR-03", "CLO-04", "PAY-08")
def test_contract_that_ends_credits_what_no_invoice_can_deduct() -> None:
    with base():
        run_january()

        made = charges_of(TENANT, "cus_0007")
        by_status = {status: sum(c.status is status for c in made) for status in ChargeStatus}
        carried = Money.sum(c.amount for c in made if c.status is ChargeStatus.UNBILLED and not c.is_credit)
        assert (by_status["billed"], by_status["removed"], carried) == (1, 3, Money("0.00"))
        assert [str(c.amount) for c in made if c.is_credit] == ["-46.44"]


@pytest.mark.req("CTR-03", "CON-07", "PLT-04")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_cancellation_cut_off_leaves_contract_and_instalments_consistent(moment: str) -> None:
    with in_process_aws() as aws:
        create_tables()
        made = begin(contract(horizon_months=3))

        def cancel() -> None:
            why = Why(on=FEBRUARY_1, reason="Mudança")
            service.cancel(on(date(2026, 1, 11)), made.customer_id, made.id, made.version, why)

        with cut(aws, 0, moment), pytest.raises(Cut):
            cancel()

        state = next(row.entity["state"] for row in ContractsTable.scan() if row.row.startswith("contract#"))
        removed = sum(charge.status == "removed" for charge in charges_of(TENANT, made.customer_id))
        assert (state, removed) == (("active", 0) if moment == "before" else ("cancelled", 2))


@pytest.mark.req("CTR-03", "CON-07")
def test_cancellation_during_a_billing_changes_nothing_and_is_to_be_repeated() -> None:
    with in_process_aws() as aws:
        create_tables()
        made = begin(contract(horizon_months=2))
        _, february = sorted(charges_of(TENANT, made.customer_id), key=lambda charge: charge.due_on)
        why = Why(on=FEBRUARY_1, reason="Mudança")

        def cancel() -> tuple[str, ...]:
            call = on(date(2026, 1, 11))
            return service.cancel(call, made.customer_id, made.id, made.version, why).instalments_left

        def bill() -> None:
            put(charge_row(TENANT, february.billed("inv_0001")))

        with meanwhile(aws, 0, bill), pytest.raises(Conflict):
            cancel()

        assert [message.rpartition(": ")[2][-24:] for message in cancel()] == [" faz parte de uma fatura"]
