"""Payment profiles over HTTP."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from billing.access.model import Profile
from billing.adapters.s3 import S3Files
from billing.core.table import Writes
from billing.entry import wiring
from billing.payments.model import AccountKind, CashAccount
from billing.payments.store import account_row
from functions.banking.api import handler
from tests.support.aws import InProcessAws
from tests.support.http import Client

TERMS = {
    "bank": "341",
    "agencia": "0057",
    "conta": "12345",
    "conta_digit": "7",
    "carteira": "109",
    "layout": "cnab400",
    "beneficiary_name": "Alfa Telecom Ltda",
    "beneficiary_document": "11222333000181",
}
NEW = {"company_id": "com_alfa", "name": "Itaú 109", "terms": TERMS, "last_nosso_numero": 99999999}


@pytest.fixture
def client(aws: InProcessAws) -> Client:
    return Client(handler)


@pytest.mark.req("BNK-01")
def test_profile_is_added_changed_and_read(client: Client) -> None:
    profile = client.post("/payment-profiles", NEW).body
    changed = client.put(
        f"/payment-profiles/{profile['id']}",
        {"name": "Itaú", "terms": TERMS, "last_nosso_numero": 50},
        version=1,
    )

    assert (changed.status, changed.body["last_nosso_numero"]) == (200, 50)
    assert client.get(f"/payment-profiles/{profile['id']}").body == changed.body


@pytest.mark.req("BNK-01")
def test_profile_that_its_bank_cannot_work_with_is_refused_with_every_reason(client: Client) -> None:
    refused = client.post(
        "/payment-profiles",
        {
            **NEW,
            "terms": {**TERMS, "carteira": "999", "conta_digit": "1"},
            "last_nosso_numero": 1,
            "first_nosso_numero": 5,
        },
    )

    assert refused.status == 422
    assert "profile.nosso_numero_range" in [reason["code"] for reason in refused.body["reasons"]]
    assert len(refused.body["reasons"]) >= 2
    assert client.get("/payment-profiles").body["items"] == []


@pytest.mark.req("BNK-01")
def test_range_with_numbers_that_the_bank_does_not_have_is_refused(client: Client) -> None:
    refused = client.post("/payment-profiles", {**NEW, "last_nosso_numero": 100_000_000})

    assert [(r["code"], r["field"]) for r in refused.body["reasons"]] == [
        ("profile.nosso_numero_range", "last_nosso_numero")
    ]
    assert "não cabe em 8 dígitos" in refused.body["reasons"][0]["message"]


@pytest.mark.req("BEY-14")
def test_certification_kit_is_a_link_and_consumes_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "files", lambda: S3Files("mensal-files"))
    profile = client.post("/payment-profiles", NEW).body
    path = f"/payment-profiles/{profile['id']}"

    url = client.get(f"{path}/certification-kit").body["url"]

    key = url.split("mensal-files.s3")[1].partition("/")[2].partition("?")[0]
    archive = ZipFile(BytesIO(S3Files("mensal-files").get(key)))
    assert archive.namelist() == [
        "LEIA-ME.txt",
        "boletos.pdf",
        "remessa01.rem",
        "remessa02.rem",
        "remessa03.rem",
    ]
    assert client.get(path).body == profile
    assert (
        Client(handler, profile=Profile.FINANCEIRO).get(f"{path}/certification-kit").code == "access.denied"
    )


@pytest.mark.req("SEC-02")
def test_profile_for_a_company_that_the_caller_does_not_serve_is_refused(client: Client) -> None:
    assert client.post("/payment-profiles", {**NEW, "company_id": "com_beta"}).code == "access.company"


@pytest.mark.req("SEC-02")
def test_bank_terms_of_another_company_are_neither_read_nor_changed(client: Client) -> None:
    profile = client.post("/payment-profiles", NEW).body
    path, others = f"/payment-profiles/{profile['id']}", Client(handler, companies="com_beta")
    change = {"name": "Itaú", "terms": TERMS, "last_nosso_numero": 50}

    assert others.get("/payment-profiles").body["items"] == []
    assert others.get(path).code == "access.company"
    assert others.get(f"{path}/certification-kit").code == "access.company"
    assert others.put(path, change, version=1).code == "access.company"
    assert client.get("/payment-profiles").body["items"] == [profile]


@pytest.mark.req("SEC-01")
def test_finance_reads_profiles_and_does_not_configure_them(client: Client) -> None:
    finance = Client(handler, profile=Profile.FINANCEIRO)

    assert finance.get("/payment-profiles").status == 200
    assert finance.post("/payment-profiles", NEW).code == "access.denied"


@pytest.mark.req("PAY-09", "SEC-02")
def test_profile_credits_an_account_of_its_own_company(client: Client) -> None:
    for account_id, company_id in (("acc_alfa", "com_alfa"), ("acc_beta", "com_beta")):
        account = CashAccount(id=account_id, company_id=company_id, name="Itaú", kind=AccountKind.BANK)
        writes = Writes()
        writes.put(account_row("ten_alfa", account))
        writes.commit()
    others, missing = {"cash_account_id": "acc_beta"}, {"cash_account_id": "acc_nenhuma"}

    refused = client.post("/payment-profiles", {**NEW, **others})
    assert (refused.status, refused.code) == (422, "profile.account_company")
    assert refused.body["reasons"][0]["field"] == "cash_account_id"
    assert client.post("/payment-profiles", {**NEW, **missing}).code == "account.missing"
    assert client.get("/payment-profiles").body["items"] == []

    profile = client.post("/payment-profiles", {**NEW, "cash_account_id": "acc_alfa"}).body
    path, data = f"/payment-profiles/{profile['id']}", {n: v for n, v in NEW.items() if n != "company_id"}
    assert client.put(path, {**data, **others}, version=1).code == "profile.account_company"
    assert client.put(path, {**data, **missing}, version=1).code == "account.missing"
    assert client.get(path).body == profile
