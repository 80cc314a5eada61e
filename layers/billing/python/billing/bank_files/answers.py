"""What the bank's answers to instructions do, and what it did to a title by itself (BNK-05).

An answer ends the one instruction that it can be about. What the bank did without one of ours is applied to the title all the same, and
says so; where several could be meant, nothing of them is guessed and the line is held for a person to look at.
"""

from collections.abc import Callable

from billing.bank_files import store
from billing.bank_files.instruction import AT_WORK, InstructionStatus, TitleInstruction
from billing.bank_files.instructions import put, put_without_write_off
from billing.bank_files.model import OccurrenceOutcome
from billing.bank_files.told import Done, Told, may_become
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
"""The invoice as it becomes, what its history calls that (None where nothing changes), and what happened."""
Change = Callable[[Told, Invoice, TitleInstruction | None], Changed]
"""Raises Refused for what cannot be."""


def write_off(told: Told) -> Done:
    return _applied(told, _written_off)


def change_due_date(told: Told) -> Done:
    return _applied(told, _due_changed)


def grant_rebate(told: Told) -> Done:
    return _applied(told, _rebated)


def cancel_rebate(told: Told) -> Done:
    return _applied(told, _without_rebate)


def protest(told: Told) -> Done:
    return _applied(told, _protested)


def accept(told: Told) -> Done:
    """A confirmation without a kind of its own: the bank's code says of what."""
    return _applied(told, _accepted)


def reject(told: Told) -> Done:
    """The instruction ends; its title is as it was."""
    reasons = "; ".join(reason.text for reason in told.occurrence.reasons) or "motivo não informado"
    message = f"{told.occurrence.movement_text}: {reasons}."
    if told.invoice is None:
        return Done(OccurrenceOutcome.HELD, f"Título que não é de nenhuma fatura. {message}")
    number, found = told.invoice.number, _asked(told, told.invoice)
    if not found:
        return Done(OccurrenceOutcome.RECORDED, f"Fatura {number}, sem instrução nossa. {message}")
    if len(found) > 1:
        what = "há mais de uma instrução enviada; confira qual"
        return Done(OccurrenceOutcome.HELD, f"Fatura {number}, {what}. {message}")
    (asked,) = found
    after = asked.rejected(told.occurrence_id, reasons_of(told.occurrence.reasons, of_instruction=True))
    put(told.call, told.changes, asked, after, reasons[:200])
    put_without_write_off(told.call, told.changes, after, told.invoice)
    return Done(
        OccurrenceOutcome.APPLIED,
        f"Instrução de {asked.name} da Fatura {number} rejeitada: {reasons}. Corrija e peça de novo.",
        asked.id,
    )


def _applied(told: Told, change: Change) -> Done:
    """The change of the title, and the end of the instruction that asked for it."""
    before, text = told.invoice, told.occurrence.movement_text
    if before is None:
        return Done(OccurrenceOutcome.HELD, f"{text}, de um título que não é de nenhuma fatura.")
    found = _asked(told, before)
    if len(found) > 1:
        message = f"{text}: a Fatura {before.number} tem mais de uma instrução enviada; confira qual."
        return Done(OccurrenceOutcome.HELD, message)
    asked = found[0] if found else None
    try:
        after, action, message = change(told, before, asked)
    except Refused as refused:
        return Done(OccurrenceOutcome.HELD, f"{text}, Fatura {before.number}: {refused.title}")
    if asked is not None:
        put(told.call, told.changes, asked, asked.confirmed(told.occurrence_id))
    if action is not None and after != before:
        told.put(before, after, action, note=None if asked is None else asked.name)
    if asked is None and after == before:
        return Done(OccurrenceOutcome.RECORDED, message)
    if asked is not None:
        return Done(OccurrenceOutcome.APPLIED, message, asked.id)
    confirmed = any(one.status is InstructionStatus.CONFIRMED for one in _meant(told, before))
    by_itself = "" if confirmed else " Sem instrução nossa: foi o banco, ou alguém direto nele."
    return Done(OccurrenceOutcome.APPLIED, f"{message}{by_itself}")


def _asked(told: Told, invoice: Invoice) -> list[TitleInstruction]:
    """Our instructions that the bank has, or is about to, and that the occurrence may answer."""
    return [asked for asked in _meant(told, invoice) if asked.status in AT_WORK]


def _meant(told: Told, invoice: Invoice) -> list[TitleInstruction]:
    """Our instructions of the kinds that the occurrence may answer, whatever became of them."""
    movements = answered_by(told.occurrence)
    if not movements:
        return []
    found = store.instructions_of(told.call.tenant_id, invoice.customer_id, invoice.id)
    return [asked for asked in found if asked.movement in movements]


def _written_off(told: Told, before: Invoice, _asked: TitleInstruction | None) -> Changed:
    message = f"Boleto da Fatura {before.number} baixado no banco: {told.occurrence.movement_text}."
    if not may_become(before, RemittanceState.WRITTEN_OFF):
        return before, None, message
    return before.written_off(), InvoiceAction.WRITTEN_OFF, message


def _due_changed(told: Told, before: Invoice, asked: TitleInstruction | None) -> Changed:
    """The new day is the return's, or else what was asked for; the barcode carries it."""
    due_on = told.occurrence.due_on or (asked.due_on if asked is not None else None)
    if due_on is None:
        raise Refused("return.no_due_date", "o banco não diz o novo vencimento.")
    message = f"Vencimento da Fatura {before.number} alterado no banco para {due_on:%d/%m/%Y}."
    if due_on == before.due_on or before.status in GONE or before.title_number is None:
        return before, None, message
    boleto = issue_boleto(
        BoletoTerms(
            account=told.profile.terms,
            nosso_numero=before.title_number,
            due_on=due_on,
            amount=before.amount,
            issued_on=before.issued_on,
            document_number=str(before.number),
        )
    )
    return before.due_changed(due_on, boleto.barcode), InvoiceAction.DUE_CHANGED, message


def _rebated(told: Told, before: Invoice, asked: TitleInstruction | None) -> Changed:
    """The amount is the return's, or else what was asked for."""
    rebate = told.occurrence.rebate or (asked.rebate if asked is not None else None) or ZERO
    if not ZERO < rebate < before.amount:
        raise Refused("return.rebate", f"abatimento de {rebate.format_br()}, que não cabe na fatura.")
    message = f"Abatimento de {rebate.format_br()} concedido na Fatura {before.number}."
    return before.with_rebate(rebate), InvoiceAction.REBATE_GRANTED, message


def _without_rebate(_told: Told, before: Invoice, _asked: TitleInstruction | None) -> Changed:
    message = f"Abatimento da Fatura {before.number} cancelado no banco."
    return before.with_rebate(None), InvoiceAction.REBATE_CANCELLED, message


def _protested(told: Told, before: Invoice, _asked: TitleInstruction | None) -> Changed:
    message = f"Boleto da Fatura {before.number} enviado a cartório."
    return before.protested(told.occurrence.occurred_on), InvoiceAction.PROTESTED, message


def _accepted(told: Told, before: Invoice, asked: TitleInstruction | None) -> Changed:
    message = f"{told.occurrence.movement_text}, Fatura {before.number}."
    match asked.movement if asked is not None else None:
        case Movement.STOP_PROTEST:
            return before.protested(None), InvoiceAction.PROTEST_STOPPED, message
        case Movement.GRANT_DISCOUNT | Movement.CANCEL_DISCOUNT:
            assert asked is not None
            return before.with_discount(asked.discount), InvoiceAction.DISCOUNT_CHANGED, message
        case _:
            return before, None, message
