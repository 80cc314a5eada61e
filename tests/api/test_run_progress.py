"""Runs over HTTP: a repeated request starts what its first attempt did not; how far a run is; pages."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from billing.access.call import Call, Idempotency, request_hash
from billing.adapters.s3 import S3Files
from billing.core.clock import FixedClock
from billing.core.page import encode_cursor
from billing.runs import service, store
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, RunEvent
from billing.runs.service import Chunk, RunContext
from functions.invoicing import api as invoicing
from functions.runs import api as runs
from tests.support.aws import InProcessAws
from tests.support.billing import REQUEST, NoProcesses, six_customers
from tests.support.cutting import Cut, meanwhile
from tests.support.http import Client
from tests.support.tasks import in_task


class Machines:
    """Starts executions by name, each once; the first calls fail before they succeed."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str, dict[str, Any]]] = []
        self.errors: list[BaseException] = [Cut()]

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        if (machine, name, data) not in self.started:
            self.started.append((machine, name, data))


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch, aws: InProcessAws, call: Call) -> Machines:
    machines = Machines()
    monkeypatch.setattr("billing.entry.wiring.processes", lambda: machines)
    six_customers(call)
    return machines


@pytest.mark.req("PLT-04", "PLT-02", "CON-06", "WEB-06")
def test_run_that_was_kept_but_not_launched_is_launched_by_the_same_request_again(machines: Machines) -> None:
    client = Client(invoicing.handler)
    with pytest.raises(Cut):
        client.post("/runs/billing", REQUEST.to_map(), key="chave-0001")

    again = [client.post("/runs/billing", REQUEST.to_map(), key="chave-0001") for _ in range(2)]

    assert [(answer.status, answer.body["status"], answer.body["attempt"]) for answer in again] == [
        (202, "running", 1),
        (202, "running", 1),
    ]
    run_id = again[0].body["id"]
    data = {"tenant_id": "ten_alfa", "run_id": run_id, "attempt": 1}
    assert machines.started == [("billing_run", f"{run_id}-1", data)]


@pytest.mark.req("PLT-04", "PLT-02")
def test_throttled_launch_is_to_be_requested_again(machines: Machines) -> None:
    throttled = ClientError({"Error": {"Code": "ThrottlingException"}}, "StartExecution")
    machines.errors = [throttled, throttled]
    client = Client(invoicing.handler)

    answers = [client.post("/runs/billing", REQUEST.to_map(), key="chave-0001") for _ in range(3)]

    assert [answer.status for answer in answers] == [503, 503, 202]
    assert len(machines.started) == 1


@pytest.mark.req("PLT-04", "PLT-02")
def test_attempt_that_was_kept_but_not_launched_is_launched_by_the_same_request_again(
    machines: Machines, call: Call
) -> None:
    run = service.start(call, NoProcesses(), RunKind.BILLING_RUN, name="2026-03", company_id="com_alfa")
    client = Client(runs.handler)
    path = f"/runs/{run.id}/start-again"
    with pytest.raises(Cut):
        client.post(path, key="chave-0001")

    again = client.post(path, key="chave-0001")

    assert (again.status, again.body["attempt"]) == (202, 2)
    assert [name for _, name, _ in machines.started] == [f"{run.id}-2"]


@pytest.mark.req("INV-19", "PLT-04", "PLT-02")
def test_attempt_that_releases_titles_is_launched_by_repeating_the_cancellation(
    machines: Machines, call: Call
) -> None:
    run = service.start(call, NoProcesses(), RunKind.REMITTANCE, name="2026-03", company_id="com_alfa")
    client = Client(runs.handler)
    path = f"/runs/{run.id}/cancel"
    with pytest.raises(Cut):
        client.post(path, key="chave-0001")

    again = client.post(path, key="chave-0001")

    assert (again.status, again.body["status"], again.body["attempt"]) == (202, "cancelled", 2)
    assert [name for _, name, _ in machines.started] == [f"{run.id}-2"]


@pytest.mark.req("PLT-04", "PLT-02")
@pytest.mark.parametrize("throttled", ["answer", "launch"])
def test_throttled_answer_of_a_twin_is_to_be_requested_again(
    machines: Machines, call: Call, aws: InProcessAws, throttled: str
) -> None:
    run = service.start(call, NoProcesses(), RunKind.BILLING_RUN, name="2026-03", company_id="com_alfa")
    client, path = Client(runs.handler), f"/runs/{run.id}/start-again"
    same = Idempotency("chave-0001", request_hash(["POST", path, ""]))
    twin = call._replace(idempotency=same)
    error = ClientError({"Error": {"Code": "ThrottlingException"}}, "any")
    machines.errors = [error] if throttled == "launch" else []

    def answer_twin() -> None:
        service.start_again(twin, NoProcesses(), run.id)
        if throttled == "answer":
            aws.observers.append(refuse_read)

    def refuse_read(operation: str, _body: bytes, when: str) -> None:
        if (operation, when) == ("GetItem", "before"):
            aws.observers.remove(refuse_read)
            raise error

    with meanwhile(aws, 0, answer_twin):
        busy = client.post(path, key="chave-0001")
    again = client.post(path, key="chave-0001")

    assert (busy.status, busy.code) == (503, "busy")
    assert (again.status, again.body["attempt"]) == (202, 2)
    assert [name for _, name, _ in machines.started] == [f"{run.id}-2"]


@pytest.mark.req("PLT-04", "WEB-06")
def test_progress_of_a_run_is_what_its_last_attempt_has_done(call: Call, aws: InProcessAws) -> None:
    files, client = S3Files("mensal-files"), Client(runs.handler)
    run = service.start(call, NoProcesses(), RunKind.BILLING_RUN, name="2026-03", company_id="com_alfa")
    event = RunEvent(tenant_id=call.tenant_id, run_id=run.id)

    def progress() -> tuple[int | None, ...]:
        body = client.get(f"/runs/{run.id}").body
        return tuple(body.get(name) for name in ("chunks", "done_chunks", "keys", "done_keys"))

    def do(_context: RunContext, chunk: Chunk) -> ChunkResult:
        return ChunkResult(chunk=chunk.number, keys=len(chunk.keys))

    seen = [progress()]
    service.plan(in_task(event, files), lambda *_: ([f"cus_{n}" for n in range(5)], {}), chunk_keys=2)
    for chunk in (0, 2):
        service.work(in_task(event.evolve(chunk=chunk), files), do)
        seen.append(progress())
    service.start_again(call, NoProcesses(), run.id)
    seen.append(progress())

    assert seen == [(None, 0, None, 0), (3, 1, 5, 2), (3, 2, 5, 3), (3, 0, 5, 0)]
    assert store.get(call.tenant_id, run.id).attempt == 2


@pytest.mark.req("PLT-02", "PLT-04", "WEB-06")
def test_runs_are_listed_page_by_page_newest_first(call: Call, aws: InProcessAws) -> None:
    client, made = Client(runs.handler), []
    for hour in range(5):
        at = call._replace(clock=FixedClock(call.now + timedelta(hours=hour)))
        company_id = "com_beta" if hour == 2 else "com_alfa"
        run = service.start(at, NoProcesses(), RunKind.BILLING_RUN, name=f"{hour}", company_id=company_id)
        made.append(run.id)
    service.start_again(call, NoProcesses(), made[0])

    pages = [client.get("/runs", limit="2").body]
    while "next_cursor" in pages[-1]:
        pages.append(client.get("/runs", limit="2", cursor=pages[-1]["next_cursor"]).body)

    listed = [[made.index(run["id"]) for run in page["items"]] for page in pages]
    assert listed[:3] == [[4, 3], [1], [0]]  # the third belongs to another company
    billing = client.get("/runs", kind="billing_run", status="running").body["items"]
    assert [made.index(run["id"]) for run in billing] == [4, 3, 1, 0]
    assert client.get("/runs", kind="dispatch").body["items"] == []
    assert client.get("/runs", status="failed").body["items"] == []
    another = encode_cursor({"partition": {"S": "ten_alfa#runs"}, "row": {"S": "run#1"}})
    for cursor in ("x", another or ""):
        assert client.get("/runs", cursor=cursor).code == "page.cursor"
