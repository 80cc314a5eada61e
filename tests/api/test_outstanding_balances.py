"""What a partly paid invoice still asks for, imported Pix, and accounts opened again, over HTTP (PAY-08, PAY-09,
BNK-06)."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.banking.pix import read_code, static_code
from billing.core.money import Money
from billing.core.period import Month
from billing.entry.wiring import clock_row
from billing.invoicing import store as invoices
from billing.invoicing.invariants import of_customer
from billing.invoicing.invoice import Invoice
from billing.invoicing.pix_code import pix_to_pay
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments import store
from billing.payments.model import AccountKind, CashAccount, Method
from functions.payments.api import handler
from tests.api.test_settlements import owe, put
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.http import Answer, Client
from tests.support.invoices import invoice

TENANT = "ten_alfa"
CHOICE = {"customer_id": "cus_ana0", "invoice_id": "inv_ana0"}
PIX = "/payment-profiles/pro_itau/pix-receipts"
ID = "E00000000202603101205AbCdEfGh12{}"


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    """One customer who owes invoice 7 of R$ 100,00."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    keep(call, company(), profile(), customer("cus_ana0"))
    owe(invoice())
    account = CashAccount(id="acc_itau", company_id="com_alfa", name="Itaú", kind=AccountKind.BANK)
    put(store.account_row(TENANT, account))
    return Client(handler)


def kept() -> Invoice:
    return invoices.get_invoice(TENANT, "cus_ana0", "inv_ana0")


def receive(client: Client, amount: str, n: int = 1, **changes: Any) -> Answer:
    receipt = {"end_to_end_id": ID.format(n), "amount": amount, "received_on": "2026-03-10", **changes}
    return client.post(PIX, {"receipts": [receipt]})


def codes(answer: Answer) -> tuple[str, list[str]]:
    (item,) = answer.body["items"]
    return item["outcome"], [reason["code"] for reason in item["reasons"]]


def tolerate(client: Client, amount: str) -> None:
    path = "/companies/com_alfa/payment-settings"
    settings = {"discount_ledger_account": "3.1.09", "settlement_tolerance": amount}
    assert client.put(path, settings, version=0).status == 200


def partly_paid(amount: str = "60.00") -> None:
    paid = kept().received(Money(amount), date(2026, 3, 9))
    put(invoices.invoice_row(TENANT, paid))


def consistent() -> None:
    records = (invoices.charges_of(TENANT, "cus_ana0"), invoices.invoices_of(TENANT, "cus_ana0"))
    assert list(of_customer(*records)) == []


@pytest.mark.req("PAY-08", "BNK-06")
def test_pix_settles_the_invoice_of_its_amount_once(client: Client) -> None:
    assert codes(receive(client, "100.00")) == ("done", [])
    assert codes(receive(client, "100.00")) == ("warned", ["pix.repeated"])
    assert codes(receive(client, "99.00")) == ("refused", ["pix.other_content"])

    (settlement,) = store.settlements_of(TENANT, "cus_ana0", "inv_ana0")
    assert (settlement.method, settlement.received, kept().status) == (
        Method.PIX,
        Money("100.00"),
        InvoiceStatus.SETTLED,
    )
    assert len(list(store.movements(TENANT, "acc_itau", Month("2026-03")))) == 1


@pytest.mark.req("PAY-08", "BNK-06")
def test_pix_that_could_be_of_two_invoices_is_held(client: Client) -> None:
    owe(invoice(id="inv_bia0", number=8, customer_id="cus_bia0"))

    assert codes(receive(client, "100.00")) == ("warned", ["pix.held"])
    assert codes(receive(client, "12.34", 2)) == ("warned", ["pix.held"])
    held = store.held_in(TENANT, Month("2026-03"))
    assert sorted(str(one.held) for one in held) == ["100.00", "12.34"]
    assert kept().status is InvoiceStatus.OPEN


@pytest.mark.req("BNK-06", "BNK-01")
def test_pix_of_a_profile_that_does_not_import_them_is_refused(client: Client, call: Call) -> None:
    keep(call, profile(id="pro_mudo", imports_pix=False))
    receipt = {"end_to_end_id": ID.format(1), "amount": "1.00", "received_on": "2026-03-10"}
    refused = client.post("/payment-profiles/pro_mudo/pix-receipts", {"receipts": [receipt]})

    assert (refused.status, refused.code) == (422, "pix.not_imported")
    assert [w.code for w in profile(imports_pix=False).warnings] == ["profile.pix_not_imported"]
    assert profile().warnings == []


@pytest.mark.req("BNK-06")
def test_pix_code_is_for_the_amount_owed_and_for_nothing_once_paid() -> None:
    code = static_code(key="11222333000181", name="A", city="B", amount=Money("100.00"), txid="7")
    owed = invoice(pix_payload=code)

    assert pix_to_pay(owed, profile()) == code
    remaining = read_code(pix_to_pay(owed.evolve(paid=Money("60.00"))) or "")
    assert (remaining.amount, remaining.txid) == (Money("40.00"), "7")
    assert pix_to_pay(owed.received(Money("100.00"), date(2026, 3, 9))) is None
    assert pix_to_pay(owed, profile(imports_pix=False)) is None


@pytest.mark.req("PAY-08", "INV-08")
@pytest.mark.parametrize(
    ("received", "status", "amount"),
    [
        ("99.94", InvoiceStatus.OPEN, "100.00"),
        ("99.95", InvoiceStatus.SETTLED, "99.95"),
        ("100.05", InvoiceStatus.SETTLED, "100.05"),
        ("100.06", InvoiceStatus.SETTLED, "100.00"),
    ],
)
def test_difference_within_the_tolerance_is_neither_owed_nor_held(
    client: Client, monkeypatch: pytest.MonkeyPatch, received: str, status: InvoiceStatus, amount: str
) -> None:
    tolerate(client, "0.05")
    monkeypatch.setattr(
        "billing.payments.pix_receipts.numbering.find_by_nosso_numero",
        lambda *_: ("cus_ana0", "inv_ana0"),
    )
    receive(client, received, txid="7")

    assert (kept().status, str(kept().amount)) == (status, amount)
    held = store.held_in(TENANT, Month("2026-03"))
    assert bool(held) == (amount == "100.00")
    consistent()


@pytest.mark.req("INV-08", "PAY-08")
def test_balance_of_a_partly_paid_invoice_is_received(client: Client) -> None:
    partly_paid()
    body = {"invoices": [CHOICE], "method": "other", "settled_on": "2026-03-10", "justification": "No balcão"}

    outcome, reasons = codes(client.post("/settlements", body))
    assert (outcome, reasons) == ("refused", ["invoice.partially_settled", "invoice.outstanding_ways"])
    assert codes(client.post("/outstanding-balances/settlement", body)) == ("done", [])
    assert (kept().status, kept().paid) == (InvoiceStatus.SETTLED, Money("100.00"))


@pytest.mark.req("INV-08", "INV-09", "PAY-08")
def test_balance_is_forgiven_with_the_permission_and_due_again_after_a_reversal(client: Client) -> None:
    partly_paid()
    body = {"invoices": [CHOICE], "justification": "Diferença de centavos"}
    clerk = Client(handler, profile=Profile.FINANCEIRO)
    assert clerk.post("/outstanding-balances/forgiveness", body).status == 403

    assert codes(client.post("/outstanding-balances/forgiveness", body)) == ("done", [])
    assert (kept().status, kept().amount) == (InvoiceStatus.SETTLED, Money("60.00"))
    (settlement,) = store.settlements_of(TENANT, "cus_ana0", "inv_ana0")
    undo = {**CHOICE, "settlement_id": settlement.id, "on": "2026-03-10", "reason": "Engano"}
    assert client.post("/settlements/reversals", undo).status == 200
    assert (kept().status, kept().balance) == (InvoiceStatus.OPEN, Money("40.00"))


@pytest.mark.req("PAY-08", "INV-09")
def test_balance_is_billed_again_and_taken_back_while_not_invoiced(client: Client) -> None:
    partly_paid()
    body = {"invoices": [CHOICE], "justification": "Acordo", "due_on": "2026-04-20"}
    (item,) = client.post("/outstanding-balances/rebilling", body).body["items"]

    settlement_id, charge_id = item["made"]
    anew = invoices.get_charge(TENANT, "cus_ana0", charge_id)
    assert (anew.amount, anew.status, anew.due_on) == (
        Money("40.00"),
        ChargeStatus.UNBILLED,
        date(2026, 4, 20),
    )
    assert kept().status is InvoiceStatus.SETTLED
    undo = {**CHOICE, "settlement_id": settlement_id, "on": "2026-03-10", "reason": "Engano"}
    assert client.post("/settlements/reversals", undo).status == 200
    assert invoices.get_charge(TENANT, "cus_ana0", charge_id).status is ChargeStatus.REMOVED
    assert kept().balance == Money("40.00")


@pytest.mark.req("INV-08")
@pytest.mark.parametrize(("day", "asks"), [("2026-02-28", True), ("2026-03-01", False)])
def test_settlement_before_the_issue_needs_confirmation(client: Client, day: str, asks: bool) -> None:
    """Issued on 01/03."""
    body = {"invoices": [CHOICE], "method": "other", "settled_on": day, "justification": "No balcão"}
    outcome, reasons = codes(client.post("/settlements", body))

    assert (outcome, reasons) == (("refused", ["settlement.before_issue"]) if asks else ("done", []))
    if asks:
        assert codes(client.post("/settlements", {**body, "confirm": True})) == ("done", [])


@pytest.mark.req("PAY-09")
def test_account_closed_by_mistake_is_opened_again_with_a_reason(client: Client) -> None:
    path = "/cash-accounts/acc_itau"
    client.post(f"{path}/closing", {"until": "2026-03-09"})
    same = client.post(f"{path}/reopening", {"until": "2026-03-09", "reason": "Dia errado"})
    part = client.post(f"{path}/reopening", {"until": "2026-03-08", "reason": "Dia errado"})
    whole = client.post(f"{path}/reopening", {"reason": "Dia errado"})
    again = client.post(f"{path}/reopening", {"reason": "Dia errado"})

    assert (same.status, part.body["closed_until"], whole.body.get("closed_until")) == (
        422,
        "2026-03-08",
        None,
    )
    assert again.status == 422
    clerk = Client(handler, profile=Profile.FINANCEIRO)
    assert clerk.post(f"{path}/reopening", {"reason": "x"}).status == 403
