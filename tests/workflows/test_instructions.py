"""Instructions to the bank: in one file with the registrations, each once, and answered by the return (BNK-04,
BNK-05)."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.tenants import Tenant
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.bank_files import preview, remittances, store
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.model import OccurrenceOutcome, OccurrenceRow, RemittanceRequest
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import OccurrenceKind
from billing.core.clock import FixedClock
from billing.core.errors import NotFound
from billing.core.money import Money
from billing.core.period import Month
from billing.customers import store as customers
from billing.entry.schedule import start_for_all
from billing.invoicing import store as invoices
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.members.store import tenant_row
from billing.payments import store as payments
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.kinds import RunKind
from tests.support import made
from tests.support.aws import InProcessAws, put_back, state
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.instructed import NEW_DAY, ask, file_of, instructions_of, keep_registered, now, receive
from tests.support.machine import Remembered, Walker, call_task
from tests.support.requests import anew

REQUEST = RemittanceRequest(profile_id="pro_3410001", due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))
ANSWERED_ON = date(2026, 3, 12)
OWNER = made.profile(made.ITAU.evolve(protest_days=5), sends_write_off=True, cash_account_id="acc_itau")
CODES = {
    "write_off": "02",
    "grant_rebate": "04",
    "change_due_date": "06",
    "protest": "09",
    "change_data": "31",
}


@pytest.fixture
def call(call: Call) -> Call:
    """The day after the titles fell due."""
    return call._replace(clock=FixedClock(call.now + timedelta(days=11)))


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture
def at_bank(aws: InProcessAws, call: Call) -> list[Invoice]:
    """Four titles that the bank has."""
    return keep_registered(call, OWNER, 4)


def remit(call: Call, owner: PaymentProfile = OWNER, **changes: Any) -> str:
    """A request of its own, unless the call has one."""
    request = call if call.idempotency is not None else anew(call)
    return remittances.start(request, Walker(), REQUEST.evolve(profile_id=owner.id, **changes)).id


def movements(data: bytes) -> list[str]:
    """What each title of an Itaú file requests, in the file's order."""
    return [line[108:110] for line in data.decode("ascii").split("\r\n") if line[:1] == "1"]


def statuses(call: Call, invoice: Invoice) -> list[InstructionStatus]:
    return [one.status for one in instructions_of(call, invoice)]


def answer(call: Call, files: S3Files, *outcomes: bank.TitleEvent) -> list[OccurrenceRow]:
    """The bank answers its newest file, every title in the same way; the lines of the return."""
    sent = file_of(call, files, OWNER)
    data = bank.respond(sent, lambda _: [*outcomes], sequence=1, on=ANSWERED_ON)
    return store.lines(call.tenant_id, receive(call, files, data).id)


@pytest.mark.req("BNK-04", "INV-03", "INV-12")
def test_instructions_go_with_the_registrations_in_one_file(call: Call, files: S3Files) -> None:
    at_bank = keep_registered(call, OWNER, 4, new=2)
    first, second, third, fourth = at_bank
    ask(call, first, "write_off")
    ask(call, second, "grant_rebate", rebate="10.00")
    ask(call, third, "change_due_date", due_on=NEW_DAY)
    ask(call, fourth, "protest")
    run_id = remit(call)

    lines = file_of(call, files, OWNER).decode("ascii").split("\r\n")
    assert movements(file_of(call, files, OWNER)) == ["02", "01", "01", "04", "06", "09"]
    assert lines[4][205:218] == "0000000001000"
    assert lines[5][120:126] == "150426"
    assert [statuses(call, one) for one in at_bank] == [[InstructionStatus.SENT]] * 4
    (remittance,) = store.remittances(call.tenant_id, OWNER.id)
    assert (remittance.titles, remittance.instructions, str(remittance.total)) == (2, 4, "200.09")
    assert run_store.get(call.tenant_id, run_id).totals == {
        "titles": "2",
        "remitted": "200.09",
        "instructions": "4",
    }


@pytest.mark.req("BNK-04")
def test_instruction_goes_whenever_its_title_falls_due_and_only_once(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "protest")
    remit(call, due_from=date(2026, 6, 1), due_to=date(2026, 6, 30))
    again = remit(call)

    assert movements(file_of(call, files, OWNER)) == ["09"]
    assert run_store.get(call.tenant_id, again).keys == 0
    assert [r.sequence for r in store.remittances(call.tenant_id, OWNER.id)] == [1]


@pytest.mark.req("BNK-04", "BNK-05")
def test_discount_that_the_bank_confirms_is_the_invoices(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    title = at_bank[0]
    call = call._replace(clock=FixedClock(call.now - timedelta(days=11)))  # before it falls due
    ask(call, title, "grant_discount", discount={"amount": "7.50", "until": "2026-03-20"})
    remit(call)
    line = file_of(call, files, OWNER).decode("ascii").split("\r\n")[1]
    assert (line[108:110], line[173:192]) == ("31", "2003260000000000750")
    assert now(call, title).discount is None

    (outcome_line,) = answer(call, files, bank.confirmed())

    assert (outcome_line.outcome, outcome_line.instruction_id) == (
        OccurrenceOutcome.APPLIED,
        instructions_of(call, title)[0].id,
    )
    assert now(call, title).discount == OnTimeDiscount(amount=Money("7.50"), until=date(2026, 3, 20))


@pytest.mark.req("BNK-05", "INV-03", "INV-12")
def test_confirmations_end_the_instructions_and_change_the_titles(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    first, second, third, fourth = at_bank
    ask(call, first, "write_off")
    ask(call, second, "grant_rebate", rebate="10.00")
    ask(call, third, "change_due_date", due_on=NEW_DAY)
    ask(call, fourth, "protest")
    remit(call)
    lines = answer(call, files, bank.confirmed())

    assert [statuses(call, one) for one in at_bank] == [[InstructionStatus.CONFIRMED]] * 4
    assert [line.instruction_id for line in lines] == [instructions_of(call, one)[0].id for one in at_bank]
    assert now(call, first).remittance is RemittanceState.WRITTEN_OFF
    assert now(call, second).rebate == Money("10.00")
    moved = now(call, third)
    assert (moved.due_on, moved.nosso_numero) == (NEW_DAY, third.nosso_numero)
    assert list(invoices.invoices_due(call.tenant_id, "com_alfa", NEW_DAY, NEW_DAY)) == [
        (third.customer_id, third.id)
    ]
    assert moved.barcode is not None
    assert third.barcode is not None
    assert int(moved.barcode[5:9]) - int(third.barcode[5:9]) == (NEW_DAY - third.due_on).days
    assert now(call, fourth).protested_on is None  # it is reported when the notary has it


@pytest.mark.req("BNK-05")
def test_protest_is_marked_when_the_notary_has_it_and_its_stop_unmarks(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "protest")
    remit(call)
    lines = answer(call, files, bank.confirmed(), bank.TitleEvent(OccurrenceKind.PROTESTED))
    assert now(call, at_bank[0]).protested_on == ANSWERED_ON
    assert "Sem instrução nossa" not in lines[1].message

    ask(call, at_bank[0], "stop_protest")
    remit(call)
    answer(call, files, bank.confirmed())
    assert now(call, at_bank[0]).protested_on is None
    assert statuses(call, at_bank[0]) == [InstructionStatus.CONFIRMED] * 2


@pytest.mark.req("BNK-05", "INV-12", "BEY-13")
def test_rejected_instruction_says_why_and_its_title_continues(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "write_off")
    ask(call, at_bank[1], "change_due_date", due_on=NEW_DAY)
    remit(call)
    lines = answer(call, files, bank.rejected("33"))

    assert [statuses(call, one) for one in at_bank[:2]] == [[InstructionStatus.REJECTED]] * 2
    assert now(call, at_bank[0]).remittance is RemittanceState.REGISTERED
    assert now(call, at_bank[1]).due_on == at_bank[1].due_on
    (reason,) = instructions_of(call, at_bank[1])[0].rejection or ()
    assert (reason.code, [mend.field for mend in reason.mends]) == ("33", ["due_on"])
    assert lines[1].rejection == (reason,)
    assert reason.mends[0].advice == "Peça a alteração de novo com outro vencimento."
    assert ask(call, at_bank[1], "change_due_date", due_on=NEW_DAY).made != ()


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("outcome", "changed"),
    [
        (bank.TitleEvent(OccurrenceKind.WRITTEN_OFF), {"remittance": RemittanceState.WRITTEN_OFF}),
        (bank.TitleEvent(OccurrenceKind.PAID_OUTSIDE), {"remittance": RemittanceState.WRITTEN_OFF}),
        (bank.TitleEvent(OccurrenceKind.PROTESTED), {"protested_on": ANSWERED_ON}),
    ],
)
def test_what_the_bank_did_on_its_own_is_applied_once_and_says_so(
    call: Call, files: S3Files, at_bank: list[Invoice], outcome: bank.TitleEvent, changed: dict[str, Any]
) -> None:
    ask(call, at_bank[0], "change_data")
    remit(call)
    (line,) = answer(call, files, outcome)
    before = now(call, at_bank[0])

    assert (line.outcome, line.instruction_id) == (OccurrenceOutcome.APPLIED, None)
    assert "Sem instrução nossa" in line.message
    assert {name: getattr(before, name) for name in changed} == changed
    assert statuses(call, at_bank[0]) == [InstructionStatus.SENT]
    again = bank.respond(file_of(call, files, OWNER), lambda _: [outcome], sequence=2, on=ANSWERED_ON)
    assert receive(call, files, again).totals["repeated"] == "1"
    assert now(call, at_bank[0]) == before


@pytest.mark.req("BNK-05")
def test_answer_that_could_be_of_two_instructions_is_held_and_ends_neither(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "protest")
    ask(call, at_bank[0], "change_due_date", due_on=NEW_DAY)
    remit(call)
    lines = answer(call, files, bank.rejected("33"))

    assert lines[0].outcome is OccurrenceOutcome.HELD
    assert "mais de uma instrução" in lines[0].message
    assert statuses(call, at_bank[0]) == [InstructionStatus.SENT] * 2


@pytest.mark.req("BNK-05", "PAY-08")
def test_payment_less_the_rebate_granted_settles_the_invoice(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "grant_rebate", rebate="10.00")
    remit(call)
    answer(call, files, bank.confirmed(), bank.paid(at_bank[0].amount - Money("10.00")))

    assert now(call, at_bank[0]).status is InvoiceStatus.SETTLED
    assert payments.held_in(call.tenant_id, Month("2026-03")) == []


@pytest.mark.req("BNK-04", "INV-19")
def test_cancelled_remittance_lets_its_instructions_go(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "write_off")
    run = remittances.start(call, Remembered(), REQUEST)
    event = {"tenant_id": call.tenant_id, "run_id": run.id}
    call_task("PlanRemittance", event)
    call_task("ClaimChunk", {**event, "chunk": 0})
    assert statuses(call, at_bank[0]) == [InstructionStatus.CLAIMED]
    remittances.cancel(call, Walker(), run.id)

    assert statuses(call, at_bank[0]) == [InstructionStatus.WAITING]
    assert now(call, at_bank[0]).remittance is RemittanceState.WRITE_OFF_QUEUED
    remit(call)
    assert movements(file_of(call, files, OWNER)) == ["02"]


@pytest.mark.req("BNK-04", "INV-19")
def test_instruction_of_a_title_paid_meanwhile_ends_and_the_rest_go(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "write_off")
    ask(call, at_bank[1], "protest")
    paid = now(call, at_bank[0]).received(at_bank[0].amount, date(2026, 3, 11))
    made.keep(call, invoices.invoice_row(call.tenant_id, paid))
    run_id = remit(call)

    assert movements(file_of(call, files, OWNER)) == ["09"]
    assert statuses(call, at_bank[0]) == [InstructionStatus.CANCELLED]
    assert now(call, at_bank[0]).remittance is RemittanceState.REGISTERED
    assert [p.message for p in runs.parked_of(call.tenant_id, run_id)] == ["A Fatura 1 já está liquidada"]


@pytest.mark.req("BNK-04", "INV-02")
def test_protest_of_an_invoice_suspended_meanwhile_waits_until_it_is_not(
    call: Call, files: S3Files, at_bank: list[Invoice]
) -> None:
    ask(call, at_bank[0], "protest")
    ask(call, at_bank[1], "write_off")
    for one in at_bank[:2]:
        made.keep(call, invoices.invoice_row(call.tenant_id, now(call, one).suspended()))
    remit(call)
    assert movements(file_of(call, files, OWNER)) == ["02"]
    assert statuses(call, at_bank[0]) == [InstructionStatus.WAITING]
    (reason,) = ask(call, at_bank[0], "report_to_bureau").reasons
    assert reason.message == "A fatura 1 já está com o status de suspenso."

    made.keep(call, invoices.invoice_row(call.tenant_id, now(call, at_bank[0]).unsuspended()))
    remit(call)
    assert movements(file_of(call, files, OWNER)) == ["09"]


@pytest.mark.req("BEY-13", "BNK-05")
def test_title_rejected_for_its_postcode_is_corrected_and_is_sent_again_with_the_same_number(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    (line,) = answer(call, files, bank.rejected("03"))
    (listed,) = preview.rejected(call, OWNER.id, REQUEST.due_from, REQUEST.due_to).items
    assert now(call, title).rejection == line.rejection
    assert [(m.field, m.value) for reason in listed.rejection for m in reason.mends] == [
        ("payer.postcode", "88010000")
    ]
    assert "CEP" in listed.rejection[0].mends[0].advice

    customer = customers.get(call.tenant_id, title.customer_id)
    lacking = customer.evolve(addresses=())
    made.keep(call, customers.customer_row(call.tenant_id, lacking))
    (listed,) = preview.rejected(call, OWNER.id, REQUEST.due_from, REQUEST.due_to).items
    assert [reason.field for reason in listed.reasons] == ["payer.street"]
    remit(call)
    assert now(call, title).remittance is RemittanceState.REJECTED

    (address,) = customer.addresses
    mended = lacking.evolve(addresses=(address.evolve(cep="88015200"),), version=2)
    made.keep(call, customers.customer_row(call.tenant_id, mended))
    (listed,) = preview.rejected(call, OWNER.id, REQUEST.due_from, REQUEST.due_to).items
    assert (listed.reasons, listed.rejection[0].mends[0].value) == ((), "88015200")
    remit(call)
    (seen,) = bank.titles_of(file_of(call, files, OWNER))
    answer(call, files, bank.confirmed())

    after = now(call, title)
    assert (after.remittance, after.rejection) == (RemittanceState.REGISTERED, None)
    assert (seen.movement, int(seen.nosso_numero)) == ("01", title.title_number)
    assert preview.rejected(call, OWNER.id, REQUEST.due_from, REQUEST.due_to).items == ()


@pytest.mark.req("BNK-04")
def test_scheduled_remittance_carries_what_waits(call: Call, files: S3Files, at_bank: list[Invoice]) -> None:
    tenant = Tenant(id=call.tenant_id, name="Alfa", company_ids=("com_alfa",))
    made.keep(call, tenant_row(tenant))
    ask(call, at_bank[0], "write_off")

    came = start_for_all(RunKind.REMITTANCE, call.now, Walker())

    assert (len(came.runs), came.refused, came.faults) == (1, {}, {})
    assert movements(file_of(call, files, OWNER)) == ["02"]
    assert statuses(call, at_bank[0]) == [InstructionStatus.SENT]


def queue(call: Call, owner: PaymentProfile, first: int) -> list[Invoice]:
    """One title to register, and two that the bank has, each with a waiting instruction."""
    kept = keep_registered(call, owner, 2, first=first, new=1)
    ask(call, kept[0], "write_off")
    ask(call, kept[1], "change_due_date", due_on=NEW_DAY)
    return kept


def sent_by(call: Call, files: S3Files, owner: PaymentProfile) -> list[str]:
    """What the owner's files request, all together, without the titles' own numbers."""
    sent_files = store.remittances(call.tenant_id, owner.id)
    return [code for r in sent_files for code in movements(files.get(store.file_key(call.tenant_id, r)))]


@pytest.mark.req("BNK-04", "PLT-04")
def test_remittance_with_instructions_cut_before_and_after_every_write_converges(
    call: Call, files: S3Files, aws: InProcessAws
) -> None:
    kept, begun = queue(call, OWNER, 1), state()
    points = count_writes(aws, lambda: remit(call))
    undisturbed = sent_by(call, files, OWNER)
    assert undisturbed == ["02", "01", "06"]
    assert points > 12

    for moment, point in product(("before", "after"), range(points)):
        put_back(begun)
        same = anew(call)
        with pytest.raises(Cut), cut(aws, point, moment):
            remit(same)
        remit(same)

        assert sent_by(call, files, OWNER) == undisturbed, (moment, point)
        assert [statuses(call, one) for one in kept] == [[InstructionStatus.SENT]] * 2, (moment, point)
        assert [r.sequence for r in store.remittances(call.tenant_id, OWNER.id)] == [1]


@pytest.mark.req("BNK-04")
def test_two_remittances_at_once_share_no_instruction(call: Call, files: S3Files, aws: InProcessAws) -> None:
    """The second one runs completely between two writes of the first, at every point."""
    kept, begun = queue(call, OWNER, 1), state()
    points = count_writes(aws, lambda: remit(call))
    for point in range(points):
        put_back(begun)
        with meanwhile(aws, point, lambda: remit(call)):
            remit(call)

        assert sorted(sent_by(call, files, OWNER)) == ["01", "02", "06"], point
        assert [statuses(call, one) for one in kept] == [[InstructionStatus.SENT]] * 2, point
        sequences = [r.sequence for r in store.remittances(call.tenant_id, OWNER.id)]
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), point


@pytest.mark.req("BNK-04", "BNK-05")
def test_answer_that_comes_before_the_mark_is_kept(call: Call, files: S3Files, aws: InProcessAws) -> None:
    """The bank answers between the file and each write after it."""
    kept, begun = queue(call, OWNER, 1), state()
    points = count_writes(aws, lambda: remit(call))
    answered = 0
    for point in range(points):
        put_back(begun)
        with meanwhile(aws, point, lambda: answer_if_sent(call, files, OWNER)):
            remit(call)

        now_is = [statuses(call, one) for one in kept]
        if now_is == [[InstructionStatus.CONFIRMED]] * 2:
            answered += 1
            assert now(call, kept[0]).remittance is RemittanceState.WRITTEN_OFF
        else:
            assert now_is == [[InstructionStatus.SENT]] * 2, point
    assert answered > 4


def answer_if_sent(call: Call, files: S3Files, owner: PaymentProfile) -> None:
    for remittance in store.remittances(call.tenant_id, owner.id):
        try:
            data = files.get(store.file_key(call.tenant_id, remittance))
        except NotFound:
            continue
        receive(
            call,
            files,
            bank.respond(data, lambda _: [bank.confirmed()], sequence=1, on=ANSWERED_ON),
        )


@pytest.mark.req("BNK-05", "PLT-04")
def test_answers_cut_before_and_after_every_write_converge(
    call: Call, files: S3Files, aws: InProcessAws
) -> None:
    kept = queue(call, OWNER, 1)
    remit(call)
    data = bank.respond(file_of(call, files, OWNER), lambda _: [bank.confirmed()], sequence=1, on=ANSWERED_ON)

    def stands() -> list[Any]:
        titles = [now(call, one) for one in kept]
        return [(one.remittance, one.due_on, one.version) for one in titles] + [
            statuses(call, one) for one in kept
        ]

    begun = state()
    points = count_writes(aws, lambda: receive(call, files, data))
    undisturbed = stands()
    assert points > 8

    for moment, point in product(("before", "after"), range(points)):
        put_back(begun)
        with pytest.raises(Cut), cut(aws, point, moment):
            receive(call, files, data)
        receive(call, files, data)

        assert stands() == undisturbed, (moment, point)
