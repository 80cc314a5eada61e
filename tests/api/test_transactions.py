"""Work-order, fuel and energy transactions and utility bills over HTTP."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.customers.store import customer_row
from billing.usage.store import UsageTable, billed_until_row
from billing.usage.transactions import BilledUntil
from functions.usage.api import handler
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.batches import counted
from tests.support.closings import begin, closing_of
from tests.support.closings_api import handler as closings_handler
from tests.support.contracts import JANUARY, TENANT, printing
from tests.support.http import Client

BILL = {"source": "Edifício Aurora", "month": "2026-02", "amount": "1000.00", "area": "300"}


@pytest.fixture
def client(aws: InProcessAws, call: Call) -> Client:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    begin(printing())
    return Client(handler)


def transaction(key: str = "os-1", **changes: Any) -> dict[str, Any]:
    return {
        "event_key": key,
        "customer_id": "cus_0002",
        "item_id": "eqp_0001",
        "on": "2026-02-10",
        "category": "work_order",
        "subcategory": "labour",
        "quantity": "2.5",
        "unit_price": "30.00",
        **changes,
    }


def send(client: Client, *sent: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/transactions/batch", {"transactions": list(sent)})
    assert answer.status == 200, answer.body
    return counted(answer.body)


def kept(client: Client) -> list[dict[str, Any]]:
    path = "/customers/cus_0002/contracts/con_0002/transactions"
    listed: list[dict[str, Any]] = client.get(path, start="2026-01-01", end="2026-12-31").body["items"]
    return listed


def codes(report: dict[str, Any]) -> dict[int, list[str]]:
    return {line["line"]: [reason["code"] for reason in line["reasons"]] for line in report["refused"]}


@pytest.mark.req("USE-07")
def test_transaction_counts_once_however_often_it_is_sent(client: Client) -> None:
    first = send(client, transaction(labour_level="senior"), transaction(labour_level="senior"))
    again = send(client, transaction(labour_level="senior", quantity="2.50"))

    assert (first["accepted"], first["duplicates"], again["duplicates"]) == (1, [2], [1])
    (only,) = kept(client)
    assert (only["contract_id"], only["bill_on"], only["labour_level"]) == (
        "con_0002",
        "2026-02-10",
        "senior",
    )


@pytest.mark.req("USE-07", "USE-03")
def test_transaction_that_no_closing_could_bill_is_refused_with_the_reason(client: Client) -> None:
    report = send(
        client,
        transaction("os-1", on="2126-01-01"),
        transaction("os-2", item_id="eqp_9999"),
        transaction("os-3", on="2025-12-31"),
        transaction("os-4", subcategory="all"),
        transaction("os-5", category="one_time"),
        transaction("os-6", category="fuel", subcategory="diesel", part_class="a"),
        transaction("os-7", customer_id="cus_9999"),
        transaction("os-8", unit="parsec"),
        transaction("os-9"),
        transaction("uso-1", category="usage", subcategory="trips", unit_price=None),
        transaction("uso-2", category="usage", subcategory="trips", unit="km"),
        transaction("uso-3", category="usage", subcategory="monthly", unit="km", unit_price=None),
    )

    assert report["accepted"] == 1
    assert codes(report) == {
        1: ["transaction.future"],
        2: ["transaction.item"],
        3: ["transaction.outside", "transaction.not_in_force"],
        4: ["transaction.subcategory"],
        5: ["transaction.category"],
        6: ["transaction.attribute"],
        7: ["customer.missing"],
        8: ["transaction.unit"],
        10: ["transaction.unit_missing"],
        11: ["transaction.priced"],
        12: ["transaction.subcategory"],
    }
    assert [stored["event_key"] for stored in kept(client)] == ["os-9"]


@pytest.mark.req("USE-07", "CHG-08")
def test_events_of_use_are_rated_one_by_one_by_the_model_of_their_definition(
    aws: InProcessAws, call: Call
) -> None:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    sales = {
        "definition_id": "def_sales",
        "valid_from": "2025-01-01",
        "category": "usage",
        "usage_unit": "brl",
        "pricing": {"kind": "percentage", "rate_percent": "2.5", "free_events": 1, "min": "1.00"},
    }
    begin(printing(definitions=[sales]))
    events = [
        transaction(
            f"venda-{day}",
            on=f"2026-01-{day}",
            category="usage",
            subcategory="sales",
            unit="brl",
            quantity=amount,
            unit_price=None,
        )
        for day, amount in ((11, "500.00"), (10, "900.00"), (12, "10.00"))
    ]
    report = send(Client(handler), *events)
    closing = closing_of("cus_0002", JANUARY).id
    closings = Client(closings_handler)
    closings.post(f"/customers/cus_0002/closings/{closing}/computations")

    assert report["accepted"] == 3
    (line,) = closings.get(f"/customers/cus_0002/closings/{closing}/lines").body["items"]
    assert line["line"]["amount"] == "13.50"  # the first is free; 12.50, and at least 1.00
    assert line["why"][0] == "3 reais"


@pytest.mark.req("USE-07", "CLO-11")
def test_day_that_is_frozen_while_a_batch_is_counted_is_billed_on_the_next_open_one(
    aws: InProcessAws, client: Client
) -> None:
    def freeze(operation: str, body: bytes, when: str) -> None:
        if operation == "TransactWriteItems" and when == "before":
            aws.observers.clear()
            row = billed_until_row(TENANT, "cus_0002", "con_0002", BilledUntil(end=date(2026, 3, 1)))
            assert isinstance(row, UsageTable)
            row.version = 1
            row.save()

    aws.observers.append(freeze)
    report = send(client, transaction())

    assert report["accepted"] == 1
    assert [(stored["on"], stored["bill_on"]) for stored in kept(client)] == [("2026-02-10", "2026-03-01")]


@pytest.mark.req("CHG-06", "USE-07")
def test_utility_bill_is_kept_once_for_its_source_and_month_and_corrected(client: Client) -> None:
    def sent(*bills: dict[str, Any]) -> dict[str, Any]:
        return counted(client.post("/utility-bills/batch", {"bills": list(bills)}).body)

    first = sent(BILL, {**BILL, "month": "2026-01"}, {**BILL, "amount": "-1.00"})
    again = sent(BILL, {**BILL, "amount": "900.00"})

    assert (first["accepted"], codes(first)) == (2, {3: ["field.value_error"]})
    assert (again["duplicates"], codes(again)) == ([1], {2: ["utility_bill.exists"]})
    corrected = client.put("/utility-bills", {**BILL, "amount": "900.00"}, version=1)
    assert (corrected.status, corrected.etag) == (200, '"2"')
    listed = client.get("/utility-bills", source="Edifício Aurora").body["items"]
    assert [(bill["month"], bill["amount"]) for bill in listed] == [
        ("2026-02", "900.00"),
        ("2026-01", "1000.00"),
    ]


@pytest.mark.req("PLT-06", "USE-07")
@pytest.mark.parametrize(
    ("path", "field", "sent"),
    [
        (
            "/transactions/batch",
            "transactions",
            [transaction(), transaction(), transaction(quantity="3"), transaction("os-2", item_id="eqp_x")],
        ),
        ("/utility-bills/batch", "bills", [BILL, BILL, {**BILL, "amount": "900.00"}, {"source": "x"}]),
    ],
)
def test_dry_run_of_a_batch_has_the_same_answer_as_the_batch_itself(
    client: Client, path: str, field: str, sent: list[dict[str, Any]]
) -> None:
    """Also for a line that repeats or contradicts one before it."""
    header = {"idempotency-key": "tried-first"}
    tried = client.send("POST", path, {field: sent}, query={"dry_run": "true"}, headers=header)
    bills = client.get("/utility-bills", source=BILL["source"]).body["items"]
    assert (kept(client), bills) == ([], [])
    done = client.post(path, {field: sent}, key="tried-first")

    assert [line["outcome"] for line in tried.body["items"]] == ["done", "warned", "refused", "refused"]
    assert done.body == tried.body


@pytest.mark.req("SEC-02")
def test_transaction_on_a_contract_of_another_company_is_refused(client: Client) -> None:
    others = Client(handler, companies="com_beta")

    assert codes(send(others, transaction())) == {1: ["transaction.item"]}
    assert kept(client) == []


@pytest.mark.req("SEC-01")
def test_consulta_profile_imports_nothing(client: Client) -> None:
    reader = Client(handler, profile=Profile.CONSULTA)

    assert reader.post("/transactions/batch", {"transactions": [transaction()]}).status == 403
    assert reader.post("/utility-bills/batch", {"bills": [BILL]}).status == 403
    assert reader.put("/utility-bills", BILL, version=1).status == 403
