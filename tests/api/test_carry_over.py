"""The ledger of what a minimum billed and nobody used, over HTTP (CHG-05)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.closings import carry_over
from billing.core.clock import FixedClock
from billing.customers.store import customer_row
from billing.entry import wiring
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles, customer
from tests.support.closings import begin, close_all, closing_of, put, read
from tests.support.closings_api import handler
from tests.support.contracts import FEBRUARY_1, JANUARY, MARCH_1, MONO, TENANT, printing
from tests.support.http import Client

MINIMUM = {
    **MONO,
    "pricing": {"kind": "per_unit", "unit_price": "0.10"},
    "parameters": {"minimum_quantity": "2000"},
    "carry_over": True,
}
APRIL_1 = date(2026, 4, 1)
LEDGER = "/customers/cus_0002/contracts/con_0002/carry-over"


@pytest.fixture
def clerk(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Client:
    """1,800, 2,150 and 2,300 pages in three months, the last of which waits for a person."""
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 4, 1, 15, tzinfo=UTC)))
    put(customer_row(TENANT, customer("cus_0002", 2)))
    begin(printing(definitions=[MINIMUM]))
    files = MemoryFiles()
    for day, value in ((FEBRUARY_1, "2800"), (MARCH_1, "4950")):
        read("cus_0002", value, day)
        close_all(day, files)
    read("cus_0002", "7250", APRIL_1)
    return Client(handler)


def cells(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["period"]["start"], row["kind"], row["units"], row["balance"], row["is_frozen"])


@pytest.mark.req("CHG-05")
def test_every_movement_of_carried_over_units_is_shown_with_its_balance(
    clerk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    march = clerk.get("/customers/cus_0002/closings").body["items"][0]["id"]
    clerk.post(f"/customers/cus_0002/closings/{march}/computations")

    rows = clerk.get(LEDGER).body["items"]

    assert [cells(row) for row in rows] == [
        ("2026-03-01", "taken", "-50", "0", False),
        ("2026-02-01", "taken", "-150", "50", True),
        ("2026-01-01", "stored", "200", "200", True),
    ]
    assert {(row["description"], row["item"], row["unit"]) for row in rows} == {
        ("Páginas mono", "Impressora da recepção", "páginas mono")
    }
    detail = clerk.get(f"/customers/cus_0002/closings/{closing_of('cus_0002', JANUARY).id}").body
    assert detail["carry_over"] == rows[2:]
    assert rows[2]["kind_label"] == "Guardado: uso abaixo do mínimo"

    monkeypatch.setattr(carry_over, "CLOSINGS_A_PAGE", 2)
    first = clerk.get(LEDGER).body
    second = clerk.get(LEDGER, cursor=first["next_cursor"]).body
    assert first["items"] + second["items"] == rows
    assert "next_cursor" not in second
