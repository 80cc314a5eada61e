"""Bank returns: checked completely, applied once, and what does not match is held (BNK-05, PAY-08)."""

from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.scope import Scope
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.bank_files import remittances, returns, store
from billing.bank_files.model import OccurrenceOutcome, RemittanceRequest, ReturnFile, ReturnStatus
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import Occurrence
from billing.banking.pix import static_code
from billing.banking.store import profile_row
from billing.core.clock import FixedClock
from billing.core.errors import Conflict, Forbidden
from billing.core.files import Folder
from billing.core.money import Money
from billing.core.period import Month
from billing.entry import wiring
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.payments import store as payments
from billing.payments.model import HeldReason
from billing.payments.service import ClosingOfAccount, close_account
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.model import RunStatus
from billing.uploads.model import StoredFile
from functions.bank_files.api import handler
from functions.bank_files.events import return_uploaded
from tests.support import made
from tests.support.aws import InProcessAws, put_back, state
from tests.support.beside import beside_itself
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.http import Client
from tests.support.machine import Remembered, Walker, call_task, walk
from tests.support.uploads import sent, upload_event

PAID_ON = date(2026, 3, 20)
REQUEST = RemittanceRequest(profile_id="pro_3410001", due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture
def profile(aws: InProcessAws, call: Call) -> PaymentProfile:
    return registered(call, made.profile(cash_account_id="acc_itau"), first=1)


def registered(call: Call, owner: PaymentProfile, *, first: int) -> PaymentProfile:
    """Five invoices of 100.00 to 100.04, sent to the bank."""
    made.keep_invoices(call, owner, 5, first=first)
    remittances.start(call, Walker(), REQUEST.evolve(profile_id=owner.id))
    return owner


def remitted(call: Call, files: S3Files, profile: PaymentProfile) -> bytes:
    (remittance,) = store.remittances(call.tenant_id, profile.id)
    return files.get(store.file_key(call.tenant_id, remittance))


def receive(call: Call, files: S3Files, data: bytes, name: str = "a.ret") -> ReturnFile:
    returned = returns.receive(call, files, Walker(), dropped(call, data, name))
    return store.get_return(call.tenant_id, returned.id)


def dropped(call: Call, data: bytes, name: str = "a.ret") -> StoredFile:
    """A bank puts a file under a name that may already be in use."""
    return sent(Folder.BANK_CHANNEL.key(call.tenant_id, name), data)


def paid_file(call: Call, files: S3Files, profile: PaymentProfile) -> bytes:
    """The first paid in full, the second twice, the third a cent short, the fourth two reais over, and one unknown."""

    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        n = title.amount.cents - 10000
        if n == 0:
            return [bank.paid(title.amount)]
        if n == 1:
            return [bank.paid(title.amount), bank.paid(title.amount)]
        if n == 2:
            return [bank.paid(title.amount - Money("0.01"))]
        if n == 3:
            return [
                bank.paid(title.amount + Money("2.00")),
                bank.of_unknown_title(bank.paid(Money("55.00")), "99999999"),
            ]
        return []

    return bank.respond(remitted(call, files, profile), decide, sequence=2, on=PAID_ON)


def invoices_kept(call: Call, first: int = 1) -> list[Invoice]:
    pairs = [(f"cus_{n - 1:04d}", f"inv_{n:04d}") for n in range(first, first + 5)]
    by_id = invoices.find_invoices(call.tenant_id, pairs)
    return [by_id[invoice_id] for _, invoice_id in pairs]


@pytest.mark.req("BNK-05")
def test_confirmed_entries_register_the_titles(call: Call, files: S3Files, profile: PaymentProfile) -> None:
    data = bank.respond(
        remitted(call, files, profile), lambda _: [bank.confirmed()], sequence=1, on=date(2026, 3, 11)
    )
    returned = receive(call, files, data)

    assert (returned.status, returned.totals["applied"]) == (ReturnStatus.APPLIED, "5")
    assert {invoice.remittance for invoice in invoices_kept(call)} == {RemittanceState.REGISTERED}


@pytest.mark.req("PAY-08")
def test_payment_of_nothing_but_interest_is_held_by_that_name(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        return [bank.paid(Money("3.00"), interest=Money("3.00"))] if title.amount.cents == 10000 else []

    remittance = remitted(call, files, profile)
    returned = receive(call, files, bank.respond(remittance, decide, sequence=1, on=PAID_ON))

    [line] = store.lines(call.tenant_id, returned.id)
    [held] = payments.held_in(call.tenant_id, Month("2026-03"))
    assert (held.reason, held.held) == (HeldReason.WITHOUT_PRINCIPAL, Money("3.00"))
    assert "o que foi pago da Fatura 1 cobre só juros e multa" in line.message
    assert invoices_kept(call)[0].status is InvoiceStatus.OPEN


@pytest.mark.req("BNK-05", "BNK-06")
def test_pix_that_the_bank_made_for_the_boleto_is_the_invoices(call: Call, files: S3Files) -> None:
    """As the PDF prints it. A profile that does not register Pix keeps its own."""

    def code(amount: Money) -> str:
        return static_code(key="11222333000181", name="Banco", city="Sao Paulo", amount=amount)

    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        wrong = title.amount.cents % 2
        return [bank.confirmed(pix_emv=code(title.amount + Money.from_cents(wrong)))]

    for first, registers_pix in ((1, True), (11, False)):
        terms = made.itau_terms(f"{first * 1111:05d}").evolve(registers_pix=registers_pix)
        owner = registered(
            call, made.profile(terms, id=f"pro_{first:07d}", cash_account_id="acc_i"), first=first
        )
        before = invoices_kept(call, first)
        remittance = remitted(call, files, owner)
        returned = receive(
            call, files, bank.respond(remittance, decide, sequence=1, on=PAID_ON), f"{first}.ret"
        )

        after = invoices_kept(call, first)
        good = [registers_pix and not one.amount.cents % 2 for one in before]
        assert [now.pix_payload for now in after] == [
            code(one.amount) if banks else one.pix_payload for one, banks in zip(before, good, strict=True)
        ]
        messages = [line.message for line in store.lines(call.tenant_id, returned.id)]
        assert [", com o Pix dele" in message for message in messages] == good
        assert (
            any("O banco não devolveu o Pix: O código Pix" in message for message in messages)
            == registers_pix
        )


@pytest.mark.req("BNK-05")
def test_a_command_refused_is_the_entry_until_the_title_is_registered(call: Call, files: S3Files) -> None:
    """Banco do Brasil, CNAB 400, refuses entry and instruction with the same code."""
    owner = registered(call, made.profile(made.BANCO_DO_BRASIL_400, cash_account_id="acc_bb"), first=1)
    remittance = remitted(call, files, owner)

    def even(title: bank.TitleSeen) -> bool:
        return title.amount.cents % 2 == 0

    entries = bank.respond(
        remittance,
        lambda title: [bank.confirmed() if even(title) else bank.rejected("18")],
        sequence=1,
        on=date(2026, 3, 11),
    )
    instructions = bank.respond(
        remittance,
        lambda title: [bank.rejected("53")] if even(title) else [],
        sequence=2,
        on=date(2026, 3, 12),
    )

    assert receive(call, files, entries).totals["applied"] == "5"
    assert receive(call, files, instructions, "b.ret").totals["recorded"] == "3"

    assert [invoice.remittance for invoice in invoices_kept(call)] == [
        RemittanceState.REGISTERED,
        RemittanceState.REJECTED,
        RemittanceState.REGISTERED,
        RemittanceState.REJECTED,
        RemittanceState.REGISTERED,
    ]


@pytest.mark.req("BNK-04", "BNK-05")
def test_a_number_with_its_year_is_matched_without_our_reference(call: Call, files: S3Files) -> None:
    """Sicredi, CNAB 400: the number that is sent, comes back and finds the invoice is the boleto's."""
    owner = registered(call, made.profile(made.SICREDI_400, cash_account_id="acc_sicredi"), first=1)
    remittance = remitted(call, files, owner)
    assert [title.nosso_numero for title in bank.titles_of(remittance)] == [
        invoice.nosso_numero for invoice in invoices_kept(call)
    ]

    receive(
        call, files, bank.respond(remittance, lambda _: [bank.confirmed()], sequence=1, on=date(2026, 3, 11))
    )
    receive(call, files, paid_file(call, files, owner), "b.ret")

    assert [invoice.status for invoice in invoices_kept(call)] == [
        InvoiceStatus.SETTLED,
        InvoiceStatus.SETTLED,
        InvoiceStatus.OPEN,
        InvoiceStatus.SETTLED,
        InvoiceStatus.OPEN,
    ]
    assert [invoice.remittance for invoice in invoices_kept(call)] == [
        RemittanceState.PAID,
        RemittanceState.PAID,
        RemittanceState.PAID,
        RemittanceState.PAID,
        RemittanceState.REGISTERED,
    ]


@pytest.mark.req("BNK-05", "PAY-08")
def test_payments_settle_and_what_does_not_match_is_held(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    returned = receive(call, files, paid_file(call, files, profile))

    whole, twice, short, over, unpaid = invoices_kept(call)
    held = {
        h.reason: (str(h.held), str(h.missing)) for h in payments.held_in(call.tenant_id, Month("2026-03"))
    }
    assert [i.status for i in (whole, twice, short, over, unpaid)] == [
        InvoiceStatus.SETTLED,
        InvoiceStatus.SETTLED,
        InvoiceStatus.OPEN,
        InvoiceStatus.SETTLED,
        InvoiceStatus.OPEN,
    ]
    assert held == {
        HeldReason.DUPLICATE: ("100.01", "0.00"),
        HeldReason.SHORT: ("0.00", "0.01"),
        HeldReason.OVERPAID: ("2.00", "0.00"),
        HeldReason.UNKNOWN_TITLE: ("55.00", "0.00"),
    }
    assert (returned.totals["applied"], returned.totals["held"]) == ("2", "4")
    assert returned.totals["received"] == "557.06"


@pytest.mark.req("SEC-02")
def test_run_of_a_return_is_of_the_company_of_its_account(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    returned = receive(call, files, paid_file(call, files, profile))

    assert run_store.get_for(call, returned.run_id).scope == Scope.of(profile.company_id)
    with pytest.raises(Forbidden):
        run_store.get_for(call._replace(scope=Scope.of("com_beta")), returned.run_id)


@pytest.mark.req("SEC-02")
def test_bank_files_of_another_company_are_not_read(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    returned = receive(call, files, paid_file(call, files, profile))
    unknown = receive(call, files, b"isto nao e um retorno\r\n", "b.ret")
    others = Client(handler, companies="com_beta")
    remittances_of, path = f"/payment-profiles/{profile.id}/remittances", f"/bank-returns/{returned.id}"

    parts = ("", "/1/file", "/1/records", "/1/titles")
    for hidden in (f"{remittances_of}{part}" for part in parts):
        assert others.get(hidden).code == "access.company"
    for hidden in (path, f"{path}/lines", f"{path}/records"):
        assert others.get(hidden).code == "access.company"
    assert [one["id"] for one in others.get("/bank-returns").body["items"]] == [unknown.id]
    assert len(Client(handler).get("/bank-returns").body["items"]) == 2
    assert len(Client(handler).get(remittances_of).body["items"]) == 1


@pytest.mark.req("BNK-04", "BNK-05")
def test_titles_lines_and_returns_are_read_page_by_page_in_their_order(
    call: Call, files: S3Files, profile: PaymentProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.bank_files.records.MOST_LINES", 2)
    monkeypatch.setattr("billing.core.page.MAX_PAGE", 2)
    client = Client(handler)
    returned = receive(call, files, paid_file(call, files, profile))
    receive(call, files, b"isto nao e um retorno\r\n", "b.ret")
    receive(call, files, b"nem isto\r\n", "c.ret")

    def pages(path: str) -> list[list[dict[str, Any]]]:
        page = client.get(path).body
        read = [page["items"]]
        while "next_cursor" in page:
            page = client.get(path, cursor=page["next_cursor"]).body
            read.append(page["items"])
        return read

    titles = pages(f"/payment-profiles/{profile.id}/remittances/1/titles")
    lines = pages(f"/bank-returns/{returned.id}/lines")
    files_back = pages("/bank-returns")

    assert [len(page) for page in titles] == [2, 2, 1]
    assert [title["number"] for page in titles for title in page] == [
        invoice.number for invoice in invoices_kept(call)
    ]
    assert titles[0][0]["status"] == "settled"
    numbers = [line["line_number"] for page in lines for line in page]
    assert (
        numbers == sorted(numbers) == [line.line_number for line in store.lines(call.tenant_id, returned.id)]
    )
    assert [len(page) for page in files_back] == [2, 1]
    assert len({one["id"] for page in files_back for one in page}) == 3


@pytest.mark.req("BNK-05", "PAY-08")
def test_payment_without_a_date_is_held_and_the_others_are_settled(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    lines = paid_file(call, files, profile).split(b"\r\n")
    lines[1] = lines[1][:110] + b"000000" + lines[1][116:295] + b"000000" + lines[1][301:]

    returned = receive(call, files, b"\r\n".join(lines))

    undated, *_ = store.lines(call.tenant_id, returned.id)
    assert (returned.status, undated.outcome) == (ReturnStatus.APPLIED, OccurrenceOutcome.HELD)
    assert undated.message == (
        "A linha 2 traz R$ 100,00 da Fatura 1 sem data, e nada foi lançado. "
        "Confira o extrato da conta e peça ao banco o arquivo corrigido."
    )
    first, second, *_ = invoices_kept(call)
    assert (first.status, second.status) == (InvoiceStatus.OPEN, InvoiceStatus.SETTLED)
    corrected = receive(call, files, paid_file(call, files, profile), "b.ret")
    assert (corrected.totals["applied"], invoices_kept(call)[0].status) == ("1", InvoiceStatus.SETTLED)


@pytest.mark.req("BNK-05", "PAY-09")
@pytest.mark.parametrize(
    ("occurred_on", "credited_on", "outcome"),
    [
        (b"200326", b"000000", OccurrenceOutcome.APPLIED),
        (b"000000", b"230326", OccurrenceOutcome.APPLIED),
        (b"000000", b"000000", OccurrenceOutcome.HELD),
    ],
)
def test_tariff_is_debited_on_a_day_of_its_line_or_not_at_all(
    call: Call,
    files: S3Files,
    profile: PaymentProfile,
    occurred_on: bytes,
    credited_on: bytes,
    outcome: OccurrenceOutcome,
) -> None:
    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        return [bank.charged(Money("4.50"))] if title.amount.cents == 10000 else []

    lines = bank.respond(remitted(call, files, profile), decide, sequence=1, on=PAID_ON).split(b"\r\n")
    lines[1] = lines[1][:110] + occurred_on + lines[1][116:295] + credited_on + lines[1][301:]

    returned = receive(call, files, b"\r\n".join(lines))

    (line,) = store.lines(call.tenant_id, returned.id)
    assert line.outcome is outcome
    debits = [
        (str(movement.amount), movement.on)
        for movement in payments.movements(call.tenant_id, "acc_itau", Month("2026-03"))
    ]
    if outcome is OccurrenceOutcome.HELD:
        assert line.message.startswith("A linha 2 traz R$ 4,50 da Fatura 1 sem data, e nada foi lançado.")
        assert debits == []
    else:
        assert line.message == "Tarifa de R$ 4,50 debitada."
        assert debits == [("-4.50", PAID_ON if occurred_on != b"000000" else date(2026, 3, 23))]


@pytest.mark.req("PAY-09")
def test_balance_moves_by_everything_that_the_bank_credited(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    receive(call, files, paid_file(call, files, profile))

    moved = payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved
    credited = Money.sum(
        line.net_credited for line in store.lines(call.tenant_id, store.returns(call.tenant_id)[0].id)
    )
    assert moved == credited


@pytest.mark.req("BNK-05")
def test_same_file_again_changes_nothing_and_says_so(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    data = paid_file(call, files, profile)
    first = receive(call, files, data)
    before = invoices_kept(call)
    again = receive(call, files, data, name="b.ret")

    assert (again.id, again.repeats) == (first.id, 1)
    assert invoices_kept(call) == before


@pytest.mark.req("BNK-05", "PLT-04")
def test_file_is_read_although_another_has_taken_its_name(
    call: Call, files: S3Files, profile: PaymentProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its event is handled, or between that and the reading."""
    started = Remembered()
    monkeypatch.setattr(wiring, "files", lambda: files)
    monkeypatch.setattr(wiring, "processes", lambda: started)
    remittance = remitted(call, files, profile)
    paid = [
        bank.respond(
            remittance,
            lambda t, n=n: [bank.paid(t.amount)] if t.amount.cents == 10000 + n else [],
            sequence=2 + n,
            on=PAID_ON,
        )
        for n in range(3)
    ]
    events = [upload_event(dropped(call, paid[0])), upload_event(dropped(call, paid[1]))]

    for event in events:
        return_uploaded(event, None)
    return_uploaded(upload_event(dropped(call, paid[2])), None)
    for machine, data in started.started:
        walk(machine, data)

    settled, opened = [InvoiceStatus.SETTLED] * 3, [InvoiceStatus.OPEN] * 2
    assert [invoice.status for invoice in invoices_kept(call)] == settled + opened
    kept = store.returns(call.tenant_id)
    assert [(r.status, r.totals["applied"], r.repeats) for r in kept] == [(ReturnStatus.APPLIED, "1", 0)] * 3


@pytest.mark.req("BNK-05")
def test_refused_file_sent_again_is_tried_again(call: Call, files: S3Files, profile: PaymentProfile) -> None:
    """Its account had no profile then, and has one now."""
    data = paid_file(call, files, profile)
    made.keep(call, profile_row(call.tenant_id, profile.evolve(terms=made.itau_terms("99999"), version=1)))
    refused = receive(call, files, data)
    assert (refused.status, refused.profile_id) == (ReturnStatus.REFUSED, None)
    made.keep(call, profile_row(call.tenant_id, profile.evolve(version=2)))

    again = receive(call, files, data)

    assert (again.status, again.problem, again.repeats) == (ReturnStatus.APPLIED, None, 0)
    assert again.totals["received"] == "557.06"


@pytest.mark.req("BNK-05")
def test_refused_file_is_shown_as_received_from_when_its_next_try_has_read_it(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    data = paid_file(call, files, profile)
    made.keep(call, profile_row(call.tenant_id, profile.evolve(terms=made.itau_terms("99999"), version=1)))
    refused = receive(call, files, data)
    made.keep(call, profile_row(call.tenant_id, profile.evolve(version=2)))
    started = Remembered()
    returns.receive(call, files, started, dropped(call, data))
    assert store.get_return(call.tenant_id, refused.id).status is ReturnStatus.REFUSED

    call_task("ReadReturn", started.started[0][1])

    received = store.get_return(call.tenant_id, refused.id)
    assert (received.status, received.problem, received.occurrences) == (ReturnStatus.RECEIVED, None, 6)


@pytest.mark.req("BNK-05")
def test_attempt_that_meets_another_does_not_refuse_the_file(
    call: Call, files: S3Files, profile: PaymentProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is passed on unchanged, for the machine to retry the task."""
    started = Remembered()
    data = paid_file(call, files, profile)
    returned = returns.receive(call, files, started, dropped(call, data))

    def beside(*_: object) -> None:
        raise Conflict("conflict", "O registro foi alterado.")

    monkeypatch.setattr(runs, "plan", beside)
    with pytest.raises(Conflict):
        call_task("ReadReturn", started.started[0][1])

    assert store.get_return(call.tenant_id, returned.id).status is ReturnStatus.RECEIVED


@pytest.mark.req("BNK-05")
def test_same_occurrences_in_another_file_change_nothing_and_say_so(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    receive(call, files, paid_file(call, files, profile))
    before = invoices_kept(call)
    another = bank.respond(
        remitted(call, files, profile),
        lambda t: [bank.paid(t.amount)] if t.amount == Money("100.00") else [],
        sequence=3,
        on=PAID_ON,
    )
    returned = receive(call, files, another, name="b.ret")

    assert returned.totals == {"received": "0.00", "repeated": "1"}
    assert [line.outcome for line in store.lines(call.tenant_id, returned.id)] == [OccurrenceOutcome.REPEATED]
    assert invoices_kept(call) == before


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("damage", ["cut in a line", "not a return", "other account"])
def test_damaged_file_changes_nothing_and_says_where(
    call: Call, files: S3Files, profile: PaymentProfile, damage: str
) -> None:
    data = paid_file(call, files, profile)
    before = invoices_kept(call)
    bad = {
        "cut in a line": data[: len(data) // 2 + 100],
        "not a return": b"isto nao e um retorno\r\n",
        "other account": data.replace(b"0057", b"0999"),
    }[damage]
    returned = receive(call, files, bad)

    run = run_store.get(call.tenant_id, returned.run_id)
    assert (returned.status, run.status) == (ReturnStatus.REFUSED, RunStatus.FAILED)
    assert returned.problem is not None
    assert ("linha" in returned.problem) or ("conta" in returned.problem)
    assert invoices_kept(call) == before
    assert payments.held_in(call.tenant_id, Month("2026-03")) == []


@pytest.mark.req("BNK-05", "PLT-04")
def test_return_processed_twice_at_once_at_any_write_has_the_same_result(call: Call) -> None:
    """The same file comes again, and is applied completely between two writes of the first."""

    def base() -> None:
        registered(call, made.profile(cash_account_id="acc_itau"), first=1)

    def come() -> None:
        files = S3Files("mensal-files")
        receive(call, files, paid_file(call, files, made.profile()))

    for point, rows, undisturbed in beside_itself(base, come):
        assert rows == undisturbed, f"the second came in at write {point}"


@pytest.mark.req("BNK-05", "PLT-04")
def test_return_cut_before_and_after_every_write_converges(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    data = paid_file(call, files, profile)
    begun = state()
    points = count_writes(aws, lambda: receive(call, files, data))
    undisturbed = [(i.status, i.paid) for i in invoices_kept(call)]
    moved = payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved
    assert points > 10

    for moment, point in product(("before", "after"), range(points)):
        put_back(begun)
        with pytest.raises(Cut), cut(aws, point, moment):
            receive(call, files, data)
        receive(call, files, data)

        assert [(i.status, i.paid) for i in invoices_kept(call)] == undisturbed, (moment, point)
        again = payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved
        assert again == moved, (moment, point)


@pytest.mark.req("PAY-09", "PLT-04")
def test_return_that_meets_a_closing_at_any_write_never_moves_the_closed_days(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    data = paid_file(call, files, profile)
    begun = state()
    points = count_writes(aws, lambda: receive(call, files, data))
    whole = payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved
    later = call._replace(clock=FixedClock(datetime(2026, 3, 21, 12, 0, tzinfo=UTC)))
    account_id = "acc_itau"

    for point in range(points):
        put_back(begun)
        closed: list[Money] = []

        def close(closed: list[Money] = closed) -> None:
            close_account(later, account_id, ClosingOfAccount(until=date(2026, 3, 21)))
            closed.append(payments.balance(call.tenant_id, account_id, PAID_ON, date(2026, 3, 21)).moved)

        with meanwhile(aws, point, close):
            returned = receive(call, files, data)

        kept = payments.balance(call.tenant_id, account_id, PAID_ON, date(2026, 3, 21)).moved
        everything = payments.balance(call.tenant_id, account_id, PAID_ON, date(2026, 3, 31)).moved
        assert (returned.status, [kept], everything) == (ReturnStatus.APPLIED, closed, whole), point


@pytest.mark.req("PAY-09", "SEC-02")
def test_return_of_a_profile_with_another_companys_account_waits_until_corrected(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    (account,) = payments.accounts(call.tenant_id)
    payments.account_row(call.tenant_id, account.evolve(company_id="com_beta")).save()
    data = paid_file(call, files, profile)

    refused = receive(call, files, data)
    assert refused.status is ReturnStatus.REFUSED
    assert refused.problem == "A conta de dinheiro Itaú é de outra empresa."
    assert {invoice.status for invoice in invoices_kept(call)} == {InvoiceStatus.OPEN}

    payments.account_row(call.tenant_id, account).save()
    runs.start_again(call, Walker(), refused.run_id)
    assert store.get_return(call.tenant_id, refused.id).status is ReturnStatus.APPLIED


def told_otherwise(data: bytes, *, tariff: int, credit: str) -> bytes:
    """The file with another tariff and date of credit in every payment, and the same amounts paid: Itaú, CNAB 400, has
    the tariff in columns 176-188, what is left of the payment in 254-266, the date in 296-301."""

    def altered(line: bytes) -> bytes:
        if line[:1] != b"1":
            return line
        paid = int(line[253:266]) + int(line[175:188])
        return b"%b%013d%b%013d%b%b%b" % (
            *(line[:175], tariff, line[188:253], paid - tariff),
            *(line[266:295], credit.encode(), line[301:]),
        )

    return b"\r\n".join(map(altered, data.split(b"\r\n")))


@pytest.mark.req("BNK-05")
def test_the_second_file_of_a_payment_completes_the_first_and_enters_nothing_again(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    """First without the date of credit and the tariff, then with them; a third time, there is nothing to add."""

    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        return [bank.paid(title.amount)] * (1 + title.amount.cents % 2) if title.amount.cents < 10002 else []

    whole = bank.respond(remitted(call, files, profile), decide, sequence=2, on=PAID_ON)
    bare = told_otherwise(whole, tariff=0, credit="000000")
    complete = told_otherwise(whole, tariff=150, credit="230326")
    receive(call, files, bare)
    balance = payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved

    second = receive(call, files, complete, "b.ret")
    third = receive(call, files, complete + b"\r\n", "c.ret")

    moved = payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved
    assert (balance, moved) == (Money("300.02"), balance - Money("4.50"))
    assert (second.totals["completed"], second.totals["received"]) == ("3", "0.00")
    assert (third.totals["repeated"], third.totals["received"]) == ("3", "0.00")
    assert {h.reason for h in payments.held_in(call.tenant_id, Month("2026-03"))} == {HeldReason.DUPLICATE}
    [settlement] = payments.settlements_of(call.tenant_id, "cus_0000", "inv_0001")
    assert (settlement.credited_on, settlement.moved_on) == (date(2026, 3, 23), PAID_ON)
    first = store.lines(call.tenant_id, second.id)[0]
    assert "crédito em 23/03/2026 e tarifa de R$ 1,50" in first.message


@pytest.mark.req("BNK-05", "PLT-04")
def test_a_completion_cut_off_anywhere_completes_once(aws: InProcessAws, call: Call, files: S3Files) -> None:
    owner = registered(call, made.profile(cash_account_id="acc_itau"), first=1)
    whole = bank.respond(
        remitted(call, files, owner),
        lambda t: [bank.paid(t.amount)] if t.amount == Money("100.00") else [],
        sequence=2,
        on=PAID_ON,
    )
    receive(call, files, told_otherwise(whole, tariff=0, credit="000000"))
    complete = told_otherwise(whole, tariff=150, credit="230326")

    def moved() -> Money:
        return payments.balance(call.tenant_id, "acc_itau", PAID_ON, date(2026, 3, 31)).moved

    before, begun = moved(), state()
    writes = count_writes(aws, lambda: receive(call, files, complete, "whole.ret"))
    assert before - moved() == Money("1.50")
    for point, moment in product(range(writes), ("before", "after")):
        put_back(begun)
        with pytest.raises(Cut), cut(aws, point, moment):
            receive(call, files, complete, "b.ret")
        receive(call, files, complete, "b.ret")
        assert before - moved() == Money("1.50"), (point, moment)


@pytest.mark.req("BNK-05")
def test_an_occurrence_marked_under_its_former_identity_is_not_applied_again(
    call: Call, files: S3Files, profile: PaymentProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = paid_file(call, files, profile)
    with monkeypatch.context() as before_the_change:
        before_the_change.setattr(Occurrence, "name", property(lambda occurrence: occurrence.former_identity))
        receive(call, files, data)
    before = invoices_kept(call)

    again = receive(call, files, data + b"\r\n", "b.ret")

    assert again.totals["repeated"] == "6"
    assert invoices_kept(call) == before


@pytest.mark.req("PAY-08")
def test_settlement_of_nothing_and_parts_that_do_not_add_up_are_told_on_the_line(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        match title.amount.cents - 10000:
            case 0:
                return [bank.paid(Money("0.00"), tariff=Money("0.00"))]
            case 1:
                return [bank.paid(title.amount + Money("1.00"), interest=Money("1.00"))]
            case 2:
                return [bank.paid(title.amount + Money("1.00"), interest=Money("123123.12"))]
            case _:
                return []

    returned = receive(
        call, files, bank.respond(remitted(call, files, profile), decide, sequence=2, on=PAID_ON)
    )

    nothing, whole, differing = store.lines(call.tenant_id, returned.id)
    assert nothing.message.startswith("O banco informa a liquidação da Fatura 1 com valor zero")
    assert "juros" not in nothing.message
    assert whole.message == "Fatura 2 liquidada."
    assert "R$ 100,02 + R$ 123.123,12 são R$ 123.223,14, e ela diz R$ 101,02 pagos" in differing.message
    assert HeldReason.NOTHING_PAID in {h.reason for h in payments.held_in(call.tenant_id, Month("2026-03"))}
    assert invoices_kept(call)[0].status is InvoiceStatus.OPEN
