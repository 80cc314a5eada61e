"""The end of a title that is no longer to be paid: what the bank still has is written off, and waiting instructions
end.

Whatever ends an invoice other than by its boleto (removal, manual settlement, Pix) lets go of its title here, in the
same transaction. Until the bank confirms the write-off, the boleto can still be paid; such money is held (PAY-08).
"""

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import BatchAnswer, Chosen, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.actions import InstructionAction
from billing.bank_files.instruction import (
    LIVE,
    InstructionStatus,
    TitleInstruction,
    instruction_id,
)
from billing.banking.instructions import Movement
from billing.banking.model import PaymentProfile
from billing.banking.remittance import movements_of
from billing.banking.store import get_profile
from billing.core.errors import Refusal, Refused, Severity
from billing.core.text import Line
from billing.invoicing import invoices
from billing.invoicing import store as invoicing
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo
from billing.invoicing.states import GONE, InvoiceStatus, RemittanceState
from billing.payments import store as payments
from billing.payments.model import ELSEWHERE, Method

WRITE_OFF_QUEUED = Refusal(
    "title.write_off_queued",
    "O banco tem o boleto desta fatura. A baixa entrou na fila e vai na próxima remessa; até o banco confirmá-la, o "
    "boleto ainda pode ser pago, e o pagamento fica retido.",
    Severity.WARNS,
)
STILL_PAYABLE = Refusal(
    "title.still_payable",
    "O banco tem o boleto desta fatura, e o profile não tem o comando de baixa ativo: peça a baixa direto ao banco. "
    "Enquanto isso o boleto pode ser pago, e o pagamento fica retido.",
    Severity.WARNS,
)
AWAITS_CREDIT = Refusal(
    "title.awaits_credit",
    "O banco tem o boleto desta fatura, e ele ainda pode ser pago. Se o crédito que se aguarda não é do próprio boleto, "
    "peça a baixa dele ao banco.",
    Severity.WARNS,
)


def let_go(call: Call, changes: Changes, invoice: Invoice, why: LetGo) -> tuple[Invoice, list[Refusal]]:
    """The changed invoice, still to be written, and what the clerk must know. Instructions are written here."""
    before = store.instructions_of(call.tenant_id, invoice.customer_id, invoice.id)
    for waiting in before:
        if waiting.status is InstructionStatus.WAITING and waiting.movement is not Movement.WRITE_OFF:
            _put(call, changes, waiting, waiting.ended(why.reason))
    if not invoice.is_at_the_bank:
        return invoice, []
    if why.awaits_credit:
        return invoice, [AWAITS_CREDIT]
    if any(one.movement is Movement.WRITE_OFF and one.status in LIVE for one in before):
        return _queued(invoice), [WRITE_OFF_QUEUED]
    profile = _profile_that_writes_off(call, invoice)
    if profile is None:
        return invoice, [STILL_PAYABLE]
    ordinal = sum(one.movement is Movement.WRITE_OFF for one in before) + 1
    instruction = TitleInstruction(
        id=instruction_id(invoice.id, Movement.WRITE_OFF, ordinal),
        movement=Movement.WRITE_OFF,
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        number=invoice.number,
        company_id=invoice.company_id,
        profile_id=profile.id,
        justification=why.reason,
        cause=why.cause,
        asked_by=call.actor_id,
        asked_at=call.now,
    )
    changes.put(store.instruction_row(call.tenant_id, instruction), InstructionAction.ASKED, note=why.reason)
    return _queued(invoice), [WRITE_OFF_QUEUED]


class WrittenOffReport(Chosen):
    """Faturas cujo boleto o banco baixou, pedido direto a ele, ou nunca teve."""

    reason: Line = Field(min_length=1, max_length=200, examples=["Baixa pedida ao gerente, protocolo 4711"])


def report_written_off(call: Call, customer_id: str, report: WrittenOffReport) -> BatchAnswer:
    """On a person's word, if no file can say so; a waiting write-off is dropped."""

    def one(part: Call, changes: Changes, invoice_id: str) -> ItemAnswer:
        before = invoices.get(part, customer_id, invoice_id)
        number = before.number
        if not is_over(part, before):
            message = f"A Fatura {number} ainda se paga pelo boleto: remova-a ou liquide-a antes."
            raise Refused("title.not_over", message)
        if not before.is_at_the_bank:
            raise Refused("title.not_at_the_bank", f"O banco não tem boleto a receber da Fatura {number}.")
        for instruction in store.instructions_of(part.tenant_id, customer_id, invoice_id):
            if instruction.status is InstructionStatus.CLAIMED:
                message = f"A instrução de {instruction.name} da Fatura {number} está em uma remessa que se gera: espere-a."
                raise Refused("instruction.claimed", message)
            if instruction.status is InstructionStatus.WAITING:
                _put(part, changes, instruction, instruction.ended(report.reason))
        invoicing.put_invoice(
            part.tenant_id,
            changes,
            before,
            before.written_off(),
            InvoiceAction.WRITE_OFF_REPORTED,
            note=report.reason,
        )
        return done(invoice_id)

    return each(call, report.ids, one)


def is_over(call: Call, invoice: Invoice) -> bool:
    """Whether it is no longer to be paid by its boleto: it is gone, or was paid without the bank knowing."""
    if invoice.status in GONE or invoice.status is InvoiceStatus.RENEGOTIATED:
        return True
    return invoice.status is InvoiceStatus.SETTLED and _settled_elsewhere(call, invoice)


def _settled_elsewhere(call: Call, invoice: Invoice) -> bool:
    """Whether it was paid at least in part without the bank knowing, and no settlement is waiting for its credit."""
    settlements = payments.settlements_of(call.tenant_id, invoice.customer_id, invoice.id)
    methods = {settlement.method for settlement in settlements if settlement.is_live}
    return bool(methods & ELSEWHERE) and Method.PROFILE not in methods


def take_back(call: Call, changes: Changes, invoice: Invoice, cause: str) -> Invoice:
    """The invoice after undoing what let go of its title (`cause`): a write-off that is still waiting ends."""
    for instruction in store.instructions_of(call.tenant_id, invoice.customer_id, invoice.id):
        if instruction.cause == cause and instruction.status is InstructionStatus.WAITING:
            _put(call, changes, instruction, instruction.ended("A liquidação que a pediu foi estornada."))
            if invoice.remittance is RemittanceState.WRITE_OFF_QUEUED:
                invoice = invoice.without_write_off()
    return invoice


def _queued(invoice: Invoice) -> Invoice:
    """A title that the bank has not confirmed stays as sent: a refused write-off does not prove that it is
    registered."""
    return invoice.with_write_off_queued() if invoice.remittance is RemittanceState.REGISTERED else invoice


def _profile_that_writes_off(call: Call, invoice: Invoice) -> PaymentProfile | None:
    if invoice.payment_profile_id is None:
        return None
    profile = get_profile(call.tenant_id, invoice.payment_profile_id)
    try:
        takes = Movement.WRITE_OFF in movements_of(profile.terms)
    except Refused:
        return None
    return profile if takes and profile.sends_write_off else None


def _put(call: Call, changes: Changes, before: TitleInstruction, after: TitleInstruction) -> None:
    row = store.instruction_row(call.tenant_id, after)
    changes.put(row, InstructionAction.CANCELLED, before=before, after=after, note=after.ended_because)
