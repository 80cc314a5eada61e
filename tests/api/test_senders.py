"""In whose name e-mails are sent: a sender belongs to one tenant, and is proven before it sends (SEC-05)."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from billing.adapters.local_mailbox import UNPROVEN
from billing.adapters.ses import SesIdentities
from billing.core.clock import FixedClock
from billing.core.table import Writes
from billing.customers.senders import TO_PROVE, find_sender
from billing.entry import postroom, wiring
from billing.members.store import get_tenant
from functions.customers.api import handler
from functions.dispatch.api import handler as dispatch
from tests.api.test_customers import COMPANY
from tests.support.aws import InProcessAws
from tests.support.http import Client
from tests.support.members import let_in, open_tenant, signed_in
from tests.support.messages import company, customer, keep, pdf_of, received

pytestmark = pytest.mark.req("SEC-05")
ADDRESS = "cobranca@example.com"
MESSAGE = {"company_id": "com_alfa", "subject": "Aviso", "body": "Bom dia."}
NOON = datetime(2026, 3, 10, 15, tzinfo=UTC)


@pytest.fixture
def mailbox(tmp_path: Path, aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILBOX_DIR", str(tmp_path))
    monkeypatch.setenv("SENDS_PER_SECOND", "10000")
    monkeypatch.setattr(postroom, "invoice_pdf", pdf_of)
    postroom.messengers.cache_clear()
    wiring.sender_proofs.cache_clear()
    (tmp_path / UNPROVEN).write_text(f"{ADDRESS}\n")
    return tmp_path


def administrator(tenant_id: str, user_id: str) -> Client:
    open_tenant(tenant_id, f"com_{tenant_id[4:]}")
    let_in(user_id, tenant_id, f"com_{tenant_id[4:]}")
    return signed_in(handler, user_id)


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(moment))


def test_sender_of_another_tenant_is_refused(mailbox: Path) -> None:
    ana, bia = administrator("ten_alfa", "usr_ana"), administrator("ten_beta", "usr_bia")
    made = ana.post("/companies", COMPANY)

    refused = bia.post("/companies", COMPANY)
    upper = bia.post("/companies", {**COMPANY, "sender_email": ADDRESS.upper()})
    own = bia.post("/companies", {**COMPANY, "sender_email": "outra@example.com"})
    changed = bia.put(f"/companies/{own.body['id']}", COMPANY, version=1)

    assert (made.status, own.status) == (201, 201)
    assert [refused.code, upper.code, changed.code] == ["sender.taken"] * 3
    assert len(get_tenant("ten_beta").company_ids) == 2


def test_companies_of_one_tenant_share_a_sender(mailbox: Path) -> None:
    ana = administrator("ten_alfa", "usr_ana")
    ana.post("/companies", COMPANY)

    assert ana.post("/companies", {**COMPANY, "cnpj": "45.543.915/0001-81"}).status == 201


def test_sender_is_proven_once_its_mailbox_has_answered(mailbox: Path) -> None:
    ana = administrator("ten_alfa", "usr_ana")
    path = f"/companies/{ana.post('/companies', COMPANY).body['id']}/sender"

    answer = ana.post(path)
    assert (answer.status, answer.body["address"]) == (200, ADDRESS)
    assert "proven_at" not in ana.get(path).body

    (mailbox / UNPROVEN).unlink()
    assert ana.post(path).body["proven_at"]
    assert ana.get(path).body["proven_at"]


@pytest.mark.parametrize(("seconds", "status"), [(-1, 422), (0, 201), (1, 201)])
def test_unproven_claim_blocks_others_for_a_day(
    mailbox: Path, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    ana, bia = administrator("ten_alfa", "usr_ana"), administrator("ten_beta", "usr_bia")
    at(NOON, monkeypatch)
    theirs = ana.post("/companies", COMPANY).body["id"]
    at(NOON + TO_PROVE.__class__(seconds=seconds) + TO_PROVE, monkeypatch)

    assert bia.post("/companies", COMPANY).status == status
    if status == 201:
        assert ana.get(f"/companies/{theirs}/sender").code == "sender.missing"
        assert ana.put(f"/companies/{theirs}", COMPANY, version=1).code == "sender.taken"


def test_verified_claim_never_expires(mailbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (mailbox / UNPROVEN).unlink()
    ana, bia = administrator("ten_alfa", "usr_ana"), administrator("ten_beta", "usr_bia")
    at(NOON, monkeypatch)
    ana.post(f"/companies/{ana.post('/companies', COMPANY).body['id']}/sender")
    at(NOON + 400 * TO_PROVE, monkeypatch)

    assert bia.post("/companies", COMPANY).code == "sender.taken"


@pytest.mark.parametrize("whose", ["nobody's", "unproven", "another tenant's"])
def test_sender_that_is_not_proven_sends_nothing_and_says_why(mailbox: Path, whose: str) -> None:
    keep("ten_beta" if whose == "another tenant's" else "ten_alfa", company())
    keep("ten_alfa", customer(phones=["(21) 98765-4321"]))
    if whose == "another tenant's":
        keep("ten_alfa", company(sender_email="outra@example.com"))
        put_company_back("ten_alfa")
    else:
        alter_sender(remove=whose == "nobody's")
    client = Client(dispatch)

    refused = client.post("/customers/cus_joana/messages", MESSAGE)
    by_sms = client.post("/customers/cus_joana/messages", {**MESSAGE, "channel": "sms", "subject": ""})

    assert (refused.status, refused.code) == (422, "sender.unproven")
    assert "cobranca@alfa.example" in refused.body["title"]
    assert (by_sms.status, received(mailbox)) == (201, ["+5521987654321"])


def alter_sender(*, remove: bool) -> None:
    from billing.customers.senders import sender_row

    sender = find_sender("cobranca@alfa.example")
    assert sender is not None
    writes = Writes()
    if remove:
        writes.delete(sender_row(sender))
    else:
        writes.put(sender_row(sender.evolve(proven_at=None)))
    writes.commit()


def put_company_back(tenant_id: str) -> None:
    """With the address that another tenant has, as no request could do."""
    from billing.customers.company_store import company_row, get_company

    writes = Writes()
    before = get_company(tenant_id, "com_alfa")
    writes.put(company_row(tenant_id, before.evolve(sender_email="cobranca@alfa.example")))
    writes.commit()


def stubbed() -> tuple[SesIdentities, Stubber]:
    ses = SesIdentities()
    ses._ses = boto3.client("sesv2", "sa-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    return ses, Stubber(ses._ses)


def identity(tenant_id: str, status: str) -> dict[str, Any]:
    return {"Tags": [{"Key": "mensal-tenant", "Value": tenant_id}], "VerificationStatus": status}


@pytest.mark.parametrize(("status", "is_proven"), [("SUCCESS", True), ("PENDING", False)])
def test_state_of_the_tenants_ses_identity_is_read(
    monkeypatch: pytest.MonkeyPatch, status: str, is_proven: bool
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    ses, stub = stubbed()
    stub.add_response("get_email_identity", identity("ten_alfa", status), {"EmailIdentity": ADDRESS})
    with stub:
        assert ses.ask("ten_alfa", ADDRESS) is is_proven
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    "there",
    [identity("ten_beta", "SUCCESS"), identity("ten_alfa", "FAILED"), {"VerificationStatus": "SUCCESS"}],
)
def test_ses_identity_that_is_not_of_this_claim_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, there: dict[str, Any]
) -> None:
    """Another tenant's identity, one whose link expired, one that the product did not make."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    ses, stub = stubbed()
    stub.add_response("get_email_identity", there, {"EmailIdentity": ADDRESS})
    stub.add_response("delete_email_identity", {}, {"EmailIdentity": ADDRESS})
    stub.add_response("create_email_identity", {}, {"EmailIdentity": ADDRESS, "Tags": ANY})
    with stub:
        assert not ses.ask("ten_alfa", ADDRESS)
    stub.assert_no_pending_responses()


def test_ses_sends_its_verification_to_an_unknown_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    ses, stub = stubbed()
    tags = [{"Key": "mensal-tenant", "Value": "ten_alfa"}]
    stub.add_client_error("get_email_identity", "NotFoundException")
    stub.add_response("create_email_identity", {}, {"EmailIdentity": ADDRESS, "Tags": tags})
    with stub:
        assert not ses.ask("ten_alfa", ADDRESS)
    stub.assert_no_pending_responses()
