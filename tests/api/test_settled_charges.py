"""Charges that are inserted, billed and settled in one request ("Liquidar agora", CON-01)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.core.clock import FixedClock
from billing.entry import wiring
from billing.invoicing import store
from billing.invoicing.states import InvoiceStatus
from billing.payments import settled_insertion
from billing.payments import store as payments
from functions.payments.api import handler
from tests.support.aws import InProcessAws, put_back, state
from tests.support.billing import company, customer, keep, profile
from tests.support.cutting import Cut, count_writes, cut
from tests.support.http import Answer, Client

PATH = "/customers/cus_ana0/settled-charges"
PAID = {
    "company_id": "com_alfa",
    "payment_profile_id": "pro_itau",
    "description": "Visita técnica",
    "amount": "80.00",
    "due_on": "2026-03-10",
    "reference": {"start": "2026-03-01", "end": "2026-04-01"},
    "settlement": {"method": "other", "justification": "Pago em dinheiro no balcão"},
}


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    """At noon of 2026-03-10."""
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 3, 10, 15, tzinfo=UTC)))
    keep(call, company(), profile(), customer("cus_ana0"))
    return Client(handler)


def what_stands() -> list[tuple[Any, ...]]:
    """Each invoice: number, state, amount, its charges, and the state of its settlements."""
    return sorted(
        (
            invoice.number,
            invoice.status,
            str(invoice.amount),
            len(invoice.charge_ids),
            [
                (s.method, str(s.received), s.settled_on.isoformat())
                for s in payments.settlements_of("ten_alfa", "cus_ana0", invoice.id)
            ],
        )
        for invoice in store.invoices_of("ten_alfa", "cus_ana0")
    )


def codes(answer: Answer) -> list[str]:
    return [reason["code"] for reason in answer.body.get("reasons", [])]


SETTLED = (InvoiceStatus.SETTLED, "80.00", 1, [("other", "80.00", "2026-03-10")])


@pytest.mark.req("CON-01", "INV-08")
def test_each_charge_has_an_invoice_of_its_own_that_is_settled_today(client: Client) -> None:
    answer = client.post(PATH, {**PAID, "replications": 2})

    assert (answer.status, [item["outcome"] for item in answer.body["items"]]) == (201, ["done"] * 3)
    assert what_stands() == [(number, *SETTLED) for number in (1, 2, 3)]
    charges = {charge.id: charge for charge in store.charges_of("ten_alfa", "cus_ana0")}
    assert [charges[item["id"]].instalment for item in answer.body["items"]] == [(1, 3), (2, 3), (3, 3)]
    assert [item["made"][0] for item in answer.body["items"]] == [
        charges[item["id"]].invoice_id for item in answer.body["items"]
    ]


@pytest.mark.req("CON-01", "PLT-02")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_settled_insertion_cut_off_anywhere_and_repeated_is_done_once(
    aws: InProcessAws, client: Client, moment: str
) -> None:
    def attempt() -> Answer:
        return client.post(PATH, {**PAID, "replications": 1}, key="paid-already")

    before = state()
    writes = count_writes(aws, attempt)
    whole = what_stands()
    assert whole == [(1, *SETTLED), (2, *SETTLED)]

    for point in range(writes):
        put_back(before)
        with cut(aws, point, moment), pytest.raises(Cut):
            attempt()
        again = attempt()
        assert (again.status, [item["outcome"] for item in again.body["items"]]) == (201, ["done"] * 2)
        assert what_stands() == whole, f"cut {moment} write {point}"
        assert len(store.charges_of("ten_alfa", "cus_ana0")) == 2


@pytest.mark.req("CON-01")
def test_several_batches_are_billed_and_settled(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settled_insertion, "MOST", 2)

    answer = client.post(PATH, {**PAID, "replications": 4, "interval_days": 1})

    assert [item["outcome"] for item in answer.body["items"]] == ["done"] * 5
    assert {invoice[1] for invoice in what_stands()} == {InvoiceStatus.SETTLED}


@pytest.mark.req("CON-01")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"amount": "-5.00"}, ["charge.credit_settled"]),
        ({"due_on": "2026-03-09"}, ["charge.settled_due_past"]),
        ({"due_on": "2026-03-10"}, []),
        ({"settlement": {"method": "profile", "justification": "Pix"}}, ["settlement.profile_missing"]),
        (
            {"settlement": {"method": "profile", "profile_id": "pro_itau", "justification": "Pix"}},
            [],
        ),
        (
            {"settlement": {"method": "other", "profile_id": "pro_itau", "justification": "Pix"}},
            ["settlement.profile_of_other"],
        ),
    ],
)
def test_charge_that_could_not_be_settled_is_not_inserted(
    client: Client, changes: dict[str, Any], refused: list[str]
) -> None:
    answer = client.post(PATH, {**PAID, **changes})

    assert codes(answer) == refused
    assert bool(store.charges_of("ten_alfa", "cus_ana0")) is not bool(refused)


@pytest.mark.req("CON-01")
def test_charge_that_cannot_be_billed_stays_and_says_why(client: Client, call: Call) -> None:
    keep(call, customer("cus_sem0", addresses=()))

    answer = client.post("/customers/cus_sem0/settled-charges", PAID)

    (item,) = answer.body["items"]
    assert (item["outcome"], item["made"]) == ("refused", [])
    assert item["reasons"]
    assert [charge.id for charge in store.charges_of("ten_alfa", "cus_sem0")] == [item["id"]]


@pytest.mark.req("SEC-01")
def test_person_who_may_not_settle_cannot_insert_settled_charges(client: Client) -> None:

    answer = Client(handler, profile=Profile.OPERACAO).post(PATH, PAID)

    assert answer.status == 403
