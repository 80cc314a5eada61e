"""Billing items over HTTP."""

import pytest

from billing.access.model import Profile
from billing.core.period import Month
from billing.usage.store import finalised_row
from functions.catalog.api import handler
from functions.customers.api import handler as customers_handler
from functions.usage.api import handler as usage_handler
from tests.support.aws import InProcessAws
from tests.support.closings import begin
from tests.support.contracts import brokered
from tests.support.http import Client

NEW = {
    "name": "Máquina virtual",
    "product": "Nuvem",
    "unit": "hora",
    "unit_price": "0.1875",
    "valid_from": "2026-01",
}


@pytest.fixture
def client(aws: InProcessAws) -> Client:
    return Client(handler)


@pytest.mark.req("CAT-01")
def test_item_is_added_and_read(client: Client) -> None:
    added = client.post("/items", NEW)

    assert (added.status, added.etag) == (201, '"1"')
    assert added.body["prices"] == [{"valid_from": "2026-01", "unit_price": "0.1875"}]
    assert client.get(f"/items/{added.body['id']}").body == added.body
    assert client.get("/items").body["items"] == [added.body]


@pytest.mark.req("PLT-02")
def test_repeated_request_is_answered_the_same_and_adds_nothing(client: Client) -> None:
    first = client.post("/items", NEW, key="same-key-1")
    again = client.post("/items", NEW, key="same-key-1")

    assert (again.status, again.body) == (first.status, first.body)
    assert len(client.get("/items").body["items"]) == 1
    assert client.post("/items", {**NEW, "name": "Outra"}, key="same-key-1").code == "idempotency.reused"


@pytest.mark.req("CAT-02")
def test_only_price_and_its_start_change(client: Client) -> None:
    item = client.post("/items", NEW).body

    priced = client.patch(f"/items/{item['id']}", {"unit_price": "0.20", "valid_from": "2026-03"}, version=1)
    refused = client.patch(f"/items/{item['id']}", {"name": "Outro"}, version=2)
    without_start = client.patch(f"/items/{item['id']}", {"unit_price": "0.20"}, version=2)

    assert [p["valid_from"] for p in priced.body["prices"]] == ["2026-01", "2026-03"]
    assert refused.body["title"] == (
        "Somente é possível atualizar os campos “Valor Unitário” e “Início da Vigência”."
    )
    assert [(r["field"], r["code"]) for r in without_start.body["reasons"]] == [
        ("valid_from", "field.missing")
    ]


@pytest.mark.req("PLT-02")
def test_change_of_an_older_version_is_refused(client: Client) -> None:
    item = client.post("/items", NEW).body
    change = {"unit_price": "0.20", "valid_from": "2026-03"}
    client.patch(f"/items/{item['id']}", change, version=1)

    assert client.patch(f"/items/{item['id']}", change, version=1).status == 412


@pytest.mark.req("CAT-03")
def test_removing_the_last_price_removes_the_item(client: Client) -> None:
    item = client.post("/items", NEW).body

    assert client.delete(f"/items/{item['id']}/prices/2026-02", version=1).code == "item.no_such_price"
    assert client.delete(f"/items/{item['id']}/prices/2026-01", version=1).status == 200
    assert client.get(f"/items/{item['id']}").status == 404


@pytest.mark.req("CAT-03")
def test_price_in_use_stays_until_its_usage_entries_are_removed(client: Client) -> None:
    usage = Client(usage_handler)
    person = {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
    customer = Client(customers_handler).post("/customers", person).body["id"]
    begin(brokered(customer, starts_on="2025-12-01"))
    item = client.post("/items", NEW).body
    prices = f"/items/{item['id']}/prices"
    client.patch(f"/items/{item['id']}", {"unit_price": "0.20", "valid_from": "2026-03"}, version=1)
    entry_data = {"month": "2026-02", "billing_item_id": item["id"], "quantity": "1"}
    entry = usage.post(f"/customers/{customer}/usage", entry_data).body

    assert client.delete(f"{prices}/2026-01", version=2).code == "item.has_usage"
    assert client.delete(f"{prices}/2026-03", version=2).status == 200
    assert client.delete(f"{prices}/2026-01", version=3).code == "item.has_usage"
    finalised_row("ten_alfa", customer, Month("2026-02")).save()
    charged = client.delete(f"{prices}/2026-01", version=3)
    assert [reason["code"] for reason in charged.body["reasons"]] == ["item.has_usage", "item.charged"]
    finalised_row("ten_alfa", customer, Month("2026-02"), version=1).delete()
    usage.delete(f"/customers/{customer}/usage/2026-02/{entry['id']}", version=1)
    assert client.delete(f"{prices}/2026-01", version=3).status == 200


@pytest.mark.req("CAT-03")
def test_usage_entry_of_another_month_does_not_keep_a_price(client: Client) -> None:
    person = {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
    customer = Client(customers_handler).post("/customers", person).body["id"]
    begin(brokered(customer, starts_on="2025-12-01"))
    item = client.post("/items", NEW).body
    entry_data = {"month": "2025-12", "billing_item_id": item["id"], "quantity": "1"}
    Client(usage_handler).post(f"/customers/{customer}/usage", entry_data)
    client.patch(f"/items/{item['id']}", {"unit_price": "0.20", "valid_from": "2026-03"}, version=1)

    assert client.delete(f"/items/{item['id']}/prices/2026-01", version=2).status == 200
    assert client.delete(f"/items/{item['id']}/prices/2026-03", version=3).code == "item.has_usage"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("unit_price", 0.1875, "field.value_error"),
        ("unit_price", "0,1875", "field.value_error"),
        ("unit_price", "-1", "field.greater_than_equal"),
        ("unit_price", "9" * 40, "field.decimal_max_digits"),
        ("valid_from", "2026-13", "field.value_error"),
        ("cor", "azul", "field.extra_forbidden"),
    ],
)
@pytest.mark.req("PLT-02")
def test_wrong_input_is_reported_by_field_and_nothing_is_stored(
    client: Client, field: str, value: object, code: str
) -> None:
    refused = client.post("/items", {**NEW, field: value})

    assert refused.status == 400
    assert [(r["field"], r["code"]) for r in refused.body["reasons"]] == [(field, code)]
    assert client.get("/items").body["items"] == []


@pytest.mark.req("SEC-01")
def test_profile_without_the_permission_is_refused(client: Client) -> None:
    reader = Client(handler, profile=Profile.CONSULTA)

    assert reader.post("/items", NEW).code == "access.denied"
    assert reader.get("/items").status == 200


@pytest.mark.req("SEC-02")
def test_another_tenant_sees_nothing(client: Client) -> None:
    item = client.post("/items", NEW).body
    other = Client(handler, tenant_id="ten_beta")

    assert other.get("/items").body["items"] == []
    assert other.get(f"/items/{item['id']}").status == 404
