"""Receipts at the counter over HTTP: amounts to the day, discounts by another person's password, protest statuses, cash
boxes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Permission, Profile
from billing.access.profiles import NewAccessProfile
from billing.audit.changes import history
from billing.core.money import Money
from billing.core.period import Month
from billing.counter.store import CounterTable
from billing.entry import wiring
from billing.entry.wiring import clock_row
from billing.invoicing import store as invoices
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.invariants import of_customer
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus, RemittanceState
from billing.members import store as members
from billing.payments import store as payments
from billing.payments.model import AccountKind
from functions.counter.api import handler
from functions.customers.api import handler as customers_handler
from functions.payments.api import handler as payments_handler
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.counter import (
    BOX,
    MANAGER,
    OPERATOR,
    TENANT,
    PaperPasswords,
    authorised,
    boxes,
    opened,
    operator,
    put,
    receipt_of,
)
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.http import Answer, Client
from tests.support.invoices import charge, invoice
from tests.support.members import let_in, open_tenant

MARCH = Month("2026-03")
DISCOUNT = {"amount": "4.01", "discount_type": "Bonificação", "reason": "Sinal fora do ar"}


@pytest.fixture
def passwords(monkeypatch: pytest.MonkeyPatch) -> PaperPasswords:
    paper = PaperPasswords(ana=MANAGER, rita=OPERATOR)
    monkeypatch.setattr(wiring, "passwords", lambda: paper)
    return paper


@pytest.fixture
def base(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> InProcessAws:
    """At noon of 10/03/2026, a Tuesday: Ana owes invoice 7 of R$ 100.00, due on 10/02 (28 days before)."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    keep(call, company(), profile(), customer("cus_ana0"))
    open_tenant(TENANT, "com_alfa")
    let_in(MANAGER, TENANT, "com_alfa")
    let_in(OPERATOR, TENANT, "com_alfa", profile=Profile.FINANCEIRO)
    boxes(BOX, "acc_caixa2")
    boxes("acc_cofre", kind=AccountKind.SAFE)
    owe(invoice(due_on=date(2026, 2, 10), issued_on=date(2026, 2, 1)))
    return aws


@pytest.fixture
def client(base: InProcessAws, passwords: PaperPasswords) -> Client:
    """The operator, whose box is not open yet."""
    return operator(handler)


def owe(owed: Invoice) -> Invoice:
    """An invoice with its one charge."""
    part = charge(customer_id=owed.customer_id, contract_id=f"con_{owed.id}", amount=str(owed.amount))
    owed = owed.evolve(charge_ids=(part.id,))
    billed = part.evolve(status=ChargeStatus.BILLED, invoice_id=owed.id, amount=owed.amount)
    put(invoices.invoice_row(TENANT, owed), invoices.charge_row(TENANT, billed))
    return owed


def kept(invoice_id: str = "inv_ana0") -> Invoice:
    return invoices.get_invoice(TENANT, "cus_ana0", invoice_id)


def moved(account_id: str = BOX) -> str:
    return str(payments.balance(TENANT, account_id, date(2026, 1, 1), date(2026, 12, 31)).moved)


def code(answer: Answer) -> str:
    assert answer.status in {403, 422}, answer.body
    return answer.code


def made(client: Client, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/counter-receipts", body)
    assert answer.status == 201, answer.body
    receipt: dict[str, Any] = answer.body
    return receipt


def session_now(client: Client) -> dict[str, Any]:
    (session,) = client.get("/cash-sessions/mine").body["items"]
    one: dict[str, Any] = session
    return one


def listed(kind: str, name: str, **changes: Any) -> Answer:
    body = {"kind": kind, "name": name, **changes}
    return Client(customers_handler).post("/listed-reasons", body)


def assert_sound() -> None:
    charges = invoices.charges_of(TENANT, "cus_ana0")
    assert list(of_customer(charges, invoices.invoices_of(TENANT, "cus_ana0"))) == []


@pytest.mark.req("PAY-02", "PAY-05")
def test_amounts_due_have_fine_and_interest_to_the_day(client: Client) -> None:
    """100.00, 28 days late: 2 % of fine, and cents per day as stated on the boleto (1 % a month: 3 cents a day)."""
    answer = client.get("/customers/cus_ana0/amounts-due")

    (item,) = answer.body["items"]
    assert (item["days_late"], item["fine"], item["interest"], item["total"]) == (
        28,
        "2.00",
        "0.84",
        "102.84",
    )
    assert (item["total_without_interest"], answer.body["total"], item["reasons"]) == ("102.00", "102.84", [])


@pytest.mark.req("PAY-05")
@pytest.mark.parametrize(("due_on", "late"), [(9, True), (10, False), (11, False)])
def test_invoice_is_late_from_the_day_after_its_due_date(client: Client, due_on: int, late: bool) -> None:
    owe(invoice(due_on=date(2026, 3, due_on)))

    (item,) = client.get("/customers/cus_ana0/amounts-due").body["items"]

    assert (item["fine"] != "0.00") == late


@pytest.mark.req("PAY-02", "PAY-09")
def test_receipt_settles_the_invoices_and_puts_the_money_in_the_box(client: Client) -> None:
    owe(invoice(id="inv_ana1", number=8, amount=Money("50.00"), due_on=date(2026, 3, 20)))
    opened(client)

    receipt = made(
        client, receipt_of("152.84", "inv_ana0", "inv_ana1", paid={"cash": "100.00", "pix": "60.00"})
    )

    assert (receipt["number"], receipt["total"], receipt["change"]) == (1, "152.84", "7.16")
    assert {kept("inv_ana0").status, kept("inv_ana1").status} == {InvoiceStatus.SETTLED}
    assert moved() == "152.84"
    session = session_now(client)
    assert session["received"] == {
        "cash": "92.84",
        "debit_card": "0.00",
        "credit_card": "0.00",
        "pix": "60.00",
    }
    assert session["expected_now"]["cash"] == "142.84"
    (settlement,) = payments.settlements_of(TENANT, "cus_ana0", "inv_ana0")
    assert (settlement.principal, settlement.fine, settlement.interest) == (
        Money("100.00"), Money("2.00"), Money("0.84"),
    )  # fmt: skip
    assert_sound()


@pytest.mark.req("PAY-02")
@pytest.mark.parametrize(
    ("paid", "refusal"),
    [
        ({"cash": "102.83"}, "counter_receipt.short"),
        ({"cash": "102.84"}, None),
        ({"cash": "102.85"}, None),
        ({"pix": "102.85"}, "counter_receipt.change"),
        ({"pix": "102.84", "cash": "0.01"}, None),
        ({"debit_card": "102.85", "cash": "0.01"}, "counter_receipt.change"),
    ],
)
def test_payment_covers_the_total_and_only_cash_gives_change(
    client: Client, paid: dict[str, str], refusal: str | None
) -> None:
    opened(client)

    answer = client.post("/counter-receipts", receipt_of("102.84", paid=paid))

    assert (answer.status == 201) if refusal is None else (code(answer) == refusal)


@pytest.mark.req("PAY-02")
def test_total_that_differs_from_the_amount_due_today_is_refused_with_both_amounts(client: Client) -> None:
    opened(client)

    answer = client.post("/counter-receipts", receipt_of("102.85"))

    assert code(answer) == "counter_receipt.total"
    assert "R$ 102,84" in answer.body["title"]
    assert kept().status is InvoiceStatus.OPEN


@pytest.mark.req("PAY-09")
def test_nothing_is_received_without_an_open_box_of_today(client: Client) -> None:
    assert code(client.post("/counter-receipts", receipt_of("102.84"))) == "cash_session.none"

    opened(client)
    clock_row(datetime(2026, 3, 11, 3, 0, tzinfo=UTC)).save()  # midnight in São Paulo
    (item,) = client.get("/customers/cus_ana0/amounts-due").body["items"]

    answer = client.post("/counter-receipts", receipt_of(item["total"]))
    assert code(answer) == "cash_session.of_another_day"


@pytest.mark.req("PAY-02", "CTR-13")
def test_receipt_of_zero_is_made_only_where_the_discount_for_payment_on_time_leaves_nothing(
    client: Client,
) -> None:
    discount = OnTimeDiscount(amount=Money("100.00"), until=date(2026, 3, 10))
    owe(invoice(due_on=date(2026, 3, 10), discount=discount))
    opened(client)

    receipt = made(client, receipt_of("0.00", paid={}))

    assert (receipt["total"], receipt["lines"][0]["on_time_discount"]) == ("0.00", "100.00")
    assert (kept().status, moved()) == (InvoiceStatus.SETTLED, "0.00")


@pytest.mark.req("PAY-02")
@pytest.mark.parametrize(("amount", "total"), [("102.83", "0.01"), ("102.84", "0.00"), ("102.85", "-0.01")])
def test_authorised_discount_leaves_an_amount_to_receive(client: Client, amount: str, total: str) -> None:
    listed("discount_type", "Bonificação")
    opened(client)
    given = authorised(client).body["id"]
    discount = {**DISCOUNT, "amount": amount, "authorisation_id": given}

    answer = client.post("/counter-receipts", receipt_of(total, paid={"cash": "1.00"}, discount=discount))

    assert answer.status == 201 if total == "0.01" else code(answer) == "counter_receipt.discount"


@pytest.mark.req("PAY-02")
def test_discount_needs_the_authorisers_password_and_shows_who_gave_it(client: Client) -> None:
    listed("discount_type", "Bonificação")
    opened(client)
    given = authorised(client).body
    discount = {**DISCOUNT, "authorisation_id": given["id"]}

    receipt = made(client, receipt_of("98.83", discount=discount))

    assert given["authoriser_name"] == "Maria Prado"
    assert receipt["discount"]["authoriser_id"] == MANAGER
    assert receipt["lines"][0]["discount"] == "4.01"
    (settlement,) = payments.settlements_of(TENANT, "cus_ana0", "inv_ana0")
    assert (settlement.discount, settlement.received) == (Money("4.01"), Money("98.83"))
    again = client.post("/counter-receipts", receipt_of("98.83", discount=discount))
    assert again.status == 422  # the invoice is settled, and the authorisation is used up


@pytest.mark.req("PAY-02")
def test_authorisation_is_for_one_customer_once_for_ten_minutes(client: Client, call: Call) -> None:
    listed("discount_type", "Bonificação")
    keep(call, customer("cus_bia00", code=2, document="11144477735"))
    owe(invoice(id="inv_bia0", number=9, customer_id="cus_bia00", due_on=date(2026, 3, 20)))
    opened(client)
    of_another = receipt_of("95.99", "inv_bia0", customer_id="cus_bia00")
    discount = {**DISCOUNT, "authorisation_id": authorised(client).body["id"]}

    assert (
        code(client.post("/counter-receipts", {**of_another, "discount": discount}))
        == "authorisation.of_another"
    )

    clock_row(datetime(2026, 3, 10, 15, 10, 0, tzinfo=UTC)).save()  # the last moment
    made(client, receipt_of("98.83", discount=discount))
    late = authorised(client, customer_id="cus_bia00").body["id"]
    clock_row(datetime(2026, 3, 10, 15, 20, 0, 1, tzinfo=UTC)).save()
    refused = client.post(
        "/counter-receipts", {**of_another, "discount": {**DISCOUNT, "authorisation_id": late}}
    )
    assert code(refused) == "authorisation.over"


@pytest.mark.req("PAY-02", "SEC-01")
def test_authoriser_may_have_the_permission_by_a_profile_of_the_tenants_own(client: Client) -> None:
    manages = NewAccessProfile(name="Gerente", permissions=(Permission.PAYMENTS_DISCOUNT,))
    manager = members.get(TENANT, MANAGER)
    put(members.member_row(manager.evolve(profile_ids=("prf_gerente1",))))
    assert code(authorised(client)) == "authorisation.not_allowed"  # there is no such profile

    tenant = members.get_tenant(TENANT).with_profile(manages.profile("prf_gerente1"))
    put(members.tenant_row(tenant))

    assert authorised(client).status == 201
    assert code(authorised(client, "under_protest")) == "authorisation.not_allowed"


@pytest.mark.req("PAY-02")
def test_authorisation_is_only_for_the_person_who_requested_it(client: Client) -> None:
    listed("discount_type", "Bonificação")
    given = authorised(client).body["id"]
    ana = Client(handler, user_id=MANAGER)
    opened(ana)

    answer = ana.post(
        "/counter-receipts", receipt_of("98.83", discount={**DISCOUNT, "authorisation_id": given})
    )

    assert code(answer) == "authorisation.missing"


@pytest.mark.req("PAY-02")
def test_fifth_wrong_password_in_a_row_blocks_for_fifteen_minutes(
    client: Client, passwords: PaperPasswords
) -> None:
    for left in (4, 3, 2, 1):
        answer = authorised(client, password="Errada-2026!")
        assert (code(answer), f"Restam {left}" in answer.body["title"]) == ("authorisation.wrong", True)
    assert code(authorised(client, password="Errada-2026!")) == "authorisation.blocked"

    calls_before = passwords.calls
    assert code(authorised(client)) == "authorisation.blocked"  # not even the right one
    assert passwords.calls == calls_before  # and nobody is asked
    clock_row(datetime(2026, 3, 10, 15, 14, 59, tzinfo=UTC)).save()
    assert code(authorised(client)) == "authorisation.blocked"
    clock_row(datetime(2026, 3, 10, 15, 15, tzinfo=UTC)).save()
    assert authorised(client).status == 201
    entries = history(CounterTable, f"{TENANT}#people#{OPERATOR}", "attempts")
    assert [entry.action for entry in entries].count("authorisation.refused") == 5


@pytest.mark.req("PAY-02")
def test_simultaneous_tries_of_a_password_are_no_more_than_five(
    client: Client, passwords: PaperPasswords
) -> None:
    def another() -> None:
        if passwords.calls < 20:
            authorised(client, password="Errada-2026!")

    passwords.meanwhile = another
    authorised(client, password="Errada-2026!")

    assert passwords.calls == 5


@pytest.mark.req("PAY-02")
def test_correct_password_resets_the_count_of_wrong_ones(client: Client) -> None:
    for _ in range(4):
        authorised(client, password="Errada-2026!")
    assert authorised(client).status == 201

    assert code(authorised(client, password="Errada-2026!")) == "authorisation.wrong"


@pytest.mark.req("PAY-02", "SEC-01")
def test_person_who_may_not_give_a_discount_cannot_authorise_it(client: Client) -> None:
    assert code(authorised(client, email="rita@alfa.example")) == "authorisation.not_allowed"


@pytest.mark.req("PAY-02", "SEC-02")
def test_person_of_another_tenant_cannot_authorise(client: Client, passwords: PaperPasswords) -> None:
    let_in("usr_zoe", "ten_gama", "com_gama")
    passwords.owners["zoe"] = "usr_zoe"

    assert code(authorised(client, email="zoe@alfa.example")) == "authorisation.wrong"


@pytest.mark.req("PAY-02", "SEC-03")
def test_password_is_not_stored_or_logged(client: Client, base: InProcessAws) -> None:
    bodies: list[bytes] = []
    base.observers.append(lambda _operation, body, _moment: bodies.append(body))

    answer = client.post(
        "/authorisations",
        {
            "purpose": "discount",
            "customer_id": "cus_ana0",
            "email": "ana@alfa.example",
            "password": "Correta-2026!",
        },
        key="the-same-key",
    )

    assert answer.status == 201
    assert not any(b"Correta" in body or b"the-same-key" in body for body in bodies)


@pytest.mark.req("PAY-02")
def test_discount_type_is_one_of_the_list_that_has_not_ended(client: Client) -> None:
    opened(client)
    discount = {**DISCOUNT, "authorisation_id": authorised(client).body["id"]}
    assert (
        code(client.post("/counter-receipts", receipt_of("98.83", discount=discount)))
        == "listed_reason.not_offered"
    )

    reason = listed("discount_type", "Bonificação").body
    change = {"is_ended": True}
    ended = Client(customers_handler).put(f"/listed-reasons/{reason['id']}", change, version=1)
    assert ended.body["ended_on"] == "2026-03-10"
    assert (
        code(client.post("/counter-receipts", receipt_of("98.83", discount=discount)))
        == "listed_reason.not_offered"
    )
    Client(customers_handler).put(f"/listed-reasons/{reason['id']}", {}, version=2)
    made(client, receipt_of("98.83", discount=discount))


@pytest.mark.req("PAY-03")
def test_interest_is_waived_with_the_permission_and_the_waived_amount_is_kept(client: Client) -> None:
    opened(client)
    body = receipt_of("102.00", waives_interest=True)
    assert code(client.post("/counter-receipts", body)) == "access.denied"

    ana = Client(handler, user_id=MANAGER)
    opened(ana, account_id="acc_caixa2")
    (line,) = made(ana, body)["lines"]
    assert (line["fine"], line["interest"], line["waived_interest"]) == ("2.00", "0.00", "0.84")


@pytest.mark.req("PAY-04")
def test_protest_status_forbids_the_receipt_until_an_administrators_password(client: Client) -> None:
    listed("protest_status", "Serasa", forbids_receipt=True)
    before = customer("cus_ana0")
    writes_status(before.evolve(protest_status="SERASA", version=1))
    opened(client)

    assert client.get("/customers/cus_ana0/amounts-due").body["protest_status"] == "SERASA"
    answer = client.post("/counter-receipts", receipt_of("102.84"))
    assert code(answer) == "counter_receipt.under_protest"
    assert answer.body["title"].startswith("Não permite fazer o recibo")

    given = authorised(client, "under_protest").body["id"]
    receipt = made(client, receipt_of("102.84", protest_authorisation_id=given))
    assert receipt["protest_authoriser_id"] == MANAGER


@pytest.mark.req("PAY-04")
def test_person_with_the_serasa_permission_needs_no_password(client: Client) -> None:
    listed("protest_status", "Serasa", forbids_receipt=True)
    writes_status(customer("cus_ana0", protest_status="Serasa"))
    ana = Client(handler, user_id=MANAGER)
    opened(ana)

    assert made(ana, receipt_of("102.84")).get("protest_authoriser_id") is None


@pytest.mark.req("PAY-04")
def test_protest_status_without_the_flag_forbids_nothing(client: Client) -> None:
    listed("protest_status", "Em acordo")
    writes_status(customer("cus_ana0", protest_status="Em acordo"))
    opened(client)

    made(client, receipt_of("102.84"))


@pytest.mark.req("PAY-04")
def test_protest_status_of_a_registration_is_one_of_the_list(client: Client, call: Call) -> None:
    registered = Client(customers_handler)
    data = registered.get("/customers/cus_ana0").body
    sent = {
        name: value
        for name, value in data.items()
        if name not in {"id", "code", "version", "registered_on", "is_active"}
    }

    refused = registered.put(
        "/customers/cus_ana0", {**sent, "protest_status": "Serasa"}, version=data["version"]
    )
    assert code(refused) == "listed_reason.not_offered"
    reason = listed("protest_status", "Serasa", forbids_receipt=True).body
    kept_now = registered.put(
        "/customers/cus_ana0", {**sent, "protest_status": "Serasa"}, version=data["version"]
    )
    assert kept_now.body["protest_status"] == "Serasa"
    registered.put(f"/listed-reasons/{reason['id']}", {"is_ended": True, "forbids_receipt": True}, version=1)
    again = registered.put(
        "/customers/cus_ana0",
        {**sent, "protest_status": "Serasa", "trade_name": "A"},
        version=kept_now.body["version"],
    )
    assert again.status == 200  # what was saved before stays


def writes_status(changed: Any) -> None:
    from billing.customers.store import customer_row

    put(customer_row(TENANT, changed))


@pytest.mark.req("PAY-02", "INV-12")
def test_registered_boleto_is_written_off_and_the_clerk_is_warned(client: Client) -> None:
    owe(invoice(due_on=date(2026, 3, 20), remittance=RemittanceState.REGISTERED))
    opened(client)

    receipt = made(client, receipt_of("100.00"))

    assert [reason["code"] for reason in receipt["warnings"]] == ["title.still_payable"]


@pytest.mark.req("PAY-02", "INV-08")
@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": InvoiceStatus.SETTLED, "settled_on": date(2026, 3, 1)}, "invoice.settled"),
        ({"status": InvoiceStatus.DELETED}, "invoice.deleted"),
        ({"status": InvoiceStatus.SUSPENDED}, "invoice.suspended"),
        ({"paid": Money("10.00")}, "invoice.partially_settled"),
    ],
)
def test_invoice_that_cannot_be_settled_is_refused_by_name(
    client: Client, changes: dict[str, Any], refusal: str
) -> None:
    owe(invoice(**changes))
    opened(client)

    answer = client.post("/counter-receipts", receipt_of("100.00"))

    assert code(answer) == refusal


@pytest.mark.req("PAY-02")
def test_numbers_are_without_gap_when_two_receive_at_once(client: Client, base: InProcessAws) -> None:
    owe(invoice(id="inv_ana1", number=8, due_on=date(2026, 3, 20)))
    opened(client)
    ana = Client(handler, user_id=MANAGER)
    opened(ana, account_id="acc_caixa2")
    numbers = []

    def other() -> None:
        numbers.append(made(ana, receipt_of("100.00", "inv_ana1"))["number"])

    with meanwhile(base, 0, other):
        answer = client.post("/counter-receipts", receipt_of("102.84"))
    numbers.append(answer.body["number"])

    assert numbers == [1, 2]


@pytest.mark.req("PAY-02", "INV-09")
def test_reversed_receipt_leaves_everything_as_it_was(client: Client) -> None:
    owe(invoice(id="inv_ana1", number=8, due_on=date(2026, 3, 20)))
    opened(client)
    receipt = made(client, receipt_of("202.84", "inv_ana0", "inv_ana1", paid={"cash": "210.00"}))
    alone = {
        "customer_id": "cus_ana0", "invoice_id": "inv_ana0", "on": "2026-03-10", "reason": "Engano",
        "settlement_id": receipt["lines"][0]["settlement_id"],
    }  # fmt: skip
    assert code(Client(payments_handler).post("/settlements/reversals", alone)) == "settlement.of_receipt"

    body = {"customer_id": "cus_ana0", "receipt_id": receipt["id"], "reason": "Cliente errado"}
    undone = client.post("/counter-receipts/reversals", body)

    assert undone.body["reversal"]["reason"] == "Cliente errado"
    assert (kept().status, kept("inv_ana1").status, moved()) == (
        InvoiceStatus.OPEN,
        InvoiceStatus.OPEN,
        "0.00",
    )
    session = session_now(client)
    assert (session["given_back"]["cash"], session["expected_now"]["cash"]) == ("202.84", "50.00")
    assert code(client.post("/counter-receipts/reversals", body)) == "counter_receipt.reversed"
    assert (
        code(client.get(f"/customers/cus_ana0/counter-receipts/{receipt['id']}/paper"))
        == "counter_receipt.reversed"
    )
    assert_sound()
    made(client, receipt_of("202.84", "inv_ana0", "inv_ana1"))  # and it can be received again


@pytest.mark.req("INV-09", "PAY-09")
def test_reversal_pays_back_no_more_than_the_drawer_holds(client: Client) -> None:
    session = opened(client)
    receipt = made(client, receipt_of("102.84"))
    withdrawal = {"amounts": {"cash": "60.00"}, "target_account_id": "acc_cofre", "reason": "Sangria"}
    path = f"/cash-accounts/{BOX}/sessions/{session['id']}"
    assert client.put(f"{path}/withdrawal", withdrawal, version=2).status == 200
    body = {"customer_id": "cus_ana0", "receipt_id": receipt["id"], "reason": "Engano"}

    assert code(client.post("/counter-receipts/reversals", body)) == "cash_session.not_enough"
    assert (moved(), moved("acc_cofre")) == ("42.84", "60.00")


@pytest.mark.req("PAY-09")
@pytest.mark.parametrize(
    ("counted", "difference"), [("152.83", "-0.01"), ("152.84", "0.00"), ("152.85", "0.01")]
)
def test_box_is_counted_when_it_is_closed_and_a_difference_is_explained(
    client: Client, counted: str, difference: str
) -> None:
    session = opened(client)
    made(client, receipt_of("102.84"))
    path = f"/cash-accounts/{BOX}/sessions/{session['id']}/closing"
    closing: dict[str, Any] = {"counted": {"cash": counted}}
    first = client.put(path, closing, version=2)
    if difference != "0.00":
        assert code(first) == "cash_session.difference"
        closing["explanation"] = "Troco errado"
        first = client.put(path, closing, version=2)

    assert first.body["count"]["difference"]["cash"] == difference
    assert Money(moved()) == Money("102.84") + Money(difference)  # the balance is what it was before
    assert client.get("/cash-sessions/mine").body["items"] == []
    assert code(client.post("/counter-receipts", receipt_of("1.00", "inv_ana0"))) == "invoice.settled"
    opened(client)  # and the box is free again


@pytest.mark.req("PAY-09")
def test_box_is_used_by_one_person_at_a_time_and_a_person_has_one_box(client: Client) -> None:
    opened(client)
    ana = Client(handler, user_id=MANAGER)

    assert (
        code(ana.post("/cash-sessions", {"account_id": BOX, "opening_cash": "0.00"}))
        == "cash_session.box_open"
    )
    second = {"account_id": "acc_caixa2", "opening_cash": "0.00"}
    assert code(client.post("/cash-sessions", second)) == "cash_session.person_has_one"
    safe = {"account_id": "acc_cofre", "opening_cash": "0.00"}
    assert code(ana.post("/cash-sessions", safe)) == "cash_session.no_box"


@pytest.mark.req("PAY-09")
def test_another_persons_box_is_closed_only_with_the_permission_to_configure_accounts(client: Client) -> None:
    session = opened(client)
    path = f"/cash-accounts/{BOX}/sessions/{session['id']}/closing"
    closing = {"counted": {"cash": "50.00"}}
    bruno = Client(handler, user_id="usr_bruno", profile=Profile.FINANCEIRO)

    assert code(bruno.put(path, closing, version=1)) == "cash_session.of_another"
    assert (
        Client(handler, user_id=MANAGER).put(path, closing, version=1).body["count"]["counted_by"] == MANAGER
    )


@pytest.mark.req("PAY-02", "PLT-04")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_receipt_that_is_cut_off_and_requested_again_is_made_once(
    client: Client, base: InProcessAws, moment: str
) -> None:
    opened(client)
    body = receipt_of("102.84")

    with pytest.raises(Cut), cut(base, 0, moment):
        client.post("/counter-receipts", body, key="the-same-key")
    receipt = client.post("/counter-receipts", body, key="the-same-key").body

    assert (receipt["number"], moved()) == (1, "102.84")
    assert len(client.get("/customers/cus_ana0/counter-receipts").body["items"]) == 1
    assert_sound()


@pytest.mark.req("PLT-04")
def test_receipt_reversal_withdrawal_and_closing_are_one_write_each(
    client: Client, base: InProcessAws
) -> None:
    """A single transaction has no point at which it could be cut in two."""
    session = opened(client)
    path = f"/cash-accounts/{BOX}/sessions/{session['id']}"
    withdrawal = {"amounts": {"cash": "1.00"}, "target_account_id": "acc_cofre", "reason": "Sangria"}
    receipt: dict[str, Any] = {}

    assert count_writes(base, lambda: receipt.update(made(client, receipt_of("102.84")))) == 1
    reversing = {"customer_id": "cus_ana0", "receipt_id": receipt["id"], "reason": "Engano"}
    assert count_writes(base, lambda: client.post("/counter-receipts/reversals", reversing)) == 1
    assert count_writes(base, lambda: client.put(f"{path}/withdrawal", withdrawal, version=3)) == 1
    closing = {"counted": {"cash": "49.00"}}
    assert count_writes(base, lambda: client.put(f"{path}/closing", closing, version=4)) == 1
    assert session_closed(client, session["id"])


def session_closed(client: Client, session_id: str) -> bool:
    found_now = client.get(f"/cash-accounts/{BOX}/sessions").body["items"]
    return next(one for one in found_now if one["id"] == session_id).get("count") is not None


@pytest.mark.req("PAY-02")
def test_most_invoices_of_a_receipt_fit_in_one_transaction(client: Client) -> None:
    ids = [f"inv_many{n}" for n in range(8)]
    for n, invoice_id in enumerate(ids):
        owe(
            invoice(
                id=invoice_id, number=20 + n, due_on=date(2026, 3, 20), remittance=RemittanceState.REGISTERED
            )
        )
    listed("discount_type", "Bonificação")
    opened(client)
    discount = {**DISCOUNT, "authorisation_id": authorised(client).body["id"]}

    receipt = made(client, receipt_of("795.99", *ids, discount=discount))

    assert Money.sum(Money(line["received"]) for line in receipt["lines"]) == Money("795.99")
    nine = client.post("/counter-receipts", receipt_of("1.00", *ids, "inv_ana0"))
    assert (nine.status, nine.code) == (400, "request.invalid")
