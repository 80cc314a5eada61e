"""The financial statement of a customer over HTTP: every row balances, whatever was done with the invoice."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.core.money import Money
from billing.customers.store import customer_row
from billing.entry.wiring import clock_row
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from functions.counter.api import handler
from functions.customers.api import handler as customers_handler
from functions.payments.api import handler as payments_handler
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.counter import BOX, MANAGER, TENANT, boxes, opened, put, receipt_of
from tests.support.http import Client
from tests.support.invoices import a_credit, charge, invoice
from tests.support.members import let_in, open_tenant

BY_HAND = {"method": "other", "settled_on": "2026-03-10", "justification": "Pago por fora"}


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    keep(call, company(), profile(), customer("cus_ana0"))
    open_tenant(TENANT, "com_alfa")
    let_in(MANAGER, TENANT, "com_alfa")
    boxes(BOX)
    return Client(handler, user_id=MANAGER)


def owe(n: int, amount: str = "100.00", **changes: Any) -> Invoice:
    """Invoice `n`, whose charge is the second of three instalments."""
    owed = invoice(
        id=f"inv_ana{n}", number=n, amount=Money(amount), due_on=date(2026, 2, n), issued_on=date(2026, 1, 2)
    )
    part = charge(contract_id=f"con_ana{n}", amount=amount, instalment=(2, 3))
    owed = owed.evolve(charge_ids=(part.id,), **changes)
    put(
        invoices.invoice_row(TENANT, owed),
        invoices.charge_row(TENANT, part.evolve(status=ChargeStatus.BILLED, invoice_id=owed.id)),
    )
    return owed


def statement(client: Client) -> Any:
    answer = client.get("/customers/cus_ana0/financial-statement")
    assert answer.status == 200, answer.body
    return answer.body


def assert_even(body: Any) -> None:
    for row in [*body["rows"], body]:
        amounts = {name: Money(row[name]) for name in ("amount", "surcharge", "discount", "paid", "balance")}
        assert (
            amounts["amount"] + amounts["surcharge"] - amounts["discount"]
            == amounts["paid"] + amounts["balance"]
        ), row


@pytest.mark.req("PAY-01", "CTR-10")
def test_rows_show_paid_discount_interest_and_balance_beside_each_due_date(
    client: Client, call: Call
) -> None:
    for n in range(1, 8):
        owe(n)
    opened(client)
    due = {one["invoice_id"]: one for one in client.get("/customers/cus_ana0/amounts-due").body["items"]}
    assert client.post("/counter-receipts", receipt_of(due["inv_ana1"]["total"], "inv_ana1")).status == 201
    pay = Client(payments_handler, user_id=MANAGER)
    for n, amount in ((2, "90.00"), (3, "110.00")):
        choice = {"customer_id": "cus_ana0", "invoice_id": f"inv_ana{n}"}
        settled = pay.post("/settlements", {**BY_HAND, "invoices": [choice], "amount": amount}).body
        assert settled["items"][0]["outcome"] == "done", settled
    owe(4, status=InvoiceStatus.DELETED)
    keep(call, charge(contract_id="con_later", amount="30.00", due_on=date(2026, 4, 10)), a_credit("5.00"))

    body = statement(client)

    assert_even(body)
    rows = {row.get("invoice_number"): row for row in body["rows"]}
    assert 4 not in rows
    assert rows[1]["titles"] == ["Plano Fibra 500 Mb (2/3)"]
    assert (rows[1]["paid"], rows[1]["surcharge"], rows[1]["balance"]) == (
        due["inv_ana1"]["total"],
        "3.11",
        "0.00",
    )
    assert (rows[2]["amount"], rows[2]["paid"], rows[2]["discount"]) == ("100.00", "90.00", "10.00")
    assert (rows[3]["amount"], rows[3]["paid"], rows[3]["surcharge"]) == ("100.00", "110.00", "10.00")
    assert (rows[5]["paid"], rows[5]["balance"]) == ("0.00", "100.00")
    assert body["balance"] == "325.00"  # three invoices, one charge, minus the credit
    assert [row["due_on"] for row in body["rows"]] == sorted(
        (row["due_on"] for row in body["rows"]), reverse=True
    )


@pytest.mark.req("PAY-01", "INV-09")
def test_reversed_receipt_leaves_no_trace_in_the_amounts(client: Client) -> None:
    owe(1)
    before = statement(client)
    opened(client)
    (due,) = client.get("/customers/cus_ana0/amounts-due").body["items"]
    receipt = client.post("/counter-receipts", receipt_of(due["total"], "inv_ana1")).body
    client.post(
        "/counter-receipts/reversals",
        {"customer_id": "cus_ana0", "receipt_id": receipt["id"], "reason": "Engano"},
    )

    assert statement(client) == before
    assert_even(before)


@pytest.mark.req("PAY-01", "PAY-04")
def test_open_due_dates_of_customers_without_receipts_are_marked(client: Client) -> None:
    owe(1)
    owe(2, status=InvoiceStatus.SETTLED, paid=Money("100.00"), settled_on=date(2026, 3, 1))
    listed = {"kind": "protest_status", "name": "Serasa", "forbids_receipt": True}
    Client(customers_handler, user_id=MANAGER).post("/listed-reasons", listed)
    put(customer_row(TENANT, customer("cus_ana0", protest_status="Serasa")))

    rows = {row["invoice_number"]: row["forbids_receipt"] for row in statement(client)["rows"]}

    assert rows == {1: True, 2: False}
