"""Two months of closings: an ISP, a print outsourcer, a cloud broker; what is pending waits for a person."""

from datetime import date

import pytest

from billing.access.call import Call, Idempotency
from billing.access.scope import Scope
from billing.audit.changes import history
from billing.closings import service
from billing.closings.model import FreezeRequest
from billing.closings.starting import ClosingsRequest, start_closings
from billing.closings.states import ClosingStatus
from billing.closings.store import ClosingsTable
from billing.contracts.store import contract_row
from billing.core.errors import Refused
from billing.core.money import Money
from billing.runs import store as runs
from billing.runs.model import RunStatus
from billing.usage.store import finalised_months
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, enter_usage, on, put, read, sell, table_of
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH,
    MARCH_1,
    TENANT,
    brokered,
    contract,
    printing,
)
from tests.support.machine import Walker


@pytest.fixture
def files(aws: InProcessAws) -> MemoryFiles:
    return MemoryFiles()


@pytest.mark.req("CLO-01", "CLO-04", "CLO-06", "CLO-12", "CTR-13", "CON-07")
def test_three_businesses_close_two_months(files: MemoryFiles) -> None:
    begin(contract("cus_0001"), date(2026, 1, 20))  # joins on the 20th
    begin(printing("cus_0002"))
    begin(brokered("cus_0003"))
    sell()
    read("cus_0002", "7000", FEBRUARY_1)
    enter_usage("cus_0003", JANUARY, "730", "use_0001")

    january = close_all(FEBRUARY_1, files)

    assert january.totals == {
        "closings": "3",
        "frozen": "3",
        "pending": "0",
        "charges": "4",
        "total": "546.72",
    }
    assert table_of("cus_0001") == [("20/01/2026 a 31/01/2026", "10/02/2026", "1 - Fibra 500 Mega", "34.84")]
    assert table_of("cus_0002") == [
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Locação de impressora", "50.00"),
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Páginas mono", "325.00"),
    ]
    assert table_of("cus_0003") == [
        ("01/01/2026 a 31/01/2026", "10/02/2026", "1 - Serviços de nuvem", "136.88")
    ]
    assert finalised_months(TENANT, [("cus_0003", JANUARY)]) == {("cus_0003", JANUARY)}

    # February: the counter is not read, so the print closing waits
    enter_usage("cus_0003", FEBRUARY, "10", "use_0002")
    february = close_all(MARCH_1, files)

    assert (february.totals["frozen"], february.totals["pending"], february.parked) == ("2", "1", 0)
    waiting = closing_of("cus_0002", FEBRUARY)
    assert (waiting.status, waiting.pending) == (ClosingStatus.PROCESSED, {"closing.counter_missing": 1})
    assert len(table_of("cus_0002")) == 2

    with pytest.raises(Refused) as refused:
        service.freeze(on(MARCH_1), "cus_0002", waiting.id, waiting.version, FreezeRequest())
    assert [reason.severity for reason in refused.value.reasons] == ["asks"]

    frozen = service.freeze(on(MARCH_1), "cus_0002", waiting.id, waiting.version, FreezeRequest(confirm=True))

    assert (frozen.frozen_by, frozen.pending) == ("usr_ana", {"closing.counter_missing": 1})
    assert table_of("cus_0002")[2:] == [
        ("01/02/2026 a 28/02/2026", "10/03/2026", "1 - Locação de impressora", "50.00"),
        ("01/02/2026 a 28/02/2026", "10/03/2026", "1 - Páginas mono", "275.00"),
    ]
    assert table_of("cus_0001")[1:] == [
        ("01/02/2026 a 28/02/2026", "10/03/2026", "1 - Fibra 500 Mega", "90.00")
    ]
    following = closing_of("cus_0002", MARCH)
    assert (following.status, following.total) == (ClosingStatus.OPEN, Money("0.00"))


@pytest.mark.req("CLO-01", "PLT-04")
def test_state_machine_walks_the_closings_to_their_end(aws: InProcessAws) -> None:
    begin(contract("cus_0001"))
    begin(printing("cus_0002"))

    run = start_closings(on(FEBRUARY_1), Walker(), ClosingsRequest())

    done = runs.get(TENANT, run.id)
    assert (done.status, done.totals["frozen"], done.totals["pending"]) == (RunStatus.DONE, "1", "1")
    assert [row[3] for row in table_of("cus_0001")] == ["90.00"]


@pytest.mark.req("REP-03")
def test_actions_of_a_run_are_attributed_to_who_started_it(aws: InProcessAws) -> None:
    begin(contract("cus_0001"))

    run = start_closings(on(FEBRUARY_1, actor_id="usr_bia"), Walker(), ClosingsRequest())

    frozen = closing_of("cus_0001", JANUARY)
    entries = history(ClosingsTable, f"{TENANT}#cus_0001", f"closing#{frozen.id}")
    assert (entries[-1].action, entries[-1].actor_id, entries[-1].run_id) == (
        "closing.frozen",
        "usr_bia",
        run.id,
    )


@pytest.mark.req("CLO-01", "SEC-02")
def test_closing_run_covers_the_companies_of_who_started_it(aws: InProcessAws) -> None:
    begin(contract("cus_0001"))
    theirs = contract("cus_0002", company_id="com_beta")
    put(contract_row(TENANT, theirs))
    others = on(theirs.starts_on)._replace(scope=Scope.of("com_beta"))
    service.activate(others, theirs.customer_id, theirs.id, 1, theirs.starts_on)

    mine = start_closings(on(FEBRUARY_1), Walker(), ClosingsRequest())

    assert (runs.get(TENANT, mine.id).keys, runs.get(TENANT, mine.id).totals["frozen"]) == (1, "1")
    assert closing_of("cus_0002", JANUARY).status is ClosingStatus.OPEN

    both = on(FEBRUARY_1)._replace(scope=Scope.of("com_beta", "com_alfa"))
    all_of_both = start_closings(both, Walker(), ClosingsRequest())

    assert all_of_both.id != mine.id
    assert closing_of("cus_0002", JANUARY).is_frozen


@pytest.mark.req("PLT-04")
def test_done_run_of_the_day_is_followed_by_a_new_one_over_what_is_left(aws: InProcessAws) -> None:
    def keyed_call(key: str) -> Call:
        return on(FEBRUARY_1)._replace(idempotency=Idempotency(f"{key}-request", "hash"))

    begin(printing("cus_0002"))
    first = start_closings(keyed_call("first"), Walker(), ClosingsRequest())
    begin(contract("cus_0001"))

    second = start_closings(keyed_call("second"), Walker(), ClosingsRequest())

    assert second.id != first.id
    assert runs.get(TENANT, second.id).totals["frozen"] == "1"
