"""Instructions to the bank, the pre-flight, rejected titles and the inspector over HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.model import Profile
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.bank_files import remittances, store
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.model import RemittanceRequest
from billing.banking.store import get_profile, profile_row
from billing.banking.terms import BankTerms, Layout
from billing.core.clock import FixedClock
from billing.core.money import Money
from billing.customers import store as customers
from billing.entry.wiring import clock_row
from billing.invoicing import store as invoices
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.payments import store as payments
from billing.payments.model import Method, Settlement
from functions.bank_files.api import handler
from functions.invoicing.api import handler as invoicing_handler
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.http import Answer, Client
from tests.support.instructed import file_of, instructions_of, keep_registered, now, receive
from tests.support.machine import Walker

OWNER = made.profile(sends_write_off=True)
DUE = {"due_from": "2026-03-01", "due_to": "2026-03-31"}
REQUEST = RemittanceRequest(profile_id=OWNER.id, due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))


@pytest.fixture
def call(call: Call) -> Call:
    """The day after the titles fell due."""
    return call._replace(clock=FixedClock(call.now + timedelta(days=11)))


@pytest.fixture
def client(aws: InProcessAws, call: Call, monkeypatch: pytest.MonkeyPatch) -> Client:
    """At the `call`'s own time."""
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    return Client(handler)


@pytest.fixture
def title(client: Client, call: Call) -> Invoice:
    """Invoice 1, of R$ 100,00, which the bank has."""
    (kept,) = keep_registered(call, OWNER, 1)
    return kept


def path_of(invoice: Invoice) -> str:
    return f"/customers/{invoice.customer_id}/invoices/{invoice.id}"


def body(movement: str, *about: Invoice, **wish: Any) -> dict[str, Any]:
    chosen = [{"customer_id": one.customer_id, "invoice_id": one.id} for one in about]
    return {"invoices": chosen, "movement": movement, "justification": "Acordo", **wish}


def refused(client: Client, movement: str, about: Invoice, **wish: Any) -> list[str]:
    answer = client.post("/bank-instructions", body(movement, about, **wish))
    (item,) = answer.body["items"]
    assert item["outcome"] == "refused", item
    return [reason["code"] for reason in item["reasons"]]


def make(client: Client, movement: str, about: Invoice, **wish: Any) -> str:
    """The instruction's id."""
    (item,) = client.post("/bank-instructions", body(movement, about, **wish)).body["items"]
    assert item["outcome"] == "done", item
    return str(item["made"][0])


def change(call: Call, invoice: Invoice, **changes: Any) -> None:
    made.keep(call, invoices.invoice_row(call.tenant_id, now(call, invoice).evolve(**changes)))


def change_profile(call: Call, **changes: Any) -> None:
    made.keep(call, profile_row(call.tenant_id, get_profile(call.tenant_id, OWNER.id).evolve(**changes)))


@pytest.mark.req("BNK-04", "INV-12")
def test_each_title_has_its_own_answer_and_a_repeat_requests_nothing_twice(
    client: Client, call: Call
) -> None:
    first, second = keep_registered(call, OWNER, 2)
    change(call, second, remittance=RemittanceState.TRANSMITTED)
    wanted = body("write_off", first, second, first.evolve(id="inv_nada"))

    answer = client.post("/bank-instructions", wanted, key="write-off-many")
    again = client.post("/bank-instructions", wanted, key="write-off-many")

    assert [item["outcome"] for item in answer.body["items"]] == ["done", "refused", "refused"]
    assert [r["code"] for r in answer.body["items"][1]["reasons"]] == ["instruction.not_registered"]
    assert again.body == answer.body
    (kept,) = client.get(f"{path_of(first)}/instructions").body["items"]
    assert (kept["id"], kept["status"], kept["asked_by"]) == (
        answer.body["items"][0]["made"][0],
        "waiting",
        "usr_ana",
    )
    assert now(call, first).remittance is RemittanceState.WRITE_OFF_QUEUED
    assert instructions_of(call, second) == []


@pytest.mark.req("BNK-04", "PLT-04")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_request_cut_at_any_write_and_repeated_makes_one_instruction(
    client: Client, call: Call, aws: InProcessAws, moment: str
) -> None:
    whole = keep_registered(call, OWNER, 8)
    points = count_writes(aws, lambda: client.post("/bank-instructions", body("write_off", whole[0])))
    assert points > 1
    for point, about in enumerate(whole[1 : points + 1]):
        wanted, key = body("write_off", about), f"cut-{moment}-{point}"
        with pytest.raises(Cut), cut(aws, point, moment):
            client.post("/bank-instructions", wanted, key=key)
        (item,) = client.post("/bank-instructions", wanted, key=key).body["items"]

        assert item["outcome"] == "done", (moment, point)
        assert [one.id for one in instructions_of(call, about)] == item["made"], (moment, point)


@pytest.mark.req("BNK-04")
def test_two_people_at_once_queue_one_instruction(
    client: Client, call: Call, title: Invoice, aws: InProcessAws
) -> None:
    other = Client(handler, user_id="usr_rui")
    wanted = body("write_off", title)
    with meanwhile(aws, 0, lambda: other.post("/bank-instructions", wanted)):
        (item,) = client.post("/bank-instructions", wanted).body["items"]

    assert item["outcome"] == "refused"
    assert [one.asked_by for one in instructions_of(call, title)] == ["usr_rui"]


@pytest.mark.req("INV-07")
def test_history_of_the_invoice_shows_what_was_requested_from_the_bank(
    client: Client, title: Invoice
) -> None:
    make(client, "protest", title)

    (entry,) = Client(invoicing_handler).get(f"{path_of(title)}/history").body["items"]
    assert (entry["action"], entry["note"]) == ("invoice.instructed", "protesto: Acordo")


@pytest.mark.req("BNK-04")
def test_refusal_names_every_reason_at_once(client: Client, call: Call, title: Invoice) -> None:
    change(
        call,
        title,
        status=InvoiceStatus.SETTLED,
        settled_on=date(2026, 3, 9),
        remittance=RemittanceState.NONE,
    )
    change_profile(call, sends_write_off=False)

    assert refused(client, "write_off", title) == [
        "invoice.settled",
        "instruction.not_registered",
        "instruction.no_command",
    ]
    assert refused(client, "grant_rebate", title, rebate="100.00") == [
        "invoice.settled",
        "instruction.not_registered",
        "remittance.rebate",
    ]


def settle(call: Call, invoice: Invoice, method: Method) -> None:
    settlement = Settlement(
        id=f"set_{method}",
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        method=method,
        principal=invoice.amount,
        received=invoice.amount,
        settled_on=call.today,
        source="usr_ana",
    )
    made.keep(call, payments.settlement_row(call.tenant_id, settlement))
    change(call, invoice, status=InvoiceStatus.SETTLED, paid=invoice.amount, settled_on=call.today)


@pytest.mark.req("INV-12", "INV-08")
def test_title_paid_at_the_counter_can_only_be_written_off(
    client: Client, call: Call, title: Invoice
) -> None:
    """Otherwise the customer could pay the boleto too."""
    settle(call, title, Method.OTHER)

    assert refused(client, "protest", title) == ["invoice.settled"]
    offers = {o["movement"]: o for o in client.get(f"{path_of(title)}/offered-instructions").body["items"]}
    assert [name for name, offer in offers.items() if not offer["refusals"]] == ["write_off"]
    make(client, "write_off", title)
    (foreseen,) = client.get(f"/payment-profiles/{OWNER.id}/remittance-preview", **DUE).body["going"]
    assert foreseen["reasons"] == []
    assert b"inv_0001" in sent(call)
    assert now(call, title).status is InvoiceStatus.SETTLED


@pytest.mark.req("INV-12", "INV-08")
@pytest.mark.parametrize("method", [Method.BANK_RETURN, Method.PROFILE])
def test_title_paid_at_the_bank_is_not_written_off_even_if_that_was_queued(
    client: Client, call: Call, method: Method
) -> None:
    paid, queued = keep_registered(call, OWNER, 2)
    settle(call, paid, method)
    assert refused(client, "write_off", paid) == ["invoice.settled"]

    make(client, "write_off", queued)
    settle(call, queued, method)
    remittances.start(call, Walker(), REQUEST)
    assert [one.status for one in instructions_of(call, queued)] == [InstructionStatus.CANCELLED]
    assert now(call, queued).remittance is RemittanceState.REGISTERED


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": InvoiceStatus.DELETED}, "invoice.deleted"),
        ({"status": InvoiceStatus.RENEGOTIATED}, "invoice.renegotiated"),
        ({"remittance": RemittanceState.WRITTEN_OFF}, "instruction.written_off"),
        ({"rebate": "5.00"}, "instruction.rebate_granted"),
    ],
)
def test_title_that_can_have_no_rebate_is_refused(
    client: Client, call: Call, title: Invoice, changes: dict[str, Any], code: str
) -> None:
    change(call, title, **changes)

    assert refused(client, "grant_rebate", title, rebate="10.00") == [code]


@pytest.mark.req("BNK-04")
def test_discount_is_granted_once_until_a_day_to_come_and_cancelled_where_the_bank_cancels(
    client: Client, call: Call
) -> None:
    discount = {"amount": "5.00", "until": "2026-03-20"}
    bank_of_brazil = made.profile(
        OWNER.terms.evolve(
            bank="001",
            agencia="1234",
            agencia_digit="3",
            conta="654321",
            conta_digit="9",
            convenio="3128557",
            carteira="17",
            variacao="019",
            layout=Layout.CNAB240,
        )
    )
    (kept,) = keep_registered(call, bank_of_brazil, 1)

    past = {**discount, "until": "2026-03-09"}
    assert "instruction.discount_past" in refused(client, "grant_discount", kept, discount=past)
    assert refused(client, "cancel_discount", kept) == ["instruction.no_discount"]
    change(call, kept, discount=discount)
    assert "instruction.discount_granted" in refused(client, "grant_discount", kept, discount=discount)
    assert make(client, "cancel_discount", kept)


@pytest.mark.req("BNK-04")
def test_same_instruction_is_not_queued_twice_and_nothing_follows_a_write_off(
    client: Client, title: Invoice
) -> None:
    make(client, "protest", title)
    assert refused(client, "protest", title) == ["instruction.queued"]

    make(client, "write_off", title)
    assert refused(client, "change_data", title) == ["instruction.write_off_queued"]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("wish", "codes"),
    [
        ({"due_on": "2026-03-20"}, ["instruction.same_due_date", "instruction.due_date_past"]),
        ({"due_on": "2026-03-09"}, ["instruction.due_date_past"]),
    ],
)
def test_new_due_date_differs_from_the_old_and_is_not_past(
    client: Client, title: Invoice, wish: dict[str, str], codes: list[str]
) -> None:
    assert refused(client, "change_due_date", title, **wish) == codes


@pytest.mark.req("BNK-04")
def test_bank_that_does_not_accept_the_instruction_is_named(
    client: Client, call: Call, title: Invoice
) -> None:
    change_profile(call, terms=OWNER.terms.evolve(layout=Layout.NONE))

    assert refused(client, "protest", title) == ["instruction.not_taken"]
    assert client.get(f"{path_of(title)}/offered-instructions").body == {"items": []}


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    "wish",
    [
        {"movement": "register"},
        {"movement": "change_due_date"},
        {"movement": "protest", "due_on": "2026-04-01"},
        {"movement": "grant_rebate"},
        {"movement": "grant_discount"},
    ],
)
def test_instruction_without_its_new_value_is_refused(
    client: Client, title: Invoice, wish: dict[str, str]
) -> None:
    assert client.post("/bank-instructions", {**body("protest", title), **wish}).status == 400


@pytest.mark.req("INV-03")
def test_instructions_that_the_bank_takes_for_the_title_are_offered(
    client: Client, call: Call, title: Invoice
) -> None:
    make(client, "change_due_date", title, due_on="2026-04-15")
    change_profile(call, sends_write_off=False)

    offers = {o["movement"]: o for o in client.get(f"{path_of(title)}/offered-instructions").body["items"]}
    assert set(offers) == {
        "write_off",
        "change_due_date",
        "grant_rebate",
        "cancel_rebate",
        "grant_discount",
        "protest",
        "stop_protest",
        "report_to_bureau",
        "withdraw_from_bureau",
        "change_data",
    }
    assert (offers["grant_rebate"]["name"], offers["grant_rebate"]["refusals"]) == (
        "concessão de abatimento",
        [],
    )
    assert "na fila" in offers["change_due_date"]["refusals"][0]
    assert "comando de baixa" in offers["write_off"]["refusals"][0]


@pytest.mark.req("INV-03", "BNK-04")
def test_bank_without_an_instruction_does_not_offer_it(client: Client, call: Call) -> None:
    sicoob = made.profile(
        BankTerms(
            bank="756",
            agencia="3069",
            agencia_digit="4",
            conta="12345",
            conta_digit="0",
            convenio="123456",
            carteira="1",
            variacao="01",
            layout=Layout.CNAB240,
            beneficiary_name="Alfa Telecom Ltda",
            beneficiary_document="11222333000181",
        )
    )
    (kept,) = keep_registered(call, sicoob, 1)

    offers = client.get(f"{path_of(kept)}/offered-instructions").body["items"]
    assert "report_to_bureau" not in {offer["movement"] for offer in offers}
    assert refused(client, "report_to_bureau", kept) == ["instruction.not_taken"]


@pytest.mark.req("BNK-04", "INV-12")
def test_waiting_instruction_is_cancelled_and_the_title_continues(
    client: Client, call: Call, title: Invoice
) -> None:
    path = f"{path_of(title)}/instructions/{make(client, 'write_off', title)}/cancel"

    cancelled = client.post(path, {"reason": "O cliente pagou"})

    assert (cancelled.body["status"], cancelled.body["ended_because"]) == ("cancelled", "O cliente pagou")
    assert now(call, title).remittance is RemittanceState.REGISTERED
    assert client.post(path, {"reason": "De novo"}).code == "instruction.not_waiting"
    second = make(client, "write_off", title)
    remittances.start(call, Walker(), REQUEST)
    sent = client.post(f"{path_of(title)}/instructions/{second}/cancel", {"reason": "Tarde"})
    assert sent.code == "instruction.not_waiting"
    assert {one.id: one.status for one in instructions_of(call, title)}[second] is InstructionStatus.SENT


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("status", "code"),
    [
        (InvoiceStatus.OPEN, None),
        (InvoiceStatus.DELETED, "instruction.needed"),
        (InvoiceStatus.REPLACED, "instruction.needed"),
        (InvoiceStatus.RENEGOTIATED, "instruction.needed"),
    ],
)
def test_write_off_is_not_cancelled_while_the_boleto_must_not_be_paid(
    client: Client, call: Call, title: Invoice, status: InvoiceStatus, code: str | None
) -> None:
    """Without it the bank would still take the money."""
    path = f"{path_of(title)}/instructions/{make(client, 'write_off', title)}/cancel"
    change(call, now(call, title), status=status)

    answer = client.post(path, {"reason": "Engano"})

    assert (answer.code if code else answer.body["status"]) == (code or "cancelled")


@pytest.mark.req("BEY-13")
def test_preview_lists_the_titles_that_would_be_sent_and_why_others_would_not(
    client: Client, call: Call
) -> None:
    first, second, third = made.keep_invoices(call, OWNER, 3)
    change(call, third, remittance=RemittanceState.REGISTERED)
    make(client, "protest", third)
    change(call, second, discount=OnTimeDiscount(amount=Money("95.00"), until=date(2026, 3, 20)))

    seen = client.get(f"/payment-profiles/{OWNER.id}/remittance-preview", **DUE).body

    assert (seen["titles"], seen["instructions"], seen["total"], seen["refused"]) == (1, 1, "100.00", 1)
    assert [(t["invoice_id"], "instruction_id" in t) for t in seen["going"]] == [
        (first.id, False),
        (third.id, True),
    ]
    (reason,) = seen["refusals"][0]["reasons"]
    assert (seen["refusals"][0]["number"], reason["field"], reason["value"]) == (
        2,
        "discount",
        "R$ 95,00 até 20/03/2026",
    )
    assert (reason["code"], "passam de 90%" in reason["message"]) == ("remittance.discount", True)
    assert "C047, 29" in reason["source"]
    assert "desconto" in reason["advice"]
    assert store.remittances(call.tenant_id, OWNER.id) == []
    assert now(call, first).remittance is RemittanceState.NONE


@pytest.mark.req("BEY-13")
def test_preview_shows_missing_registration_data_as_empty(client: Client, call: Call) -> None:
    (kept,) = made.keep_invoices(call, OWNER, 1)
    lacking = customers.get(call.tenant_id, kept.customer_id).evolve(addresses=())
    made.keep(call, customers.customer_row(call.tenant_id, lacking))

    seen = client.get(f"/payment-profiles/{OWNER.id}/remittance-preview", **DUE).body
    (reason,) = seen["refusals"][0]["reasons"]
    assert (reason["field"], reason["value"]) == ("payer.street", "")


@pytest.mark.req("BEY-13")
@pytest.mark.parametrize("route", ["remittance-preview", "rejected-titles"])
def test_range_that_ends_before_it_begins_or_is_too_long_is_refused(
    client: Client, title: Invoice, route: str
) -> None:
    path = f"/payment-profiles/{OWNER.id}/{route}"

    assert client.get(path, due_from="2026-04-01", due_to="2026-03-01").code == "remittance.range"
    assert client.get(path, due_from="2026-01-01", due_to="2027-03-01").code == "remittance.range"


def sent(call: Call) -> bytes:
    remittances.start(call, Walker(), REQUEST)
    return file_of(call, S3Files("mensal-files"), OWNER)


@pytest.mark.req("BNK-04")
def test_remittance_is_shown_record_by_record_in_parts(client: Client, call: Call) -> None:
    made.keep_invoices(call, OWNER, 3)
    lines = sent(call).decode("ascii").split("\r\n")
    path = f"/payment-profiles/{OWNER.id}/remittances/1/records"

    part = client.get(path, first="2", count="2").body
    last_part = client.get(path, first=str(part["next_line"])).body

    assert [(r["line"], r["text"]) for r in part["items"]] == [(2, lines[1]), (3, lines[2])]
    fields = {f["name"]: f for f in part["items"][0]["fields"]}
    assert (fields["vencimento"]["columns"], fields["vencimento"]["value"]) == ("121-126", "200326")
    assert "Itaú" in part["items"][0]["source"]
    assert ([r["line"] for r in last_part["items"]], "next_line" in last_part) == ([4, 5], False)
    assert client.get(f"/payment-profiles/{OWNER.id}/remittances/2/records").code == "remittance.missing"
    assert client.get(path, count="101").status == 400


@pytest.mark.req("BNK-05")
def test_refused_return_is_shown_with_its_unreadable_fields(client: Client, call: Call) -> None:
    made.keep_invoices(call, OWNER, 1)
    good = bank.respond(sent(call), lambda _: [bank.confirmed()], sequence=1, on=date(2026, 3, 11))
    lines = good.split(b"\r\n")
    dated = lines[1][:110] + b"310226" + lines[1][116:]
    spoilt = b"\r\n".join([lines[0], dated, b"?" * 400, lines[2][:390], b""])
    returned = receive(call, S3Files("mensal-files"), spoilt)

    items = client.get(f"/bank-returns/{returned.id}/records").body["items"]

    assert returned.problem is not None
    assert [f["name"] for f in items[1]["fields"] if f["is_wrong"]] == ["data_ocorrencia"]
    assert [r["has_wrong_length"] for r in items] == [False, False, False, True]
    assert ("record" in items[2], items[2]["text"]) == (False, "?" * 400)


@pytest.mark.req("INV-13")
def test_mark_is_removed_and_the_answer_says_that_it_must_be_remitted_again(
    client: Client, call: Call, title: Invoice
) -> None:
    invoicing = Client(invoicing_handler)
    path = f"/customers/{title.customer_id}/invoices/remove-remittance-mark"
    wanted = {"ids": [title.id], "reason": "O arquivo não foi enviado ao banco"}

    sent = now(call, title).evolve(remittance=RemittanceState.TRANSMITTED)
    made.keep(call, invoices.invoice_row(call.tenant_id, sent))

    (item,) = invoicing.post(path, wanted).body["items"]
    (again,) = invoicing.post(path, wanted).body["items"]

    assert (item["outcome"], item["reasons"][0]["code"]) == ("warned", "invoice.remit_again")
    assert "nova remessa" in item["reasons"][0]["message"]
    assert (again["outcome"], again["reasons"][0]["code"]) == ("refused", "invoice.not_remitted")
    assert now(call, title).is_unmarked
    remittances.start(call, Walker(), REQUEST)
    assert (now(call, title).remittance, now(call, title).is_unmarked) == (RemittanceState.TRANSMITTED, False)


@pytest.mark.req("INV-13", "INV-12")
def test_mark_stays_while_the_write_off_is_queued(client: Client, call: Call, title: Invoice) -> None:
    make(client, "write_off", title)
    wanted = {"ids": [title.id], "reason": "Engano"}

    path = f"/customers/{title.customer_id}/invoices/remove-remittance-mark"
    (item,) = Client(invoicing_handler).post(path, wanted).body["items"]

    assert [reason["code"] for reason in item["reasons"]] == ["invoice.write_off_queued"]


@pytest.mark.req("SEC-01", "SEC-02")
def test_people_of_other_companies_neither_request_nor_see_instructions(
    client: Client, call: Call, title: Invoice
) -> None:
    instruction = make(client, "protest", title)
    sent(call)
    stranger, neighbour = Client(handler, companies="com_beta"), Client(handler, tenant_id="ten_beta")
    reader = Client(handler, profile=Profile.CONSULTA)

    def codes(answers: list[Answer]) -> set[str]:
        return {answer.code for answer in answers}

    paths = [
        f"{path_of(title)}/instructions",
        f"{path_of(title)}/offered-instructions",
        f"/payment-profiles/{OWNER.id}/remittances/1/records",
    ]
    ranges = [f"/payment-profiles/{OWNER.id}/{r}" for r in ("remittance-preview", "rejected-titles")]
    seen = [stranger.get(path) for path in paths] + [stranger.get(path, **DUE) for path in ranges]
    assert codes(seen) == {"access.company"}
    sent_files = [
        f"/payment-profiles/{OWNER.id}/remittances",
        f"/payment-profiles/{OWNER.id}/remittances/1/file",
    ]
    assert codes([stranger.get(path) for path in sent_files]) == {"access.company"}
    assert {neighbour.get(path).status for path in paths} == {404}
    assert refused(stranger, "change_data", title) == ["access.company"]
    assert refused(neighbour, "change_data", title) == ["invoice.missing"]
    assert reader.post("/bank-instructions", body("change_data", title)).code == "access.denied"
    cancel = f"{path_of(title)}/instructions/{instruction}/cancel"
    assert reader.post(cancel, {"reason": "Engano"}).code == "access.denied"


@pytest.mark.req("SEC-02")
def test_return_is_seen_by_its_company_and_one_of_an_unknown_account_by_people_of_all_companies(
    client: Client, call: Call
) -> None:
    """The person who uploaded a refused file is told why, but not what is in it."""
    made.keep_invoices(call, OWNER, 1)
    good = bank.respond(sent(call), lambda _: [bank.confirmed()], sequence=1, on=date(2026, 3, 11))
    known = receive(call, S3Files("mensal-files"), good)
    unknown = receive(call, S3Files("mensal-files"), good[:500])
    beta = made.profile(made.itau_terms("54321"), id="pro_beta", company_id="com_beta")
    made.keep(call, profile_row(call.tenant_id, beta))

    def listed(who: Client) -> set[str]:
        return {bank_return["id"] for bank_return in who.get("/bank-returns").body["items"]}

    stranger, both = Client(handler, companies="com_beta"), Client(handler, companies="com_alfa com_beta")
    assert listed(client) == {known.id, unknown.id}
    assert listed(stranger) == {unknown.id}
    paths = [f"/bank-returns/{known.id}{part}" for part in ("", "/lines", "/records")]
    assert [stranger.get(path).code for path in paths] == ["access.company"] * 3
    assert [client.get(path).status for path in paths] == [200] * 3
    assert stranger.get(f"/bank-returns/{unknown.id}").body["problem"] == unknown.problem
    records = f"/bank-returns/{unknown.id}/records"
    assert (stranger.get(records).code, client.get(records).code) == ("access.company", "access.company")
    assert both.get(records).status == 200


@pytest.mark.req("BEY-13", "BNK-04")
@pytest.mark.parametrize(("percent", "codes"), [("0.29", ["remittance.interest"]), ("0.3", [])])
def test_preview_warns_of_what_the_file_leaves_out(
    client: Client, call: Call, percent: str, codes: list[str]
) -> None:
    """At 0.3 % a month, R$ 100.00 gives one cent a day; below that it gives less, which CNAB 400 cannot express."""
    owner = OWNER.evolve(terms=OWNER.terms.evolve(interest_percent_month=percent))
    made.keep_invoices(call, owner, 1)

    seen = client.get(f"/payment-profiles/{owner.id}/remittance-preview", **DUE).body

    (title,) = seen["going"]
    assert [warning["code"] for warning in title["warnings"]] == codes
    assert all("não chegam a um centavo" in warning["message"] for warning in title["warnings"])


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("days", "codes"), [(-1, ["instruction.not_overdue"]), (0, [])])
def test_protest_is_requested_only_when_overdue(
    client: Client, call: Call, title: Invoice, days: int, codes: list[str]
) -> None:
    """Due on 20/03: from the day after."""
    clock_row(call.now + timedelta(days=days)).save()

    if codes:
        assert refused(client, "protest", title) == codes
        assert refused(client, "report_to_bureau", title)[0] == codes[0]
    else:
        assert make(client, "protest", title)
