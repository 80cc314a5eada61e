"""Runs over HTTP: who may follow, cancel and start them again."""

import pytest

from billing.access.call import Call
from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.entry import wiring
from billing.runs import service, store
from billing.runs.kinds import PROCESSES, RunKind
from billing.runs.model import Run, RunStatus
from functions.runs.api import handler
from tests.support.aws import InProcessAws
from tests.support.http import Client
from tests.support.machine import Remembered

OTHERS = Client(handler, companies="com_beta")
each_kind = pytest.mark.parametrize("kind", list(RunKind))


@pytest.fixture(autouse=True)
def processes(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Remembered:
    remembered = Remembered()
    monkeypatch.setattr(wiring, "processes", lambda: remembered)
    return remembered


def begun(call: Call, kind: RunKind, **what: object) -> Run:
    return service.start(call, Remembered(), kind, name="2026-03", **what)  # type: ignore[arg-type]


@pytest.mark.req("SEC-01", "PLT-04")
@pytest.mark.parametrize("profile", list(Profile))
@each_kind
def test_run_is_changed_with_the_permission_for_its_operation(
    call: Call, processes: Remembered, kind: RunKind, profile: Profile
) -> None:
    """Operação starts runs, but can neither repeat a billing run nor stop a remittance of Financeiro."""
    run = begun(call, kind)
    path, client = f"/runs/{run.id}", Client(handler, profile=profile)
    may = {Permission.RUNS_START, PROCESSES[kind].permission} <= PERMISSIONS_OF[profile]

    answers = [client.post(f"{path}/start-again"), client.post(f"{path}/cancel")]

    assert [answer.status for answer in answers] == ([202, 202] if may else [403, 403])
    assert store.get(call.tenant_id, run.id).status is (RunStatus.CANCELLED if may else RunStatus.RUNNING)
    assert bool(processes.started) is may


@pytest.mark.req("SEC-01")
def test_operacao_profile_repeats_only_closings_usage_imports_and_simulations() -> None:
    mine = {kind for kind in RunKind if PROCESSES[kind].permission in PERMISSIONS_OF[Profile.OPERACAO]}

    assert mine == {RunKind.MONTHLY_CLOSING, RunKind.USAGE_IMPORT, RunKind.SIMULATION}


@pytest.mark.req("SEC-02")
@pytest.mark.parametrize(
    "what", [{"company_id": "com_alfa"}, {"input": {"companies": "com_alfa"}}], ids=["billing", "closings"]
)
def test_run_of_another_company_is_neither_seen_nor_changed(
    call: Call, processes: Remembered, what: dict[str, object]
) -> None:
    run = begun(call, RunKind.BILLING_RUN, **what)
    path, mine = f"/runs/{run.id}", Client(handler)

    answers = [
        OTHERS.get(path),
        OTHERS.get(f"{path}/parked"),
        OTHERS.post(f"{path}/cancel"),
        OTHERS.post(f"{path}/start-again"),
    ]

    assert [answer.code for answer in answers] == ["access.company"] * 4
    assert OTHERS.get("/runs").body["items"] == []
    assert [one["id"] for one in mine.get("/runs").body["items"]] == [run.id]
    assert mine.get(path).status == mine.get(f"{path}/parked").status == 200
    assert processes.started == []


@pytest.mark.req("SEC-02")
def test_run_of_several_companies_is_for_people_who_serve_all_of_them(call: Call) -> None:
    run = begun(call, RunKind.MONTHLY_CLOSING, input={"companies": "com_alfa com_beta"})

    assert OTHERS.get(f"/runs/{run.id}").code == "access.company"
    assert Client(handler, companies="com_beta com_alfa").get(f"/runs/{run.id}").status == 200


@pytest.mark.req("SEC-02")
def test_return_of_an_unknown_account_is_visible_to_everybody_in_the_tenant(call: Call) -> None:
    run = begun(call, RunKind.BANK_RETURN, input={"return_id": "ret_0001"})

    assert OTHERS.get(f"/runs/{run.id}").status == 200
    assert [one["id"] for one in OTHERS.get("/runs").body["items"]] == [run.id]
    assert Client(handler, tenant_id="ten_beta").get(f"/runs/{run.id}").status == 404
