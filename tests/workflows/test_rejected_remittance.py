"""Caixa's pré-crítica: the bank rejected a whole remittance, and its contents go again (BNK-05)."""

from datetime import date

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.bank_files import rejected_remittances, remittances, store
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.model import OccurrenceOutcome, RemittanceRequest, ReturnStatus
from billing.banking.model import PaymentProfile
from billing.core.errors import Transient
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import RemittanceState
from tests.support import made
from tests.support.aws import WRITES, InProcessAws, put_back, state
from tests.support.bank_accounts import ACCOUNTS
from tests.support.cutting import Cut, count_writes, cut
from tests.support.instructed import ask, instructions_of, keep_registered
from tests.support.machine import Walker
from tests.support.requests import anew
from tests.workflows.test_bank_return import receive, remitted

HEADS = {
    "caixa": lambda code: (
        f"10400000         211222333000181{'0' * 20}01234{'5'}{code}{'0' * 8}{'PROVEDOR EXEMPLO LTDA':30}"
        f"{'C ECON FEDERAL':30}{'':10}50811202612205700000110100000{'REMESSA REJEITADA':20}".ljust(240)
    ),
    "caixa_400": lambda code: (
        f"01REMESSA01REMES REJEITADA1234{code}{'':10}{'PROVEDOR EXEMPLO LTDA':30}104{'C ECON FEDERAL':15}081126"
        "REMESSA REJEITADA - 08/11/26 AS 18.00.00ERROS ENCONTRADOS: REG.TIPO 0 - 07.01".ljust(389)
        + "00001000001"
    ),
}


def answer_of(name: str, code: str, literal: str = "") -> bytes:
    head = HEADS[name](code)
    if literal:
        head = head[:11] + literal.ljust(15) + head[26:]
    return f"{head}\r\n".encode()


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


def sent(call: Call, name: str, first: int = 1) -> PaymentProfile:
    """Three titles in remittance 1."""
    terms = ACCOUNTS[name].evolve(convenio=f"{123455 + first:06d}", convenio_digit="")
    owner = made.profile(terms, id=f"pro_{first:07d}", cash_account_id=None)
    made.keep_invoices(call, owner, 3, first=first)
    start(call, owner)
    return owner


def start(call: Call, owner: PaymentProfile) -> None:
    request = RemittanceRequest(profile_id=owner.id, due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))
    remittances.start(anew(call), Walker(), request)


def states(call: Call, first: int = 1) -> list[RemittanceState]:
    pairs = [(f"cus_{n - 1:04d}", f"inv_{n:04d}") for n in range(first, first + 3)]
    return [invoice.remittance for invoice in invoices.find_invoices(call.tenant_id, pairs).values()]


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", HEADS)
def test_a_rejected_remittance_is_marked_and_its_titles_are_sent_again(
    call: Call, files: S3Files, name: str
) -> None:
    owner = sent(call, name)
    assert states(call) == [RemittanceState.TRANSMITTED] * 3

    returned = receive(call, files, answer_of(name, owner.terms.convenio))

    assert (returned.status, returned.totals["applied"]) == (ReturnStatus.APPLIED, "3")
    assert "o banco rejeitou inteira a remessa 1" in (returned.answer or "")
    [remittance] = store.remittances(call.tenant_id, owner.id)
    assert remittance.rejection == returned.answer
    if name == "caixa_400":
        assert "campo 07.0 do header, código do beneficiário, erro 01" in remittance.rejection
    assert states(call) == [RemittanceState.REJECTED] * 3

    start(call, owner)
    assert states(call) == [RemittanceState.TRANSMITTED] * 3
    assert {r.sequence for r in store.remittances(call.tenant_id, owner.id)} == {1, 2}
    again = receive(call, files, answer_of(name, owner.terms.convenio) + b"\r\n", "b.ret")
    assert again.totals["repeated"] == "3"
    assert states(call) == [RemittanceState.TRANSMITTED] * 3


@pytest.mark.req("BNK-05", "PLT-04")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_cut_off_anywhere_each_title_is_rejected_once(
    aws: InProcessAws, call: Call, files: S3Files, moment: str
) -> None:
    owner = sent(call, "caixa")
    data, begun = answer_of("caixa", owner.terms.convenio), state()
    writes = count_writes(aws, lambda: receive(call, files, data))
    for point in range(writes):
        put_back(begun)
        with pytest.raises(Cut), cut(aws, point, moment):
            receive(call, files, data)
        receive(call, files, data)
        assert states(call) == [RemittanceState.REJECTED] * 3, point
        [remittance] = store.remittances(call.tenant_id, owner.id)
        assert remittance.rejection is not None, point


@pytest.mark.req("BNK-05")
def test_a_remittance_that_was_taken_changes_nothing(call: Call, files: S3Files) -> None:
    owner = sent(call, "caixa_400")

    returned = receive(call, files, answer_of("caixa_400", owner.terms.convenio, "CONFIRMACAO"))

    assert returned.status is ReturnStatus.APPLIED
    assert "o banco acatou a remessa 1" in (returned.answer or "")
    assert states(call) == [RemittanceState.TRANSMITTED] * 3


@pytest.mark.req("BNK-05")
def test_title_that_the_bank_registered_meanwhile_is_not_rejected_with_the_remittance(
    call: Call, files: S3Files
) -> None:
    owner = sent(call, "caixa")
    title = invoices.get_invoice(call.tenant_id, "cus_0000", "inv_0001")
    made.keep(call, invoices.invoice_row(call.tenant_id, title.registered()))

    returned = receive(call, files, answer_of("caixa", owner.terms.convenio))

    assert sorted(states(call)) == sorted([RemittanceState.REGISTERED, *[RemittanceState.REJECTED] * 2])
    assert (returned.totals["applied"], returned.totals["recorded"]) == ("2", "1")
    (line,) = [
        line
        for line in store.lines(call.tenant_id, returned.id)
        if line.outcome is OccurrenceOutcome.RECORDED
    ]
    assert line.message == "Remessa 1 rejeitada pelo banco da Fatura 1."


@pytest.mark.req("BNK-05")
def test_a_remittance_taken_in_part_rejects_the_titles_at_fault(call: Call, files: S3Files) -> None:
    owner = sent(call, "caixa_400")
    title = remitted(call, files, owner).decode().split("\r\n")[2]
    line = title[:29] + "16" + title[31:]
    data = answer_of("caixa_400", owner.terms.convenio, "REJ. PARCIAL") + f"{line}\r\n".encode()

    returned = receive(call, files, data)

    assert returned.totals["applied"] == "1"
    assert sorted(states(call)) == sorted([RemittanceState.REJECTED, *[RemittanceState.TRANSMITTED] * 2])


@pytest.mark.req("BNK-05")
def test_a_remittance_that_the_profile_never_sent_is_refused(call: Call, files: S3Files) -> None:
    owner = sent(call, "caixa")
    data = answer_of("caixa", owner.terms.convenio).replace(b"000001101", b"000009101")

    returned = receive(call, files, data)

    assert returned.status is ReturnStatus.REFUSED
    assert "não tem a remessa 9" in (returned.problem or "")


def sent_with_a_write_off(call: Call) -> tuple[PaymentProfile, Invoice]:
    """Remittance 1 has two new titles and the write-off of one that the bank has."""
    terms = ACCOUNTS["caixa"].evolve(convenio="123456", convenio_digit="")
    owner = made.profile(terms, id="pro_0000001", cash_account_id=None, sends_write_off=True)
    (registered,) = keep_registered(call, owner, 1, new=2)
    assert ask(call, registered, "write_off").made
    start(call, owner)
    return owner, registered


@pytest.mark.req("BNK-04", "BNK-05")
def test_instructions_of_a_rejected_remittance_go_with_the_next(call: Call, files: S3Files) -> None:
    owner, registered = sent_with_a_write_off(call)
    before = instructions_of(call, registered)
    assert [one.status for one in before] == [InstructionStatus.SENT]

    returned = receive(call, files, answer_of("caixa", owner.terms.convenio))

    assert (returned.totals["applied"], returned.totals["waiting"]) == ("2", "1")
    (waiting,) = instructions_of(call, registered)
    assert (waiting.status, waiting.run_id) == (InstructionStatus.WAITING, None)
    assert sorted(states(call)) == [*[RemittanceState.REJECTED] * 2, RemittanceState.WRITE_OFF_QUEUED]
    start(call, owner)
    (resent,) = instructions_of(call, registered)
    assert (resent.id, resent.status) == (before[0].id, InstructionStatus.SENT)
    assert resent.run_id not in (None, before[0].run_id)
    newest = store.remittances(call.tenant_id, owner.id)[0]
    assert (newest.sequence, newest.titles, newest.instructions) == (2, 2, 1)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("ended", ["confirmed", "ended"])
def test_instruction_answered_or_ended_meanwhile_does_not_wait_again(
    aws: InProcessAws, call: Call, ended: str
) -> None:
    _, registered = sent_with_a_write_off(call)
    (instruction,) = instructions_of(call, registered)
    over = instruction.confirmed("occ_1") if ended == "confirmed" else instruction.released().ended("paga")
    made.keep(call, store.instruction_row(call.tenant_id, over))

    rejected_remittances.wait_again(call, instruction.key)
    rejected_remittances.wait_again(call, f"{registered.customer_id}/{registered.id}/ins_unknown")

    assert [one.status for one in instructions_of(call, registered)] == [over.status]


@pytest.mark.req("BNK-05", "PLT-04")
@pytest.mark.parametrize(("changes", "waits"), [(1, True), (4, True), (5, False)])
def test_instruction_that_others_change_waits_again_after_five_tries_at_most(
    aws: InProcessAws, call: Call, changes: int, waits: bool
) -> None:
    _, registered = sent_with_a_write_off(call)
    (instruction,) = instructions_of(call, registered)

    def change(operation: str, _body: bytes, when: str) -> None:
        nonlocal changes
        if when == "before" and operation in WRITES and changes > 0:
            changes -= 1
            aws.observers.remove(change)  # not told of its own write
            (current,) = instructions_of(call, registered)
            store.instruction_row(call.tenant_id, current.evolve(version=current.version + 1)).save()
            aws.observers.append(change)

    aws.observers.append(change)
    if waits:
        rejected_remittances.wait_again(call, instruction.key)
    else:
        with pytest.raises(Transient, match="keeps meeting other changes"):
            rejected_remittances.wait_again(call, instruction.key)

    assert [one.status for one in instructions_of(call, registered)] == [
        InstructionStatus.WAITING if waits else InstructionStatus.SENT
    ]
