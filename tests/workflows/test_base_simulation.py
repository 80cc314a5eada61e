"""The whole base simulated by its machine: outliers first, bad data left out, no business data written (CHG-10)."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Actor, Call
from billing.access.scope import Scope
from billing.adapters.s3 import S3Files
from billing.closings import base_simulation
from billing.closings.base_simulation import BaseSimulation, BaseSimulationRequest
from billing.closings.store import closings_of
from billing.contracts.store import contract_row, get
from billing.core.errors import Forbidden, NotFound
from billing.core.period import Month
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import Run, RunStatus
from functions.simulations.api import handler
from tests.support.aws import InProcessAws
from tests.support.closings import begin, on, put, read
from tests.support.contracts import FEBRUARY_1, MARCH_1, PRINTER, TENANT, contract, printing
from tests.support.cutting import Cut, count_writes, cut
from tests.support.http import Client
from tests.support.machine import Remembered, Walker, walk

pytestmark = pytest.mark.req("CHG-10", "PLT-04")
REQUEST = BaseSimulationRequest(month=Month("2026-02"))
TODAY = date(2026, 3, 2)


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    """A plan that stays the same, one that began during January, and printers that printed less."""
    begin(contract("cus_0001"))
    begin(printing("cus_0002"))
    begin(contract("cus_0003"), date(2026, 1, 16))
    for day, value in ((FEBRUARY_1, "7000"), (MARCH_1, "13050")):
        read("cus_0002", value, day)
    return S3Files("mensal-files")


def simulated(files: S3Files, hour: int = 12) -> tuple[Run, BaseSimulation]:
    call = on(TODAY, hour=hour)
    run = base_simulation.start(call, Walker(), REQUEST)
    return run_rows.get(TENANT, run.id), base_simulation.result(call, files, run.id)


def rows(simulation: BaseSimulation) -> list[tuple[str, str, str, bool]]:
    return [
        (compared.customer_id, str(compared.before), str(compared.after), compared.is_outlier)
        for compared in simulation.contracts
    ]


def test_outliers_come_first_and_unchanged_contracts_are_only_counted(files: S3Files) -> None:
    run, simulation = simulated(files)

    assert run.status is RunStatus.DONE
    assert rows(simulation) == [("cus_0003", "46.45", "90.00", True), ("cus_0002", "375.00", "377.50", False)]
    assert simulation.totals == {
        "contracts": "3",
        "changed": "2",
        "outliers": "1",
        "before": "511.45",
        "after": "557.50",
        "by_contract": "43.55",
        "by_price": "0.00",
        "by_quantity": "2.50",
        "by_adjustment": "0.00",
    }


def test_contract_with_bad_data_is_left_out_with_the_reason(files: S3Files) -> None:
    backwards = {**PRINTER, "meters": [{"unit": "page_mono", "initial": "9000"}]}
    kept = get(TENANT, "cus_0002", "con_0002")
    put(contract_row(TENANT, kept.evolve(items=(backwards,))))

    run, simulation = simulated(files)

    assert [row[0] for row in rows(simulation)] == ["cus_0003"]
    assert [parked.code for parked in runs.parked_of(TENANT, run.id)] == ["meter.backwards"]


def test_simulation_leaves_closings_as_they_were_and_converges_when_cut(
    files: S3Files, aws: InProcessAws
) -> None:
    before = closings_of(TENANT, "cus_0002")
    _, whole = simulated(files)
    points = count_writes(aws, lambda: simulated(files, hour=13))
    for point in range(points):
        call = on(TODAY)._replace(actor=Actor(f"usr_{point}"))  # a run of its own
        with pytest.raises(Cut), cut(aws, point, "after"):
            base_simulation.start(call, Walker(), REQUEST)
        run = base_simulation.start(call, Walker(), REQUEST)
        assert base_simulation.result(call, files, run.id) == whole
    assert closings_of(TENANT, "cus_0002") == before


def test_simulation_is_started_and_read_over_http(
    files: S3Files, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    walker = Walker()
    monkeypatch.setattr("billing.entry.wiring.processes", lambda: walker)
    client = Client(handler)

    run = client.post("/runs/simulations", {"month": "2026-02"})

    assert (run.status, run.body["kind"]) == (202, "simulation")
    simulation: dict[str, Any] = client.get(f"/runs/{run.body['id']}/simulation").body
    assert (simulation["compare_with"], len(simulation["contracts"])) == ("2026-01", 2)
    assert client.get("/runs/run_missing/simulation").code == "run.missing"


@pytest.mark.req("SEC-02")
def test_simulation_of_one_company_is_not_shown_to_another(files: S3Files) -> None:
    run, _ = simulated(files)
    other = on(TODAY)._replace(scope=Scope.of("com_outra"))

    with pytest.raises(Forbidden):
        base_simulation.result(other, files, run.id)
    started = base_simulation.start(other, Walker(), REQUEST)
    assert base_simulation.result(other, files, started.id).totals["contracts"] == "0"


@pytest.mark.parametrize("cancelled", [False, True])
def test_simulation_that_is_not_finished_says_so(files: S3Files, cancelled: bool) -> None:
    remembered = Remembered()
    run = base_simulation.start(on(TODAY), remembered, REQUEST)
    if cancelled:
        runs.cancel(on(TODAY), run.id)
        [(machine, data)] = remembered.started
        walk(machine, data)

    with pytest.raises(NotFound) as missing:
        base_simulation.result(on(TODAY), files, run.id)
    assert missing.value.code == "simulation.unfinished"
