"""Usage that comes after its month was closed is billed by the next closing, once, in a line that names the month (CLO-11)."""

import pytest

from billing.access.call import Call
from billing.closings import store as closings
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.usage import service
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, launch, on, sell, table_of
from tests.support.contracts import FEBRUARY, FEBRUARY_1, JANUARY, MARCH_1, TENANT, brokered

pytestmark = pytest.mark.req("CLO-11")


def meter(month: Month, quantity: str, key: str) -> None:
    """An event of metering, on 10 February or later."""
    event = {
        "event_key": key,
        "customer_id": "cus_0003",
        "month": month,
        "billing_item_id": "itm_0001",
        "quantity": quantity,
    }
    call = on(FEBRUARY_1, hour=15)
    report = service.import_events(call, [event], lambda error: pytest.fail(str(error)))
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
    launch("cus_0003", JANUARY, "10", "use_0001")
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
