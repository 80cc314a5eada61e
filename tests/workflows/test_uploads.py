"""Files that people send: for whom they act, how often an address can be used, and what is refused (SEC-02, SEC-04)."""

import ast
import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import billing
from billing.access.call import Actor, Call
from billing.access.model import PERMISSIONS_OF, Profile
from billing.access.scope import Scope
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.audit.changes import PlatformTable, history
from billing.bank_files import remittances, returns, store
from billing.bank_files.model import RemittanceRequest, ReturnFile, ReturnStatus
from billing.bank_files.store import BankFilesTable
from billing.banking.model import PaymentProfile
from billing.banking.store import profile_row
from billing.core.errors import NotFound, Refused
from billing.core.files import Folder
from billing.entry import wiring
from billing.invoicing import store as invoices
from billing.invoicing.states import InvoiceStatus
from billing.invoicing.store import InvoicingTable
from billing.runs import store as run_rows
from billing.uploads import service as uploads
from billing.uploads.model import UploadRule
from functions.bank_files.api import handler
from functions.bank_files.events import return_uploaded
from functions.usage.events import import_uploaded
from infra.functions import EVENTS
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.cutting import meanwhile
from tests.support.http import Client
from tests.support.machine import Walker
from tests.support.reach import reach
from tests.support.uploads import sent, upload_event

pytestmark = pytest.mark.req("SEC-04")
PAID_ON = date(2026, 3, 20)
RULE = UploadRule(Folder.UPLOADED_RETURNS, max_bytes=10)


@pytest.fixture
def files(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, call: Call) -> S3Files:
    files = S3Files("mensal-files")
    walker = Walker()
    monkeypatch.setattr(wiring, "files", lambda: files)
    monkeypatch.setattr(wiring, "processes", lambda: walker)
    monkeypatch.setattr(wiring, "clock", lambda: call.clock)
    return files


@pytest.fixture
def paid(files: S3Files, call: Call) -> bytes:
    """The bank's return for an invoice of com_alfa, paid in full."""
    profile: PaymentProfile = made.profile(cash_account_id="acc_itau")
    made.keep_invoices(call, profile, 1, first=1)
    request = RemittanceRequest(profile_id=profile.id, due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))
    remittances.start(call, Walker(), request)
    (remittance,) = store.remittances(call.tenant_id, profile.id)
    remitted = files.get(store.file_key(call.tenant_id, remittance))
    return bank.respond(remitted, lambda title: [bank.paid(title.amount)], sequence=1, on=PAID_ON)


def clerk_of(call: Call, *companies: str, user_id: str = "usr_bia") -> Call:
    return call._replace(
        actor=Actor(user_id),
        scope=Scope.of(*companies),
        permissions=PERMISSIONS_OF[Profile.FINANCEIRO],
        idempotency=None,
    )


def send_return(clerk: Call, files: S3Files, data: bytes) -> ReturnFile:
    """As a clerk does: request an address, and send the file there."""
    form = returns.offer_upload(clerk, files)
    return_uploaded(upload_event(sent(form.fields["key"], data)), None)
    of_content = store.find_return(clerk.tenant_id, returns.return_id(clerk.tenant_id, data))
    mine = [
        bank_return
        for bank_return in store.returns(clerk.tenant_id)
        if bank_return.file_key == form.fields["key"]
    ]
    bank_return = mine[0] if mine else of_content
    assert bank_return is not None
    return bank_return


def is_settled(call: Call) -> bool:
    return invoices.get_invoice(call.tenant_id, "cus_0000", "inv_0001").status is InvoiceStatus.SETTLED


@pytest.mark.req("SEC-02", "BNK-05")
def test_return_settles_nothing_of_a_company_that_its_sender_does_not_serve(
    call: Call, files: S3Files, paid: bytes
) -> None:
    """Seen: a clerk of company B settled the invoices of company A."""
    refused = send_return(clerk_of(call, "com_beta"), files, paid)

    assert (refused.status, refused.problem, refused.sent_by) == (
        ReturnStatus.REFUSED,
        returns.OTHER_COMPANY,
        "usr_bia",
    )
    assert not is_settled(call)
    assert store.find_return(call.tenant_id, returns.return_id(call.tenant_id, paid)) is None

    applied = send_return(clerk_of(call, "com_alfa", user_id="usr_ana"), files, paid)

    assert (applied.status, applied.sent_by) == (ReturnStatus.APPLIED, "usr_ana")
    assert is_settled(call)


@pytest.mark.req("SEC-02", "BNK-05")
def test_file_that_another_company_sent_while_its_account_was_unknown_acts_for_who_sends_it_then(
    call: Call, files: S3Files, paid: bytes
) -> None:
    """The run that failed was of com_beta's clerk; the same content again is com_alfa's."""
    owner = made.profile(cash_account_id="acc_itau")
    elsewhere = owner.evolve(terms=owner.terms.evolve(conta="99999", conta_digit="1"), version=1)
    made.keep(call, profile_row(call.tenant_id, elsewhere))
    first = send_return(clerk_of(call, "com_beta"), files, paid)
    made.keep(call, profile_row(call.tenant_id, owner.evolve(version=2)))

    again = send_return(clerk_of(call, "com_alfa", user_id="usr_ana"), files, paid)

    assert (first.status, again.status, again.id) == (ReturnStatus.REFUSED, ReturnStatus.APPLIED, first.id)
    run = run_rows.get(call.tenant_id, again.run_id)
    assert (run.company_id, run.started_by, run.attempt) == ("com_alfa", "usr_ana", 2)
    assert is_settled(call)


@pytest.mark.req("SEC-03", "REP-03")
def test_audit_of_everything_a_file_changed_names_its_sender(call: Call, files: S3Files, paid: bytes) -> None:
    applied = send_return(clerk_of(call, "com_alfa"), files, paid)

    of_invoice = history(InvoicingTable, f"{call.tenant_id}#cus_0000", "invoice#inv_0001")[-1]
    of_run = history(PlatformTable, f"{call.tenant_id}#runs", f"run#{applied.run_id}")
    of_return = history(BankFilesTable, f"{call.tenant_id}#returns", f"return#{applied.id}")
    assert (of_invoice.actor_id, of_invoice.run_id) == ("usr_bia", applied.run_id)
    assert {entry.actor_id for entry in (*of_run, *of_return)} == {"usr_bia"}


@pytest.mark.req("BNK-05")
def test_file_that_a_bank_drops_by_its_own_channel_acts_for_the_tenant(
    call: Call, files: S3Files, paid: bytes
) -> None:
    """The one exception: only that machine may write there."""
    return_uploaded(upload_event(sent(Folder.BANK_CHANNEL.key(call.tenant_id, "CB200326.RET"), paid)), None)

    (applied,) = store.returns(call.tenant_id)
    assert (applied.status, applied.sent_by) == (ReturnStatus.APPLIED, "bank-channel")
    assert is_settled(call)


@pytest.mark.req("BNK-05")
def test_file_past_the_limit_is_refused_at_once_and_not_read(
    call: Call, files: S3Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S3 refuses what a form sends; a bank's channel has no form."""
    monkeypatch.setattr(returns, "UPLOADS", RULE)
    walker = wiring.processes()

    return_uploaded(upload_event(sent(Folder.BANK_CHANNEL.key(call.tenant_id, "A.RET"), b"x" * 11)), None)

    (refused,) = store.returns(call.tenant_id)
    assert (refused.status, "passa de" in (refused.problem or "")) == (ReturnStatus.REFUSED, True)
    assert isinstance(walker, Walker)
    assert walker.started == []


def test_address_is_good_for_one_file(call: Call, files: S3Files) -> None:
    """S3 allows a second one to be put over the first; it has no effect, whichever event comes first."""
    form = uploads.offer(call, files, RULE, "upl_0001")
    first, second = (sent(form.fields["key"], data) for data in (b"1", b"2"))

    _, taken = uploads.receive(first, RULE.folder, call.clock)
    again_call, again = uploads.receive(first, RULE.folder, call.clock)
    with pytest.raises(Refused, match=r"upload\.used"):
        uploads.receive(second, RULE.folder, call.clock)

    assert (taken.version_id, again, again_call.actor) == (first.version, taken, call.actor)
    assert files.get(taken.key, taken.version_id) == b"1"


def test_two_events_at_the_same_moment_take_the_address_once(
    call: Call, files: S3Files, aws: InProcessAws
) -> None:
    form = uploads.offer(call, files, RULE, "upl_0001")
    first, second = (sent(form.fields["key"], data) for data in (b"1", b"2"))

    with (
        meanwhile(aws, 0, lambda: uploads.receive(second, RULE.folder, call.clock)),
        pytest.raises(Refused, match=r"upload\.used"),
    ):
        uploads.receive(first, RULE.folder, call.clock)


@pytest.mark.parametrize(("size", "code"), [(10, None), (11, "upload.too_large")])
def test_upload_is_taken_up_to_its_limit(call: Call, files: S3Files, size: int, code: str | None) -> None:
    form = uploads.offer(call, files, RULE, "upl_0001")
    file = sent(form.fields["key"], b"x" * size)

    if code is None:
        assert uploads.receive(file, RULE.folder, call.clock)[1].received_at == call.now
        return
    with pytest.raises(Refused) as refused:
        uploads.receive(file, RULE.folder, call.clock)
    assert refused.value.code == code


def test_file_at_an_address_that_was_not_given_out_is_refused(call: Call, files: S3Files) -> None:
    uploads.offer(call, files, RULE, "upl_0001")

    for key in (
        Folder.UPLOADED_RETURNS.key(call.tenant_id, "upl_0002"),
        Folder.UPLOADED_RETURNS.key("ten_gama", "upl_0001"),
        Folder.UPLOADED_RETURNS.key(call.tenant_id, "x", "upl_0001"),
    ):
        with pytest.raises(NotFound):
            uploads.receive(sent(key, b"1"), RULE.folder, call.clock)


def test_upload_has_the_permissions_of_its_sender_when_the_address_was_given(
    call: Call, files: S3Files
) -> None:
    clerk = clerk_of(call, "com_alfa", "com_beta")
    form = uploads.offer(clerk, files, RULE, "upl_0001", {"kind": "usage"})

    acting, upload = uploads.receive(sent(form.fields["key"], b"1"), RULE.folder, call.clock)

    assert (acting.tenant_id, acting.actor, acting.scope, acting.permissions) == (
        clerk.tenant_id,
        clerk.actor,
        clerk.scope,
        clerk.permissions,
    )
    assert upload.request == {"kind": "usage"}


@pytest.mark.parametrize("handle", [return_uploaded, import_uploaded])
def test_refused_upload_is_not_tried_again(call: Call, files: S3Files, handle: Any) -> None:
    """An event that raises is given to the function twice more, and kept with the dead letters."""
    folder = Folder.UPLOADED_RETURNS if handle is return_uploaded else Folder.UPLOADED_USAGE

    assert handle(upload_event(sent(folder.key(call.tenant_id, "upl_none"), b"1")), None) == {}


@pytest.mark.req("BNK-05")
def test_return_has_the_name_it_was_sent_with_and_the_number_and_day_of_its_header(
    call: Call, files: S3Files, paid: bytes
) -> None:
    form = Client(handler).send(
        "POST",
        "/bank-returns",
        query={"file_name": "CB200301.RET"},
        headers={"idempotency-key": "return-0001"},
    )
    return_uploaded(upload_event(sent(form.body["fields"]["key"], paid)), None)
    return_uploaded(
        upload_event(sent(Folder.BANK_CHANNEL.key(call.tenant_id, "banco.ret"), paid[:-10])), None
    )

    listed = Client(handler).get("/bank-returns").body["items"]

    told_of = {one["file_name"]: (one.get("bank_sequence"), one.get("created_on")) for one in listed}
    assert told_of == {"CB200301.RET": (1, "2026-03-20"), "banco.ret": (None, None)}


@pytest.mark.req("BNK-05")
def test_clerk_requests_an_address_and_gets_the_form(call: Call, files: S3Files) -> None:
    answer = Client(handler).post("/bank-returns")

    fields = answer.body["fields"]
    assert answer.body["max_bytes"] == 20_000_000
    assert fields["key"] == Folder.UPLOADED_RETURNS.key("ten_alfa", answer.body["id"])
    policy = json.loads(base64.b64decode(fields["policy"]))
    assert ["content-length-range", 0, 20_000_000] in policy["conditions"]
    assert {"Content-Type": "application/octet-stream"} in policy["conditions"]
    assert {"key": fields["key"]} in policy["conditions"]


# Every upload to come


def test_each_folder_of_uploads_wakes_one_function_that_calls_receive() -> None:
    folders = [folder for folder in Folder if folder.startswith("uploads/")]
    woken = [(folder, function) for function in EVENTS for folder in function.woken_by]

    assert sorted(folder for folder, _ in woken) == sorted([*folders, Folder.BANK_CHANNEL])
    for folder, function in woken:
        asks = ("billing.uploads.service", "receive") in reach(function.module, function.entry).definitions
        assert asks, folder


def test_addresses_are_given_in_one_place() -> None:
    """A form signed elsewhere would have no row that says whose file it is."""
    source = Path(billing.__file__).parent
    places = {
        f"{path.relative_to(source)}:{node.func.attr}"
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"upload_form", "generate_presigned_post", "generate_presigned_url"}
    }

    assert places == {
        "uploads/service.py:upload_form",
        "adapters/s3.py:generate_presigned_post",
        "adapters/s3.py:generate_presigned_url",  # to read
    }
