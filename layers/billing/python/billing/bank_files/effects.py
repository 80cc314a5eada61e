"""The effect of each kind of occurrence. A table, read from top to bottom; any other kind is recorded without effect.

A payment without a title of ours is held as a receipt that waits for a decision; any other such line is only held or
recorded.
"""

from collections.abc import Callable
from datetime import date

from billing.bank_files import instruction_answers
from billing.bank_files.ending import is_over, let_go
from billing.bank_files.model import WHOLE_FILE, OccurrenceOutcome
from billing.bank_files.occurrence_context import Applied, OccurrenceContext, may_become
from billing.banking.mending import reasons_of, says_it_is_there
from billing.banking.occurrences import Occurrence, OccurrenceKind
from billing.banking.pix import dynamic_code
from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo
from billing.invoicing.states import GONE, UNCONFIRMED, WAITING_FOR_ENTRY, RemittanceState
from billing.payments.model import MovementKind
from billing.payments.receiving import BankPayment, account_of, post, receive


def effect(answer: OccurrenceContext) -> Applied:
    """Put the occurrence's effect into its changes; returns the outcome and a message."""
    return _EFFECTS.get(answer.occurrence.kind, _record)(answer)


def _register(answer: OccurrenceContext) -> Applied:
    invoice = answer.invoice
    if invoice is None:
        return Applied(OccurrenceOutcome.HELD, "Entrada confirmada de um título que não é de nenhuma fatura.")
    if invoice.remittance not in UNCONFIRMED:
        return Applied(
            OccurrenceOutcome.RECORDED, f"O boleto da Fatura {invoice.number} já estava registrado."
        )
    message = f"Boleto da Fatura {invoice.number} registrado no banco"
    code, why = _pix_of(answer, invoice)
    after = _registered(answer, invoice, code)
    answer.put(invoice, after, InvoiceAction.REGISTERED)
    if after.status in GONE:
        why += f" A fatura está excluída: {_what_ends_it(after)}"
    return Applied(OccurrenceOutcome.APPLIED, f"{message}{', com o Pix dele' if code else ''}.{why}")


def _registered(answer: OccurrenceContext, invoice: Invoice, code: str | None) -> Invoice:
    """A title that is no longer to be paid is written off as soon as the bank has it."""
    after = invoice.registered(code)
    if not is_over(answer.call, invoice):
        return after
    why = LetGo("O banco registrou o boleto de uma fatura que já não deve ser paga por ele.", invoice.id)
    after, _ = let_go(answer.call, answer.changes, after, why)
    return after


def _what_ends_it(invoice: Invoice) -> str:
    if invoice.remittance is RemittanceState.WRITE_OFF_QUEUED:
        return "a baixa vai na próxima remessa."
    return "peça a baixa ao banco; até lá o boleto pode ser pago."


def _pix_of(answer: OccurrenceContext, invoice: Invoice) -> tuple[str | None, str]:
    """The Pix code that the bank made for the boleto (híbrido), validated; or else why the invoice keeps its own."""
    profile, occurrence = answer.profile, answer.occurrence
    if not profile.terms.registers_pix:
        return None, ""
    if occurrence.pix_emv:
        return occurrence.pix_emv, ""
    if not occurrence.pix_url:
        said = "; ".join(reason.text for reason in occurrence.reasons)
        return None, f" O banco não devolveu o Pix{f': {said}' if said else ''}."
    name, city = profile.terms.beneficiary_name, profile.pix_city
    try:
        return dynamic_code(url=occurrence.pix_url, name=name, city=city, amount=invoice.amount), ""
    except Refused as refused:
        return None, f" O Pix do banco não foi aproveitado: {refused.title}"


def _reject(answer: OccurrenceContext) -> Applied:
    """The invoice keeps the reasons and the fields to correct until it is sent again (BEY-13)."""
    invoice = answer.invoice
    reasons = "; ".join(reason.text for reason in answer.occurrence.reasons) or "motivo não informado"
    if invoice is None:
        return Applied(OccurrenceOutcome.HELD, f"Título que não é de nenhuma fatura, rejeitado: {reasons}.")
    if invoice.is_at_the_bank and _is_there(invoice, answer):
        message = f"A Fatura {invoice.number} já estava registrada no banco, que recusou a entrada repetida."
        if invoice.remittance in UNCONFIRMED:
            answer.put(invoice, _registered(answer, invoice, None), InvoiceAction.REGISTERED, note=reasons)
            return Applied(OccurrenceOutcome.APPLIED, message)
        return Applied(OccurrenceOutcome.RECORDED, f"{message} {reasons}.")
    message = f"Boleto da Fatura {invoice.number} rejeitado: {reasons}. Corrija e envie em nova remessa."
    if not may_become(invoice, RemittanceState.REJECTED):
        return Applied(OccurrenceOutcome.RECORDED, message)
    with_its_file = answer.occurrence.movement.endswith(WHOLE_FILE)
    after = invoice.rejected(reasons_of(answer.occurrence.reasons), with_its_file=with_its_file)
    answer.put(invoice, after, InvoiceAction.REJECTED, note=reasons)
    return Applied(OccurrenceOutcome.APPLIED, message)


def _reject_remitted(answer: OccurrenceContext) -> Applied:
    """No effect on a title that the bank has meanwhile received in another file."""
    if answer.invoice is not None and answer.invoice.remittance not in WAITING_FOR_ENTRY:
        return _record(answer)
    return _reject(answer)


def _is_there(invoice: Invoice, answer: OccurrenceContext) -> bool:
    """Whether the bank confirmed it before, or answers an entry that was sent more than once by saying that it has
    it."""
    if invoice.remittance not in UNCONFIRMED:
        return True
    return invoice.entries_sent > 1 and says_it_is_there(answer.occurrence.reasons)


def _refuse(answer: OccurrenceContext) -> Applied:
    """If the title waits for its entry, the entry was refused; if it is registered, the boleto remains and an
    instruction was refused."""
    if answer.invoice is None or answer.invoice.remittance not in WAITING_FOR_ENTRY:
        return instruction_answers.reject(answer)
    return _reject(answer)


def _receive(answer: OccurrenceContext) -> Applied:
    occurrence, profile = answer.occurrence, answer.profile
    day = _day_of(occurrence)
    if day is None:
        return _without_date(answer, occurrence.paid_amount)
    payment = BankPayment(
        source=answer.occurrence_id,
        company_id=profile.company_id,
        profile_id=profile.id,
        account_id=profile.cash_account_id,
        nosso_numero=occurrence.nosso_numero,
        received=occurrence.paid_amount,
        interest=occurrence.interest,
        fine=occurrence.fine,
        discount=occurrence.discount + rebate_taken(occurrence, answer.invoice),
        tariff=occurrence.tariff,
        paid_on=day,
        credited_on=occurrence.credited_on,
        ends_title=occurrence.kind is OccurrenceKind.SETTLED,
    )
    received = receive(answer.call, answer.changes, payment, answer.invoice)
    outcome = OccurrenceOutcome.HELD if received.held is not None else OccurrenceOutcome.APPLIED
    return Applied(outcome, f"{received.message}{_parts_that_differ(occurrence)}")


def _parts_that_differ(occurrence: Occurrence) -> str:
    """The figures, for a person to check, if the line has the parts of a payment and they do not add up to what was
    paid."""
    added, taken = occurrence.interest + occurrence.fine, occurrence.discount + occurrence.rebate
    whole = occurrence.title_amount + added - taken
    if whole == occurrence.paid_amount or not (added or taken):
        return ""
    parts = (
        ("", occurrence.title_amount),
        (" + ", occurrence.interest),
        (" + ", occurrence.fine),
        (" - ", occurrence.discount),
        (" - ", occurrence.rebate),
    )
    sum_in_words = "".join(f"{sign}{amount.format_br()}" for sign, amount in parts if amount or not sign)
    return (
        f" As parcelas da linha não fecham: {sum_in_words} são {whole.format_br()}, e ela diz {occurrence.paid_amount.format_br()} pagos; "
        "confira com o banco."
    )


def rebate_taken(occurrence: Occurrence, invoice: Invoice | None) -> Money:
    """The rebate in the payment; if it has none, the granted rebate covers what is missing, and no more."""
    if occurrence.rebate or invoice is None or not invoice.rebate:
        return occurrence.rebate
    principal = occurrence.paid_amount - occurrence.interest - occurrence.fine + occurrence.discount
    return min(invoice.rebate, max(ZERO, invoice.balance - principal))


def _charge_tariff(answer: OccurrenceContext) -> Applied:
    occurrence = answer.occurrence
    if occurrence.tariff <= ZERO:
        return Applied(OccurrenceOutcome.RECORDED, occurrence.movement_text)
    day = _day_of(occurrence)
    if day is None:
        return _without_date(answer, occurrence.tariff)
    call, changes, profile, source = answer.call, answer.changes, answer.profile, answer.occurrence_id
    account = account_of(call, changes, profile.cash_account_id, profile.company_id, source)
    post(call, changes, account, MovementKind.TARIFF, -occurrence.tariff, day, source)
    return Applied(OccurrenceOutcome.APPLIED, f"Tarifa de {occurrence.tariff.format_br()} debitada.")


def _record(answer: OccurrenceContext) -> Applied:
    whose = f" da Fatura {answer.invoice.number}" if answer.invoice is not None else ""
    return Applied(OccurrenceOutcome.RECORDED, f"{answer.occurrence.movement_text}{whose}.")


def _day_of(occurrence: Occurrence) -> date | None:
    """The file's date, never today."""
    return occurrence.occurred_on or occurrence.credited_on


def _without_date(answer: OccurrenceContext, amount: Money) -> Applied:
    """Nothing is entered on a guessed day; a corrected line is another occurrence."""
    whose = f" da Fatura {answer.invoice.number}" if answer.invoice is not None else ""
    message = (
        f"A linha {answer.occurrence.line_number} traz {amount.format_br()}{whose} sem data, e nada foi lançado. "
        "Confira o extrato da conta e peça ao banco o arquivo corrigido."
    )
    return Applied(OccurrenceOutcome.HELD, message)


_EFFECTS: dict[OccurrenceKind, Callable[[OccurrenceContext], Applied]] = {
    OccurrenceKind.REGISTERED: _register,
    OccurrenceKind.REJECTED: _reject,
    OccurrenceKind.REMITTANCE_REJECTED: _reject_remitted,
    OccurrenceKind.COMMAND_REFUSED: _refuse,
    OccurrenceKind.SETTLED: _receive,
    OccurrenceKind.PARTIALLY_SETTLED: _receive,
    OccurrenceKind.TARIFF: _charge_tariff,
    OccurrenceKind.WRITTEN_OFF: instruction_answers.write_off,
    OccurrenceKind.PAID_OUTSIDE: instruction_answers.write_off,
    OccurrenceKind.DUE_DATE_CHANGED: instruction_answers.change_due_date,
    OccurrenceKind.REBATE_GRANTED: instruction_answers.grant_rebate,
    OccurrenceKind.REBATE_CANCELLED: instruction_answers.cancel_rebate,
    OccurrenceKind.PROTESTED: instruction_answers.protest,
    OccurrenceKind.INSTRUCTION_ACCEPTED: instruction_answers.accept,
    OccurrenceKind.INSTRUCTION_REJECTED: instruction_answers.reject,
}
