"""The effect of the bank's answers to instructions, and of what it did to a title on its own (BNK-05).

An answer ends the one instruction that it can refer to. What the bank did without an instruction of ours is applied
to the title too, and the message says so; if several instructions could be meant, we do not guess and hold the line
for a person.
"""

from collections.abc import Callable

from billing.bank_files import store
from billing.bank_files.instruction import AT_WORK, InstructionStatus, TitleInstruction
from billing.bank_files.instructions import put, put_without_write_off
from billing.bank_files.model import OccurrenceOutcome
from billing.bank_files.occurrence_context import Applied, OccurrenceContext, may_become
from billing.banking.answers import answered_by
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.instructions import Movement
from billing.banking.mending import reasons_of
from billing.core.errors import Refused
from billing.core.money import ZERO
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import GONE, RemittanceState

Changed = tuple[Invoice, InvoiceAction | None, str]
"""The changed invoice, the action for its history (None if nothing changes), and what happened."""
Change = Callable[[OccurrenceContext, Invoice, TitleInstruction | None], Changed]
"""Raises Refused for an impossible change."""


def write_off(answer: OccurrenceContext) -> Applied:
    return _applied(answer, _written_off)


def change_due_date(answer: OccurrenceContext) -> Applied:
    return _applied(answer, _due_changed)


def grant_rebate(answer: OccurrenceContext) -> Applied:
    return _applied(answer, _rebated)


def cancel_rebate(answer: OccurrenceContext) -> Applied:
    return _applied(answer, _without_rebate)


def protest(answer: OccurrenceContext) -> Applied:
    return _applied(answer, _protested)


def accept(answer: OccurrenceContext) -> Applied:
    """A confirmation without a kind of its own; the bank's code says what it confirms."""
    return _applied(answer, _accepted)


def reject(answer: OccurrenceContext) -> Applied:
    """The instruction ends; its title is unchanged."""
    reasons = "; ".join(reason.text for reason in answer.occurrence.reasons) or "motivo não informado"
    message = f"{answer.occurrence.movement_text}: {reasons}."
    if answer.invoice is None:
        return Applied(OccurrenceOutcome.HELD, f"Título que não é de nenhuma fatura. {message}")
    number, instructions = answer.invoice.number, _asked(answer, answer.invoice)
    if not instructions:
        return Applied(OccurrenceOutcome.RECORDED, f"Fatura {number}, sem instrução nossa. {message}")
    if len(instructions) > 1:
        what = "há mais de uma instrução enviada; confira qual"
        return Applied(OccurrenceOutcome.HELD, f"Fatura {number}, {what}. {message}")
    (instruction,) = instructions
    after = instruction.rejected(
        answer.occurrence_id, reasons_of(answer.occurrence.reasons, of_instruction=True)
    )
    put(answer.call, answer.changes, instruction, after, reasons)
    put_without_write_off(answer.call, answer.changes, after, answer.invoice)
    return Applied(
        OccurrenceOutcome.APPLIED,
        f"Instrução de {instruction.name} da Fatura {number} rejeitada: {reasons}. Corrija e peça de novo.",
        instruction.id,
    )


def _applied(answer: OccurrenceContext, change: Change) -> Applied:
    """The change to the title, and the end of the instruction that requested it."""
    before, text = answer.invoice, answer.occurrence.movement_text
    if before is None:
        return Applied(OccurrenceOutcome.HELD, f"{text}, de um título que não é de nenhuma fatura.")
    instructions = _asked(answer, before)
    if len(instructions) > 1:
        message = f"{text}: a Fatura {before.number} tem mais de uma instrução enviada; confira qual."
        return Applied(OccurrenceOutcome.HELD, message)
    instruction = instructions[0] if instructions else None
    try:
        after, action, message = change(answer, before, instruction)
    except Refused as refused:
        return Applied(OccurrenceOutcome.HELD, f"{text}, Fatura {before.number}: {refused.title}")
    if instruction is not None:
        put(answer.call, answer.changes, instruction, instruction.confirmed(answer.occurrence_id))
    if action is not None and after != before:
        answer.put(before, after, action, note=None if instruction is None else instruction.name)
    if instruction is None and after == before:
        return Applied(OccurrenceOutcome.RECORDED, message)
    if instruction is not None:
        return Applied(OccurrenceOutcome.APPLIED, message, instruction.id)
    confirmed = any(one.status is InstructionStatus.CONFIRMED for one in _meant(answer, before))
    by_itself = "" if confirmed else " Sem instrução nossa: foi o banco, ou alguém direto nele."
    return Applied(OccurrenceOutcome.APPLIED, f"{message}{by_itself}")


def _asked(answer: OccurrenceContext, invoice: Invoice) -> list[TitleInstruction]:
    """Our instructions that the bank has, or is about to get, and that the occurrence may answer."""
    return [instruction for instruction in _meant(answer, invoice) if instruction.status in AT_WORK]


def _meant(answer: OccurrenceContext, invoice: Invoice) -> list[TitleInstruction]:
    """Our instructions of the kinds that the occurrence may answer, in any state."""
    movements = answered_by(answer.occurrence)
    if not movements:
        return []
    instructions = store.instructions_of(answer.call.tenant_id, invoice.customer_id, invoice.id)
    return [instruction for instruction in instructions if instruction.movement in movements]


def _written_off(answer: OccurrenceContext, before: Invoice, _asked: TitleInstruction | None) -> Changed:
    message = f"Boleto da Fatura {before.number} baixado no banco: {answer.occurrence.movement_text}."
    if not may_become(before, RemittanceState.WRITTEN_OFF):
        return before, None, message
    return before.written_off(), InvoiceAction.WRITTEN_OFF, message


def _due_changed(answer: OccurrenceContext, before: Invoice, instruction: TitleInstruction | None) -> Changed:
    """The new day is the return's, or else the requested one; it is part of the barcode."""
    due_on = answer.occurrence.due_on or (instruction.due_on if instruction is not None else None)
    if due_on is None:
        raise Refused("return.no_due_date", "o banco não diz o novo vencimento.")
    message = f"Vencimento da Fatura {before.number} alterado no banco para {due_on:%d/%m/%Y}."
    if due_on == before.due_on or before.status in GONE or before.title_number is None:
        return before, None, message
    boleto = issue_boleto(
        BoletoTerms(
            account=answer.profile.terms,
            nosso_numero=before.title_number,
            due_on=due_on,
            amount=before.amount,
            issued_on=before.issued_on,
            document_number=str(before.number),
        )
    )
    return before.due_changed(due_on, boleto.barcode), InvoiceAction.DUE_CHANGED, message


def _rebated(answer: OccurrenceContext, before: Invoice, instruction: TitleInstruction | None) -> Changed:
    """The amount is the return's, or else the requested one."""
    rebate = answer.occurrence.rebate or (instruction.rebate if instruction is not None else None) or ZERO
    if not ZERO < rebate < before.amount:
        raise Refused("return.rebate", f"abatimento de {rebate.format_br()}, que não cabe na fatura.")
    message = f"Abatimento de {rebate.format_br()} concedido na Fatura {before.number}."
    return before.with_rebate(rebate), InvoiceAction.REBATE_GRANTED, message


def _without_rebate(_told: OccurrenceContext, before: Invoice, _asked: TitleInstruction | None) -> Changed:
    message = f"Abatimento da Fatura {before.number} cancelado no banco."
    return before.with_rebate(None), InvoiceAction.REBATE_CANCELLED, message


def _protested(answer: OccurrenceContext, before: Invoice, _asked: TitleInstruction | None) -> Changed:
    message = f"Boleto da Fatura {before.number} enviado a cartório."
    return before.protested(answer.occurrence.occurred_on), InvoiceAction.PROTESTED, message


def _accepted(answer: OccurrenceContext, before: Invoice, instruction: TitleInstruction | None) -> Changed:
    message = f"{answer.occurrence.movement_text}, Fatura {before.number}."
    match instruction.movement if instruction is not None else None:
        case Movement.STOP_PROTEST:
            return before.protested(None), InvoiceAction.PROTEST_STOPPED, message
        case Movement.GRANT_DISCOUNT | Movement.CANCEL_DISCOUNT:
            assert instruction is not None
            return before.with_discount(instruction.discount), InvoiceAction.DISCOUNT_CHANGED, message
        case _:
            return before, None, message
