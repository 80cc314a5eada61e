"""Profiles that a tenant makes of its own, over HTTP (SEC-01)."""

from typing import Any

import pytest

from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.audit.changes import PlatformTable, history
from billing.core.table import Writes
from billing.members import store
from functions.access.api import handler
from functions.customers.api import handler as customers
from tests.api.test_customers import COMPANY
from tests.support.aws import InProcessAws
from tests.support.cutting import meanwhile
from tests.support.http import Answer, Client
from tests.support.members import PaperDirectory, claims_of, let_in, open_tenant, signed_in

pytestmark = pytest.mark.req("SEC-01")

SELLS = {"name": "Vendas", "permissions": ["customers:read", "contracts:read", "contracts:write"]}
HOLDS_SOME = {"name": "Gerente", "permissions": ["access:manage", "customers:read", "usage:read"]}


@pytest.fixture
def ana(aws: InProcessAws, directory: PaperDirectory) -> Client:
    """The administrator of a tenant with one company, where Bia only reads."""
    open_tenant("ten_alfa", "com_alfa")
    let_in("usr_ana", "ten_alfa", "com_alfa")
    let_in("usr_bia", "ten_alfa", "com_alfa", profile=Profile.CONSULTA)
    return signed_in(handler, "usr_ana")


def made(client: Client, profile: dict[str, Any]) -> str:
    answer = client.post("/profiles", profile)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def give(client: Client, user_id: str, *profile_ids: str) -> Answer:
    member = store.get("ten_alfa", user_id)
    rights = {"profile_ids": list(profile_ids), "company_ids": ["com_alfa"]}
    return client.put(f"/members/{user_id}", rights, version=member.version)


def changed(client: Client, profile_id: str, profile: dict[str, Any]) -> Answer:
    """As proposed."""
    proposal = client.post(f"/profiles/{profile_id}/proposal", profile)
    assert proposal.status == 200, proposal.body
    confirmed = {**profile, "proposal": proposal.body["proposal"]}
    return client.put(f"/profiles/{profile_id}", confirmed, version=version())


def version() -> int:
    return store.get_tenant("ten_alfa").version


def reasons(answer: Answer) -> list[str]:
    assert answer.status == 422, answer.body
    return [reason["code"] for reason in answer.body.get("reasons", [answer.body])]


def permissions(user_id: str) -> list[str]:
    may: list[str] = signed_in(handler, user_id).get("/me").body["permissions"]
    return may


def test_person_with_several_profiles_may_do_what_any_of_them_permits(ana: Client) -> None:
    sells = made(ana, SELLS)

    assert give(ana, "usr_bia", sells, "operacao").status == 200

    me = signed_in(handler, "usr_bia").get("/me").body
    assert me["profile_names"] == ["Vendas", "Operação"]
    assert me["permissions"] == sorted({*SELLS["permissions"], *PERMISSIONS_OF[Profile.OPERACAO]})
    assert claims_of("usr_bia")["profiles"] == f"{sells} operacao"
    assert give(ana, "usr_bia", sells).status == 200
    assert permissions("usr_bia") == sorted([*SELLS["permissions"], "access:read"])
    assert signed_in(customers, "usr_bia").get("/customers").status == 200
    assert signed_in(handler, "usr_bia").get("/members").code == "access.denied"


def test_profiles_are_listed_after_the_four_and_each_permission_names_them(ana: Client) -> None:
    sells = made(ana, SELLS)

    listed = ana.get("/profiles").body["items"]
    assert [profile["name"] for profile in listed] == [
        "Financeiro",
        "Operação",
        "Administrador",
        "Consulta",
        "Vendas",
    ]
    assert [profile["is_built_in"] for profile in listed] == [True] * 4 + [False]
    assert {profile["version"] for profile in listed} == {version()}
    panels = ana.get("/permissions").body["items"]
    named = {one["permission"]: one["profile_ids"] for panel in panels for one in panel["permissions"]}
    assert sells in named["contracts:write"]
    assert sells not in named["payments:settle"]
    give(ana, "usr_bia", sells)
    assert ana.get("/members").body["names"][sells] == "Vendas"


def test_change_is_proposed_with_what_each_person_loses_and_gains(ana: Client) -> None:
    """Bia reads contracts by another profile as well, and does not lose that."""
    let_in("usr_caio", "ten_alfa", "com_alfa", profile=Profile.CONSULTA)
    sells = made(ana, SELLS)
    give(ana, "usr_bia", sells, "consulta")
    give(ana, "usr_caio", sells)
    other = {"name": "Vendas", "permissions": ["customers:read", "usage:write"]}

    proposal = ana.post(f"/profiles/{sells}/proposal", other).body

    shown = {one["user_id"]: (one["lost"], one["gained"]) for one in proposal["members"]}
    gained = ["lançar consumo e leituras"]
    assert shown == {
        "usr_bia": (["incluir e alterar contratos"], gained),
        "usr_caio": (["ver contratos", "incluir e alterar contratos"], gained),
    }
    assert "contracts:write" in permissions("usr_bia")  # nothing is changed yet
    confirmed = {**other, "proposal": proposal["proposal"]}
    answer = ana.put(f"/profiles/{sells}", confirmed, version=version())
    assert (answer.status, answer.body["version"]) == (200, version())
    assert permissions("usr_caio") == ["access:read", "customers:read", "usage:write"]


def test_nothing_but_what_was_proposed_is_done(ana: Client) -> None:
    sells = made(ana, SELLS)
    other = {"name": "Vendas", "permissions": ["customers:read"]}
    proposal = ana.post(f"/profiles/{sells}/proposal", other).body["proposal"]

    another = {**SELLS, "proposal": proposal}
    assert reasons(ana.put(f"/profiles/{sells}", another, version=version())) == ["profile.proposal_changed"]
    give(ana, "usr_bia", sells)  # one person more
    late = ana.put(f"/profiles/{sells}", {**other, "proposal": proposal}, version=version())
    assert reasons(late) == ["profile.proposal_changed"]
    assert ana.put(f"/profiles/{sells}", {**other, "proposal": proposal}, version=1).status == 412
    assert "contracts:write" in permissions("usr_bia")


def test_nobody_grants_what_they_do_not_hold(ana: Client, directory: PaperDirectory) -> None:
    let_in("usr_gil", "ten_alfa", "com_alfa", profile=Profile.CONSULTA)
    some = made(ana, HOLDS_SOME)
    give(ana, "usr_gil", some)
    gil = signed_in(handler, "usr_gil")
    sells = made(ana, SELLS)
    more = {"name": "Leitura", "permissions": ["usage:read", "usage:write"]}
    rita = {"name": "Rita", "email": "rita@example.com", "company_ids": ["com_alfa"]}

    assert reasons(give(gil, "usr_bia", "financeiro")) == ["profile.not_held"]
    assert reasons(gil.post("/members", {**rita, "profile_ids": ["consulta"]})) == ["profile.not_held"]
    assert directory.mailed == []
    refused = gil.post("/profiles", more)
    assert reasons(refused) == ["profile.not_held"]
    assert "lançar consumo e leituras" in refused.body["title"]
    wider = {**SELLS, "permissions": [*SELLS["permissions"], "payments:forgive"]}
    assert reasons(gil.post(f"/profiles/{sells}/proposal", wider)) == ["profile.not_held"]
    narrower = {"name": "Vendas", "permissions": ["customers:read"]}
    assert changed(gil, sells, narrower).status == 200  # taking away is not granting
    assert give(gil, "usr_bia", "consulta", some).status == 200  # what she has stays


def test_nobody_changes_their_own_access_through_a_profile(ana: Client) -> None:
    let_in("usr_gil", "ten_alfa", "com_alfa", profile=Profile.CONSULTA)
    some = made(ana, HOLDS_SOME)
    give(ana, "usr_gil", some)
    gil = signed_in(handler, "usr_gil")

    for chosen in (
        ["access:manage", "customers:read"],
        ["access:manage", "customers:read", "usage:read", "runs:read"],
    ):
        change = {"name": "Gerente", "permissions": chosen}
        assert reasons(gil.post(f"/profiles/{some}/proposal", change)) == ["profile.oneself"]
    assert changed(gil, some, {**HOLDS_SOME, "name": "Gerência"}).status == 200
    assert changed(ana, some, {"name": "Gerência", "permissions": ["customers:read"]}).status == 200
    assert gil.get("/members").code == "access.denied"


def test_the_four_profiles_and_names_that_are_taken_are_refused(ana: Client) -> None:
    sells = made(ana, SELLS)

    assert reasons(ana.post("/profiles/financeiro/proposal", SELLS)) == ["profile.built_in"]
    assert reasons(ana.delete("/profiles/financeiro", version=version())) == ["profile.built_in"]
    assert reasons(ana.post("/profiles", SELLS)) == ["profile.name_taken"]
    assert reasons(ana.post(f"/profiles/{sells}/proposal", {**SELLS, "name": "consulta"})) == [
        "profile.name_taken"
    ]
    assert ana.post("/profiles/prf_unknown1/proposal", SELLS).code == "profile.missing"
    assert reasons(give(ana, "usr_bia", "prf_unknown1")) == ["profile.unknown"]
    assert ana.post("/profiles", {**SELLS, "permissions": []}).status == 400


def test_profile_is_removed_when_nobody_has_it(ana: Client) -> None:
    sells = made(ana, SELLS)
    give(ana, "usr_bia", sells)

    refused = ana.delete(f"/profiles/{sells}", version=version())
    assert reasons(refused) == ["profile.in_use"]
    assert "Maria Prado" in refused.body["title"]
    give(ana, "usr_bia", "consulta")
    assert ana.delete(f"/profiles/{sells}", version=version()).status == 200
    assert len(ana.get("/profiles").body["items"]) == 4


@pytest.mark.parametrize("removes", [True, False])
def test_profile_is_not_removed_nor_changed_while_somebody_is_given_it(
    aws: InProcessAws, ana: Client, removes: bool
) -> None:
    let_in("usr_caio", "ten_alfa", "com_alfa")
    sells = made(ana, SELLS)
    narrower = {"name": "Vendas", "permissions": ["customers:read"]}
    proposal = ana.post(f"/profiles/{sells}/proposal", narrower).body["proposal"]

    def given() -> None:
        assert give(signed_in(handler, "usr_caio"), "usr_bia", sells).status == 200

    with meanwhile(aws, 0, given):
        if removes:
            late = ana.delete(f"/profiles/{sells}", version=version())
        else:
            confirmed = {**narrower, "proposal": proposal}
            late = ana.put(f"/profiles/{sells}", confirmed, version=version())

    assert late.status == 409
    assert "contracts:write" in permissions("usr_bia")


def test_profile_is_not_given_while_it_is_removed(aws: InProcessAws, ana: Client) -> None:
    let_in("usr_caio", "ten_alfa", "com_alfa")
    sells = made(ana, SELLS)

    def removed() -> None:
        path = f"/profiles/{sells}"
        assert signed_in(handler, "usr_caio").delete(path, version=version()).status == 200

    with meanwhile(aws, 0, removed):
        late = give(ana, "usr_bia", sells)

    assert late.status == 409
    assert store.get("ten_alfa", "usr_bia").profile_ids == ("consulta",)


@pytest.mark.parametrize("by_profile", [True, False])
def test_of_two_administrators_who_take_each_others_rights_away_one_remains(
    aws: InProcessAws, ana: Client, by_profile: bool
) -> None:
    """Each by a profile of their own, through the profile or through the person."""
    profiles = {}
    for user_id, name in (("usr_gil", "Gerente A"), ("usr_ivo", "Gerente B")):
        let_in(user_id, "ten_alfa", "com_alfa", profile=Profile.CONSULTA)
        profiles[user_id] = made(ana, {**HOLDS_SOME, "name": name})
        give(ana, user_id, profiles[user_id])
    gil, ivo = signed_in(handler, "usr_gil"), signed_in(handler, "usr_ivo")
    reads = {"permissions": ["customers:read"]}

    def gils_are_taken() -> None:
        assert changed(ivo, profiles["usr_gil"], {**reads, "name": "Gerente A"}).status == 200

    target = profiles["usr_ivo"]
    narrower = {**reads, "name": "Gerente B"}
    proposal = gil.post(f"/profiles/{target}/proposal", narrower).body["proposal"]
    with meanwhile(aws, 0, gils_are_taken):
        if by_profile:
            late = gil.put(f"/profiles/{target}", {**narrower, "proposal": proposal}, version=version())
        else:
            late = gil.delete("/members/usr_ivo", version=store.get("ten_alfa", "usr_ivo").version)

    assert late.status == 409
    assert ivo.get("/members").status == 200
    assert gil.get("/members").code == "access.denied"


def test_profiles_of_the_whole_tenant_are_changed_by_who_serves_all_of_it(ana: Client) -> None:
    sells = made(ana, SELLS)
    writes = Writes()
    writes.put(store.tenant_row(store.get_tenant("ten_alfa").joined("com_beta")))
    writes.commit()

    answers = [
        ana.post("/profiles", {**SELLS, "name": "Outro"}),
        ana.post(f"/profiles/{sells}/proposal", SELLS),
        ana.put(f"/profiles/{sells}", {**SELLS, "proposal": "0" * 32}, version=version()),
        ana.delete(f"/profiles/{sells}", version=version()),
    ]

    assert [answer.code for answer in answers] == ["access.company"] * 4


@pytest.mark.req("SEC-07")
def test_own_profile_that_moves_money_needs_the_second_factor(ana: Client, directory: PaperDirectory) -> None:
    receives = made(ana, {"name": "Caixa", "permissions": ["customers:read", "payments:settle"]})
    sells = made(ana, SELLS)
    directory.password_alone.add("usr_bia")

    give(ana, "usr_bia", sells)
    assert signed_in(customers, "usr_bia", directory).get("/customers").status == 200
    give(ana, "usr_bia", sells, receives)
    assert signed_in(customers, "usr_bia", directory).get("/customers").code == "access.second_factor"


@pytest.mark.req("REP-03")
def test_history_tells_profiles_by_name_and_the_trail_what_was_permitted(ana: Client) -> None:
    sells = made(ana, SELLS)
    give(ana, "usr_bia", sells, "financeiro")
    changed(ana, sells, {"name": "Vendas", "permissions": ["customers:read"]})

    entries = ana.get("/members/usr_bia/history").body["items"]
    changes = [change for entry in entries for change in entry["changes"]]
    assert [(one["label"], one["before"], one["after"]) for one in changes] == [
        ("Perfis", "Consulta", "Vendas, Financeiro")
    ]
    trail = history(PlatformTable, "tenants", "tenant#ten_alfa")
    assert [entry.action for entry in trail] == ["tenant.profile_added", "tenant.profile_changed"]
    assert "contracts:write" in str(trail[-1].changes["permissions"][0])


@pytest.mark.req("SEC-02")
def test_founder_of_a_base_of_its_own_has_the_same_profiles_there(ana: Client) -> None:
    let_in("usr_gil", "ten_alfa", "com_alfa", profile=Profile.CONSULTA)
    manages = made(ana, {**HOLDS_SOME, "permissions": [*HOLDS_SOME["permissions"], "customers:write"]})
    made(ana, SELLS)
    give(ana, "usr_gil", manages)
    gil = signed_in(handler, "usr_gil")
    assert gil.put("/tenant/rules/base", {"base": "per_company"}, version=version()).status == 200

    assert signed_in(customers, "usr_gil").post("/companies", COMPANY).status == 201

    _, second = gil.get("/bases").body["items"]
    assert second["profile_names"] == ["Gerente"]
    assert [one.name for one in store.get_tenant(second["id"]).profiles] == ["Gerente"]
    assert Permission.ACCESS_MANAGE in store.get_standing(second["id"], "usr_gil").permissions
