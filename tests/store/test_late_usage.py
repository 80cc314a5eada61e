"""Usage that arrives after its month was closed is billed by the next closing, once, in a line that names the month
(CLO-11)."""

from datetime import date

import pytest

from billing.access.call import Call
from billing.closings import service as closing_service
from billing.closings import store as closings
from billing.closings import unfreezing
from billing.closings.model import Closing, FreezeRequest
from billing.contracts import service as contracts
from billing.contracts.items import ContractItem
from billing.core.money import Money
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.rating.definition import ChargeDefinition
from billing.usage import service
from billing.usage.bills import UtilityBill, bill_row
from billing.usage.work import count_transactions
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, enter_usage, on, put, read, sell, table_of
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH,
    MARCH_1,
    PRINTER,
    TENANT,
    brokered,
    printing,
)
from tests.support.cutting import meanwhile

APRIL_1 = date(2026, 4, 1)
pytestmark = pytest.mark.req("CLO-11")


def meter(month: Month, quantity: str, key: str) -> None:
    """A metering event, on 10 February or later."""
    event = {
        "event_key": key,
        "customer_id": "cus_0003",
        "month": month,
        "billing_item_id": "itm_0001",
        "quantity": quantity,
    }
    call = on(FEBRUARY_1, hour=15)
    report = service.count_events(call, [(1, event)], pytest.fail).report()
    assert report.accepted == 1


def lines_of(month: Month) -> list[tuple[str, str]]:
    closing = closing_of("cus_0003", month)
    figures = closings.figures(TENANT, "cus_0003", closing.id, closing.pages)
    return sorted((line.description, str(line.amount)) for line in figures.lines)


@pytest.fixture
def files(aws: InProcessAws, call: Call) -> MemoryFiles:
    made.keep(call, customer_row(TENANT, made.customer(3)))
    begin(brokered())
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")
    kept = MemoryFiles()
    close_all(FEBRUARY_1, kept)
    return kept


def test_late_usage_is_a_line_of_its_own_that_names_its_month(files: MemoryFiles) -> None:
    meter(JANUARY, "5", "vm-late")
    meter(FEBRUARY, "20", "vm-february")

    close_all(MARCH_1, files)

    assert lines_of(FEBRUARY) == [("Máquina virtual", "20.00"), ("Máquina virtual (uso de 01/2026)", "5.00")]
    assert [(row[0], row[3]) for row in table_of("cus_0003")] == [
        ("01/01/2026 a 31/01/2026", "10.00"),
        ("01/02/2026 a 28/02/2026", "25.00"),
    ]


def test_late_usage_is_billed_once(files: MemoryFiles) -> None:
    meter(JANUARY, "5", "vm-late")
    close_all(MARCH_1, files)
    close_all(MARCH_1.replace(month=4), files)

    assert lines_of(Month("2026-03")) == []
    assert [row[3] for row in table_of("cus_0003")] == ["10.00", "5.00"]


WORK = {
    "definition_id": "def_work",
    "valid_from": "2025-01-01",
    "category": "work_order",
    "billing_description": None,
}
ENERGY = {
    "definition_id": "def_energy",
    "valid_from": "2025-01-01",
    "category": "energy",
    "billing_description": "Energia",
    "energy": {"billing_percentage": "10", "utility_bill_source": "Edifício"},
}


def work(on_day: str, key: str, cost: str) -> None:
    event = {
        "event_key": key,
        "customer_id": "cus_0002",
        "item_id": "eqp_0001",
        "on": on_day,
        "category": "work_order",
        "subcategory": "labour",
        "quantity": "1",
        "unit_price": cost,
    }
    call = on(FEBRUARY_1, hour=1)
    report = count_transactions(call, [(1, event)], pytest.fail).report()
    assert report.accepted == 1, report


@pytest.fixture
def serviced(aws: InProcessAws, call: Call) -> MemoryFiles:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    begin(printing(definitions=[WORK, ENERGY]))
    put(bill_row(TENANT, UtilityBill(source="Edifício", month=JANUARY, amount=Money("1000.00"))))
    put(bill_row(TENANT, UtilityBill(source="Edifício", month=FEBRUARY, amount=Money("500.00"))))
    read("cus_0002", "1000", FEBRUARY_1)
    read("cus_0002", "1000", MARCH_1)
    return MemoryFiles()


def amounts_of(month: Month) -> list[tuple[str, str]]:
    closing = closing_of("cus_0002", month)
    figures = closings.figures(TENANT, "cus_0002", closing.id, closing.pages)
    return sorted((line.description, str(line.amount)) for line in figures.lines)


@pytest.mark.req("USE-07", "CHG-06")
def test_transactions_and_utility_bills_are_billed_in_the_closing_of_their_days(
    serviced: MemoryFiles,
) -> None:
    work("2026-01-31", "os-1", "30.00")
    work("2026-02-01", "os-2", "40.00")
    confirmed(JANUARY, FEBRUARY_1)
    confirmed(FEBRUARY, MARCH_1)

    assert amounts_of(JANUARY) == [("Energia", "100.00"), ("Mão de obra", "30.00")]
    assert amounts_of(FEBRUARY) == [("Energia", "50.00"), ("Mão de obra", "40.00")]


@pytest.mark.req("USE-07")
def test_transaction_of_a_frozen_day_is_billed_once_by_the_next_closing(serviced: MemoryFiles) -> None:
    confirmed(JANUARY, FEBRUARY_1)
    work("2026-01-31", "os-late", "30.00")
    confirmed(FEBRUARY, MARCH_1)
    confirmed(MARCH, APRIL_1)

    assert amounts_of(FEBRUARY) == [("Energia", "50.00"), ("Mão de obra (uso de 01/2026)", "30.00")]
    assert amounts_of(MARCH) == []


@pytest.mark.req("USE-07")
def test_late_transaction_is_billed_as_its_own_day_would_have(serviced: MemoryFiles) -> None:
    confirmed(JANUARY, FEBRUARY_1)
    dearer = {**WORK, "valid_from": "2026-02-01", "parameters": {"post_adjust_percent": "50"}}
    contracts.put_definition(
        on(FEBRUARY_1), "cus_0002", "con_0002", 2, ChargeDefinition.model_validate(dearer), closings.frozen
    )
    left = ContractItem.model_validate({**PRINTER, "left_on": "2026-02-01"})
    contracts.put_item(on(FEBRUARY_1), "cus_0002", "con_0002", 3, left)
    work("2026-01-31", "os-late", "30.00")
    confirmed(FEBRUARY, MARCH_1)

    assert ("Mão de obra (uso de 01/2026)", "30.00") in amounts_of(FEBRUARY)


@pytest.mark.req("USE-07", "PLT-04")
def test_transaction_in_the_moment_of_the_freeze_is_billed_by_the_next_closing(
    aws: InProcessAws, serviced: MemoryFiles
) -> None:
    with meanwhile(aws, 0, lambda: work("2026-01-31", "os-late", "30.00")):
        confirmed(JANUARY, FEBRUARY_1)
    confirmed(FEBRUARY, MARCH_1)

    assert ("Mão de obra", "30.00") not in amounts_of(JANUARY)
    assert ("Mão de obra (uso de 01/2026)", "30.00") in amounts_of(FEBRUARY)


@pytest.mark.req("USE-07", "CLO-07")
def test_unfreezing_opens_the_days_to_transactions_again(serviced: MemoryFiles) -> None:
    frozen = confirmed(JANUARY, FEBRUARY_1)
    unfreezing.unfreeze(on(FEBRUARY_1), "cus_0002", frozen.id, frozen.version)
    work("2026-01-31", "os-1", "30.00")
    confirmed(JANUARY, FEBRUARY_1)

    assert ("Mão de obra", "30.00") in amounts_of(JANUARY)


def confirmed(month: Month, day: date) -> Closing:
    """Frozen by a person: the printer's pages have no definition here."""
    closing = closing_of("cus_0002", month)
    request = FreezeRequest(confirm=True)
    return closing_service.freeze(on(day), "cus_0002", closing.id, closing.version, request)
