"""A company registered over HTTP, by people whose tokens say what their memberships say."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from billing.access.call import Actor, Call
from billing.access.scope import Scope
from billing.audit.changes import PlatformTable, history
from billing.customers.company import CompanyData
from billing.customers.service import add_company
from billing.entry import wiring
from billing.entry.schedule import start_for_all
from billing.members.model import COMPANIES_MAX
from billing.members.store import get_tenant
from billing.runs.kinds import RunKind
from functions.access.api import handler as access
from functions.customers.api import handler
from tests.api.test_customers import COMPANY
from tests.support.aws import InProcessAws
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.http import Client
from tests.support.machine import Remembered
from tests.support.members import PaperDirectory, claims_of, let_in, open_tenant, signed_in

OTHER = {**COMPANY, "cnpj": "45.543.915/0001-81"}


@pytest.fixture
def ana(aws: InProcessAws) -> Client:
    open_tenant("ten_alfa", "com_alfa")
    let_in("usr_ana", "ten_alfa", "com_alfa")
    return signed_in(handler, "usr_ana")


def companies_of(user_id: str) -> list[str]:
    companies: str = claims_of(user_id)["companies"]
    return companies.split(" ")


@pytest.mark.req("SEC-02")
def test_new_company_is_its_administrators_at_once(ana: Client) -> None:
    company = ana.post("/companies", COMPANY).body
    path = f"/companies/{company['id']}"

    assert companies_of("usr_ana") == sorted(["com_alfa", company["id"]])
    assert ana.get(path).body == company


@pytest.mark.req("SEC-02")
def test_new_company_can_be_given_to_others(ana: Client) -> None:
    company = ana.post("/companies", COMPANY).body
    let_in("usr_rui", "ten_alfa", "com_alfa")
    rights = {"profile_ids": ["financeiro"], "company_ids": ["com_alfa", company["id"]]}

    granted = signed_in(access, "usr_ana").put("/members/usr_rui", rights, version=1)

    assert granted.status == 200
    assert companies_of("usr_rui") == sorted(["com_alfa", company["id"]])


@pytest.mark.req("SEC-02", "PLT-04")
@pytest.mark.parametrize("kind", [RunKind.MONTHLY_CLOSING, RunKind.BILLING_RUN])
def test_schedules_close_and_bill_the_new_company_too(ana: Client, kind: RunKind) -> None:
    company = ana.post("/companies", COMPANY).body

    made = start_for_all(kind, datetime(2026, 3, 10, 9, 0, tzinfo=UTC), Remembered())

    assert {run.scope for run in made.runs} == {Scope.of("com_alfa"), Scope.of(company["id"])}
    assert (made.refused, made.faults) == ({}, {})


@pytest.mark.req("REP-03")
def test_audit_shows_who_got_the_company_and_that_schedules_include_it(ana: Client) -> None:
    company = ana.post("/companies", COMPANY).body

    (member,) = history(PlatformTable, "membership#usr_ana", "member#ten_alfa")
    (tenant,) = history(PlatformTable, "tenants", "tenant#ten_alfa")

    assert (member.action, tenant.action) == ("member.granted", "tenant.company_added")
    assert member.changes == tenant.changes
    assert company["id"] in str(member.changes["company_ids"])


@pytest.mark.req("PLT-02", "SEC-02")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_company_whose_request_was_cut_off_is_registered_once_when_repeated(
    aws: InProcessAws, ana: Client, moment: str
) -> None:
    assert count_writes(aws, lambda: ana.post("/companies", OTHER)) == 1
    with pytest.raises(Cut), cut(aws, 0, moment):
        ana.post("/companies", COMPANY, key="one-company")
    company = ana.post("/companies", COMPANY, key="one-company")

    assert company.status == 201
    assert get_tenant("ten_alfa").company_ids[2:] == (company.body["id"],)
    assert sorted(get_tenant("ten_alfa").company_ids) == companies_of("usr_ana")
    assert len(signed_in(handler, "usr_ana").get("/companies").body["items"]) == 2


@pytest.mark.req("SEC-02")
def test_of_two_companies_registered_at_once_none_is_lost(aws: InProcessAws, ana: Client, call: Call) -> None:
    let_in("usr_bia", "ten_alfa", "com_alfa")
    bia, other = call._replace(actor=Actor("usr_bia")), CompanyData.model_validate(OTHER)
    with meanwhile(aws, 0, lambda: add_company(bia, other)):
        late = ana.post("/companies", COMPANY, key="at-the-same-moment")

    assert late.status == 409
    assert companies_of("usr_ana") == ["com_alfa"]

    again = ana.post("/companies", COMPANY, key="at-the-same-moment")
    assert sorted(get_tenant("ten_alfa").company_ids) == sorted([*companies_of("usr_bia"), again.body["id"]])


@pytest.mark.req("SEC-02")
def test_more_companies_than_a_token_carries_are_refused(aws: InProcessAws, ana: Client) -> None:
    many = [f"com_{number:04d}" for number in range(COMPANIES_MAX)]
    let_in("usr_bia", "ten_alfa", *many)

    refused = signed_in(handler, "usr_bia").post("/companies", COMPANY)

    assert (refused.status, refused.code) == (422, "member.companies_max")
    assert get_tenant("ten_alfa").company_ids == ("com_alfa",)


@pytest.mark.req("SEC-01")
def test_person_removed_after_the_token_was_issued_registers_no_company(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "directory", PaperDirectory)
    let_in("usr_bia", "ten_alfa", "com_alfa")
    bia = signed_in(handler, "usr_bia")
    signed_in(access, "usr_ana").delete("/members/usr_bia", version=1)

    assert bia.post("/companies", COMPANY).code == "access.removed"
    still_known = Client(handler, user_id="usr_bia")
    assert still_known.post("/companies", COMPANY).code == "member.missing"


@pytest.mark.req("SEC-02")
def test_company_begins_a_base_of_its_own_where_the_tenant_has_chosen_so(ana: Client) -> None:
    """The person who registers it administers it; people who work in the other base cannot reach it."""
    rules = signed_in(access, "usr_ana")
    let_in("usr_bia", "ten_alfa", "com_alfa")
    assert rules.put("/tenant/rules/base", {"base": "per_company"}, version=1).status == 200

    company = ana.post("/companies", COMPANY).body
    first, second = rules.get("/bases").body["items"]
    there = replace(ana, base=second["id"])
    bia = replace(signed_in(handler, "usr_bia"), base=second["id"])

    assert (first["id"], second["name"]) == ("ten_alfa", company["trade_name"])
    assert get_tenant("ten_alfa").company_ids == ("com_alfa",)
    assert (ana.get("/companies").body["items"], there.get("/companies").body["items"]) == ([], [company])
    assert ana.get(f"/companies/{company['id']}").code == "company.missing"
    assert bia.get("/companies").code == "access.removed"
    assert claims_of("usr_ana")["tenant"] == "ten_alfa"
    made = start_for_all(RunKind.BILLING_RUN, datetime(2026, 3, 10, 9, 0, tzinfo=UTC), Remembered())
    assert {run.company_id for run in made.runs} == {"com_alfa", company["id"]}


@pytest.mark.req("SEC-02", "PLT-04")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_own_base_whose_request_was_cut_off_is_made_once_when_repeated(
    aws: InProcessAws, ana: Client, moment: str
) -> None:
    rules = signed_in(access, "usr_ana")
    rules.put("/tenant/rules/base", {"base": "per_company"}, version=1)
    with pytest.raises(Cut), cut(aws, 0, moment):
        ana.post("/companies", COMPANY, key="one-company")

    again = ana.post("/companies", COMPANY, key="one-company")

    bases = rules.get("/bases").body["items"]
    assert (again.status, [base["company_ids"] for base in bases]) == (
        201,
        [["com_alfa"], [again.body["id"]]],
    )


@pytest.mark.req("SEC-02")
def test_shared_base_is_not_divided(ana: Client) -> None:
    rules = signed_in(access, "usr_ana")
    ana.post("/companies", COMPANY)

    refused = rules.put("/tenant/rules/base", {"base": "per_company"}, version=2)

    assert (refused.code, rules.get("/tenant/rules").body["base"]) == ("base.shared", "shared")


@pytest.mark.req("SEC-02")
@pytest.mark.parametrize("base", ["ten_gama", "x", "ten_alfa#members", "membership#usr_ana"])
def test_base_of_a_company_that_the_caller_does_not_serve_is_refused(ana: Client, base: str) -> None:
    open_tenant("ten_gama", "com_gama")

    assert replace(ana, base=base).get("/companies").code == "access.removed"


@pytest.mark.req("SEC-02")
def test_only_people_who_serve_every_company_choose_the_base(ana: Client) -> None:
    let_in("usr_bia", "ten_alfa", "com_beta")

    refused = signed_in(access, "usr_bia").put("/tenant/rules/base", {"base": "per_company"}, version=1)

    assert refused.code == "access.company"
