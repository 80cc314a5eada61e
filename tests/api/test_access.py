"""Who works here, over HTTP, and what sign-in writes into the access token."""

import re
from dataclasses import replace

import pytest

from billing.access.call import Call
from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.audit.changes import PlatformTable, history
from billing.core.clock import business_date
from billing.core.errors import Forbidden
from billing.entry import membership, wiring
from billing.entry.membership import KEPT_S
from functions.access.api import handler
from functions.customers.api import handler as customers
from tests.support.aws import InProcessAws
from tests.support.cutting import meanwhile
from tests.support.http import Client
from tests.support.members import PaperDirectory, claims_of, let_in, open_tenant, signed_in

JOANA = {
    "name": "Joana Silva",
    "email": "joana@example.com",
    "profile_ids": ["financeiro"],
    "company_ids": ["com_alfa"],
}


@pytest.fixture
def client(aws: InProcessAws, directory: PaperDirectory) -> Client:
    """The administrator Ana of one company; Bia administers another tenant, and Caio two companies of the first."""
    open_tenant("ten_alfa", "com_alfa", "com_beta")
    open_tenant("ten_gama", "com_gama")
    let_in("usr_ana", "ten_alfa", "com_alfa")
    return Client(handler)


def listed(client: Client) -> list[str]:
    """Users by the names of the members."""
    return [member["user_id"] for member in client.get("/members").body["items"]]


@pytest.mark.req("SEC-01")
def test_invited_person_signs_in_with_the_rights_given(client: Client, directory: PaperDirectory) -> None:
    invited = client.post("/members", JOANA)

    assert invited.status == 201
    assert directory.mailed == ["joana@example.com"]
    assert claims_of(invited.body["user_id"]) == {
        "tenant": "ten_alfa",
        "profiles": "financeiro",
        "companies": "com_alfa",
        "second_factor": "yes",
    }


@pytest.mark.req("SEC-01")
def test_person_sees_who_they_are(client: Client) -> None:
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

    assert [member["name"] for member in client.get("/members").body["items"]] == [
        "Ana Souza",
        "Joana Silva",
        "Maria Prado",
    ]


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("profile", [Profile.CONSULTA, Profile.FINANCEIRO, Profile.OPERACAO])
def test_only_the_administrator_manages_access(client: Client, profile: Profile) -> None:
    joana = client.post("/members", JOANA).body
    other = Client(handler, profile=profile)
    rights = {"profile_ids": ["administrador"], "company_ids": ["com_alfa"]}

    answers = [
        other.get("/members"),
        other.post("/members", {**JOANA, "email": "x@example.com"}),
        other.put(f"/members/{joana['user_id']}", rights, version=1),
        other.delete(f"/members/{joana['user_id']}", version=1),
    ]

    assert [answer.code for answer in answers] == ["access.denied"] * 4
    assert claims_of(joana["user_id"])["profiles"] == "financeiro"


@pytest.mark.req("SEC-01")
def test_changed_rights_stand_in_the_next_token(client: Client) -> None:
    joana = client.post("/members", JOANA).body
    rights = {"profile_ids": ["consulta"], "company_ids": ["com_alfa"]}

    changed = client.put(f"/members/{joana['user_id']}", rights, version=1)

    assert (changed.status, changed.etag) == (200, '"2"')
    assert claims_of(joana["user_id"])["profiles"] == "consulta"
    assert client.put(f"/members/{joana['user_id']}", rights, version=1).status == 412


@pytest.mark.req("SEC-01")
def test_removed_person_has_no_rights_and_may_come_back(client: Client) -> None:
    joana = client.post("/members", JOANA).body

    assert client.delete(f"/members/{joana['user_id']}", version=1).status == 200
    assert claims_of(joana["user_id"]) == {}
    assert listed(client) == ["usr_ana"]

    assert client.post("/members", JOANA).status == 201
    assert claims_of(joana["user_id"])["profiles"] == "financeiro"


@pytest.mark.req("SEC-07")
def test_person_with_an_account_in_another_tenant_is_invited_like_anybody(
    client: Client, directory: PaperDirectory
) -> None:
    """They sign in to the tenant they have belonged to the longest, until they are removed there."""
    let_in("usr_gil", "ten_gama", "com_gama")
    other = Client(handler, tenant_id="ten_gama", companies="com_gama", user_id="usr_gil")
    joana = client.post("/members", JOANA).body
    there, new = {**JOANA, "company_ids": ["com_gama"]}, {**JOANA, "email": "nova@example.com"}

    known = other.post("/members", there)
    unknown = other.post("/members", {**new, "company_ids": ["com_gama"]})

    assert (known.status, known.headers) == (unknown.status, unknown.headers)
    ignored = {"user_id": "", "email": "", "since": ""}
    assert {**known.body, **ignored} == {**unknown.body, **ignored}
    assert client.post("/members", JOANA).code == other.post("/members", there).code == "member.exists"
    assert claims_of(joana["user_id"])["tenant"] == "ten_alfa"

    client.delete(f"/members/{joana['user_id']}", version=1)
    assert claims_of(joana["user_id"])["tenant"] == "ten_gama"
    assert (listed(client), len(listed(other))) == (["usr_ana"], 3)


@pytest.mark.req("SEC-07")
def test_administrator_cannot_sign_out_a_person_invited_from_another_tenant(
    client: Client, directory: PaperDirectory
) -> None:
    joana = client.post("/members", JOANA).body["user_id"]
    let_in("usr_bia", "ten_gama", "com_gama")
    other = Client(handler, tenant_id="ten_gama", companies="com_gama", user_id="usr_bia")
    other.post("/members", {**JOANA, "company_ids": ["com_gama"]})

    assert other.delete(f"/members/{joana}", version=1).status == 200
    assert (directory.signed_out, claims_of(joana)["tenant"]) == ([], "ten_alfa")

    assert client.delete(f"/members/{joana}", version=1).status == 200
    assert (directory.signed_out, claims_of(joana)) == ([joana], {})


@pytest.mark.req("SEC-07")
def test_removed_person_is_refused_within_a_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is valid for an hour; what it says of rights is not trusted for longer than a membership is cached."""
    let_in("usr_bia", "ten_alfa", "com_alfa")
    bia = signed_in(handler, "usr_bia")
    now = 1000.0
    monkeypatch.setattr(membership, "monotonic", lambda: now)
    assert bia.get("/members").status == 200
    warm = replace(bia, forgets=False)

    client.delete("/members/usr_bia", version=1)
    now += KEPT_S - 0.001
    assert warm.get("/members").status == 200
    now += 0.001
    assert warm.get("/members").code == "access.removed"
    assert KEPT_S < 60


@pytest.mark.req("SEC-07")
def test_changed_rights_hold_without_a_new_token(client: Client) -> None:
    let_in("usr_bia", "ten_alfa", "com_alfa")
    bia = signed_in(handler, "usr_bia")
    client.put("/members/usr_bia", {"profile_ids": ["consulta"], "company_ids": ["com_alfa"]}, version=1)

    assert bia.get("/members").code == "access.denied"


@pytest.mark.req("SEC-07")
@pytest.mark.parametrize("demotes", [True, False])
def test_of_two_administrators_who_remove_each_other_at_once_one_remains(
    aws: InProcessAws, client: Client, demotes: bool
) -> None:
    let_in("usr_bia", "ten_alfa", "com_alfa")
    ana, bia = signed_in(handler, "usr_ana"), signed_in(handler, "usr_bia")
    rights = {"profile_ids": ["consulta"], "company_ids": ["com_alfa"]}

    def one_removes() -> None:
        if demotes:
            assert bia.put("/members/usr_ana", rights, version=1).status == 200
        else:
            assert bia.delete("/members/usr_ana", version=1).status == 200

    with meanwhile(aws, 0, one_removes):
        late = ana.delete("/members/usr_bia", version=1)

    assert late.status == 409
    assert claims_of("usr_bia")["profiles"] == "administrador"
    assert ana.delete("/members/usr_bia", version=1).code in {"access.removed", "access.denied"}


@pytest.mark.req("SEC-07")
@pytest.mark.parametrize("profile", Profile)
def test_people_who_move_money_sign_in_with_a_second_factor(
    client: Client, directory: PaperDirectory, profile: Profile
) -> None:
    let_in("usr_bia", "ten_alfa", "com_alfa", profile=profile)
    directory.password_alone.add("usr_bia")
    bia = signed_in(customers, "usr_bia", directory)
    moves_money = profile in {Profile.FINANCEIRO, Profile.ADMINISTRADOR}

    assert bia.get("/companies").status == (403 if moves_money else 200)
    assert signed_in(handler, "usr_bia", directory).get("/me").status == 200
    if moves_money:
        assert bia.get("/companies").code == "access.second_factor"
        directory.password_alone.clear()
        assert signed_in(customers, "usr_bia", directory).get("/companies").status == 200


@pytest.mark.req("SEC-07", "REP-03")
def test_second_factor_is_waived_with_its_reason_for_the_whole_tenant(
    client: Client, directory: PaperDirectory
) -> None:
    let_in("usr_bia", "ten_alfa", "com_alfa", "com_beta")
    let_in("usr_rui", "ten_alfa", "com_alfa", profile=Profile.FINANCEIRO)
    directory.password_alone.add("usr_rui")
    bia, rui = signed_in(handler, "usr_bia"), signed_in(customers, "usr_rui", directory)
    path, why = "/tenant/rules/second-factor", "O caixa não tem celular no local"
    waiver = {"is_required": False, "reason": why}

    assert client.put(path, waiver, version=1).code == "access.company"
    assert bia.put(path, {"is_required": False}, version=1).code == "second_factor.reason"
    assert rui.get("/companies").code == "access.second_factor"

    waived = bia.put(path, waiver, version=1)
    assert waived.body["second_factor_waiver"]["reason"] == why
    assert bia.get("/tenant/rules").body == waived.body
    assert rui.get("/companies").status == 200
    (entry,) = history(PlatformTable, "tenants", "tenant#ten_alfa")
    assert (entry.action, entry.actor_id, entry.note) == ("tenant.second_factor_ruled", "usr_bia", why)

    assert bia.put(path, {"is_required": True}, version=2).status == 200
    assert rui.get("/companies").code == "access.second_factor"


@pytest.mark.req("SEC-02")
def test_person_of_another_tenant_is_out_of_reach(client: Client) -> None:
    joana = client.post("/members", JOANA).body
    other = Client(handler, tenant_id="ten_gama", companies="com_gama")
    rights = {"profile_ids": ["administrador"], "company_ids": ["com_gama"]}

    assert other.put(f"/members/{joana['user_id']}", rights, version=1).status == 404
    assert other.delete(f"/members/{joana['user_id']}", version=1).status == 404
    assert listed(other) == []


@pytest.mark.req("SEC-02")
def test_nobody_grants_a_company_that_they_do_not_serve(client: Client, directory: PaperDirectory) -> None:
    refused = client.post("/members", {**JOANA, "company_ids": ["com_alfa", "com_beta"]})

    assert refused.code == "access.company"
    assert directory.mailed == []


@pytest.mark.req("SEC-02")
def test_person_is_changed_only_by_somebody_who_serves_all_of_their_companies(client: Client) -> None:
    """An administrator of one company can neither see, extend nor remove the people of another."""
    both, beta = Client(handler, companies="com_alfa com_beta"), Client(handler, companies="com_beta")
    joana = both.post("/members", {**JOANA, "company_ids": ["com_alfa", "com_beta"]}).body
    rui = beta.post("/members", {**JOANA, "email": "rui@example.com", "company_ids": ["com_beta"]}).body
    rights = {"profile_ids": ["administrador"], "company_ids": ["com_alfa"]}

    for person in (joana, rui):
        path = f"/members/{person['user_id']}"
        assert client.put(path, rights, version=1).code == "access.company"
        assert client.delete(path, version=1).code == "access.company"
    assert listed(client) == [joana["user_id"], "usr_ana"]
    assert listed(beta) == [joana["user_id"], rui["user_id"]]
    assert both.put(f"/members/{joana['user_id']}", rights, version=1).status == 200


@pytest.mark.req("SEC-01")
def test_administrator_does_not_change_themselves(client: Client) -> None:
    rights = {"profile_ids": ["consulta"], "company_ids": ["com_alfa"]}

    assert client.put("/members/usr_ana", rights, version=1).code == "member.oneself"
    assert client.delete("/members/usr_ana", version=1).code == "member.oneself"


@pytest.mark.req("SEC-01")
def test_unknown_user_gets_a_token_without_a_tenant(aws: InProcessAws) -> None:
    assert claims_of("usr_ninguem") == {}


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("permission", list(Permission))
def test_missing_permission_is_named_in_words(call: Call, permission: Permission) -> None:
    with pytest.raises(Forbidden) as refused:
        call._replace(permissions=frozenset()).require(permission)

    assert re.fullmatch(
        r"Seu perfil não permite [a-zà-ú ,]+( - SERASA)?\. Peça ao administrador\.", refused.value.title
    )
    assert refused.value.code == "access.denied"


@pytest.mark.req("SEC-01")
def test_all_missing_permissions_are_named(call: Call) -> None:
    reader = call._replace(permissions=PERMISSIONS_OF[Profile.CONSULTA])

    with pytest.raises(Forbidden, match="não permite iniciar e cancelar execuções nem faturar\\."):
        reader.require(Permission.RUNS_READ, Permission.RUNS_START, Permission.INVOICES_BILL)


@pytest.mark.req("SEC-01")
def test_every_profile_may_read_its_own_user() -> None:
    assert all(Permission.ACCESS_READ in PERMISSIONS_OF[profile] for profile in Profile)
