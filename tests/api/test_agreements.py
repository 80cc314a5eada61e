"""Debt agreements over HTTP: who may make them, what is refused, the paper, and what the rest of the desk does
meanwhile (PAY-06)."""

from datetime import date, timedelta
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.agreements.model import InstalmentAgreement
from billing.banking.store import profile_row
from billing.core.money import Money
from billing.entry import wiring
from billing.entry.wiring import clock_row
from billing.invoicing import store
from billing.invoicing.charge import ChargeEdit
from billing.invoicing.states import InvoiceStatus
from functions.agreements import events
from functions.agreements.api import handler
from functions.counter.api import handler as counter_handler
from functions.invoicing.api import handler as invoicing_handler
from functions.payments.api import handler as payments_handler
from tests.support import agreements as debts
from tests.support.agreements import CUSTOMER
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles, profile
from tests.support.counter import put
from tests.support.http import Answer, Client
from tests.support.members import open_tenant

ROOT = f"/customers/{CUSTOMER}/agreements"
REQUEST = {
    "invoice_ids": ["inv_ana0"],
    "instalments": 3,
    "first_due_on": "2026-04-10",
    "payment_profile_id": "pro_itau",
}


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    open_tenant("ten_alfa", "com_alfa")
    debts.base(call)
    debts.configure(call)
    return Client(handler, profile=Profile.FINANCEIRO)


def made(client: Client, **changes: Any) -> dict[str, Any]:
    request = {**REQUEST, **changes}
    proposal = client.post(f"{ROOT}/proposal", request)
    assert proposal.status == 200, proposal.body
    answer = client.post(ROOT, {**request, "proposal": proposal.body["proposal"]})
    assert answer.status == 201, answer.body
    agreement: dict[str, Any] = answer.body
    return agreement


def codes(answer: Answer) -> list[str]:
    assert answer.status == 422, answer.body
    return [reason["code"] for reason in answer.body.get("reasons", [answer.body])]


@pytest.mark.req("PAY-06")
def test_agreement_is_proposed_made_listed_printed_and_broken(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = MemoryFiles()
    monkeypatch.setattr(wiring, "files", lambda: files)
    agreement = made(client, down_payment="2.95")
    one = f"{ROOT}/{agreement['id']}"

    (listed,) = client.get(ROOT).body["items"]
    link = client.get(f"{one}/paper").body["url"]
    actions = [event["action"] for event in client.get(f"{one}/history").body["items"]]
    shown = client.post(f"{one}/break/proposal").body
    broken = client.post(f"{one}/break", {"reason": "Não pagou", "proposal": shown["proposal"]})

    assert (agreement["status"], agreement["total"]) == ("in_force", "102.95")
    assert [part["title"] for part in listed["standing"]][:2] == [
        f"{listed['title']} - Entrada",
        f"{listed['title']} (1/3)",
    ]
    assert listed["balance"] == "102.95"
    (key,) = files.kept
    assert "/agreements/" in key
    assert link.endswith(key)
    assert files.kept[key].startswith(b"%PDF")
    assert actions == ["agreement.made", "agreement.billed"]
    assert [(one["number"], one["paid"], one["remaining"]) for one in shown["invoices"]] == [
        (7, "0.00", "100.00")
    ]
    assert broken.body["status"] == "broken"


@pytest.mark.req("PAY-06", "SEC-01")
@pytest.mark.parametrize("who", [Profile.OPERACAO, Profile.CONSULTA])
def test_reader_of_agreements_may_change_nothing(client: Client, who: Profile) -> None:
    agreement = made(client)
    other = Client(handler, profile=who)

    refused = [
        other.post(f"{ROOT}/proposal", REQUEST),
        other.post(ROOT, {**REQUEST, "proposal": "x" * 32}),
        other.post(f"{ROOT}/{agreement['id']}/break/proposal"),
        other.put("/companies/com_alfa/agreement-settings", {}, version=1),
    ]

    assert {answer.status for answer in refused} == {403}
    assert other.get(ROOT).status == 200


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"status": InvoiceStatus.SETTLED, "settled_on": date(2026, 3, 1), "paid": Money("100.00")},
         "invoice.settled", "A Fatura 7 já está liquidada"),
        ({"status": InvoiceStatus.DELETED}, "invoice.deleted", "A fatura 7 está com status de excluída"),
        ({"status": InvoiceStatus.SUSPENDED}, "invoice.suspended", "A fatura 7 já está com o status de suspenso."),
        ({"status": InvoiceStatus.RENEGOTIATED}, "invoice.renegotiated", "A Fatura 7 faz parte de um parcelamento"),
        ({"rebate": Money("1.00")}, "agreement.rebate",
         "A Fatura 7 tem abatimento concedido no banco: cancele-o antes de parcelar."),
    ],
)  # fmt: skip
def test_invoice_that_cannot_be_renegotiated_says_why(
    client: Client, call: Call, changes: dict[str, Any], code: str, message: str
) -> None:
    put(store.invoice_row(call.tenant_id, debts.kept(call).evolve(**changes)))

    answer = client.post(f"{ROOT}/proposal", REQUEST)

    assert codes(answer) == [code]
    assert answer.body["reasons"][0]["message"] == message
    assert answer.body["reasons"][0]["field"] == "invoice_ids.0"


@pytest.mark.req("PAY-06")
def test_instalment_of_an_agreement_is_not_renegotiated_again(client: Client, call: Call) -> None:
    made(client)
    (agreement,) = client.get(ROOT).body["items"]
    part = agreement["standing"][0]["invoice_id"]

    assert codes(client.post(f"{ROOT}/proposal", {**REQUEST, "invoice_ids": [part]})) == [
        "agreement.of_agreement"
    ]


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize("changes", [{"is_active": False}, {"company_id": "com_beta"}])
def test_profile_that_cannot_bill_is_refused_before_anything_changes(
    client: Client, call: Call, changes: dict[str, Any]
) -> None:
    put(profile_row(call.tenant_id, profile(id="pro_other", **changes)))

    answer = client.post(f"{ROOT}/proposal", {**REQUEST, "payment_profile_id": "pro_other"})

    assert codes(answer)[0] in {"billing.profile_inactive", "agreement.profile"}
    assert debts.kept(call).status is InvoiceStatus.OPEN


@pytest.mark.req("PAY-06")
def test_proposal_of_another_day_is_refused(client: Client, call: Call) -> None:
    """The debt grows by the day: a clerk confirms what the customer was told today."""
    proposal = client.post(f"{ROOT}/proposal", REQUEST).body["proposal"]
    row = clock_row(call.now + timedelta(days=1))
    row.version = 1
    row.save()

    assert codes(client.post(ROOT, {**REQUEST, "proposal": proposal})) == ["agreement.outdated"]


@pytest.mark.req("PAY-06", "INV-01", "INV-02", "INV-08", "CON-02", "CON-04", "CON-05")
def test_desk_does_not_change_what_was_agreed(client: Client, call: Call) -> None:
    """In the manual's words about a reversal: "A Fatura X faz parte de um parcelamento"."""
    made(client)
    (agreement,) = client.get(ROOT).body["items"]
    desk, payments = Client(invoicing_handler), Client(payments_handler)
    root, why = f"/customers/{CUSTOMER}", {"ids": ["inv_ana0"], "reason": "Engano"}
    by_hand = {
        "method": "other", "justification": "Pago", "settled_on": "2026-03-10",
        "invoices": [{"customer_id": CUSTOMER, "invoice_id": "inv_ana0"}],
    }  # fmt: skip
    batches = [
        desk.post(f"{root}/invoices/remove", why),
        desk.post(f"{root}/invoices/suspend", {**why, "reason": "complaint"}),
        payments.post("/settlements", by_hand),
    ]
    for answer in batches:
        (item,) = answer.body["items"]
        assert [reason["code"] for reason in item["reasons"]] == ["invoice.renegotiated"], answer.body

    part = agreement["standing"][1]["invoice_id"]
    desk.post(f"{root}/invoices/remove", {"ids": [part], "reason": "Reemitir"})
    charge = debts.charge_of(call, InstalmentAgreement.model_validate(_bare(agreement)), 2)
    other = desk.post(f"{root}/charges", _charge())
    together = {"ids": [charge.id, other.body["items"][0]["id"]], "together": True, "due_on": "2026-05-10"}
    edit = {name: getattr(charge, name) for name in ChargeEdit.model_fields}
    changed = ChargeEdit(**{**edit, "amount": Money("1.00")}).to_map()
    put_off = ChargeEdit(**{**edit, "due_on": date(2026, 5, 20)}).to_map()
    removed = desk.post(f"{root}/charges/remove", {"ids": [charge.id], "notes": "Engano"})
    assert [r["code"] for r in removed.body["items"][0]["reasons"]] == ["charge.of_agreement"]
    assert codes(desk.post(f"{root}/charges/bill", together)) == ["billing.agreement_alone"]
    assert codes(desk.put(f"{root}/charges/{charge.id}", changed, version=charge.version)) == [
        "charge.of_agreement"
    ]
    assert desk.put(f"{root}/charges/{charge.id}", put_off, version=charge.version).status == 200


def _bare(agreement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in agreement.items() if name in InstalmentAgreement.model_fields}


def _charge() -> dict[str, Any]:
    return {
        "description": "Avulsa",
        "amount": "50.00",
        "due_on": "2026-05-10",
        "reference": {"start": "2026-04-01", "end": "2026-05-01"},
        "company_id": "com_alfa",
        "payment_profile_id": "pro_itau",
    }


@pytest.mark.req("PAY-01", "PAY-06")
def test_statement_shows_what_was_renegotiated_and_balances(client: Client) -> None:
    made(client)

    statement = Client(counter_handler).get(f"/customers/{CUSTOMER}/financial-statement").body

    original = next(row for row in statement["rows"] if row["id"] == "inv_ana0")
    assert (original["status"], original["renegotiated"], original["balance"]) == (
        "renegotiated",
        "100.00",
        "0.00",
    )
    assert (statement["renegotiated"], statement["balance"]) == ("100.00", "102.95")


@pytest.mark.req("PAY-06")
def test_schedule_ends_the_agreements_of_every_tenant(client: Client, call: Call) -> None:
    debts.configure(call, breaks_after_days=5)
    agreement = made(client, first_due_on="2026-03-10")

    early = events.keep_agreements({"time": "2026-03-15T05:00:00-03:00", "work": "end_due"}, None)
    on_time = events.keep_agreements({"time": "2026-03-16T05:00:00-03:00", "work": "end_due"}, None)
    again = events.keep_agreements({"time": "2026-03-16T05:10:00-03:00"}, None)

    assert (early["changed"], on_time["changed"], again["changed"]) == ([], [agreement["id"]], [])


@pytest.mark.req("PAY-06")
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"fine_percent": "100"}, 200),
        ({"fine_percent": "100.01"}, 400),
        ({"most_instalments": 360}, 200),
        ({"most_instalments": 361}, 400),
        ({"breaks_after_days": 0}, 400),
        ({"breaks_after_days": 1}, 200),
        ({"least_down_payment_percent": "100"}, 400),
    ],
)
def test_settings_are_within_their_bounds(client: Client, changes: dict[str, Any], status: int) -> None:
    admin = Client(handler)

    answer = admin.put("/companies/com_alfa/agreement-settings", changes, version=1)

    assert answer.status == status, answer.body
    read = admin.get("/companies/com_alfa/agreement-settings")
    assert read.status == 200
