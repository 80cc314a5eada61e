"""Tax codes over HTTP."""

import pytest

from billing.access.model import Profile
from billing.audit.changes import history
from billing.catalog.store import CatalogTable
from functions.catalog.api import handler
from tests.api.test_contracts import PRINTER, Office
from tests.support.aws import InProcessAws
from tests.support.http import Client

NEW = {"code": "iss-17.05", "description": "ISS Campinas", "percent": "2.5", "valid_from": "2026-01-01"}
PATH = "/tax-codes/iss-17.05"


@pytest.fixture
def client(aws: InProcessAws) -> Client:
    return Client(handler)


@pytest.mark.req("CHG-03")
def test_rates_are_a_history_by_day(client: Client) -> None:
    added = client.post("/tax-codes", NEW)
    raised = client.patch(PATH, {"percent": "5", "valid_from": "2026-07-01"}, version=1)

    assert (added.status, added.etag, raised.etag) == (201, '"1"', '"2"')
    assert raised.body["rates"] == [
        {"valid_from": "2026-01-01", "percent": "2.5"},
        {"valid_from": "2026-07-01", "percent": "5"},
    ]
    assert client.get(PATH).body == raised.body
    assert client.get("/tax-codes").body["items"] == [raised.body]


@pytest.mark.req("CHG-03")
def test_removing_the_last_rate_removes_the_code(client: Client) -> None:
    client.post("/tax-codes", NEW)

    assert client.delete(f"{PATH}/rates/2026-01-02", version=1).code == "tax_code.no_such_rate"
    assert client.delete(f"{PATH}/rates/2026-01-01", version=7).status == 412
    assert client.delete(f"{PATH}/rates/2026-01-01", version=1).status == 200
    assert client.get(PATH).code == "tax_code.missing"
    assert client.get("/tax-codes").body["items"] == []


@pytest.mark.req("CHG-03")
def test_a_removed_code_is_added_again(client: Client) -> None:
    client.post("/tax-codes", NEW)
    client.delete(f"{PATH}/rates/2026-01-01", version=1)

    again = client.post("/tax-codes", {**NEW, "percent": "3"})

    assert (again.status, again.etag) == (201, '"3"')
    assert again.body["rates"] == [{"valid_from": "2026-01-01", "percent": "3"}]
    assert client.post("/tax-codes", NEW).code == "tax_code.exists"
    actions = [entry.action for entry in history(CatalogTable, "ten_alfa#tax_codes", "tax#iss-17.05")]
    assert actions == ["tax_code.added", "tax_code.removed", "tax_code.added"]


@pytest.mark.req("CHG-03")
def test_every_change_is_in_the_audit(client: Client) -> None:
    client.post("/tax-codes", NEW)
    client.patch(PATH, {"percent": "5", "valid_from": "2026-07-01"}, version=1)
    client.delete(f"{PATH}/rates/2026-01-01", version=2)
    client.delete(f"{PATH}/rates/2026-07-01", version=3)

    assert [entry.action for entry in history(CatalogTable, "ten_alfa#tax_codes", "tax#iss-17.05")] == [
        "tax_code.added",
        "tax_code.rated",
        "tax_code.rate_removed",
        "tax_code.removed",
    ]


@pytest.mark.req("PLT-02")
def test_existing_code_and_change_of_an_older_version_are_refused(client: Client) -> None:
    client.post("/tax-codes", NEW)
    again = client.post("/tax-codes", {**NEW, "percent": "3"})
    change = {"percent": "5", "valid_from": "2026-07-01"}
    client.patch(PATH, change, version=1)

    assert [(r["code"], r["field"]) for r in again.body["reasons"]] == [("tax_code.exists", "code")]
    assert client.patch(PATH, change, version=1).status == 412
    assert client.patch("/tax-codes/other", change, version=1).code == "tax_code.missing"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("percent", 2.5, "field.value_error"),
        ("percent", "-1", "field.greater_than_equal"),
        ("percent", "100.1", "field.less_than_equal"),
        ("percent", "2.1234567", "field.decimal_max_places"),
        ("code", "iss 05", "field.string_pattern_mismatch"),
        ("valid_from", "2026-01", "date.form"),
        ("rates", [], "field.extra_forbidden"),
    ],
)
@pytest.mark.req("PLT-02")
def test_wrong_input_is_reported_by_field_and_nothing_is_stored(
    client: Client, field: str, value: object, code: str
) -> None:
    refused = client.post("/tax-codes", {**NEW, field: value})

    assert refused.status == 400
    assert [(r["field"], r["code"]) for r in refused.body["reasons"]] == [(field, code)]
    assert client.get("/tax-codes").body["items"] == []


@pytest.mark.req("SEC-01", "SEC-02")
def test_tax_codes_need_the_permission_and_stay_in_their_tenant(client: Client) -> None:
    client.post("/tax-codes", NEW)
    reader, other = Client(handler, profile=Profile.CONSULTA), Client(handler, tenant_id="ten_beta")

    assert (reader.get(PATH).status, reader.post("/tax-codes", NEW).code) == (200, "access.denied")
    assert (other.get(PATH).status, other.get("/tax-codes").body["items"]) == (404, [])


@pytest.mark.req("CHG-03", "SEC-02")
def test_tax_code_in_use_by_contracts_is_kept_and_they_are_named(client: Client, aws: InProcessAws) -> None:
    office = Office()
    clerk = Client(handler, companies=office.company)
    clerk.post("/tax-codes", NEW)
    taxed = {**PRINTER, "tax_code": NEW["code"]}
    kept = office.add(items=[taxed]).body

    refused = clerk.delete(f"{PATH}/rates/2026-01-01", version=1)
    office.clerk.put(f"{office.path}/{kept['id']}/items/{PRINTER['id']}", PRINTER, version=1)
    removed = clerk.delete(f"{PATH}/rates/2026-01-01", version=1)

    assert (refused.status, refused.code, removed.status) == (422, "tax_code.in_use", 200)
    assert f"1 contrato: {kept['number']} ({kept['description']})" in refused.body["title"]


@pytest.mark.req("CHG-03", "SEC-02")
def test_rates_of_a_code_that_another_company_uses_are_changed_by_people_who_serve_both(
    client: Client, aws: InProcessAws
) -> None:
    office = Office()
    Client(handler, companies=office.company).post("/tax-codes", NEW)
    office.add(items=[{**PRINTER, "tax_code": NEW["code"]}])
    change = {"percent": "5", "valid_from": "2026-07-01"}
    stranger, both = (
        Client(handler, companies="com_beta"),
        Client(handler, companies=f"{office.company} com_beta"),
    )

    answers = [
        stranger.patch(PATH, change, version=1),
        stranger.delete(f"{PATH}/rates/2026-01-01", version=1),
    ]

    assert [answer.code for answer in answers] == ["tax_code.of_others"] * 2
    assert all("Vale Fibra" in answer.body["title"] for answer in answers)
    assert both.patch(PATH, change, version=1).status == 200


@pytest.mark.req("CHG-03", "REP-03")
def test_history_shows_each_rate_with_its_day(client: Client) -> None:
    client.post("/tax-codes", NEW)
    client.patch(PATH, {"percent": "5", "valid_from": "2026-07-01"}, version=1)
    client.patch(PATH, {"percent": "4", "valid_from": "2026-07-01"}, version=2)

    events = client.get(f"{PATH}/history").body["items"]

    assert [event["action"] for event in events] == ["tax_code.added", "tax_code.rated", "tax_code.rated"]
    seen = [
        [(change["label"], change.get("before"), change.get("after")) for change in event["changes"]]
        for event in events
    ]
    assert seen == [
        [],
        [("Alíquotas", None, "01/07/2026")],
        [("Alíquotas – “2026-07-01” – Alíquota (%)", "5", "4")],
    ]
