"""Fiscal documents over HTTP: configured, issued, found, printed, consulted, cancelled (FIS-01..06)."""

from __future__ import annotations

import base64
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_authority.nfcom import NfcomAuthority
from billing.audit.changes import Changes
from billing.entry import wiring
from billing.entry.wiring import clock_row
from billing.fiscal.nfcom.printed import printed_note
from billing.invoicing import store as invoicing
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus
from functions.fiscal.api import handler
from functions.invoicing.api import handler as invoicing_handler
from functions.runs.api import handler as runs_handler
from tests.support import fiscal
from tests.support.aws import InProcessAws
from tests.support.billing import company, keep
from tests.support.fiscal_office import billed, open_office
from tests.support.http import Answer, Client
from tests.support.machine import Walker

COMPANY = "/companies/com_alfa"
MONTH = f"{COMPANY}/fiscal-months/2026-03"
REASON = {"reason": "Serviço não prestado ao cliente"}


@pytest.fixture
def authority(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> NfcomAuthority:
    """At the `call`'s own time."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    walker = Walker()
    monkeypatch.setattr(wiring, "processes", lambda: walker)
    return open_office(monkeypatch)


@pytest.fixture
def client(authority: NfcomAuthority) -> Client:
    return Client(handler)


def bill(call: Call, count: int = 1) -> list[Invoice]:
    return billed(call, S3Files("mensal-files"), count)


def path_of(invoice: Invoice) -> str:
    return f"/customers/{invoice.customer_id}/invoices/{invoice.id}/fiscal-documents"


def issued(client: Client, invoice: Invoice) -> tuple[str, dict[str, Any]]:
    """The document and its path."""
    answer = client.post(path_of(invoice), {})
    assert answer.status == 200, answer.body
    (document,) = answer.body["items"]
    return f"{path_of(invoice)}/{document['id']}", document


def download(answer: Answer) -> bytes:
    assert answer.status == 200, answer.body
    key = answer.body["url"].partition("?")[0].partition(".com/")[2].removeprefix("mensal-files/")
    return wiring.files().get(key)


def certificate_of(content: bytes, password: str = fiscal.PASSWORD) -> dict[str, str]:
    return {"content": base64.b64encode(content).decode(), "password": password}


@pytest.mark.req("FIS-01", "FIS-02", "FIS-05")
def test_pending_invoice_is_issued_and_its_files_are_found(client: Client, call: Call) -> None:
    (invoice,) = bill(call)
    pending = client.get(f"{COMPANY}/fiscal-pending", month="2026-03").body
    assert [(one["invoice_id"], one["is_waiting"]) for one in pending["items"]] == [(invoice.id, False)]
    assert pending["names"][invoice.customer_id] == "Cliente número 1"

    path, document = issued(client, invoice)

    assert (document["state"], document["number"], document["amount"]) == ("authorised", 1, "100.00")
    assert client.get(f"{COMPANY}/fiscal-pending", month="2026-03").body["items"] == []
    listed = client.get(f"{COMPANY}/fiscal-documents", month="2026-03").body["items"]
    assert listed == [client.get(path).body] == client.get(path_of(invoice)).body["items"]
    assert client.get(f"{COMPANY}/fiscal-documents", month="2026-03", state="rejected").body["items"] == []
    xml = download(client.get(f"{path}/xml"))
    assert printed_note(xml).key == document["key"]
    assert download(client.get(f"{path}/pdf")).startswith(b"%PDF")
    actions = [event["action"] for event in client.get(f"{path}/history").body["items"]]
    assert actions == ["fiscal_document.numbered", "fiscal_document.authorised"]


@pytest.mark.req("FIS-01", "PLT-04")
def test_run_issues_pending_documents_and_parks_those_that_cannot_be_issued(
    client: Client, call: Call
) -> None:
    invoices = bill(call, 3)
    no_address(call, invoices[1])

    started = client.post(
        "/runs/fiscal", {"company_id": "com_alfa", "issued_from": "2026-03-01", "issued_to": "2026-03-31"}
    )

    assert started.status == 202, started.body
    runs = Client(runs_handler)
    run = runs.get(f"/runs/{started.body['id']}").body
    assert (run["status"], run["totals"], run["parked"]) == (
        "done",
        {"documents": "2", "amount": "200.00"},
        1,
    )
    (parked,) = runs.get(f"/runs/{run['id']}/parked").body["items"]
    assert (parked["code"], parked["message"]) == ("fiscal.no_address", "Falta o endereço do cliente.")
    listed = client.get(f"{COMPANY}/fiscal-documents", month="2026-03").body["items"]
    assert [document["number"] for document in listed] == [1, 2]


def no_address(call: Call, invoice: Invoice) -> None:
    from billing.core.table import Writes
    from billing.customers.store import customer_row, get

    writes = Writes()
    before = get(call.tenant_id, invoice.customer_id)
    writes.overwrite(customer_row(call.tenant_id, before.evolve(addresses=())))
    writes.commit()


@pytest.mark.req("FIS-01")
@pytest.mark.parametrize(("count", "sent"), [(5, 5), (6, 5), (7, 5)])
def test_equal_rejections_stop_the_company_for_an_hour(
    client: Client,
    call: Call,
    authority: NfcomAuthority,
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    sent: int,
) -> None:
    bill(call, count)
    monkeypatch.setattr(NfcomAuthority, "_judged", lambda *_: "432")
    request = {"company_id": "com_alfa", "issued_from": "2026-03-01", "issued_to": "2026-03-31"}

    client.post("/runs/fiscal", request)

    rejected = client.get(f"{COMPANY}/fiscal-documents", month="2026-03").body["items"]
    assert len(rejected) == sent
    (notice,) = client.get(f"{COMPANY}/fiscal-settings").body["notices"]
    assert notice["code"] == "fiscal.paused"
    assert notice["message"].startswith("Emissão parada até 13:00: 5 rejeições iguais. 432 ")
    monkeypatch.undo()


@pytest.mark.req("FIS-04", "INV-01")
def test_cancelled_document_lets_the_invoice_be_removed(client: Client, call: Call) -> None:
    (invoice,) = bill(call)
    path, _ = issued(client, invoice)
    invoices = Client(invoicing_handler)
    removal = {"ids": [invoice.id], "reason": "Cobrança indevida"}
    remove = f"/customers/{invoice.customer_id}/invoices/remove"
    (refused,) = invoices.post(remove, removal).body["items"]
    assert (
        refused["reasons"][0]["message"] == f"A fatura {invoice.number} já possui documentos fiscais gerados."
    )
    assert client.post(f"{path}/cancellation", {"reason": "curta demais"}).status == 400

    answer = client.post(f"{path}/cancellation", REASON)

    assert (answer.status, answer.body["state"], answer.body["reason"]) == (
        200,
        "cancelled",
        REASON["reason"],
    )
    assert client.post(f"{path}/consultation").code == "fiscal.nothing_to_consult"
    (done,) = invoices.post(remove, removal).body["items"]
    assert done["outcome"] in {"done", "warned"}


@pytest.mark.req("FIS-02")
def test_lost_document_is_consulted_from_the_screen(
    client: Client, call: Call, authority: NfcomAuthority
) -> None:
    (invoice,) = bill(call)
    authority.loses_answers = 2
    path, document = issued(client, invoice)
    assert document["state"] == "unknown"

    answer = client.post(f"{path}/consultation")

    assert (answer.status, answer.body["state"]) == (200, "authorised")
    assert authority.received == {document["key"]: 1}


@pytest.mark.req("FIS-02")
def test_authority_that_is_down_is_explained_in_words(
    client: Client, call: Call, authority: NfcomAuthority
) -> None:
    (invoice,) = bill(call)
    authority.is_down = True

    answer = client.post(path_of(invoice), {})

    assert (answer.status, answer.code) == (422, "fiscal.later")
    (waiting,) = client.get(path_of(invoice)).body["items"]
    assert waiting["state"] == "signed"


@pytest.mark.req("FIS-04")
def test_number_of_a_rejected_document_can_be_given_up(
    client: Client, call: Call, authority: NfcomAuthority
) -> None:
    first, second = bill(call, 2)
    authority.rejects = "432"
    path, document = issued(client, first)
    assert document["state"] == "rejected"

    assert client.post(f"{path}/giving-up").body["state"] == "pending"
    _, other = issued(client, second)
    assert other["number"] == document["number"] == 1


@pytest.mark.req("FIS-06")
def test_settings_are_kept_by_version_and_shown_with_what_is_missing(client: Client, call: Call) -> None:
    keep(call, company())
    before = client.get(f"{COMPANY}/fiscal-settings").body
    assert [notice["code"] for notice in before["notices"]] == [
        "fiscal.not_configured",
        "certificate.missing",
    ]
    settings = {"regime": "1", "state_registration": "110042490114", "nfcom_series": 2}

    kept = client.put(f"{COMPANY}/fiscal-settings", settings, version=0)

    assert (kept.status, kept.body["version"], kept.body["settings"]["nfcom_series"]) == (200, 1, 2)
    assert client.put(f"{COMPANY}/fiscal-settings", settings, version=0).status == 412
    wrong = client.put(f"{COMPANY}/fiscal-settings", {**settings, "rules": [{"composition": "X"}]}, version=1)
    assert wrong.status == 400
    events = client.get(f"{COMPANY}/fiscal-settings/history").body["items"]
    assert [event["action"] for event in events] == ["fiscal_settings.changed"]


@pytest.mark.req("FIS-02", "SEC-03")
@pytest.mark.parametrize(
    ("content", "password", "code"),
    [
        ({}, "outra", "certificate.wrong_password"),
        ({"cnpj": "11444777000161"}, fiscal.PASSWORD, "certificate.other_cnpj"),
        ({"until": -1}, fiscal.PASSWORD, "certificate.expired"),
        (None, fiscal.PASSWORD, "certificate.unreadable"),
    ],
)
def test_certificate_that_cannot_be_used_is_refused(
    client: Client, call: Call, content: dict[str, Any] | None, password: str, code: str
) -> None:
    keep(call, company())

    answer = client.post(f"{COMPANY}/fiscal-certificate", certificate_of(made(call, content), password))

    assert (answer.status, answer.code) == (422, code)
    assert client.get(f"{COMPANY}/fiscal-settings").body.get("certificate") is None


def made(call: Call, changes: dict[str, Any] | None) -> bytes:
    if changes is None:
        return b"not a certificate"
    until = call.now + timedelta(days=changes.get("until", 100))
    return fiscal.pkcs12(
        since=call.now - timedelta(days=100),
        until=until,
        **{k: v for k, v in changes.items() if k != "until"},
    )


@pytest.mark.req("FIS-02", "SEC-03")
@pytest.mark.parametrize(
    ("days", "codes"), [(31, []), (30, ["certificate.near_its_end"]), (29, ["certificate.near_its_end"])]
)
def test_certificate_is_kept_sealed_and_watched(
    client: Client, call: Call, days: int, codes: list[str]
) -> None:
    keep(call, company())
    client.put(f"{COMPANY}/fiscal-settings", {"regime": "3"}, version=0)

    answer = client.post(f"{COMPANY}/fiscal-certificate", certificate_of(made(call, {"until": days})))

    assert answer.status == 201, answer.body
    assert set(answer.body) == {"cnpj", "expires_at", "kept_at"}
    view = client.get(f"{COMPANY}/fiscal-settings").body
    assert view["certificate"] == answer.body
    assert [notice["code"] for notice in view["notices"]] == codes
    assert fiscal.PASSWORD not in everything_kept()


def everything_kept() -> str:
    from tests.support.aws import state

    return state().decode("latin-1")


@pytest.mark.req("FIS-05", "FIS-06")
def test_month_is_archived_for_the_accountant(client: Client, call: Call) -> None:
    first, second = bill(call, 2)
    assert client.get(f"{MONTH}/archive").code == "fiscal.nothing_archived"
    _, kept = issued(client, first)
    path, cancelled = issued(client, second)
    client.post(f"{path}/cancellation", REASON)

    content = download(client.get(f"{MONTH}/archive"))

    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == [
            f"{kept['key']}-nfcom.xml",
            f"{cancelled['key']}-nfcom.xml",
            f"{cancelled['key']}-canc.xml",
        ]
        assert archive.read(f"{kept['key']}-nfcom.xml") == download(
            client.get(f"{path_of(first)}/{kept['id']}/xml")
        )


@pytest.mark.req("FIS-03", "FIS-06")
def test_month_with_an_unfinished_document_is_not_closed(
    client: Client, call: Call, authority: NfcomAuthority
) -> None:
    first, second = bill(call, 2)
    authority.rejects = "432"
    issued(client, first)
    assert client.put(MONTH, {"is_open": False}, version=0).code == "fiscal.month_unfinished"
    issued(client, first)

    closed = client.put(MONTH, {"is_open": False, "observation": "Competência 03/2026"}, version=0)

    assert (closed.status, closed.body["is_open"]) == (200, False)
    assert client.post(path_of(second), {}).code == "fiscal.month_closed"
    client.put(MONTH, {"is_open": True, "observation": "Competência 03/2026"}, version=1)
    path, _ = issued(client, second)
    assert "Competência 03/2026" in printed_note(download(client.get(f"{path}/xml"))).observations


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    ("profile", "issues", "configures"),
    [
        (Profile.FINANCEIRO, True, False),
        (Profile.OPERACAO, False, False),
        (Profile.CONSULTA, False, False),
        (Profile.ADMINISTRADOR, True, True),
    ],
)
def test_issuing_and_configuring_need_their_permissions(
    authority: NfcomAuthority, call: Call, profile: Profile, issues: bool, configures: bool
) -> None:
    (invoice,) = bill(call)
    client = Client(handler, profile=profile)
    assert client.get(f"{COMPANY}/fiscal-pending", month="2026-03").status == 200
    assert (client.post(path_of(invoice), {}).status == 200) is issues
    assert (client.put(MONTH, {"is_open": True}, version=0).status == 200) is configures


@pytest.mark.req("FIS-01", "PLT-04", "PAY-09")
def test_invoice_paid_while_the_authority_answers_still_gets_its_document(
    aws: InProcessAws, client: Client, call: Call, authority: NfcomAuthority
) -> None:
    """The row has changed when the answer is stored: it is read again, and the authority is queried by the key."""
    (invoice,) = bill(call)

    def observe(_operation: str, body: bytes, moment: str) -> None:
        if moment == "before" and b"fiscal_document.authorised" in body:
            pay(call, invoice)

    aws.observers.append(observe)

    started = client.post(
        "/runs/fiscal", {"company_id": "com_alfa", "issued_from": "2026-03-01", "issued_to": "2026-03-31"}
    )

    run = Client(runs_handler).get(f"/runs/{started.body['id']}").body
    assert (run["status"], run["parked"], run["totals"]["documents"]) == ("done", 0, "1")
    now = invoicing.get_invoice(call.tenant_id, invoice.customer_id, invoice.id)
    assert (now.status, now.has_fiscal_document, now.locks) == (InvoiceStatus.SETTLED, True, ())
    assert list(authority.received.values()) == [1]


def pay(call: Call, invoice: Invoice) -> None:
    """Once."""
    before = invoicing.get_invoice(call.tenant_id, invoice.customer_id, invoice.id)
    if before.status is InvoiceStatus.OPEN:
        changes = Changes(call)
        settled = before.received(before.amount, call.today)
        invoicing.put_invoice(call.tenant_id, changes, before, settled, InvoiceAction.SETTLED)
        changes.commit()
