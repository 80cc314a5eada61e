"""What makes two runs the same, for every kind: the request, or the file that they process (PLT-04)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from billing.access.call import Actor, Call
from billing.access.tenants import Tenant
from billing.bank_files import remittances
from billing.bank_files.model import RemittanceRequest
from billing.banking.store import profile_row
from billing.closings import base_simulation, starting
from billing.closings.base_simulation import BaseSimulationRequest
from billing.closings.starting import ClosingsRequest
from billing.core.clock import FixedClock
from billing.core.period import Month
from billing.dispatch import service as dispatch
from billing.dispatch.model import DispatchRequest
from billing.entry.schedule import start_for_all
from billing.fiscal import run as fiscal_run
from billing.fiscal.run import FiscalRequest
from billing.invoicing import billing_run
from billing.members.store import tenant_row
from billing.runs.kinds import DAILY, RunKind
from billing.runs.model import Run
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import REQUEST as BILLING
from tests.support.fiscal_office import configured
from tests.support.machine import Remembered
from tests.support.requests import anew

DAYS = {"due_from": date(2026, 3, 1), "due_to": date(2026, 3, 31)}
OF_A_FILE = frozenset({RunKind.BANK_RETURN, RunKind.USAGE_IMPORT, RunKind.STATEMENT_IMPORT})
"""The same content is the same run, whoever sends it: the tests of these kinds check that."""

OF_A_REQUEST: dict[RunKind, Callable[[Call, Remembered], Run]] = {
    RunKind.MONTHLY_CLOSING: lambda call, to: starting.start_closings(call, to, ClosingsRequest()),
    RunKind.BILLING_RUN: lambda call, to: billing_run.start(call, to, BILLING),
    RunKind.REMITTANCE: lambda call, to: remittances.start(
        call, to, RemittanceRequest(profile_id="pro_3410001", **DAYS)
    ),
    RunKind.DISPATCH: lambda call, to: dispatch.start_dispatch(
        call, to, DispatchRequest(company_id="com_alfa", **DAYS)
    ),
    RunKind.FISCAL: lambda call, to: fiscal_run.start(
        call,
        to,
        FiscalRequest(company_id="com_alfa", issued_from=DAYS["due_from"], issued_to=DAYS["due_to"]),
    ),
    RunKind.SIMULATION: lambda call, to: base_simulation.start(
        call, to, BaseSimulationRequest(month=Month("2026-03"))
    ),
}


@pytest.fixture(autouse=True)
def base(aws: InProcessAws, call: Call) -> None:
    made.keep(call, profile_row(call.tenant_id, made.profile()))
    made.keep(call, tenant_row(Tenant(id="ten_alfa", name="Alfa", company_ids=("com_alfa",))))
    dispatch.add_demonstration_templates(call)
    configured(call, is_automatic=True)


def test_every_kind_of_run_belongs_to_a_request_or_a_file() -> None:
    assert OF_A_FILE | set(OF_A_REQUEST) == set(RunKind)


@pytest.mark.req("PLT-04", "BNK-04", "CON-06", "CLO-06", "MSG-03")
@pytest.mark.parametrize("kind", OF_A_REQUEST)
def test_another_request_of_the_same_is_another_run(kind: RunKind, call: Call) -> None:
    start, started = OF_A_REQUEST[kind], Remembered()
    first, second = anew(call), anew(call)

    run, again, other = start(first, started), start(first, started), start(second, started)

    assert again.id == run.id
    assert other.id != run.id
    assert start(first._replace(actor=Actor("usr_bia")), started).id not in {run.id, other.id}


@pytest.mark.req("PLT-01", "PLT-04")
@pytest.mark.parametrize("kind", DAILY)
def test_schedule_that_fires_twice_starts_the_same_runs_and_the_next_time_others(
    kind: RunKind, call: Call
) -> None:
    at = call.now
    (run,), (again,), (later,) = (
        start_for_all(kind, instant, Remembered()).runs for instant in (at, at, at + timedelta(hours=1))
    )

    assert (again.id, again.attempt) == (run.id, 2)
    assert later.id != run.id
    moved = call._replace(clock=FixedClock(at), actor=Actor("usr_ana"))
    assert OF_A_REQUEST[kind](moved, Remembered()).id != run.id
