"""What a schedule starts: every company of every tenant, whatever happens to the others."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.tenants import Tenant
from billing.bank_files.model import RemittanceRequest
from billing.core.sweep import NotAllDone
from billing.dispatch.model import DispatchRequest
from billing.entry.schedule import start_for_all
from billing.invoicing.billing_run import BillingRequest
from billing.members.store import tenant_row
from billing.runs.kinds import RunKind
from functions.runs.events import start_scheduled
from tests.support.aws import InProcessAws
from tests.support.billing import profile
from tests.support.made import keep

EVENT = {"kind": "billing_run", "time": "2026-03-10T08:00:00Z"}


class Machines:
    """Starts nothing for the runs of one tenant's company, because the service throttles."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        self.started.append(data["tenant_id"])
        if self.started == ["ten_alfa"]:
            raise ConnectionError("throttled")


@pytest.fixture
def tenants(call: Call, aws: InProcessAws) -> None:
    for tenant_id, companies in (("ten_alfa", ("com_alfa", "com_beta")), ("ten_gama", ("com_gama",))):
        keep(call, tenant_row(Tenant(id=tenant_id, name=tenant_id, company_ids=companies)))


@pytest.mark.req("PLT-01", "PLT-04")
@pytest.mark.usefixtures("tenants")
def test_fault_of_one_company_does_not_stop_the_schedule_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    machines = Machines()
    monkeypatch.setattr("billing.entry.wiring.processes", lambda: machines)

    with pytest.raises(NotAllDone, match=r"^ten_alfa/com_alfa: ConnectionError$"):
        start_scheduled(EVENT, None)
    again = start_scheduled(EVENT, None)

    assert machines.started == ["ten_alfa", "ten_alfa", "ten_gama"] * 2
    assert (len(again["runs"]), again["refused"]) == (3, {})


@pytest.mark.req("PLT-01", "INV-17", "BNK-04", "MSG-03")
@pytest.mark.usefixtures("tenants")
@pytest.mark.parametrize(
    ("kind", "starts", "request_of", "last"),
    [
        (RunKind.BILLING_RUN, "billing_run.start", BillingRequest, date(2026, 5, 9)),
        (RunKind.REMITTANCE, "remittances.start", RemittanceRequest, date(2026, 5, 9)),
        (RunKind.DISPATCH, "dispatch.start_dispatch", DispatchRequest, date(2026, 3, 30)),
    ],
)
def test_window_of_each_kind_goes_from_today_as_far_ahead_as_documented(
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    kind: RunKind,
    starts: str,
    request_of: type[BillingRequest | RemittanceRequest | DispatchRequest],
    last: date,
) -> None:
    """From 10/03: 60 days for charges and titles, 20 for invoices to send."""
    requests: list[Any] = []
    monkeypatch.setattr(
        f"billing.entry.schedule.{starts}", lambda _call, _processes, asks: requests.append(asks)
    )
    monkeypatch.setattr("billing.entry.schedule.profiles", lambda _tenant_id: [profile()])

    assert start_for_all(kind, call.now, Machines()).faults == {}

    assert {type(request) for request in requests} == {request_of}
    assert {(request.due_from, request.due_to) for request in requests} == {(date(2026, 3, 10), last)}


@pytest.mark.req("PLT-01", "MSG-03")
@pytest.mark.usefixtures("tenants")
def test_unreadable_tenant_does_not_stop_the_schedule_for_others(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def profiles(tenant_id: str) -> list[Any]:
        if tenant_id == "ten_alfa":
            raise ValueError("a row of another time")
        return []

    monkeypatch.setattr("billing.entry.schedule.profiles", profiles)

    remittances = start_for_all(RunKind.REMITTANCE, call.now, Machines())
    dispatches = start_for_all(RunKind.DISPATCH, call.now, Machines())

    assert (remittances.runs, remittances.refused) == ([], {})
    assert remittances.faults == {"ten_alfa": "ValueError"}
    assert set(dispatches.refused) == {"ten_alfa/com_alfa", "ten_alfa/com_beta", "ten_gama/com_gama"}
    assert dispatches.faults == {}
