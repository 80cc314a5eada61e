"""A whole domain of senders: it belongs to one tenant, is proven by its DNS, and protects every address in it
(SEC-05)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from billing.adapters.local_mailbox import UNPROVEN
from billing.adapters.ses import SesIdentities
from billing.core.clock import FixedClock
from billing.core.errors import Refused
from billing.customers.public_mail import PUBLIC_MAIL
from billing.customers.sender_domains import TO_PROVE
from billing.customers.senders import require_proven
from billing.entry import wiring
from functions.customers.api import handler
from tests.api.test_customers import COMPANY
from tests.support.aws import InProcessAws
from tests.support.http import Answer, Client
from tests.support.members import let_in, open_tenant, signed_in

pytestmark = pytest.mark.req("SEC-05")
DOMAIN = "alfa.example"
ADDRESS = f"cobranca@{DOMAIN}"
NOON = datetime(2026, 3, 10, 15, tzinfo=UTC)


@pytest.fixture
def unproven(tmp_path: Path, aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The local twin's list of what is not proven; everything else is."""
    monkeypatch.setenv("MAILBOX_DIR", str(tmp_path))
    wiring.sender_proofs.cache_clear()
    file = tmp_path / UNPROVEN
    file.write_text(f"{DOMAIN}\nmail.{DOMAIN}\n{ADDRESS}\n")
    return file


@pytest.fixture
def ana(unproven: Path) -> Client:
    return administrator("ten_alfa", "usr_ana")


@pytest.fixture
def bia(unproven: Path) -> Client:
    return administrator("ten_beta", "usr_bia")


def administrator(tenant_id: str, user_id: str) -> Client:
    open_tenant(tenant_id, f"com_{tenant_id[4:]}")
    let_in(user_id, tenant_id, f"com_{tenant_id[4:]}")
    return signed_in(handler, user_id)


def claim(client: Client, domain: str = DOMAIN) -> Answer:
    return client.post("/sender-domains", {"domain": domain})


def company_of(client: Client, address: str) -> Answer:
    return client.post("/companies", {**COMPANY, "sender_email": address})


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(moment))


def test_claim_shows_the_records_and_is_proven_once_they_are_published(ana: Client, unproven: Path) -> None:
    made = claim(ana)

    assert made.status == 201
    assert "proven_at" not in made.body
    assert {record["type"] for record in made.body["records"]} == {"CNAME"}
    assert all(record["name"].endswith(f"._domainkey.{DOMAIN}") for record in made.body["records"])
    assert "proven_at" not in ana.post(f"/sender-domains/{DOMAIN}/proof").body

    unproven.unlink()
    assert ana.post(f"/sender-domains/{DOMAIN}/proof").body["proven_at"]
    assert [domain["domain"] for domain in ana.get("/sender-domains").body["items"]] == [DOMAIN]
    assert ana.get(f"/sender-domains/{DOMAIN}").body["proven_at"]


def test_address_of_a_proven_domain_needs_no_proof_of_its_own(ana: Client, unproven: Path) -> None:
    before = company_of(ana, ADDRESS).body["id"]
    claim(ana)
    with pytest.raises(Refused):
        require_proven("ten_alfa", ADDRESS)
    unproven.write_text(f"{ADDRESS}\nfaturas@mail.{DOMAIN}\n")
    ana.post(f"/sender-domains/{DOMAIN}/proof")
    after = ana.post(
        "/companies", {**COMPANY, "cnpj": "45.543.915/0001-81", "sender_email": f"faturas@mail.{DOMAIN}"}
    ).body["id"]

    for company_id in (before, after):
        assert ana.get(f"/companies/{company_id}/sender").body["proven_at"]
    require_proven("ten_alfa", ADDRESS)
    require_proven("ten_alfa", f"faturas@mail.{DOMAIN}")


def test_address_in_another_tenants_domain_is_refused(ana: Client, bia: Client, unproven: Path) -> None:
    unproven.unlink()
    assert claim(ana).body["proven_at"]

    refused = [
        claim(bia),
        claim(bia, f"mail.{DOMAIN}"),
        company_of(bia, f"bia@{DOMAIN}"),
        company_of(bia, f"bia@x.mail.{DOMAIN}"),
    ]

    assert [answer.code for answer in refused] == ["sender.domain_taken"] * 4
    assert company_of(bia, f"bia@beta{DOMAIN}").status == 201  # another domain; its name ends the same
    assert bia.get(f"/sender-domains/{DOMAIN}").code == "sender.domain_missing"
    assert bia.post(f"/sender-domains/{DOMAIN}/proof").code == "sender.domain_missing"
    assert bia.get("/sender-domains").body["items"] == []


def test_unproven_domain_blocks_no_address(ana: Client, bia: Client) -> None:
    claim(ana)

    assert company_of(bia, ADDRESS).status == 201


@pytest.mark.parametrize(("seconds", "status"), [(-1, 422), (0, 201), (1, 201)])
def test_unproven_domain_blocks_another_claim_for_a_day(
    ana: Client, bia: Client, monkeypatch: pytest.MonkeyPatch, seconds: int, status: int
) -> None:
    at(NOON, monkeypatch)
    claim(ana)
    at(NOON + TO_PROVE + timedelta(seconds=seconds), monkeypatch)

    assert claim(bia).status == status
    owners = [ana, bia] if status == 422 else [bia, ana]
    assert [len(client.get("/sender-domains").body["items"]) for client in owners] == [1, 0]


def test_nearest_claim_decides_inside_a_domain_that_is_proven_later(
    ana: Client, bia: Client, unproven: Path
) -> None:
    """What Ana had proven in it stays hers; what she had only claimed does not."""
    unproven.write_text(f"{DOMAIN}\ndepois@{DOMAIN}\n")
    assert claim(ana, f"mail.{DOMAIN}").body["proven_at"]
    late = company_of(ana, f"depois@{DOMAIN}").body["id"]
    claim(bia)
    unproven.unlink()
    assert bia.post(f"/sender-domains/{DOMAIN}/proof").body["proven_at"]

    assert ana.post(f"/companies/{late}/sender").code == "sender.domain_taken"
    assert company_of(bia, f"bia@mail.{DOMAIN}").code == "sender.domain_taken"
    assert company_of(bia, f"depois@{DOMAIN}").status == 201
    require_proven("ten_beta", f"depois@{DOMAIN}")
    with pytest.raises(Refused):
        require_proven("ten_alfa", f"depois@{DOMAIN}")


def test_proven_address_stays_with_its_tenant_in_anothers_domain(
    ana: Client, bia: Client, unproven: Path
) -> None:
    unproven.unlink()
    mine = company_of(ana, ADDRESS).body["id"]
    ana.post(f"/companies/{mine}/sender")
    claim(bia)

    require_proven("ten_alfa", ADDRESS)
    assert company_of(bia, ADDRESS).code == "sender.taken"
    with pytest.raises(Refused):
        require_proven("ten_beta", ADDRESS)


@pytest.mark.parametrize("domain", [*sorted(PUBLIC_MAIL), "x.gmail.com"])
def test_domain_of_a_public_provider_cannot_be_claimed(ana: Client, domain: str) -> None:
    assert claim(ana, domain).code == "sender.domain_public"


@pytest.mark.parametrize(
    "domain", ["", "alfa", "alfa..example", "-alfa.example", "a@alfa.example", "alfa.1", "a" * 300]
)
def test_text_that_is_not_a_domain_is_refused(ana: Client, domain: str) -> None:
    assert claim(ana, domain).status == 400


def test_repeated_claim_is_the_same_claim(ana: Client, unproven: Path) -> None:
    claim(ana)
    unproven.unlink()
    assert claim(ana, DOMAIN.upper()).body["proven_at"]
    assert claim(ana).body["version"] == ana.get(f"/sender-domains/{DOMAIN}").body["version"]


def stubbed(monkeypatch: pytest.MonkeyPatch) -> tuple[SesIdentities, Stubber]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")
    ses = SesIdentities()
    ses._ses = boto3.client("sesv2", "sa-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    return ses, Stubber(ses._ses)


TAGS = [{"Key": "mensal-tenant", "Value": "ten_alfa"}]
DKIM = {"Tokens": ["t1", "t2", "t3"], "Status": "PENDING"}


def identity(status: str, tenant_id: str = "ten_alfa") -> dict[str, Any]:
    tags = [{"Key": "mensal-tenant", "Value": tenant_id}] if tenant_id else []
    return {"Tags": tags, "VerificationStatus": status, "DkimAttributes": DKIM}


@pytest.mark.parametrize(
    ("status", "is_proven"), [("SUCCESS", True), ("PENDING", False), ("TEMPORARY_FAILURE", False)]
)
def test_ses_tells_whether_the_records_are_published(
    monkeypatch: pytest.MonkeyPatch, status: str, is_proven: bool
) -> None:
    ses, stub = stubbed(monkeypatch)
    stub.add_response("get_email_identity", identity(status), {"EmailIdentity": DOMAIN})
    with stub:
        proof = ses.ask_domain("ten_alfa", DOMAIN)
    assert proof.is_proven is is_proven
    assert [(record.name, record.value) for record in proof.records] == [
        (f"t{n}._domainkey.{DOMAIN}", f"t{n}.dkim.amazonses.com") for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("there", [None, identity("FAILED"), identity("SUCCESS", "ten_beta")])
def test_ses_identity_that_cannot_be_used_is_made_again(
    monkeypatch: pytest.MonkeyPatch, there: dict[str, Any] | None
) -> None:
    """None yet, one whose 72 hours are over, another tenant's."""
    ses, stub = stubbed(monkeypatch)
    if there is None:
        stub.add_client_error("get_email_identity", "NotFoundException")
    else:
        stub.add_response("get_email_identity", there, {"EmailIdentity": DOMAIN})
        stub.add_response("delete_email_identity", {}, {"EmailIdentity": DOMAIN})
    made = {"DkimAttributes": {**DKIM, "SigningHostedZone": "dkim.sa-east-1.example"}}
    stub.add_response("create_email_identity", made, {"EmailIdentity": DOMAIN, "Tags": TAGS})
    with stub:
        proof = ses.ask_domain("ten_alfa", DOMAIN)
    stub.assert_no_pending_responses()
    assert not proof.is_proven
    assert proof.records[0].value == "t1.dkim.sa-east-1.example"


def test_no_tenant_gets_the_services_own_domain(monkeypatch: pytest.MonkeyPatch) -> None:
    ses, stub = stubbed(monkeypatch)
    stub.add_response("get_email_identity", identity("SUCCESS", ""), {"EmailIdentity": DOMAIN})
    with stub, pytest.raises(Refused, match="serviço"):
        ses.ask_domain("ten_alfa", DOMAIN)
    stub.assert_no_pending_responses()
