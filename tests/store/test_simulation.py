"""Simulation: a contract or a draft rated over any months, without effect (CHG-10, BEY-01, BEY-11)."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.closings.simulation import Simulation, SimulationRequest, simulate
from billing.closings.store import closings_of
from billing.core.errors import Forbidden
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.rating.comparison import Cause
from functions.simulations.api import handler
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, enter_usage, on, read, sell
from tests.support.contracts import (
    CLOUD,
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH,
    MARCH_1,
    MONO,
    PRINTER,
    TENANT,
    brokered,
    printing,
)
from tests.support.cutting import count_writes
from tests.support.http import Client

pytestmark = pytest.mark.req("CHG-10", "BEY-01")
DRAFT = {
    "company_id": "com_alfa",
    "description": "Proposta",
    "mode": "closing",
    "starts_on": "2026-06-01",
    "due": {"day": 10},
    "payment_profile_id": "pro_itau",
}


@pytest.fixture
def files(aws: InProcessAws, call: Call) -> MemoryFiles:
    made.keep(call, customer_row(TENANT, made.customer(2)), customer_row(TENANT, made.customer(3)))
    return MemoryFiles()


def simulated(customer_id: str, **request: Any) -> Simulation:
    wanted = {"customer_id": customer_id, **request}
    if "draft" not in request:
        wanted["contract_id"] = f"con_{customer_id[4:]}"
    return simulate(on(date(2026, 4, 2)), SimulationRequest.model_validate(wanted))


def totals(simulation: Simulation) -> list[tuple[str, str]]:
    return [(str(Month.of(period.period.start)), str(period.total)) for period in simulation.periods]


def test_months_come_out_as_their_closings_did_and_open_ones_as_they_will(files: MemoryFiles) -> None:
    begin(printing())
    for day, value in ((FEBRUARY_1, "7000"), (MARCH_1, "10000"), (date(2026, 4, 1), "16500")):
        read("cus_0002", value, day)
    close_all(FEBRUARY_1, files)

    simulation = simulated("cus_0002", month="2026-03", months=3)
    close_all(date(2026, 4, 1), files)

    closed = [(str(month), str(closing_of("cus_0002", month).total)) for month in (JANUARY, FEBRUARY, MARCH)]
    assert totals(simulation) == closed == totals(simulated("cus_0002", month="2026-03", months=3))


@pytest.mark.req("CHG-09")
def test_simulation_explains_its_lines_and_what_changed(files: MemoryFiles) -> None:
    begin(printing())
    for day, value in ((FEBRUARY_1, "7000"), (MARCH_1, "10000")):
        read("cus_0002", value, day)

    simulation = simulated("cus_0002", month="2026-02")

    assert simulation.line_count == len(simulation.lines) > 0
    assert all(line.why for line in simulation.lines)
    assert str(simulation.comparison.difference) == "-50.00"
    assert {cause: str(amount) for cause, amount in simulation.comparison.by_cause.items()} == {
        Cause.QUANTITY: "-50.00"
    }


@pytest.mark.req("USE-01")
def test_usage_of_a_finalised_month_is_the_contracts_that_billed_it(files: MemoryFiles) -> None:
    begin(brokered())
    begin(brokered("cus_0003", id="con_0009", number=2))
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")
    close_all(FEBRUARY_1, files)

    both = [
        simulated("cus_0003", month="2026-01"),
        simulate(
            on(MARCH_1),
            SimulationRequest(customer_id="cus_0003", contract_id="con_0009", month=JANUARY),
        ),
    ]

    assert sorted(str(simulation.periods[0].total) for simulation in both) == ["0.00", "10.00"]


def test_simulation_writes_nothing(aws: InProcessAws, files: MemoryFiles) -> None:
    begin(printing())
    before = closings_of(TENANT, "cus_0002")

    assert count_writes(aws, lambda: simulated("cus_0002", month="2026-05", months=5)) == 0
    assert closings_of(TENANT, "cus_0002") == before


@pytest.mark.req("BEY-11")
def test_draft_is_rated_over_real_readings_before_it_is_signed(files: MemoryFiles) -> None:
    begin(printing())
    for day, value in ((FEBRUARY_1, "7000"), (MARCH_1, "10000")):
        read("cus_0002", value, day)
    proposal = {
        **DRAFT,
        "items": [
            {**PRINTER, "joined_on": "2026-06-01", "meters": [{"unit": "page_mono", "initial": "20000"}]}
        ],
        "definitions": [
            {
                **MONO,
                "valid_from": "2026-06-01",
                "pricing": {"kind": "per_unit", "unit_price": "0.10"},
            }
        ],
    }

    simulation = simulated("cus_0002", draft=proposal, month="2026-02", months=2)

    assert totals(simulation) == [("2026-01", "0.00"), ("2026-02", "300.00")]


@pytest.mark.req("BEY-11")
def test_draft_is_rated_over_usage_that_was_billed_already(files: MemoryFiles) -> None:
    begin(brokered())
    sell(price="1.00")
    enter_usage("cus_0003", JANUARY, "10", "use_0001")
    close_all(FEBRUARY_1, files)
    proposal = {
        **DRAFT,
        "mode": "usage",
        "definitions": [{**CLOUD, "parameters": {"post_adjust_percent": "-20"}}],
    }

    assert totals(simulated("cus_0003", draft=proposal, month="2026-01")) == [("2026-01", "8.00")]


@pytest.mark.req("SEC-02")
def test_draft_of_another_company_is_not_simulated(files: MemoryFiles) -> None:
    with pytest.raises(Forbidden):
        simulated("cus_0002", draft={**DRAFT, "company_id": "com_outra"})


def test_simulation_over_http_takes_a_contract_or_a_draft_never_both(files: MemoryFiles) -> None:
    begin(printing())
    client = Client(handler)
    body = {"customer_id": "cus_0002", "contract_id": "con_0002", "month": "2026-02"}

    answer = client.post("/simulations/contracts", body)

    assert (answer.status, answer.body["contract_title"]) == (200, "1 - Outsourcing de impressão")
    both = client.post("/simulations/contracts", {**body, "draft": DRAFT})
    neither = client.post("/simulations/contracts", {"customer_id": "cus_0002"})
    assert (both.status, neither.status) == (400, 400)
    assert both.body["reasons"][0]["code"] == "simulation.contract"
