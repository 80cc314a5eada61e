"""Who works here, over HTTP, and what sign-in writes into the access token."""

import re
from collections.abc import Iterator

import pytest

from billing.access.call import Call
from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.access.tenants import Tenant
from billing.core.clock import business_date
from billing.core.errors import Forbidden
from billing.core.ids import derived_id
from billing.entry import wiring
from billing.members.store import tenant_row
from functions.access.api import handler
from tests.support.aws import InProcessAws
from tests.support.http import Client
from tests.support.members import claims_of

JOANA = {
    "name": "Joana Silva",
    "email": "joana@example.com",
    "profile": "financeiro",
    "company_ids": ["com_alfa"],
}


class PaperDirectory:
    """Gives each address one subject, for ever."""

    def __init__(self) -> None:
        self.mailed: list[str] = []

    def invite(self, email: str) -> str:
        if email not in self.mailed:
            self.mailed.append(email)
        return derived_id("usr", email)


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> PaperDirectory:
    paper = PaperDirectory()
    monkeypatch.setattr(wiring, "directory", lambda: paper)
    return paper


@pytest.fixture
def client(aws: InProcessAws, directory: PaperDirectory) -> Iterator[Client]:
    return Client(handler)


@pytest.mark.req("SEC-01")
def test_invited_person_signs_in_with_the_rights_given(client: Client, directory: PaperDirectory) -> None:
    invited = client.post("/members", JOANA)

    assert invited.status == 201
    assert directory.mailed == ["joana@example.com"]
    assert claims_of(invited.body["user_id"]) == {
        "tenant": "ten_alfa",
        "profile": "financeiro",
        "companies": "com_alfa",
    }


@pytest.mark.req("SEC-01")
def test_person_sees_who_they_are(client: Client) -> None:
    tenant_row(Tenant(id="ten_alfa", name="Alfa", company_ids=("com_alfa",))).save()
    joana = client.post("/members", JOANA).body
    herself = Client(handler, profile=Profile.FINANCEIRO, user_id=joana["user_id"])

    me = herself.get("/me").body

    assert {name: me[name] for name in joana} == joana
    assert me["tenant_name"] == "Alfa"
    assert me["permissions"] == sorted(PERMISSIONS_OF[Profile.FINANCEIRO])
    assert me["today"] == business_date(wiring.clock().now()).isoformat()


@pytest.mark.req("SEC-01")
def test_members_are_listed_by_name(client: Client) -> None:
    client.post("/members", JOANA)
    client.post("/members", {**JOANA, "name": "Ana Souza", "email": "ana@example.com"})

    assert [member["name"] for member in client.get("/members").body["items"]] == ["Ana Souza", "Joana Silva"]


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("profile", [Profile.CONSULTA, Profile.FINANCEIRO, Profile.OPERACAO])
def test_only_the_administrator_manages_access(client: Client, profile: Profile) -> None:
    joana = client.post("/members", JOANA).body
    other = Client(handler, profile=profile)
    rights = {"profile": "administrador", "company_ids": ["com_alfa"]}

    answers = [
        other.get("/members"),
        other.post("/members", {**JOANA, "email": "x@example.com"}),
        other.put(f"/members/{joana['user_id']}", rights, version=1),
        other.delete(f"/members/{joana['user_id']}", version=1),
    ]

    assert [answer.code for answer in answers] == ["access.denied"] * 4
    assert claims_of(joana["user_id"])["profile"] == "financeiro"


@pytest.mark.req("SEC-01")
def test_changed_rights_stand_in_the_next_token(client: Client) -> None:
    joana = client.post("/members", JOANA).body
    rights = {"profile": "consulta", "company_ids": ["com_alfa"]}

    changed = client.put(f"/members/{joana['user_id']}", rights, version=1)

    assert (changed.status, changed.etag) == (200, '"2"')
    assert claims_of(joana["user_id"])["profile"] == "consulta"
    assert client.put(f"/members/{joana['user_id']}", rights, version=1).status == 412


@pytest.mark.req("SEC-01")
def test_removed_person_has_no_rights_and_may_come_back(client: Client) -> None:
    joana = client.post("/members", JOANA).body

    assert client.delete(f"/members/{joana['user_id']}", version=1).status == 200
    assert claims_of(joana["user_id"]) == {}
    assert client.get("/members").body["items"] == []

    assert client.post("/members", JOANA).status == 201
    assert claims_of(joana["user_id"])["profile"] == "financeiro"


@pytest.mark.req("SEC-02")
def test_person_has_one_tenant_at_a_time(client: Client) -> None:
    other = Client(handler, tenant_id="ten_beta", companies="com_beta")
    joana = client.post("/members", JOANA).body
    there = {**JOANA, "company_ids": ["com_beta"]}

    assert client.post("/members", JOANA).code == "member.exists"
    assert other.post("/members", there).code == "member.elsewhere"

    client.delete(f"/members/{joana['user_id']}", version=1)
    assert other.post("/members", there).status == 201
    assert claims_of(joana["user_id"])["tenant"] == "ten_beta"
    assert client.get("/members").body["items"] == []


@pytest.mark.req("SEC-02")
def test_another_tenants_person_is_out_of_reach(client: Client) -> None:
    joana = client.post("/members", JOANA).body
    other = Client(handler, tenant_id="ten_beta", companies="com_beta")
    rights = {"profile": "administrador", "company_ids": ["com_beta"]}

    assert other.put(f"/members/{joana['user_id']}", rights, version=1).status == 404
    assert other.delete(f"/members/{joana['user_id']}", version=1).status == 404
    assert other.get("/members").body["items"] == []


@pytest.mark.req("SEC-02")
def test_nobody_gives_a_company_that_is_not_theirs(client: Client, directory: PaperDirectory) -> None:
    refused = client.post("/members", {**JOANA, "company_ids": ["com_alfa", "com_beta"]})

    assert refused.code == "access.company"
    assert directory.mailed == []


@pytest.mark.req("SEC-02")
def test_person_of_another_company_is_changed_by_who_works_for_all_of_theirs(client: Client) -> None:
    """An administrator of one company neither sees, widens nor removes the people of another."""
    both, beta = Client(handler, companies="com_alfa com_beta"), Client(handler, companies="com_beta")
    joana = both.post("/members", {**JOANA, "company_ids": ["com_alfa", "com_beta"]}).body
    rui = beta.post("/members", {**JOANA, "email": "rui@example.com", "company_ids": ["com_beta"]}).body
    rights = {"profile": "administrador", "company_ids": ["com_alfa"]}

    for person in (joana, rui):
        path = f"/members/{person['user_id']}"
        assert client.put(path, rights, version=1).code == "access.company"
        assert client.delete(path, version=1).code == "access.company"
    assert client.get("/members").body["items"] == [joana]
    assert beta.get("/members").body["items"] == [joana, rui]
    assert both.put(f"/members/{joana['user_id']}", rights, version=1).status == 200


@pytest.mark.req("SEC-01")
def test_administrator_does_not_change_themselves(client: Client) -> None:
    rights = {"profile": "consulta", "company_ids": ["com_alfa"]}

    assert client.put("/members/usr_ana", rights, version=1).code == "member.oneself"
    assert client.delete("/members/usr_ana", version=1).code == "member.oneself"


@pytest.mark.req("SEC-01")
def test_unknown_user_gets_a_token_without_a_tenant(aws: InProcessAws) -> None:
    assert claims_of("usr_ninguem") == {}


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("permission", list(Permission))
def test_permission_that_is_missing_is_told_in_words(call: Call, permission: Permission) -> None:
    with pytest.raises(Forbidden) as refused:
        call._replace(permissions=frozenset()).require(permission)

    assert re.fullmatch(r"Seu perfil não permite [a-zà-ú ,]+\. Peça ao administrador\.", refused.value.title)
    assert refused.value.code == "access.denied"


@pytest.mark.req("SEC-01")
def test_all_permissions_that_are_missing_are_told(call: Call) -> None:
    reader = call._replace(permissions=PERMISSIONS_OF[Profile.CONSULTA])

    with pytest.raises(Forbidden, match="não permite iniciar e cancelar execuções nem faturar\\."):
        reader.require(Permission.RUNS_READ, Permission.RUNS_START, Permission.INVOICES_BILL)


@pytest.mark.req("SEC-01")
def test_every_profile_may_ask_who_it_is() -> None:
    assert all(Permission.ACCESS_READ in PERMISSIONS_OF[profile] for profile in Profile)
