"""Equipment that monitoring reports and that is in no contract: stored, reported at the closing, billed once it is
added (CLO-05 a)."""

from datetime import date

import pytest

from billing.access.call import Call
from billing.closings import store as closings
from billing.contracts import service as contracts
from billing.contracts.items import ContractItem
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.usage import store
from billing.usage.metering import count_readings
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, on, read
from tests.support.contracts import FEBRUARY_1, JANUARY, PRINTER, TENANT, printing

pytestmark = pytest.mark.req("CLO-05", "USE-04")
STRAY = "eqp_stray1"


def monitored(value: str, day: date, item_id: str = STRAY, unit: str = "page_mono") -> list[str]:
    """The reasons for which a monitoring reading is refused."""
    event = {
        "event_key": f"{item_id}/{unit}/{day}",
        "customer_id": "cus_0002",
        "item_id": item_id,
        "unit": unit,
        "on": day,
        "value": value,
    }
    report = count_readings(on(FEBRUARY_1), [(1, event)], pytest.fail).report()
    return [reason.code for line in report.refused for reason in line.reasons]


@pytest.fixture
def files(aws: InProcessAws, call: Call) -> MemoryFiles:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    begin(printing())
    read("cus_0002", "1000", FEBRUARY_1)
    return MemoryFiles()


@pytest.mark.parametrize(
    ("unit", "title"),
    [
        ("page_mono", "Impressora monitorada no cliente sem vínculo com um contrato"),
        ("kilometer", "Equipamento monitorado no cliente sem vínculo com um contrato"),
    ],
)
def test_closing_waits_for_equipment_without_a_contract(files: MemoryFiles, unit: str, title: str) -> None:
    assert monitored("2000", FEBRUARY_1, unit=unit) == []
    close_all(FEBRUARY_1, files)

    closing = closing_of("cus_0002", JANUARY)
    assert (closing.is_frozen, closing.pending) == (False, {"closing.item_unbound": 1})
    (issue,) = closings.figures(TENANT, "cus_0002", closing.id, closing.pages).issues
    assert (issue.title, issue.item_id) == (title, STRAY)


def test_equipment_that_is_added_is_billed_by_what_it_reported_before(files: MemoryFiles) -> None:
    monitored("2000", date(2026, 1, 10))
    monitored("7500", FEBRUARY_1)
    added = {
        **PRINTER,
        "id": STRAY,
        "joined_on": "2026-01-10",
        "meters": [{"unit": "page_mono", "initial": "2000"}],
    }
    contracts.put_item(on(FEBRUARY_1), "cus_0002", "con_0002", 2, ContractItem.model_validate(added))
    close_all(FEBRUARY_1, files)

    closing = closing_of("cus_0002", JANUARY)
    figures = closings.figures(TENANT, "cus_0002", closing.id, closing.pages)
    used = {counter.item_id: str(counter.units) for counter in figures.counters}
    assert (closing.is_frozen, used) == (True, {"eqp_0001": "0", STRAY: "5500"})
    excess = [line for line in figures.lines if line.item_id == STRAY and line.kind == "excess"]
    assert [line.unit for line in excess] == ["page_mono"]


def test_equipment_no_longer_monitored_is_no_longer_reported(files: MemoryFiles) -> None:
    monitored("2000", date(2025, 12, 31))
    close_all(FEBRUARY_1, files)

    assert closing_of("cus_0002", JANUARY).is_frozen


def test_readings_without_a_contract_are_compared_with_each_other(files: MemoryFiles) -> None:
    assert monitored("2000", date(2026, 1, 10)) == []
    assert monitored("1999", date(2026, 1, 11)) == ["reading.lower"]
    assert monitored("2000", date(2026, 1, 12)) == []
    assert monitored("3000", date(2026, 2, 2)) == ["reading.future"]
    known = store.readings(TENANT, "cus_0002", STRAY, "page_mono")
    assert [reading.on.day for reading in known] == [10, 12]


def test_stray_reading_counts_from_the_first_day_of_the_closings_month(files: MemoryFiles) -> None:
    """On the first day of the period it is reported, on the day before it is not."""
    monitored("2000", date(2026, 1, 1))
    close_all(FEBRUARY_1, files)

    assert closing_of("cus_0002", Month("2026-01")).pending == {"closing.item_unbound": 1}
