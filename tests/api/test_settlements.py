"""Settlement by hand, reconciliation and reversal over HTTP."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.core.money import Money
from billing.core.period import Month
from billing.core.table import Table, Writes
from billing.entry.wiring import clock_row
from billing.invoicing import store as invoices
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.credits import credit
from billing.invoicing.invariants import of_customer
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments import store
from billing.payments.model import AccountKind, CashAccount, CashMovement
from functions.invoicing.api import handler as invoicing_handler
from functions.payments.api import handler
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.http import Answer, Client
from tests.support.invoices import charge, invoice

TENANT = "ten_alfa"
MARCH = Month("2026-03")
CHOICE = {"customer_id": "cus_ana0", "invoice_id": "inv_ana0"}
BY_OTHER = {
    "invoices": [CHOICE],
    "method": "other",
    "settled_on": "2026-03-05",
    "justification": "Pago em dinheiro no balcão",
}
BY_PROFILE = {**BY_OTHER, "method": "profile", "profile_id": "pro_itau"}


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    """At the `call`'s own time, with one customer who owes invoice 7 of R$ 100,00, and two cash accounts."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    keep(call, company(), profile(), customer("cus_ana0"))
    owe(invoice())
    for account_id, kind in (("acc_itau", AccountKind.BANK), ("acc_cofre", AccountKind.SAFE)):
        account = CashAccount(id=account_id, company_id="com_alfa", name=f"Conta {kind}", kind=kind)
        put(store.account_row(TENANT, account))
    return Client(handler)


def put(*rows: Table) -> None:
    writes = Writes()
    for row in rows:
        writes.put(row)
    writes.commit()


def owe(owed: Invoice) -> None:
    """An invoice with its one charge."""
    part = charge(customer_id=owed.customer_id, contract_id=f"con_{owed.id}", amount=str(owed.amount))
    owed = owed.evolve(charge_ids=(part.id,))
    put(
        invoices.invoice_row(TENANT, owed),
        invoices.charge_row(TENANT, part.evolve(status=ChargeStatus.BILLED, invoice_id=owed.id)),
    )


def kept() -> Invoice:
    return invoices.get_invoice(TENANT, "cus_ana0", "inv_ana0")


def moved(account_id: str = "acc_itau") -> list[CashMovement]:
    return list(store.movements(TENANT, account_id, MARCH))


def amounts(account_id: str = "acc_itau") -> tuple[str, str]:
    """Moved and expected in the year."""
    balance = store.balance(TENANT, account_id, date(2026, 1, 1), date(2026, 12, 31))
    return str(balance.moved), str(balance.expected)


def settle(client: Client, request: dict[str, Any] = BY_OTHER, **changes: Any) -> str:
    """The settlement's id."""
    answer = client.post("/settlements", {**request, **changes})
    (item,) = answer.body["items"]
    assert item["outcome"] == "done", item
    return str(item["made"][0])


def reverse(client: Client, settlement_id: str, **changes: Any) -> Answer:
    request = {**CHOICE, "settlement_id": settlement_id, "on": "2026-03-10", "reason": "Engano", **changes}
    return client.post("/settlements/reversals", request)


def codes(answer: Answer) -> list[str]:
    return [reason["code"] for reason in answer.body["reasons"]]


def assert_sound() -> None:
    charges = invoices.charges_of(TENANT, "cus_ana0")
    assert list(of_customer(charges, invoices.invoices_of(TENANT, "cus_ana0"))) == []


@pytest.mark.req("INV-08")
def test_settlement_by_other_means_changes_the_invoice_and_no_account(client: Client) -> None:
    settlement_id = settle(client)

    assert (kept().status, kept().settled_on) == (InvoiceStatus.SETTLED, date(2026, 3, 5))
    path = "/customers/cus_ana0/invoices/inv_ana0/settlements"
    (settlement,) = client.get(path).body["items"]
    assert (settlement["id"], settlement["received"], settlement["justification"]) == (
        settlement_id,
        "100.00",
        "Pago em dinheiro no balcão",
    )
    assert (moved(), moved("acc_cofre")) == ([], [])
    assert_sound()


@pytest.mark.req("INV-08", "PAY-09")
def test_settlement_by_the_profile_is_expected_until_the_credit_is_found(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)
    assert amounts() == ("0.00", "100.00")

    credited = {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}
    matched = client.post("/settlements/reconciliation", credited)

    assert (matched.status, matched.body["reconciled"]) == (200, True)
    assert amounts() == ("100.00", "0.00")
    assert (kept().reconciled, kept().locks) == (True, ())
    assert client.post("/settlements/reconciliation", credited).code == "settlement.not_expected"
    ahead = client.post("/settlements/reconciliation", {**credited, "credited_on": "2026-03-11"})
    assert ahead.code == "settlement.credit_ahead"


@pytest.mark.req("INV-02", "INV-19")
def test_invoice_says_that_it_waits_for_reconciliation_and_that_it_was_reconciled(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)
    credited = {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}

    def reasons_to_stay() -> list[str]:
        request = {"ids": ["inv_ana0"], "reason": "Contestação do cliente"}
        (item,) = (
            Client(invoicing_handler).post("/customers/cus_ana0/invoices/suspend", request).body["items"]
        )
        return [reason["message"] for reason in item["reasons"]]

    assert reasons_to_stay() == ["A Fatura 7 já está liquidada", "Fatura aguarda conciliação na profile"]
    client.post("/settlements/reconciliation", credited)
    assert reasons_to_stay() == ["A Fatura 7 já está liquidada", "Fatura já conciliada"]


@pytest.mark.req("PAY-09")
def test_credit_is_not_reconciled_into_closed_days(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)
    client.post("/cash-accounts/acc_itau/closing", {"until": "2026-03-06"})
    credited = {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}

    assert client.post("/settlements/reconciliation", credited).code == "account.closed"
    assert (kept().reconciled, amounts()) == (False, ("0.00", "100.00"))


@pytest.mark.req("INV-08", "INV-09")
def test_invoice_of_nothing_is_settled_and_reversed_too(client: Client) -> None:
    owe(invoice(id="inv_zero", number=9, amount=Money("0.00")))
    choice = {"customer_id": "cus_ana0", "invoice_id": "inv_zero"}

    settlement_id = settle(client, invoices=[choice])

    assert reverse(client, settlement_id, **choice).status == 200
    assert invoices.get_invoice(TENANT, "cus_ana0", "inv_zero").status is InvoiceStatus.OPEN


@pytest.mark.parametrize(
    ("amount", "setting", "account"),
    [
        ("95.00", "discount_ledger_account", "3.1.09"),
        ("105.00", "surcharge_ledger_account", "3.1.10"),
    ],
)
@pytest.mark.req("INV-08", "INV-18")
def test_another_amount_becomes_a_charge_of_the_basic_configuration(
    client: Client, amount: str, setting: str, account: str
) -> None:
    client.put("/companies/com_alfa/payment-settings", {setting: account}, version=0)

    settle(client, amount=amount)

    added = invoices.get_charge(TENANT, "cus_ana0", kept().charge_ids[1])
    assert (kept().amount, kept().balance, added.ledger_account) == (Money(amount), Money("0.00"), account)
    assert_sound()


@pytest.mark.req("CTR-12", "CTR-13", "INV-08", "INV-09")
@pytest.mark.parametrize(
    ("discount", "on", "received"),
    [("100.00", "2026-03-05", "0.00"), ("95.00", "2026-03-05", "5.00"), ("100.00", "2026-03-06", "100.00")],
)
def test_payment_by_the_day_of_the_discount_is_reduced_by_it(
    client: Client, discount: str, on: str, received: str
) -> None:
    given = OnTimeDiscount(amount=Money(discount), until=date(2026, 3, 5))
    owe(invoice(id="inv_rata", number=9, amount=Money("100.00"), discount=given))
    choice = {"customer_id": "cus_ana0", "invoice_id": "inv_rata"}

    settlement_id = settle(client, BY_PROFILE, invoices=[choice], settled_on=on)

    (settlement,) = client.get("/customers/cus_ana0/invoices/inv_rata/settlements").body["items"]
    assert (settlement["received"], settlement["principal"]) == (received, "100.00")
    assert amounts() == ("0.00", received)
    settled = invoices.get_invoice(TENANT, "cus_ana0", "inv_rata")
    assert (settled.status, settled.amount) == (InvoiceStatus.SETTLED, Money("100.00"))
    assert [lock.kind for lock in settled.locks] == (
        [] if received == "0.00" else ["awaiting_reconciliation"]
    )
    assert_sound()
    assert reverse(client, settlement_id, **choice).status == 200
    assert amounts() == ("0.00", "0.00")


@pytest.mark.req("INV-08")
def test_each_invoice_has_its_own_answer_and_a_repeat_settles_nothing_twice(client: Client) -> None:
    owe(invoice(id="inv_bia0", number=8, status=InvoiceStatus.SUSPENDED))
    request = {
        **BY_OTHER,
        "invoices": [
            CHOICE,
            *({"customer_id": "cus_ana0", "invoice_id": i} for i in ("inv_bia0", "inv_nada")),
        ],
    }

    answer = client.post("/settlements", request, key="settle-many")
    again = client.post("/settlements", request, key="settle-many")
    anew = client.post("/settlements", BY_OTHER)

    assert [(i["id"], i["outcome"]) for i in answer.body["items"]] == [
        ("inv_ana0", "done"),
        ("inv_bia0", "refused"),
        ("inv_nada", "refused"),
    ]
    assert answer.body["items"][1]["reasons"][0]["message"] == "A fatura 8 já está com o status de suspenso."
    assert answer.body["items"][2]["reasons"][0]["code"] == "invoice.missing"
    assert again.body == answer.body
    assert anew.body["items"][0]["reasons"][0]["message"] == "A Fatura 7 já está liquidada"
    assert len(store.settlements_of(TENANT, "cus_ana0", "inv_ana0")) == 1


@pytest.mark.req("INV-08")
def test_impossible_request_is_refused_with_every_reason(client: Client) -> None:
    many = [CHOICE, {"customer_id": "cus_ana0", "invoice_id": "inv_bia0"}]

    wrong = client.post(
        "/settlements",
        {
            **BY_OTHER,
            "invoices": many,
            "profile_id": "pro_itau",
            "settled_on": "2026-03-11",
            "amount": "1.00",
        },
    )
    lacking = client.post("/settlements", {**BY_OTHER, "method": "profile"})

    assert codes(wrong) == ["settlement.future", "settlement.amount_of_many", "settlement.profile_of_other"]
    assert codes(lacking) == ["settlement.profile_missing"]
    assert kept().status is InvoiceStatus.OPEN


@pytest.mark.req("PAY-09")
def test_profile_without_a_cash_account_settles_nothing(client: Client, call: Call) -> None:
    keep(call, profile(id="pro_nova", cash_account_id=None))

    refused = client.post("/settlements", {**BY_PROFILE, "profile_id": "pro_nova"})

    assert (codes(refused), kept().status) == (["settlement.profile_account"], InvoiceStatus.OPEN)


@pytest.mark.req("PAY-09")
def test_closed_account_takes_no_settlement_of_its_closed_days(client: Client) -> None:
    client.post("/cash-accounts/acc_itau/closing", {"until": "2026-03-05"})

    answer = client.post("/settlements", BY_PROFILE)

    assert answer.body["items"][0]["reasons"][0]["code"] == "account.closed"
    assert (kept().status, moved()) == (InvoiceStatus.OPEN, [])


@pytest.mark.req("INV-09")
def test_reversal_opens_the_invoice_again_and_the_history_shows_both(client: Client) -> None:
    before = kept()
    settlement_id = settle(client, BY_PROFILE, amount="95.00")

    reversed_ = reverse(client, settlement_id, reason="Cheque devolvido")

    assert (reversed_.status, reversed_.body["reversal"]["reason"]) == (200, "Cheque devolvido")
    assert kept() == before.evolve(version=3)
    assert amounts() == ("0.00", "0.00")
    history = Client(invoicing_handler).get("/customers/cus_ana0/invoices/inv_ana0/history").body["items"]
    assert [(entry["action"], entry["note"]) for entry in history] == [
        ("invoice.settled", "Pago em dinheiro no balcão"),
        ("invoice.reversed", "Cheque devolvido"),
    ]
    assert_sound()


@pytest.mark.req("INV-09")
def test_settlement_is_reversed_once_and_the_invoice_may_be_settled_again(client: Client) -> None:
    first = settle(client)
    reverse(client, first)

    again = reverse(client, first)
    second = settle(client)

    assert again.body["title"] == "A liquidação da fatura 7 já foi estornada"
    assert second != first
    assert reverse(client, second).status == 200


@pytest.mark.req("INV-09", "PAY-09")
def test_money_leaves_the_settlements_account_on_the_reversals_date(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)
    client.post(
        "/settlements/reconciliation", {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}
    )

    reverse(client, settlement_id, on="2026-03-09")

    assert amounts() == ("0.00", "0.00")
    assert [(m.on.day, str(m.amount)) for m in moved() if not m.is_expected] == [
        (6, "100.00"),
        (9, "-100.00"),
    ]


@pytest.mark.req("INV-09")
def test_another_account_needs_confirmation_and_is_then_used(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)

    question = reverse(client, settlement_id, account_id="acc_cofre")
    confirmed = reverse(client, settlement_id, account_id="acc_cofre", confirm=True)

    assert [(r["code"], r["severity"]) for r in question.body["reasons"]] == [
        ("reversal.other_account", "asks")
    ]
    assert (confirmed.status, confirmed.body["reversal"]["account_id"]) == (200, "acc_cofre")
    assert [str(movement.amount) for movement in moved("acc_cofre")] == ["-100.00"]


@pytest.mark.req("INV-09", "PAY-09")
def test_reversed_money_enters_the_target_account(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)
    credited = {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}
    assert codes(reverse(client, settlement_id, target_account_id="acc_cofre")) == ["reversal.no_target"]
    client.post("/settlements/reconciliation", credited)
    beta = CashAccount(id="acc_beta", company_id="com_beta", name="Beta", kind=AccountKind.SAFE)
    put(store.account_row(TENANT, beta))

    others = reverse(client, settlement_id, target_account_id="acc_beta")
    done = reverse(client, settlement_id, target_account_id="acc_cofre")

    assert (others.status, others.code) == (422, "account.company")
    assert (done.status, done.body["reversal"]["target_account_id"]) == (200, "acc_cofre")
    assert (amounts(), amounts("acc_cofre")) == (("0.00", "0.00"), ("100.00", "0.00"))
    assert (kept().status, moved("acc_beta")) == (InvoiceStatus.OPEN, [])
    assert_sound()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"agreement_id": "agr_0001"}, "A Fatura 7 faz parte de um parcelamento"),
        (
            {"has_settlement_document": True},
            "A fatura 7 possui documento fiscal emitido pelo valor liquidado",
        ),
    ],
)
@pytest.mark.req("INV-09")
def test_reversal_is_refused_when_the_invoice_became_part_of_something_else(
    client: Client, changes: dict[str, Any], message: str
) -> None:
    settlement_id = settle(client)
    put(invoices.invoice_row(TENANT, kept().evolve(**changes)))

    refused = reverse(client, settlement_id)

    assert (refused.status, refused.body["title"]) == (422, message)
    assert kept().status is InvoiceStatus.SETTLED


@pytest.mark.req("INV-09")
def test_reversal_of_an_open_invoice_is_refused(client: Client) -> None:
    assert reverse(client, "set_nada").body["title"] == "A Fatura 7 não está liquidada"

    settle(client)

    assert reverse(client, "set_nada").status == 404


@pytest.mark.req("INV-09", "PAY-09")
def test_reversal_in_a_closed_bank_period_is_refused(client: Client) -> None:
    settlement_id = settle(client, BY_PROFILE)
    client.post(
        "/settlements/reconciliation", {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}
    )
    client.post("/cash-accounts/acc_itau/closing", {"until": "2026-03-06"})

    assert reverse(client, settlement_id).body["title"] == "Fatura já conciliada"


@pytest.mark.req("INV-09", "PAY-09")
def test_reversal_after_the_cash_box_of_the_settlements_date_was_closed_is_refused(client: Client) -> None:
    settlement_id = settle(client)
    settlement = store.get_settlement(TENANT, "cus_ana0", "inv_ana0", settlement_id)
    put(store.settlement_row(TENANT, settlement.evolve(account_id="acc_cofre")))
    client.post("/cash-accounts/acc_cofre/closing", {"until": "2026-03-05"})

    refused = reverse(client, settlement_id)

    assert refused.body["title"] == "O caixa da data da liquidação está fechado"


@pytest.mark.parametrize("on", ["2026-03-04", "2026-03-11"])
@pytest.mark.req("INV-09")
def test_reversal_is_dated_from_the_settlement_to_today(client: Client, on: str) -> None:
    assert codes(reverse(client, settle(client), on=on)) == ["reversal.date"]


@pytest.mark.req("PAY-08", "BEY-02")
def test_credit_is_what_no_invoice_has_used_yet(client: Client) -> None:
    for source, amount in (("hel_0001", "30.00"), ("hel_0002", "12.50")):
        given = credit(
            customer_id="cus_ana0",
            company_id="com_alfa",
            amount=Money(amount),
            source=source,
            description="Pago a maior",
            on=date(2026, 3, 1),
        )
        put(invoices.charge_row(TENANT, given if source == "hel_0001" else given.billed("inv_0009")))

    customer_credit = client.get("/customers/cus_ana0/credit").body

    assert customer_credit["balance"] == "30.00"
    assert sorted((item["amount"], item["status"]) for item in customer_credit["items"]) == [
        ("-12.50", "billed"),
        ("-30.00", "unbilled"),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("invoices", []),
        ("method", "bank_return"),
        ("settled_on", "05/03/2026"),
        ("amount", 95.0),
        ("justification", ""),
        ("cor", "azul"),
    ],
)
@pytest.mark.req("PLT-02")
def test_wrong_input_is_reported_by_field_and_settles_nothing(
    client: Client, field: str, value: object
) -> None:
    refused = client.post("/settlements", {**BY_OTHER, field: value})

    assert refused.status == 400
    assert {reason["field"].partition(".")[0] for reason in refused.body["reasons"]} == {field}
    assert kept().status is InvoiceStatus.OPEN


@pytest.mark.req("SEC-01")
def test_each_change_needs_its_permission(client: Client) -> None:
    settlement_id = settle(client)
    reader = Client(handler, profile=Profile.CONSULTA)
    credited = {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}

    assert reader.post("/settlements", BY_OTHER).code == "access.denied"
    assert reverse(reader, settlement_id).code == "access.denied"
    assert reader.post("/settlements/reconciliation", credited).code == "access.denied"
    assert reader.get("/customers/cus_ana0/invoices/inv_ana0/settlements").status == 200
    assert reader.get("/customers/cus_ana0/credit").status == 200


@pytest.mark.req("SEC-02")
def test_another_tenant_neither_sees_nor_moves_anything(client: Client) -> None:
    settlement_id = settle(client)
    other = Client(handler, tenant_id="ten_beta")
    credited = {**CHOICE, "settlement_id": settlement_id, "credited_on": "2026-03-06"}

    (item,) = other.post("/settlements", BY_OTHER).body["items"]

    assert item["reasons"][0]["code"] == "invoice.missing"
    assert other.post("/settlements", BY_PROFILE).status == 404
    assert reverse(other, settlement_id).status == 404
    assert other.post("/settlements/reconciliation", credited).status == 404
    assert other.get("/customers/cus_ana0/invoices/inv_ana0/settlements").status == 404
    assert other.get("/customers/cus_ana0/credit").status == 404


@pytest.mark.req("SEC-02")
def test_another_companys_clerk_is_kept_out(client: Client) -> None:
    settlement_id = settle(client)
    other = Client(handler, companies="com_beta")

    assert other.post("/settlements", BY_OTHER).body["items"][0]["reasons"][0]["code"] == "access.company"
    assert other.post("/settlements", BY_PROFILE).code == "access.company"
    assert reverse(other, settlement_id).code == "access.company"
