"""What the bank has of a title is not forgotten: no boleto stays payable without notice (INV-01, INV-12, INV-13,
PAY-08)."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.audit.batches import ItemAnswer
from billing.bank_files import ending, instructions, preview, remittances, store
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.instructions import Withdrawal
from billing.bank_files.model import OccurrenceOutcome, OccurrenceRow, RemittanceRequest
from billing.core.errors import Refused
from billing.core.money import Money
from billing.core.period import Month
from billing.customers import store as customers
from billing.invoicing import invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.invoices import Removal, Unmarking
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.payments import reversing, settling
from billing.payments import store as payments
from billing.payments.model import HeldReason, Settlement
from billing.payments.reversing import ReversalRequest
from billing.payments.settling import SettlementByHand
from billing.runs import store as run_store
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.instructed import ask, file_of, instructions_of, keep_registered, now, receive
from tests.support.machine import Remembered, Walker, call_task
from tests.support.requests import anew

REQUEST = RemittanceRequest(profile_id="pro_3410001", due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))
OWNER = made.profile(sends_write_off=True, cash_account_id="acc_itau")
WITHOUT_COMMAND = made.profile(cash_account_id="acc_itau")
ANSWERED_ON = date(2026, 3, 12)
CASH: dict[str, Any] = {"method": "other", "settled_on": "2026-03-10", "justification": "Pago no balcão"}


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture
def title(aws: InProcessAws, call: Call) -> Invoice:
    """One that the bank has."""
    (title,) = keep_registered(call, OWNER, 1)
    return title


def remit(call: Call) -> str:
    return remittances.start(anew(call), Walker(), REQUEST).id


def codes(call: Call, files: S3Files) -> list[str]:
    """What each title of the newest file requests, in its order."""
    lines = file_of(call, files, OWNER).decode("ascii").split("\r\n")
    return [line[108:110] for line in lines if line[:1] == "1"]


def unmark(call: Call, invoice: Invoice) -> ItemAnswer:
    chosen = Unmarking(ids=(invoice.id,), reason="O arquivo não foi enviado")
    (answer,) = invoices.unmark(anew(call), invoice.customer_id, chosen).items
    return answer


def remove(call: Call, invoice: Invoice) -> ItemAnswer:
    chosen = Removal(ids=(invoice.id,), reason="Cobrança em duplicidade")
    (answer,) = invoices.remove(anew(call), invoice.customer_id, chosen, ending.let_go).items
    return answer


def settle(call: Call, invoice: Invoice, **changes: Any) -> ItemAnswer:
    choice = {"customer_id": invoice.customer_id, "invoice_id": invoice.id}
    request = SettlementByHand.model_validate({"invoices": [choice], **CASH, **changes})
    (answer,) = settling.settle(anew(call), request, ending.let_go).items
    return answer


def reverse(call: Call, invoice: Invoice) -> Settlement:
    (settlement,) = payments.settlements_of(call.tenant_id, invoice.customer_id, invoice.id)
    request = ReversalRequest(
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        settlement_id=settlement.id,
        on=call.today,
        reason="Cheque devolvido",
    )
    return reversing.reverse(anew(call), request, ending.take_back)


def answer(call: Call, files: S3Files, *outcomes: bank.TitleEvent, sequence: int = 1) -> list[OccurrenceRow]:
    data = bank.respond(file_of(call, files, OWNER), lambda _: [*outcomes], sequence=sequence, on=ANSWERED_ON)
    return store.lines(call.tenant_id, receive(call, files, data).id)


def reasons(answered: ItemAnswer) -> list[str]:
    return [reason.code for reason in answered.reasons]


@pytest.mark.req("INV-13", "BNK-04")
def test_unmarked_title_that_the_bank_has_does_not_go_again(
    call: Call, files: S3Files, title: Invoice
) -> None:
    assert reasons(unmark(call, title)) == ["invoice.bank_keeps_it"]
    run_id = remit(call)

    assert run_store.get(call.tenant_id, run_id).keys == 0
    assert now(call, title).remittance is RemittanceState.REGISTERED


@pytest.mark.req("INV-13", "BNK-04")
def test_unmarked_title_whose_file_did_not_go_is_sent_again(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    assert reasons(unmark(call, title)) == ["invoice.remit_again"]
    remit(call)

    assert codes(call, files) == ["01"]
    assert len(store.remittances(call.tenant_id, OWNER.id)) == 2


@pytest.mark.req("INV-13", "BNK-05")
def test_bank_that_answers_a_repeated_entry_as_registered_is_believed(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    first = file_of(call, files, OWNER)
    unmark(call, title)
    remit(call)
    (line,) = answer(call, files, bank.rejected("14"), sequence=2)
    assert (line.outcome, now(call, title).remittance) == (
        OccurrenceOutcome.APPLIED,
        RemittanceState.REGISTERED,
    )

    late = bank.respond(first, lambda _: [bank.confirmed()], sequence=1, on=ANSWERED_ON)
    receive(call, files, late)
    assert now(call, title).remittance is RemittanceState.REGISTERED


@pytest.mark.req("BNK-05")
def test_entry_refused_after_the_bank_confirmed_the_title_takes_nothing_away(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    (_, again) = answer(call, files, bank.confirmed(), bank.rejected("03"))

    assert again.outcome is OccurrenceOutcome.RECORDED
    assert now(call, title).remittance is RemittanceState.REGISTERED


@pytest.mark.req("BEY-13", "BNK-04")
def test_rejected_title_is_sent_again_only_when_corrected_or_requested(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    answer(call, files, bank.rejected("03"))
    for _ in range(2):
        assert run_store.get(call.tenant_id, remit(call)).keys == 0
    (listed,) = preview.rejected(call, OWNER.id, REQUEST.due_from, REQUEST.due_to).items
    assert not listed.is_mended

    customer = customers.get(call.tenant_id, title.customer_id)
    (address,) = customer.addresses
    mended = customer.evolve(addresses=(address.evolve(cep="88015200"),))
    made.keep(call, customers.customer_row(call.tenant_id, mended))
    (listed,) = preview.rejected(call, OWNER.id, REQUEST.due_from, REQUEST.due_to).items
    assert listed.is_mended
    remit(call)
    answer(call, files, bank.rejected("03"), sequence=2)
    assert run_store.get(call.tenant_id, remit(call)).keys == 0

    unmark(call, title)  # the bank corrected its own tables
    remit(call)
    answer(call, files, bank.confirmed(), sequence=3)
    assert now(call, title).remittance is RemittanceState.REGISTERED


@pytest.mark.req("INV-01", "INV-12", "PAY-08")
def test_removed_title_is_written_off_first_and_a_late_payment_is_explained(
    call: Call, files: S3Files
) -> None:
    (title,) = keep_registered(call, OWNER, 1, new=1)
    ask(call, title, "change_due_date", due_on=date(2026, 4, 15))
    unmark(call, title)

    assert reasons(remove(call, title)) == ["title.write_off_queued"]

    changed, write_off = instructions_of(call, title)
    assert (changed.status, changed.ended_because) == (
        InstructionStatus.CANCELLED,
        "Fatura removida: Cobrança em duplicidade",
    )
    assert (write_off.status, now(call, title).remittance) == (
        InstructionStatus.WAITING,
        RemittanceState.WRITE_OFF_QUEUED,
    )
    with pytest.raises(Refused, match="continuaria a ser pago"):
        instructions.cancel(call, title.customer_id, title.id, write_off.id, Withdrawal(reason="x"))
    remit(call)
    assert codes(call, files) == ["02", "01"]

    data = file_of(call, files, OWNER)
    back = bank.respond(
        data,
        lambda seen: [bank.paid(title.amount)] if seen.movement == "02" else [bank.confirmed()],
        sequence=1,
        on=ANSWERED_ON,
    )
    receive(call, files, back)
    (held,) = payments.held_in(call.tenant_id, Month("2026-03"))
    assert (held.reason, held.held, held.invoice_id) == (HeldReason.NOT_OPEN, title.amount, title.id)
    for part in ("excluída desde 10/03/2026", "Cobrança em duplicidade", "a baixa do boleto estava pedida"):
        assert part in held.message
    assert now(call, title).remittance is RemittanceState.PAID


@pytest.mark.req("INV-01", "INV-12")
def test_removed_title_of_a_profile_without_the_command_warns(call: Call, aws: InProcessAws) -> None:
    (title,) = keep_registered(call, WITHOUT_COMMAND, 1)
    unmark(call, title)

    assert reasons(remove(call, title)) == ["title.still_payable"]
    assert (instructions_of(call, title), now(call, title).remittance) == ([], RemittanceState.REGISTERED)


@pytest.mark.req("INV-01")
def test_title_that_was_never_sent_is_removed_without_an_instruction(call: Call, aws: InProcessAws) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)

    assert reasons(remove(call, title)) == []
    assert instructions_of(call, title) == []


@pytest.mark.req("INV-01", "BNK-05")
def test_title_removed_before_its_confirmation_is_written_off(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    unmark(call, title)
    assert reasons(remove(call, title)) == ["title.write_off_queued"]
    answer(call, files, bank.confirmed())
    remit(call)

    assert codes(call, files) == ["02"]
    answer(call, files, bank.confirmed(), sequence=2)
    assert now(call, title).remittance is RemittanceState.WRITTEN_OFF
    assert [one.status for one in instructions_of(call, title)] == [InstructionStatus.CONFIRMED]


@pytest.mark.req("INV-01", "BNK-05")
@pytest.mark.parametrize("registers_pix", [False, True])
@pytest.mark.parametrize("writes_off", [False, True])
def test_registration_of_a_deleted_invoice_says_what_ends_its_title(
    call: Call, aws: InProcessAws, files: S3Files, writes_off: bool, registers_pix: bool
) -> None:
    terms = OWNER.terms.evolve(registers_pix=registers_pix)
    (title,) = made.keep_invoices(call, OWNER.evolve(terms=terms, sends_write_off=writes_off), 1)
    remit(call)
    unmark(call, title)
    remove(call, title)

    (line,) = answer(call, files, bank.confirmed())

    pix = " O banco não devolveu o Pix." if registers_pix else ""
    if writes_off:
        end, state = "a baixa vai na próxima remessa.", RemittanceState.WRITE_OFF_QUEUED
    else:
        end, state = "peça a baixa ao banco; até lá o boleto pode ser pago.", RemittanceState.REGISTERED
    assert line.message == (
        f"Boleto da Fatura {title.number} registrado no banco.{pix} A fatura está excluída: {end}"
    )
    assert now(call, title).remittance is state


@pytest.mark.req("INV-08", "INV-12", "PAY-08")
def test_boleto_settled_at_the_counter_is_written_off_and_the_reversal_takes_that_back(
    call: Call, files: S3Files, title: Invoice
) -> None:
    assert reasons(settle(call, title)) == ["title.write_off_queued"]
    assert now(call, title).remittance is RemittanceState.WRITE_OFF_QUEUED

    reverse(call, title)

    assert [one.status for one in instructions_of(call, title)] == [InstructionStatus.CANCELLED]
    assert (now(call, title).status, now(call, title).remittance) == (
        InvoiceStatus.OPEN,
        RemittanceState.REGISTERED,
    )
    assert run_store.get(call.tenant_id, remit(call)).keys == 0


@pytest.mark.req("INV-08", "INV-12", "BNK-08")
def test_boleto_settled_by_the_profile_waits_for_the_credit_and_says_that_it_can_be_paid(
    call: Call, title: Invoice
) -> None:
    answered = settle(call, title, method="profile", profile_id=OWNER.id)

    assert (reasons(answered), instructions_of(call, title)) == (["title.awaits_credit"], [])


@pytest.mark.req("INV-08", "BNK-04")
def test_title_settled_while_its_file_is_written_is_written_off_next(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    run = remittances.start(call, Remembered(), REQUEST)
    event = {"tenant_id": call.tenant_id, "run_id": run.id, "chunk": 0}
    for task in ("PlanRemittance", "ClaimChunk", "WriteRemittance"):
        call_task(task, event)
    assert reasons(settle(call, title)) == []
    call_task("MarkChunk", event)
    call_task("MarkChunk", event)

    assert [one.movement for one in instructions_of(call, title)] == ["write_off"]
    remit(call)
    assert codes(call, files) == ["02"]


@pytest.mark.req("INV-12", "BNK-05")
def test_write_off_of_a_removed_title_that_the_bank_refuses_can_be_requested_again(
    call: Call, files: S3Files, title: Invoice
) -> None:
    unmark(call, title)
    remove(call, title)
    remit(call)
    answer(call, files, bank.rejected("33"))
    assert now(call, title).remittance is RemittanceState.REGISTERED

    assert ask(call, now(call, title), "write_off").made != ()
    remit(call)
    answer(call, files, bank.confirmed(), sequence=2)
    assert now(call, title).remittance is RemittanceState.WRITTEN_OFF


@pytest.mark.req("PAY-08")
def test_boleto_paid_after_it_was_settled_at_the_counter_says_by_whom_and_when(
    call: Call, files: S3Files
) -> None:
    (title,) = made.keep_invoices(call, OWNER, 1)
    remit(call)
    answer(call, files, bank.confirmed())
    settle(call, title)
    answer(call, files, bank.paid(title.amount), sequence=2)

    (held,) = payments.held_in(call.tenant_id, Month("2026-03"))
    assert held.reason is HeldReason.DUPLICATE
    assert (
        "já estava liquidada desde 10/03/2026, manualmente (Pago no balcão); a baixa do boleto"
        in held.message
    )
    assert held.held == Money("100.00")
