"""Charges billed anew: their boleto is not registered while the bank may still be paid the previous one (INV-01,
BNK-04)."""

from datetime import date

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.bank_files import ending, instructions, preview, remittances, store
from billing.bank_files.ending import WrittenOffReport
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.instructions import Resending
from billing.bank_files.model import RemittanceRequest
from billing.banking.model import PaymentProfile
from billing.core.errors import Refused
from billing.invoicing import invoices, manual_billing
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.invoices import Removal, Unmarking
from billing.invoicing.manual_billing import BillByHand
from billing.invoicing.states import RemittanceState
from billing.payments import store as payments
from billing.payments.model import AccountKind, CashAccount
from billing.runs import store as run_store
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import company, customer, keep, profile
from tests.support.instructed import ask, instructions_of, now, receive
from tests.support.invoices import charge
from tests.support.machine import Walker
from tests.support.requests import anew

ITAU = profile(sends_write_off=True)
OTHER = profile(id="pro_other", name="Outra conta", terms=made.itau_terms("54321"), sends_write_off=True)
PLAN = charge()


@pytest.fixture
def files(aws: InProcessAws, call: Call) -> S3Files:
    account = CashAccount(id="acc_itau", company_id="com_alfa", name="Itaú", kind=AccountKind.BANK)
    made.keep(call, payments.account_row(call.tenant_id, account))
    keep(call, company(), ITAU, OTHER, customer("cus_ana0"), PLAN)
    return S3Files("mensal-files")


def bill(call: Call, by: PaymentProfile) -> Invoice:
    asked_for = BillByHand(ids=(PLAN.id,), payment_profile_id=by.id)
    (answer,) = manual_billing.bill(anew(call), "cus_ana0", asked_for).items
    return invoicing.get_invoice(call.tenant_id, "cus_ana0", answer.made[0])


def remit(call: Call, by: PaymentProfile) -> dict[str, str]:
    """What stayed out, and why."""
    request = RemittanceRequest(profile_id=by.id, due_from=date(2026, 4, 1), due_to=date(2026, 4, 30))
    run = remittances.start(anew(call), Walker(), request)
    results = run_store.chunk_results(call.tenant_id, run.id)
    return {parked.key: parked.message for result in results for parked in result.parked}


def answer(
    call: Call, files: S3Files, by: PaymentProfile, outcome: bank.TitleEvent, sequence: int = 1
) -> None:
    newest = store.remittances(call.tenant_id, by.id)[0]
    data = files.get(store.file_key(call.tenant_id, newest))
    on = date(2026, 3, 10 + sequence)
    receive(call, files, bank.respond(data, lambda _: [outcome], sequence=sequence, on=on))


def remove(call: Call, invoice: Invoice) -> None:
    invoices.unmark(anew(call), "cus_ana0", Unmarking(ids=(invoice.id,), reason="Engano"))
    chosen = Removal(ids=(invoice.id,), reason="Profile errado")
    invoices.remove(anew(call), "cus_ana0", chosen, ending.let_go)


def registered(call: Call, files: S3Files, by: PaymentProfile) -> Invoice:
    invoice = bill(call, by)
    remit(call, by)
    answer(call, files, by, bank.confirmed())
    assert now(call, invoice).remittance is RemittanceState.REGISTERED
    return invoice


@pytest.mark.req("INV-01", "BNK-04")
def test_boleto_of_another_profile_waits_until_the_old_one_is_written_off(call: Call, files: S3Files) -> None:
    old = registered(call, files, ITAU)
    remove(call, old)
    new = bill(call, OTHER)
    assert new.replaces == (old.id,)

    seen = preview.preview(call, OTHER.id, date(2026, 4, 1), date(2026, 4, 30))
    assert seen.refused == 1
    (why,) = remit(call, OTHER).values()
    assert f"Fatura {old.number}" in why
    assert now(call, new).remittance is RemittanceState.NONE

    remit(call, ITAU)
    assert len(remit(call, OTHER)) == 1  # the write-off was sent, and is not confirmed
    answer(call, files, ITAU, bank.confirmed(), sequence=2)

    assert remit(call, OTHER) == {}
    assert now(call, new).remittance is RemittanceState.TRANSMITTED


@pytest.mark.req("INV-01", "BNK-04")
def test_boleto_of_the_same_profile_goes_after_the_write_off_in_one_file(call: Call, files: S3Files) -> None:
    old = registered(call, files, ITAU)
    remove(call, old)
    new = bill(call, ITAU)

    assert remit(call, ITAU) == {}
    newest = files.get(store.file_key(call.tenant_id, store.remittances(call.tenant_id, ITAU.id)[0]))
    assert [seen.movement for seen in bank.titles_of(newest)] == ["02", "01"]
    assert now(call, new).remittance is RemittanceState.TRANSMITTED


@pytest.mark.req("INV-01", "INV-12")
def test_write_off_requested_directly_at_the_bank_is_reported_and_frees_the_new_boleto(
    call: Call, aws: InProcessAws, files: S3Files
) -> None:
    old = registered(call, files, ITAU)
    unasked = report(call, old)
    keep_without_command(call)
    remove(call, old)
    new = bill(call, ITAU)
    assert len(remit(call, ITAU)) == 1

    reported, again = report(call, old), report(call, old)

    assert (unasked, reported, again) == (["title.not_over"], [], ["title.not_at_the_bank"])
    assert now(call, old).remittance is RemittanceState.WRITTEN_OFF
    assert remit(call, ITAU) == {}
    assert now(call, new).remittance is RemittanceState.TRANSMITTED
    entry = invoices.history_of(call, "cus_ana0", old.id).entries[-1]
    assert (entry.action, entry.note) == ("invoice.write_off_reported", "Protocolo 4711")


@pytest.mark.req("INV-01")
def test_charge_that_leaves_one_invoice_after_the_other_remembers_the_first(
    call: Call, files: S3Files
) -> None:
    """The second boleto was never sent: what it replaces is still the first."""
    old = registered(call, files, ITAU)
    remove(call, old)
    remove(call, bill(call, OTHER))

    third = bill(call, OTHER)

    assert third.replaces == (old.id,)
    assert len(remit(call, OTHER)) == 1


@pytest.mark.req("INV-12", "BNK-04")
def test_instruction_whose_file_never_reached_the_bank_is_sent_again(call: Call, files: S3Files) -> None:
    title = registered(call, files, ITAU)
    ask(call, title, "change_due_date", due_on=date(2026, 4, 25))
    (waiting,) = instructions_of(call, title)
    again = Resending(reason="O arquivo ficou no computador")
    with pytest.raises(Refused) as refused:
        instructions.send_again(anew(call), "cus_ana0", title.id, waiting.id, again)
    assert refused.value.code == "instruction.not_sent"
    remit(call, ITAU)

    back = instructions.send_again(anew(call), "cus_ana0", title.id, waiting.id, again)

    assert (back.status, back.run_id) == (InstructionStatus.WAITING, None)
    remit(call, ITAU)
    assert len(store.remittances(call.tenant_id, ITAU.id)) == 3
    answer(call, files, ITAU, bank.confirmed(), sequence=2)
    assert [one.status for one in instructions_of(call, title)] == [InstructionStatus.CONFIRMED]
    assert now(call, title).due_on == date(2026, 4, 25)


def report(call: Call, invoice: Invoice) -> list[str]:
    """Why it was refused."""
    chosen = WrittenOffReport(ids=(invoice.id,), reason="Protocolo 4711")
    (item,) = ending.report_written_off(anew(call), "cus_ana0", chosen).items
    return [reason.code for reason in item.reasons]


def keep_without_command(call: Call) -> None:
    keep(call, ITAU.evolve(sends_write_off=False, version=1))
