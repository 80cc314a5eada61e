"""Charges and invoices over HTTP."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from billing.access.call import Call
from billing.access.model import Profile
from billing.adapters.s3 import S3Files
from billing.audit.batches import BatchAnswer
from billing.audit.changes import Changes
from billing.banking.boleto.linha_digitavel import formatted, from_barcode
from billing.core.clock import FixedClock
from billing.core.errors import Refused, Transient
from billing.core.money import Money
from billing.core.table import Writes
from billing.entry import wiring
from billing.invoicing import billing_run, invariants, store
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.states import ChargeStatus
from functions.invoicing.api import handler
from tests.support.aws import InProcessAws
from tests.support.billing import REQUEST, NoProcesses, company, customer, keep, many_charges, profile
from tests.support.http import Answer, Client
from tests.support.invoices import a_credit, charge
from tests.support.members import let_in

CUSTOMER = "/customers/cus_ana0"
PLAN, MAIL = charge(), charge(definition_id="def_mail", description="E-mail", amount=Money("9.90"))
NEW = {
    "company_id": "com_alfa",
    "payment_profile_id": "pro_itau",
    "description": "Visita técnica",
    "amount": "80.00",
    "due_on": "2026-04-10",
    "reference": {"start": "2026-03-01", "end": "2026-04-01"},
}


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    """In front of a customer with two unbilled charges, at noon of 2026-03-10."""
    monkeypatch.setattr(wiring, "clock", lambda: FixedClock(datetime(2026, 3, 10, 15, tzinfo=UTC)))
    monkeypatch.setattr(wiring, "files", lambda: S3Files("mensal-files"))
    keep(call, company(), profile(), customer("cus_ana0"), PLAN, MAIL)
    return Client(handler)


def bill(client: Client, *ids: str, **choice: Any) -> str:
    """The id of the new invoice."""
    answer = client.post(f"{CUSTOMER}/charges/bill", {"ids": ids, **choice})
    return str(answer.body["items"][0]["made"][0])


def outcomes(answer: Answer) -> list[tuple[str, list[str]]]:
    return [(i["outcome"], [r["message"] for r in i["reasons"]]) for i in answer.body["items"]]


@pytest.mark.req("CON-05", "INV-17")
def test_manual_billing_makes_one_invoice_per_charge(client: Client) -> None:
    answer = client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id, MAIL.id]})

    assert outcomes(answer) == [("done", []), ("done", [])]
    listed = client.get(f"{CUSTOMER}/invoices").body["items"]
    assert [(i["number"], i["amount"], i["description"]) for i in listed] == [
        (2, "9.90", "E-mail"),
        (1, "100.00", "Plano Fibra 500 Mb"),
    ]
    assert len(listed[0]["barcode"]) == 44
    assert listed[0]["pix_payload"].startswith("000201")


@pytest.mark.req("CON-05")
def test_charges_are_billed_together_with_a_chosen_date_and_description(client: Client) -> None:
    made = bill(client, PLAN.id, MAIL.id, together=True, due_on="2026-04-15", description="Serviços de março")

    body = client.get(f"{CUSTOMER}/invoices/{made}").body
    assert (body["amount"], body["due_on"], body["description"]) == (
        "109.90",
        "2026-04-15",
        "Serviços de março",
    )


@pytest.mark.req("CON-05", "PLT-06")
@pytest.mark.parametrize("together", [False, True])
def test_dry_run_of_billing_has_the_same_answer_as_billing_under_the_same_key(
    client: Client, together: bool
) -> None:
    client.post(f"{CUSTOMER}/charges/remove", {"ids": [MAIL.id], "notes": "Engano"})
    body = {
        "ids": [PLAN.id, MAIL.id],
        "together": together,
        **({"due_on": "2026-04-15"} if together else {}),
    }

    path, header = f"{CUSTOMER}/charges/bill", {"idempotency-key": "tried-first"}
    tried = client.send("POST", path, body, query={"dry_run": "true"}, headers=header)
    assert client.get(f"{CUSTOMER}/invoices").body["items"] == []
    deed = client.post(path, body, key="tried-first")

    assert outcomes(tried) == outcomes(deed)
    assert len(client.get(f"{CUSTOMER}/invoices").body["items"]) == (0 if together else 1)


@pytest.mark.req("CON-05")
def test_due_date_of_a_single_charge_is_locked(client: Client) -> None:
    refused = client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id], "due_on": "2026-04-15"})

    assert (refused.status, refused.code) == (422, "billing.locked_fields")
    assert client.get(f"{CUSTOMER}/invoices").body["items"] == []


@pytest.mark.req("CON-05")
def test_selection_that_cannot_be_billed_is_refused_with_every_reason(client: Client, call: Call) -> None:
    bill(client, PLAN.id)
    late = charge(definition_id="def_late", due_on="2026-04-20", payment_profile_id="pro_outro")
    keep(call, late)

    refused = client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id, MAIL.id, late.id], "together": True})

    assert [(r["code"], r["field"]) for r in refused.body["reasons"]] == [
        ("billing.due_date", "due_on"),
        ("billing.profile", "payment_profile_id"),
        ("charge.in_invoice", "ids.0"),
    ]


@pytest.mark.req("CON-05")
def test_charge_that_cannot_be_billed_does_not_prevent_the_others(client: Client, call: Call) -> None:
    removed, other = charge(definition_id="def_gone"), charge(definition_id="def_beta", company_id="com_beta")
    keep(call, removed, other)
    client.post(f"{CUSTOMER}/charges/remove", {"ids": [removed.id], "notes": "Engano"})

    ids = [removed.id, PLAN.id, "chg_missing", other.id, MAIL.id]
    answer = client.post(f"{CUSTOMER}/charges/bill", {"ids": ids})

    items = answer.body["items"]
    assert [item["id"] for item in items] == ids
    assert [item["outcome"] for item in items] == ["refused", "done", "refused", "refused", "done"]
    codes = [reason["code"] for item in items for reason in item["reasons"]]
    assert codes == ["charge.removed", "charge.missing", "access.company"]
    assert len(client.get(f"{CUSTOMER}/invoices").body["items"]) == 2


@pytest.mark.req("CON-05")
def test_single_invoice_for_all_is_refused_naming_every_charge_that_prevents_it(
    client: Client, call: Call
) -> None:
    removed = charge(definition_id="def_gone")
    keep(call, removed)
    client.post(f"{CUSTOMER}/charges/remove", {"ids": [removed.id], "notes": "Engano"})

    ids = [PLAN.id, removed.id, "chg_missing", MAIL.id]
    answer = client.post(f"{CUSTOMER}/charges/bill", {"ids": ids, "together": True})

    refusals = [(item["outcome"], item["reasons"][0]["code"]) for item in answer.body["items"]]
    assert refusals == [
        ("refused", code)
        for code in ("billing.together", "charge.removed", "charge.missing", "billing.together")
    ]
    assert client.get(f"{CUSTOMER}/invoices").body["items"] == []


@pytest.mark.req("CON-05", "PLT-04")
def test_repeat_bills_the_same_charges_although_others_changed_meanwhile(
    client: Client, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A charge that was refused at first and is free by the time of the repeat is not slipped in: its invoice would
    then differ by the credit."""
    keep(call, a_credit("30.00"))
    client.post(f"{CUSTOMER}/charges/suspend", {"ids": [PLAN.id], "reason": "Contestação"})
    body = {"ids": [PLAN.id, MAIL.id]}
    commit = Changes.commit_answering

    def cut(changes: Changes, entity: Any) -> Any:
        if isinstance(entity, BatchAnswer):
            raise Transient("cut off")
        return commit(changes, entity)

    with monkeypatch.context() as cutting:
        cutting.setattr(Changes, "commit_answering", cut)
        first = client.post(f"{CUSTOMER}/charges/bill", body, key="decided-once")
    client.post(f"{CUSTOMER}/charges/unsuspend", {"ids": [PLAN.id], "reason": "Resolvido"})
    again = client.post(f"{CUSTOMER}/charges/bill", body, key="decided-once")

    assert (first.status, [item["outcome"] for item in again.body["items"]]) == (503, ["refused", "warned"])
    assert [i["amount"] for i in client.get(f"{CUSTOMER}/invoices").body["items"]] == ["0.00"]
    assert client.get(f"{CUSTOMER}/charges/{PLAN.id}").body["status"] == "unbilled"


@pytest.mark.req("CON-05", "PLT-02")
def test_repeated_manual_billing_makes_one_invoice(client: Client) -> None:
    body = {"ids": [PLAN.id]}
    first = client.post(f"{CUSTOMER}/charges/bill", body, key="by-hand-1")
    again = client.post(f"{CUSTOMER}/charges/bill", body, key="by-hand-1")

    assert again.body == first.body
    assert len(client.get(f"{CUSTOMER}/invoices").body["items"]) == 1


@pytest.mark.req("CON-05", "PLT-04")
def test_manual_billing_cut_off_before_its_answer_continues_when_repeated(
    client: Client, aws: InProcessAws
) -> None:
    def cut(operation: str, body: bytes, moment: str) -> None:
        if operation == "PutItem" and b"#answer#" in body and moment == "before":
            aws.observers.clear()
            raise KeyboardInterrupt

    aws.observers.append(cut)
    with pytest.raises(KeyboardInterrupt):
        client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id]}, key="by-hand-2")
    again = client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id]}, key="by-hand-2")

    assert outcomes(again) == [("done", [])]
    assert len(client.get(f"{CUSTOMER}/invoices").body["items"]) == 1


@pytest.mark.req("CON-05", "CON-06")
def test_charge_that_cannot_be_billed_is_answered_with_its_reason(client: Client, call: Call) -> None:
    past = charge(definition_id="def_past", due_on="2026-03-09")
    keep(call, past)

    answer = client.post(f"{CUSTOMER}/charges/bill", {"ids": [past.id, PLAN.id]})

    assert outcomes(answer) == [
        ("refused", ["O vencimento 09/03/2026 já passou. Altere o vencimento das contas."]),
        ("done", []),
    ]


@pytest.mark.req("CON-01")
def test_charge_is_inserted_with_its_replications(client: Client) -> None:
    added = client.post(f"{CUSTOMER}/charges", {**NEW, "replications": 2, "interval_days": 30})

    assert added.status == 201
    assert [(c["due_on"], c["instalment"], c["reference"]["start"]) for c in added.body["items"]] == [
        ("2026-04-10", [1, 3], "2026-03-01"),
        ("2026-05-10", [2, 3], "2026-03-31"),
        ("2026-06-09", [3, 3], "2026-04-30"),
    ]
    assert len(client.get(f"{CUSTOMER}/charges", status="unbilled").body["items"]) == 5


@pytest.mark.req("CON-01")
def test_replications_by_months_keep_the_day_of_the_first_and_continue_from_its_instalment(
    client: Client,
) -> None:
    new = {**NEW, "due_on": "2026-03-31", "instalment": [4, 12], "replications": 2}

    added = client.post(f"{CUSTOMER}/charges", new).body["items"]

    assert [(c["due_on"], c["instalment"], c["reference"]) for c in added] == [
        ("2026-03-31", [4, 12], {"start": "2026-03-01", "end": "2026-04-01"}),
        ("2026-04-30", [5, 12], {"start": "2026-04-01", "end": "2026-05-01"}),
        ("2026-05-31", [6, 12], {"start": "2026-05-01", "end": "2026-06-01"}),
    ]


@pytest.mark.req("CON-01")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"amount": "0.00"}, ["charge.zero"]),
        ({"amount": "0.01"}, []),
        ({"instalment": [11, 12], "replications": 2}, ["charge.instalments"]),
        ({"instalment": [10, 12], "replications": 2}, []),
        ({"interval_days": 30, "interval_months": 1, "replications": 1}, ["charge.interval"]),
    ],
)
def test_charge_that_makes_no_sense_is_refused(
    client: Client, changes: dict[str, Any], codes: list[str]
) -> None:
    answer = client.post(f"{CUSTOMER}/charges", {**NEW, **changes})

    assert [r["code"] for r in answer.body.get("reasons", [])] == codes


@pytest.mark.req("CON-01", "PLT-02")
def test_a_hundred_and_twenty_replications_cut_off_between_transactions_are_made_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one transaction can hold: a repeat continues, and answers all of them."""
    new, commit, commits = {**NEW, "replications": 120}, Changes.commit, iter(range(9))

    def cut(changes: Changes) -> None:
        if next(commits) == 1:
            raise Transient("cut off")
        commit(changes)

    with monkeypatch.context() as cutting:
        cutting.setattr(Changes, "commit", cut)
        first = client.post(f"{CUSTOMER}/charges", new, key="many-charges")
    again = client.post(f"{CUSTOMER}/charges", new, key="many-charges")

    assert (first.status, again.status, len(again.body["items"])) == (503, 201, 121)
    kept = store.charges_of("ten_alfa", "cus_ana0")
    assert sorted(c.instalment for c in kept if c.instalment) == [(k, 121) for k in range(1, 122)]


@pytest.mark.req("PAY-08", "CON-05", "BEY-02")
def test_credit_reduces_manual_billing_and_the_answer_says_so(client: Client, call: Call) -> None:
    keep(call, a_credit("30.00"))
    body = {"ids": [PLAN.id, MAIL.id]}

    answer = client.post(f"{CUSTOMER}/charges/bill", body, key="with-credit")
    again = client.post(f"{CUSTOMER}/charges/bill", body, key="with-credit")

    assert outcomes(answer) == [("warned", ["A fatura 1 usou R$ 30,00 do crédito do cliente."]), ("done", [])]
    assert again.body == answer.body
    amounts = [i["amount"] for i in client.get(f"{CUSTOMER}/invoices").body["items"]]
    assert amounts == ["9.90", "70.00"]


@pytest.mark.req("PAY-08", "PLT-04")
def test_billing_with_credit_that_was_cut_off_makes_the_same_invoice(
    client: Client, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The credit is split when the invoice is written: the repeat does not use what is left of it."""
    keep(call, a_credit("130.00"))
    commit = Changes.commit_answering

    def cut(changes: Changes, entity: Any) -> Any:
        if isinstance(entity, BatchAnswer):
            raise Transient("cut off")
        return commit(changes, entity)

    with monkeypatch.context() as cutting:
        cutting.setattr(Changes, "commit_answering", cut)
        first = client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id]}, key="cut-credit")
    again = client.post(f"{CUSTOMER}/charges/bill", {"ids": [PLAN.id]}, key="cut-credit")

    assert (first.status, outcomes(again)) == (
        503,
        [("warned", ["A fatura 1 usou R$ 100,00 do crédito do cliente."])],
    )
    (invoice,) = client.get(f"{CUSTOMER}/invoices").body["items"]
    assert (invoice["amount"], invoice["status"]) == ("0.00", "settled")
    credit = [c for c in store.charges_of("ten_alfa", "cus_ana0") if c.is_credit]
    assert sorted((str(c.amount), c.status) for c in credit) == [
        ("-100.00", "billed"),
        ("-30.00", "unbilled"),
    ]


@pytest.mark.req("PAY-08")
def test_credit_waits_if_the_person_says_so(client: Client, call: Call) -> None:
    keep(call, a_credit("30.00"))

    made = bill(client, PLAN.id, use_credit=False)

    assert client.get(f"{CUSTOMER}/invoices/{made}").body["amount"] == "100.00"


@pytest.mark.req("CON-01", "SEC-02")
def test_charge_of_a_profile_of_another_company_or_an_inactive_customer_is_refused(
    client: Client, call: Call
) -> None:
    keep(call, profile(id="pro_beta", company_id="com_beta"), customer("cus_left", 2, is_active=False))

    refused = client.post("/customers/cus_left/charges", {**NEW, "payment_profile_id": "pro_beta"})

    assert [r["code"] for r in refused.body["reasons"]] == ["customer.inactive", "charge.profile_company"]
    assert client.post(f"{CUSTOMER}/charges", {**NEW, "company_id": "com_beta"}).status == 403


@pytest.mark.req("CON-02", "PLT-02")
def test_charge_is_edited_at_the_version_that_was_read(client: Client) -> None:
    path = f"{CUSTOMER}/charges/{PLAN.id}"
    edit = {name: NEW[name] for name in ("description", "amount", "due_on", "reference")}

    changed = client.put(path, edit, version=1)

    assert (changed.status, changed.body["amount"], changed.etag) == (200, "80.00", '"2"')
    assert client.put(path, edit, version=1).status == 412
    assert client.put(path, {**edit, "amount": "1,00"}, version=2).status == 400


@pytest.mark.req("CON-02", "PLT-06")
def test_edit_of_a_billed_charge_asks_for_confirmation(client: Client) -> None:
    bill(client, PLAN.id)
    path = f"{CUSTOMER}/charges/{PLAN.id}"
    kept = client.get(path).body
    edit = {**{name: kept[name] for name in ("amount", "due_on", "reference")}, "description": "Plano"}

    question = client.put(path, edit, version=2)
    confirmed = client.send("PUT", path, edit, query={"confirm": "true"}, headers={"if-match": '"2"'})

    assert question.body["title"] == "ERRO! Essa conta participa de uma fatura. Confirme seu interesse."
    assert (confirmed.status, confirmed.body["description"]) == (200, "Plano")


@pytest.mark.req("CON-03", "CON-04")
def test_charges_are_suspended_and_removed_with_an_answer_each(client: Client) -> None:
    reason = {"reason": "Contestação"}
    bill(client, MAIL.id)

    suspended = client.post(f"{CUSTOMER}/charges/suspend", {"ids": [PLAN.id, MAIL.id, "chg_nope"], **reason})
    back = client.post(f"{CUSTOMER}/charges/unsuspend", {"ids": [PLAN.id, PLAN.id], **reason})
    removed = client.post(f"{CUSTOMER}/charges/remove", {"ids": [PLAN.id, MAIL.id], "notes": "Erro"})

    assert outcomes(suspended) == [
        ("done", []),
        ("refused", ["Esta conta já faz parte de uma fatura"]),
        ("refused", ["A conta não existe."]),
    ]
    assert outcomes(back) == [("done", [])]
    assert outcomes(removed) == [
        ("done", []),
        ("refused", [f"A Conta {MAIL.called} faz parte de uma fatura"]),
    ]


@pytest.mark.req("PAY-08", "CON-02", "CON-03", "CON-04")
def test_money_received_is_neither_edited_nor_suspended_nor_removed(client: Client, call: Call) -> None:
    credit = a_credit("30.00")
    keep(call, credit)
    path = f"{CUSTOMER}/charges"
    read = client.get(f"{path}/{credit.id}")
    data = {name: read.body[name] for name in ("description", "due_on", "reference")} | {"amount": "30.00"}

    edited = client.put(f"{path}/{credit.id}", data, version=1)
    suspended = client.post(f"{path}/suspend", {"ids": [credit.id], "reason": "Contestação"})
    removed = client.post(f"{path}/remove", {"ids": [credit.id], "notes": "Erro"})

    assert (edited.status, edited.code) == (422, "charge.credit")
    assert [a.body["items"][0]["reasons"][0]["code"] for a in (suspended, removed)] == ["charge.credit"] * 2
    assert client.get(f"{path}/{credit.id}").body == read.body


@pytest.mark.req("PAY-08", "CON-05")
@pytest.mark.parametrize("together", [False, True])
def test_credit_alone_cannot_be_billed_manually(client: Client, call: Call, together: bool) -> None:
    alone = [a_credit("30.00"), a_credit("5.00", "hel_2")]
    keep(call, *alone)

    refused = client.post(
        f"{CUSTOMER}/charges/bill", {"ids": [credit.id for credit in alone], "together": together}
    )

    reasons = [(r["code"], r["message"]) for item in refused.body["items"] for r in item["reasons"]]
    assert reasons == [
        (
            "billing.credit_alone",
            f"A Conta {credit.called} é crédito do cliente e não se fatura só: fature-a junto com as contas que abate.",
        )
        for credit in alone
    ]


@pytest.mark.req("PAY-08", "CON-05")
def test_credit_billed_manually_with_a_charge_takes_its_due_date_and_profile(
    client: Client, call: Call
) -> None:
    credit = a_credit("130.00")
    keep(call, credit)

    made = client.get(f"{CUSTOMER}/invoices/{bill(client, credit.id, PLAN.id, together=True)}").body

    assert (made["amount"], made["due_on"], made["payment_profile_id"]) == ("0.00", "2026-04-10", "pro_itau")
    unbilled = client.get(f"{CUSTOMER}/charges", status="unbilled").body["items"]
    assert sorted(c["amount"] for c in unbilled) == ["-30.00", "9.90"]


@pytest.mark.req("PAY-08", "CON-05")
def test_credit_stays_out_of_a_manual_invoice_of_several_transactions(client: Client, call: Call) -> None:
    credit = a_credit("30.00")
    many = [charge(definition_id=f"def_{number}") for number in range(89)]
    keep(call, credit, *many)

    ids = [credit.id, *(c.id for c in many)]
    refused = client.post(f"{CUSTOMER}/charges/bill", {"ids": ids, "together": True})

    assert (refused.status, refused.code) == (422, "billing.too_many_with_credit")
    assert bill(client, *ids[:-1], together=True)


@pytest.mark.req("INV-01", "INV-14")
def test_removed_invoice_frees_its_charges_and_says_so(client: Client, call: Call) -> None:
    made = bill(client, PLAN.id, MAIL.id, together=True)

    removed = client.post(f"{CUSTOMER}/invoices/remove", {"ids": [made], "reason": "Engano"})
    again = client.post(f"{CUSTOMER}/invoices/remove", {"ids": [made, PLAN.id], "reason": "Engano"})

    ((outcome, (warning,)),) = outcomes(removed)
    assert outcome == "warned"
    assert "Remova-as também" in warning
    assert [c["status"] for c in client.get(f"{CUSTOMER}/charges").body["items"]] == ["unbilled"] * 2
    assert outcomes(again) == [
        ("refused", ["A fatura 1 está com status de excluída"]),
        ("refused", [f"A Conta {PLAN.called} ainda não foi faturada"]),
    ]
    assert client.get(f"{CUSTOMER}/invoices", status="deleted").body["items"][0]["id"] == made
    assert bill(client, PLAN.id, MAIL.id, together=True) != made
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("INV-01")
def test_invoice_is_removed_by_way_of_one_of_its_charges(client: Client) -> None:
    made = bill(client, PLAN.id)

    client.post(f"{CUSTOMER}/invoices/remove", {"ids": [PLAN.id], "reason": "Engano"})

    assert client.get(f"{CUSTOMER}/invoices/{made}").body["status"] == "deleted"


@pytest.mark.req("INV-01", "PLT-04")
def test_removal_of_a_large_invoice_continues_where_it_was_cut_off(
    client: Client, call: Call, aws: InProcessAws
) -> None:
    many_charges(call, 150)
    path = "/customers/cus_0007"
    ids = [c.id for c in store.charges_of(call.tenant_id, "cus_0007")][:100]
    client.post(f"{path}/charges/bill", {"ids": ids, "together": True})
    (big,) = client.get(f"{path}/invoices").body["items"]
    writes = 0

    def cut(operation: str, body: bytes, moment: str) -> None:
        nonlocal writes
        writes += operation == "TransactWriteItems" and moment == "before"
        if writes == 3:
            aws.observers.clear()
            raise KeyboardInterrupt

    aws.observers.append(cut)
    with pytest.raises(KeyboardInterrupt):
        client.post(f"{path}/invoices/remove", {"ids": [big["id"]], "reason": "Engano"}, key="large-one")
    answer = client.post(f"{path}/invoices/remove", {"ids": [big["id"]], "reason": "Engano"}, key="large-one")

    assert [outcome for outcome, _ in outcomes(answer)] == ["warned"]
    assert {c.status for c in store.charges_of(call.tenant_id, "cus_0007")} == {ChargeStatus.UNBILLED}
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("INV-02")
def test_invoice_is_suspended_and_reactivated(client: Client) -> None:
    made = bill(client, PLAN.id)
    body = {"ids": [made], "reason": "Contestação", "notes": "protocolo 42"}

    suspended = client.post(f"{CUSTOMER}/invoices/suspend", body)
    twice = client.post(f"{CUSTOMER}/invoices/suspend", body)
    back = client.post(f"{CUSTOMER}/invoices/unsuspend", body)

    assert outcomes(suspended) == outcomes(back) == [("done", [])]
    assert outcomes(twice) == [("refused", ["A fatura 1 já está com o status de suspenso."])]


@pytest.mark.req("INV-07")
def test_history_shows_who_did_what_with_comments(client: Client) -> None:
    made = bill(client, PLAN.id)
    client.post(f"{CUSTOMER}/invoices/suspend", {"ids": [made], "reason": "Contestação", "notes": "fila 2"})
    client.post(f"{CUSTOMER}/invoices/{made}/comments", {"text": "Cliente ligou."})

    events = client.get(f"{CUSTOMER}/invoices/{made}/history").body["items"]

    assert [(e["action"], e["actor_id"], e.get("note")) for e in events] == [
        ("invoice.issued", "usr_ana", None),
        ("invoice.suspended", "usr_ana", "Contestação: fila 2"),
        ("invoice.commented", "usr_ana", "Cliente ligou."),
    ]
    assert events[1]["changes"] == [
        {"field": "status", "label": "Situação", "before": "Em aberto", "after": "Suspensa"}
    ]


@pytest.mark.req("INV-07")
def test_history_of_a_charge_says_who_billed_it(client: Client) -> None:
    let_in("usr_ana", "ten_alfa", "com_alfa")
    bill(client, PLAN.id)

    events = client.get(f"{CUSTOMER}/charges/{PLAN.id}/history").body["items"]

    assert [(event["text"], event["note"]) for event in events] == [
        ("Conta faturada por Maria Prado", "Fatura 1")
    ]


@pytest.mark.req("INV-07")
def test_charge_has_its_history_before_its_invoice_is_written(client: Client, call: Call) -> None:
    """If there are more charges than one transaction can hold, the first are claimed before the invoice exists."""
    keep(call, charge(definition_id="def_claimed").billed("inv_coming"))
    (claimed,) = [c for c in store.charges_of("ten_alfa", "cus_ana0") if c.invoice_id == "inv_coming"]

    assert client.get(f"{CUSTOMER}/charges/{claimed.id}/history").body["items"] == []


@pytest.mark.req("INV-07", "CON-04")
def test_reasons_given_for_charges_and_deleted_invoices_are_shown_again(client: Client) -> None:
    let_in("usr_ana", "ten_alfa", "com_alfa")
    made = bill(client, PLAN.id)
    client.post(f"{CUSTOMER}/invoices/remove", {"ids": [made], "reason": "Valor errado"})
    client.post(f"{CUSTOMER}/charges/remove", {"ids": [PLAN.id], "notes": "Duplicada"})

    *_, deleted = client.get(f"{CUSTOMER}/invoices/{made}/history").body["items"]
    events = client.get(f"{CUSTOMER}/charges/{PLAN.id}/history").body["items"]

    assert (deleted["text"], deleted["note"]) == ("Fatura excluída por Maria Prado", "Valor errado")
    listed = client.get(f"{CUSTOMER}/invoices", status="deleted").body
    (invoice,) = listed["items"]
    assert invoice["deletion"] == {
        "at": "2026-03-10T15:00:00Z",
        "actor_id": "usr_ana",
        "reason": "Valor errado",
    }
    assert listed["names"]["usr_ana"] == "Maria Prado"
    assert [(event["text"], event["note"]) for event in events] == [
        ("Conta devolvida a não faturadas por Maria Prado", "Fatura 1 excluída: Valor errado"),
        ("Conta removida por Maria Prado", "Duplicada"),
    ]


@pytest.mark.req("INV-14")
def test_invoice_is_read_with_its_typed_line_and_names_beside_ids(client: Client) -> None:
    made = bill(client, PLAN.id)

    page = client.get(f"{CUSTOMER}/invoices").body

    (invoice,) = page["items"]
    assert invoice["linha_digitavel"] == from_barcode(invoice["barcode"])
    assert client.get(f"{CUSTOMER}/invoices/{made}").body == invoice
    assert page["names"] == {
        "com_alfa": company().trade_name,
        "cus_ana0": "Cliente 1",
        "pro_itau": profile().name,
    }


@pytest.mark.req("CON-02")
def test_charges_of_a_settled_invoice_are_listed_as_settled(client: Client, call: Call) -> None:
    made = bill(client, PLAN.id)
    open_ = store.get_invoice("ten_alfa", "cus_ana0", made)
    writes = Writes()
    writes.put(store.invoice_row("ten_alfa", open_.received(open_.amount, date(2026, 3, 10))))
    writes.commit()

    def ids(status: str) -> list[str]:
        return [c["id"] for c in client.get(f"{CUSTOMER}/charges", status=status).body["items"]]

    seen = client.get(f"{CUSTOMER}/charges/{PLAN.id}").body
    assert (seen["status"], seen["paid"]) == ("settled", "100.00")
    assert (ids("settled"), ids("billed"), ids("unbilled")) == ([PLAN.id], [], [MAIL.id])


@pytest.mark.req("INV-04")
def test_invoices_are_printed_in_one_pdf_that_is_kept(client: Client) -> None:
    first, second = bill(client, PLAN.id), bill(client, MAIL.id)

    link = client.get(f"{CUSTOMER}/invoices/{first}/pdf").body["url"]
    both = client.post(f"{CUSTOMER}/invoices/print", {"ids": [first, second]}).body["url"]

    assert client.get(f"{CUSTOMER}/invoices/{first}/pdf").body["url"].split("?")[0] == link.split("?")[0]
    pages = [page.extract_text() for page in PdfReader(BytesIO(_fetched(both))).pages]
    assert ["Fatura 1" in pages[0], "Fatura 2" in pages[1]] == [True, True]
    assert "Plano Fibra 500 Mb – 01/03/2026 a 31/03/2026" in pages[0]
    linha = from_barcode(client.get(f"{CUSTOMER}/invoices/{first}").body["barcode"])
    assert formatted(linha) in pages[0]


@pytest.mark.req("INV-04", "CTR-12", "CTR-13")
def test_invoice_without_a_boleto_says_its_discount_on_paper(client: Client, call: Call) -> None:
    given = OnTimeDiscount(amount=Money("34.84"), until=date(2026, 4, 8))
    rata = charge(definition_id="def_rata", amount=Money("34.84"), discount=given)
    keep(call, rata)
    made = bill(client, rata.id)

    url = client.get(f"{CUSTOMER}/invoices/{made}/pdf").body["url"]
    text = PdfReader(BytesIO(_fetched(url))).pages[0].extract_text()

    assert "barcode" not in client.get(f"{CUSTOMER}/invoices/{made}").body
    assert "Até 08/04/2026, conceder desconto de R$ 34,84." in text


@pytest.mark.req("INV-04")
def test_deleted_invoice_is_printed_without_boleto_and_a_cancelled_number_is_not(
    client: Client, call: Call
) -> None:
    made = bill(client, PLAN.id)
    client.post(f"{CUSTOMER}/invoices/remove", {"ids": [made], "reason": "Engano"})

    url = client.get(f"{CUSTOMER}/invoices/{made}/pdf").body["url"]
    text = PdfReader(BytesIO(_fetched(url))).pages[0].extract_text()

    assert "Excluída" in text
    assert "Ficha de compensação" not in text


@pytest.mark.req("INV-04")
def test_invoices_are_printed_as_a_booklet_of_three_to_a_page(client: Client) -> None:
    made = [bill(client, PLAN.id), bill(client, MAIL.id)]

    url = client.post(f"{CUSTOMER}/invoices/print", {"ids": made, "form": "booklet"}).body["url"]
    sheets = client.post(f"{CUSTOMER}/invoices/print", {"ids": made}).body["url"]

    (page,) = PdfReader(BytesIO(_fetched(url))).pages
    for invoice_id in made:
        barcode = client.get(f"{CUSTOMER}/invoices/{invoice_id}").body["barcode"]
        assert formatted(from_barcode(barcode)) in page.extract_text()
    assert len(PdfReader(BytesIO(_fetched(sheets))).pages) == 2


@pytest.mark.req("INV-02", "INV-04")
def test_booklet_takes_no_suspended_or_removed_invoice_and_says_every_reason(client: Client) -> None:
    suspended, removed = bill(client, PLAN.id), bill(client, MAIL.id)
    client.post(f"{CUSTOMER}/invoices/suspend", {"ids": [suspended], "reason": "Contestada"})
    client.post(f"{CUSTOMER}/invoices/remove", {"ids": [removed], "reason": "Engano"})

    answer = client.post(
        f"{CUSTOMER}/invoices/print",
        {"ids": [suspended, removed], "form": "booklet"},
    )

    assert answer.status == 422
    assert [(r["code"], r["message"]) for r in answer.body["reasons"]] == [
        ("invoice.suspended", "A fatura 1 está com o status de suspenso e fica fora do carnê."),
        ("invoice.deleted", "A fatura 2 está com status de excluída"),
    ]


@pytest.mark.req("CON-06", "BEY-01")
def test_preview_of_mass_billing_has_totals_and_refusals_and_no_effect(client: Client, call: Call) -> None:
    keep(
        call, customer("cus_left", 2, is_active=False), charge(customer_id="cus_left", contract_id="con_left")
    )
    path = "/companies/com_alfa/billing-preview"

    seen = client.get(path, due_from="2026-04-01", due_to="2026-04-30")

    (refused,) = seen.body.pop("refused")
    assert seen.body.pop("names") == {"cus_left": "Cliente 2"}
    assert seen.body == {"invoices": 1, "billed": "109.90", "boletos": 1, "is_whole": True, "not_shown": 0}
    assert (refused["key"], refused["code"]) == ("cus_left", "billing.customer_inactive")
    assert client.get(f"{CUSTOMER}/invoices").body["items"] == []
    assert client.get(path, due_from="2026-04-30", due_to="2026-04-01").code == "billing.range"
    assert (
        Client(handler, companies="com_beta").get(path, due_from="2026-04-01", due_to="2026-04-30").status
        == 403
    )


@pytest.mark.req("CON-06")
def test_mass_billing_has_the_same_filters_as_its_preview(
    client: Client, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "processes", NoProcesses)
    keep(call, charge(definition_id="def_tv", grouping="tv", amount=Money("40.00")))
    filters = {"due_from": "2026-04-01", "due_to": "2026-04-30", "reference": "2026-03", "grouping": "tv"}
    path = "/companies/com_alfa/billing-preview"

    seen = client.get(path, **filters, contract_ids="con_ana0,con_bia0")

    assert (seen.body["billed"], seen.body["invoices"]) == ("40.00", 1)
    assert client.get(path, **filters, contract_ids="con_bia0").body["invoices"] == 0
    many = ",".join(f"con_{number:04d}" for number in range(101))
    for field, wrong in (
        ("contract_ids", many),
        ("contract_ids", "x" * 31),
        ("reference", "03/2026"),
        ("grouping", ""),
    ):
        assert client.get(path, **{**filters, field: wrong}).status == 400
    started = client.post(
        "/runs/billing", {**filters, "company_id": "com_alfa", "contract_ids": ["con_ana0"]}
    )
    assert (started.status, started.body["input"]) == (202, {**filters, "contract_ids": "con_ana0"})


@pytest.mark.req("CON-06")
def test_mass_billing_of_an_impossible_range_is_refused(client: Client, call: Call) -> None:
    request = REQUEST.evolve(due_to=date(2027, 4, 30))

    with pytest.raises(Refused) as refused:
        billing_run.start(call, NoProcesses(), request)

    assert refused.value.code == "billing.range"


@pytest.mark.req("SEC-01")
def test_each_route_asks_for_its_permission(client: Client) -> None:
    bodies: dict[str, Any] = {
        "charges": NEW,
        "charges/suspend": {"ids": [PLAN.id], "reason": "x"},
        "charges/unsuspend": {"ids": [PLAN.id], "reason": "x"},
        "charges/remove": {"ids": [PLAN.id], "notes": "x"},
        "charges/bill": {"ids": [PLAN.id]},
        "invoices/remove": {"ids": ["inv_1"], "reason": "x"},
        "invoices/suspend": {"ids": ["inv_1"], "reason": "x"},
        "invoices/unsuspend": {"ids": ["inv_1"], "reason": "x"},
        "invoices/inv_1/comments": {"text": "x"},
    }
    for other in (Profile.CONSULTA, Profile.OPERACAO):
        denied = Client(handler, profile=other)
        codes = [denied.post(f"{CUSTOMER}/{path}", body).code for path, body in bodies.items()]
        assert codes == ["access.denied"] * len(bodies)
        assert denied.get(f"{CUSTOMER}/charges").status == 200


@pytest.mark.req("SEC-02")
def test_another_tenant_and_another_company_see_and_change_nothing(client: Client, call: Call) -> None:
    made = bill(client, PLAN.id)
    for other in (Client(handler, tenant_id="ten_beta"), Client(handler, companies="com_beta")):
        assert other.get(f"{CUSTOMER}/invoices").body["items"] == []
        assert other.get(f"{CUSTOMER}/charges").body["items"] == []
        for path in (
            f"invoices/{made}",
            f"invoices/{made}/history",
            f"invoices/{made}/pdf",
            f"charges/{MAIL.id}",
        ):
            assert other.get(f"{CUSTOMER}/{path}").status in {403, 404}
        for verb, ids in (
            ("invoices/remove", made),
            ("invoices/suspend", made),
            ("charges/suspend", MAIL.id),
        ):
            answer = other.post(f"{CUSTOMER}/{verb}", {"ids": [ids], "reason": "x"})
            assert [i["outcome"] for i in answer.body["items"]] == ["refused"]
        answer = other.post(f"{CUSTOMER}/charges/bill", {"ids": [MAIL.id]})
        assert [i["outcome"] for i in answer.body["items"]] == ["refused"]
    assert store.get_invoice(call.tenant_id, "cus_ana0", made).status == "open"


def _fetched(url: str) -> bytes:
    key = url.split("mensal-files.s3")[1].partition("/")[2].partition("?")[0]
    return S3Files("mensal-files").get(key)


WORDS = {
    "suspend": ("suspend", {"reason": "Contestação"}),
    "unsuspend": ("unsuspend", {"reason": "Resolvido"}),
    "unmark": ("remove-remittance-mark", {"reason": "Não foi enviada"}),
    "remove": ("remove", {"reason": "Engano", "notes": "Engano"}),
}


def offers_of(client: Client, what: str, id_: str) -> dict[str, list[str]]:
    """By action, the codes of what prevents it."""
    (row,) = [one for one in client.get(f"{CUSTOMER}/{what}").body["items"] if one["id"] == id_]
    return {
        offer["action"]: [r["code"] for r in offer.get("reasons", []) if r["severity"] == "blocks"]
        for offer in row["actions"]
    }


@pytest.mark.req("WEB-01")
@pytest.mark.parametrize("before", [(), ("suspend",), ("remove",)])
def test_actions_offered_for_an_invoice_match_its_commands(client: Client, before: tuple[str, ...]) -> None:
    made = bill(client, PLAN.id)
    for action in before:
        ask(client, "invoices", action, made)

    offered = offers_of(client, "invoices", made)

    assert list(offered) == ["settle", "suspend", "unsuspend", "unmark", "remove"]
    for action, codes in offered.items():
        if codes and action in WORDS:
            answer = ask(client, "invoices", action, made)
            assert [reason["code"] for reason in answer["reasons"]] == codes
    allowed = [action for action, codes in offered.items() if not codes and action in WORDS]
    assert (
        ask(client, "invoices", allowed[0], made)["outcome"] != "refused"
        if allowed
        else before == ("remove",)
    )


@pytest.mark.req("WEB-01")
def test_actions_offered_for_a_charge_match_its_commands(client: Client) -> None:
    bill(client, PLAN.id)

    of_billed, of_unbilled = offers_of(client, "charges", PLAN.id), offers_of(client, "charges", MAIL.id)

    assert of_unbilled["suspend"] == of_unbilled["remove"] == []
    for action, codes in of_billed.items():
        answer = ask(client, "charges", action, PLAN.id)
        assert codes
        assert [reason["code"] for reason in answer["reasons"]] == codes


@pytest.mark.req("SEC-01")
def test_actions_that_the_profile_does_not_permit_are_not_offered(client: Client) -> None:
    made = bill(client, PLAN.id)
    reader = replace(client, profile=Profile.CONSULTA)

    assert offers_of(reader, "invoices", made) == {}
    assert offers_of(reader, "charges", PLAN.id) == {}


def ask(client: Client, what: str, action: str, id_: str) -> Any:
    path, body = WORDS[action]
    fields = {
        name: body[name]
        for name in body
        if not (what == "charges" and action == "remove" and name == "reason")
    }
    if what == "invoices":
        fields.pop("notes", None)
    (item,) = client.post(f"{CUSTOMER}/{what}/{path}", {"ids": [id_], **fields}).body["items"]
    return item


@pytest.mark.req("CON-02")
def test_charge_is_not_edited_to_zero(client: Client) -> None:
    path = f"{CUSTOMER}/charges/{PLAN.id}"
    read = client.get(path).body
    data = {name: read[name] for name in ("description", "due_on", "reference")}

    refused = client.put(path, {**data, "amount": "0.00"}, version=read["version"])
    cent = client.put(path, {**data, "amount": "0.01"}, version=read["version"])

    assert (refused.status, refused.code, cent.body["amount"]) == (422, "charge.zero", "0.01")
