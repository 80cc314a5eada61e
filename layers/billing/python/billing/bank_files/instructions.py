"""Requests to the bank about titles that it has: each title gets its own answer, refused with every reason (BNK-04,
INV-03, INV-12)."""

from collections.abc import Iterator

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import BatchAnswer, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.actions import InstructionAction
from billing.bank_files.ending import is_over
from billing.bank_files.instruction import (
    ASKED,
    LIVE,
    InstructionRequest,
    OfferedMovement,
    TitleInstruction,
    instruction_id,
)
from billing.bank_files.titles import held_back, instruction_of
from billing.banking.instructions import MOVEMENT_NAMES, Movement
from billing.banking.model import PaymentProfile
from billing.banking.preflight import refusals
from billing.banking.remittance import movements_of
from billing.banking.store import get_profile
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.text import Line
from billing.customers import store as customers
from billing.invoicing import invoices
from billing.invoicing import store as invoicing
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import AT_THE_BANK, GONE, InvoiceStatus, RemittanceState

AT_THE_BANKS_HAND = frozenset({RemittanceState.REGISTERED, RemittanceState.WRITE_OFF_QUEUED})
"""States in which the bank has confirmed the title and still collects it."""


class Withdrawal(Entity):
    """Cancelamento de uma instrução que ainda espera."""

    reason: Line = Field(min_length=1, max_length=200, examples=["O cliente pagou"])


class Resending(Entity):
    """Reenvio de uma instrução cujo arquivo não chegou ao banco."""

    reason: Line = Field(min_length=1, max_length=200, examples=["O arquivo não foi enviado ao banco"])


def ask(call: Call, request: InstructionRequest) -> BatchAnswer:
    """Queue the instruction for each invoice, for the next remittance of its profile."""
    customer_of = {choice.invoice_id: choice.customer_id for choice in request.invoices}

    def one(part: Call, changes: Changes, invoice_id: str) -> ItemAnswer:
        invoice = invoices.get(part, customer_of[invoice_id], invoice_id)
        before = store.instructions_of(part.tenant_id, invoice.customer_id, invoice.id)
        profile = _profile_of(part, invoice)
        if profile is None:
            message = f"A Fatura {invoice.number} não tem profile de pagamento."
            raise Refused("instruction.no_profile", message)
        ordinal = sum(instruction.movement is request.movement for instruction in before) + 1
        instruction = TitleInstruction(
            id=instruction_id(invoice.id, request.movement, ordinal),
            movement=request.movement,
            due_on=request.due_on,
            rebate=request.rebate,
            discount=request.discount,
            customer_id=invoice.customer_id,
            invoice_id=invoice.id,
            number=invoice.number,
            company_id=invoice.company_id,
            profile_id=profile.id,
            justification=request.justification,
            asked_by=part.actor_id,
            asked_at=part.now,
        )
        reasons = [*_to_ask(part, invoice, profile, instruction, before)]
        if reasons:
            raise Refused.because(reasons)
        after = invoice
        if instruction.movement is Movement.WRITE_OFF and invoice.remittance is RemittanceState.REGISTERED:
            after = invoice.with_write_off_queued()
        note = f"{instruction.name}: {request.justification}"
        changes.put(store.instruction_row(part.tenant_id, instruction), InstructionAction.ASKED, note=note)
        invoicing.put_invoice(  # even if nothing in it changes: its history shows the request, and a concurrent change refuses it
            part.tenant_id, changes, invoice, after, InvoiceAction.INSTRUCTED, note=note
        )
        return done(invoice_id, made=[instruction.id])

    return each(call, customer_of, one)


def cancel(
    call: Call, customer_id: str, invoice_id: str, asked_id: str, withdrawal: Withdrawal
) -> TitleInstruction:
    """Cancel it while it waits. Raises Refused, also for the write-off of a title that is no longer to be paid."""
    invoice = invoices.get(call, customer_id, invoice_id)
    before = store.get_instruction(call.tenant_id, customer_id, invoice_id, asked_id)
    after = before.cancelled(withdrawal.reason)
    if before.movement is Movement.WRITE_OFF and invoice.status in {*GONE, InvoiceStatus.RENEGOTIATED}:
        message = f"A fatura {invoice.number} está {invoice.status.label.lower()}: sem a baixa o boleto continuaria a ser pago no banco."
        raise Refused("instruction.needed", message)
    changes = Changes(call)
    put(call, changes, before, after, withdrawal.reason)
    put_without_write_off(call, changes, after, invoice)
    return changes.commit_answering(after)


def send_again(
    call: Call, customer_id: str, invoice_id: str, asked_id: str, resending: Resending
) -> TitleInstruction:
    """Let it wait for another remittance. Raises Refused, also if its title can have no more instructions."""
    invoice = invoices.get(call, customer_id, invoice_id)
    before = store.get_instruction(call.tenant_id, customer_id, invoice_id, asked_id)
    after = before.to_send_again()
    reasons = list(of_title(call, invoice, before.movement))
    if reasons:
        raise Refused.because(reasons)
    changes = Changes(call)
    put(call, changes, before, after, resending.reason)
    return changes.commit_answering(after)


def instructions_of(call: Call, customer_id: str, invoice_id: str) -> tuple[TitleInstruction, ...]:
    """An invoice's instructions, oldest first. Raises NotFound, Forbidden."""
    invoices.get(call, customer_id, invoice_id)
    return tuple(store.instructions_of(call.tenant_id, customer_id, invoice_id))


def offered(call: Call, customer_id: str, invoice_id: str) -> tuple[OfferedMovement, ...]:
    """The instructions that the bank accepts for the title, each with what prevents it now (INV-03)."""
    invoice = invoices.get(call, customer_id, invoice_id)
    profile = _profile_of(call, invoice)
    if profile is None:
        return ()
    before = store.instructions_of(call.tenant_id, customer_id, invoice_id)
    taken = _taken(profile)
    return tuple(
        OfferedMovement(
            movement=movement,
            name=MOVEMENT_NAMES[movement],
            refusals=tuple(
                reason.message
                for reason in (
                    *of_title(call, invoice, movement),
                    *_of_due_date(call, invoice, movement),
                    *_of_queue(invoice, profile, movement, before),
                )
            ),
        )
        for movement in ASKED
        if movement in taken
    )


def of_title(call: Call, invoice: Invoice, movement: Movement) -> Iterator[Refusal]:
    """Why the instruction is impossible for the title; also applies to one that was queued before.

    An invoice that is no longer to be paid by its boleto (paid at the counter, removed) can have it written off,
    confirmed by the bank or not, so that the customer does not pay the boleto too (INV-12); one paid at the bank is
    already closed there.
    """
    number = invoice.number
    ends = movement is Movement.WRITE_OFF and is_over(call, invoice)
    if invoice.status is InvoiceStatus.SETTLED and not ends:
        yield Refusal("invoice.settled", f"A Fatura {number} já está liquidada")
    if invoice.status is InvoiceStatus.RENEGOTIATED and not ends:
        yield Refusal("invoice.renegotiated", f"A Fatura {number} faz parte de um parcelamento")
    if invoice.status in GONE and not ends:
        yield Refusal("invoice.deleted", f"A fatura {number} está com status de excluída")
    if invoice.remittance is RemittanceState.WRITTEN_OFF:
        yield Refusal("instruction.written_off", f"O boleto da Fatura {number} já foi baixado no banco.")
    elif invoice.remittance is RemittanceState.PAID:
        yield Refusal("instruction.paid", f"O boleto da Fatura {number} já foi pago no banco.")
    elif invoice.remittance not in (AT_THE_BANK if ends else AT_THE_BANKS_HAND):
        message = f"O boleto da Fatura {number} não está registrado no banco: não há título a instruir."
        yield Refusal("instruction.not_registered", message)


def put(
    call: Call, changes: Changes, before: TitleInstruction, after: TitleInstruction, note: str | None = None
) -> None:
    row = store.instruction_row(call.tenant_id, after)
    changes.put(row, InstructionAction[after.status.name], before=before, after=after, note=note)


def put_without_write_off(
    call: Call, changes: Changes, ended: TitleInstruction, invoice: Invoice | None
) -> None:
    """The title continues, if the instruction that ended was its write-off."""
    if ended.movement is not Movement.WRITE_OFF or invoice is None:
        return
    if invoice.remittance is RemittanceState.WRITE_OFF_QUEUED:
        after = invoice.without_write_off()
        invoicing.put_invoice(call.tenant_id, changes, invoice, after, InvoiceAction.WRITE_OFF_GIVEN_UP)


def _to_ask(
    call: Call,
    invoice: Invoice,
    profile: PaymentProfile,
    instruction: TitleInstruction,
    before: list[TitleInstruction],
) -> Iterator[Refusal]:
    """Every reason at once: from the title, the queue, the bank, and the pre-flight's check of the values."""
    yield from of_title(call, invoice, instruction.movement)
    yield from _of_due_date(call, invoice, instruction.movement)
    yield from _of_queue(invoice, profile, instruction.movement, before)
    if instruction.due_on is not None and instruction.due_on == invoice.due_on:
        yield Refusal("instruction.same_due_date", "A fatura já vence neste dia.", field="due_on")
    if instruction.due_on is not None and instruction.due_on < call.today:
        message = "O novo vencimento já passou: o título ficaria vencido."  # Itaú, note 20, table 3, 33
        yield Refusal("instruction.due_date_past", message, field="due_on")
    if instruction.discount is not None and instruction.discount.until < call.today:
        message = "O último dia do desconto já passou."
        yield Refusal("instruction.discount_past", message, field="discount.until")
    if instruction.movement not in _taken(profile):
        terms = profile.terms
        message = f"O banco {terms.bank} não aceita {instruction.name} por arquivo {terms.layout}."
        yield Refusal("instruction.not_taken", message, field="movement")
    elif invoice.title_number is not None:
        yield from _by_preflight(call, invoice, profile, instruction)


def _of_due_date(call: Call, invoice: Invoice, movement: Movement) -> Iterator[Refusal]:
    """Nobody is in arrears before the day after the due date (Lei 9.492/1997, art. 21: the title must be due)."""
    if movement in {Movement.PROTEST, Movement.REPORT_TO_BUREAU} and invoice.due_on >= call.today:
        message = (
            f"A Fatura {invoice.number} vence em {invoice.due_on:%d/%m/%Y}: só se pede "
            f"{MOVEMENT_NAMES[movement]} do que está vencido."
        )
        yield Refusal("instruction.not_overdue", message, field="movement")


def _of_queue(
    invoice: Invoice, profile: PaymentProfile, movement: Movement, before: list[TitleInstruction]
) -> Iterator[Refusal]:
    """Reasons from the profile, from the queue and from what the bank was told before."""
    yield from held_back(invoice, movement)
    number, name = invoice.number, MOVEMENT_NAMES[movement]
    live = {instruction.movement for instruction in before if instruction.status in LIVE}
    if movement is Movement.WRITE_OFF and not profile.sends_write_off:
        message = f"O profile “{profile.name}” não tem o comando de baixa ativo."
        yield Refusal("instruction.no_command", message)
    if movement in live:
        yield Refusal("instruction.queued", f"A Fatura {number} já tem {name} na fila ou no banco.")
    elif Movement.WRITE_OFF in live:
        message = f"A baixa da Fatura {number} está na fila ou no banco: cancele-a antes de pedir {name}."
        yield Refusal("instruction.write_off_queued", message)
    if movement is Movement.GRANT_REBATE and invoice.rebate:  # C047, 36
        message = f"A Fatura {number} já tem abatimento de {invoice.rebate.format_br()}: cancele-o antes."
        yield Refusal("instruction.rebate_granted", message)
    if movement is Movement.CANCEL_REBATE and not invoice.rebate:
        yield Refusal("instruction.no_rebate", f"A Fatura {number} não tem abatimento a cancelar.")
    yield from _of_discount(invoice, profile, movement)


def _of_discount(invoice: Invoice, profile: PaymentProfile, movement: Movement) -> Iterator[Refusal]:
    """A discount that can be cancelled must be, before another is granted (C047, 31); at Itaú the new one replaces it
    (note 13)."""
    number, given = invoice.number, invoice.discount
    cancels = Movement.CANCEL_DISCOUNT in _taken(profile)
    if movement is Movement.GRANT_DISCOUNT and given is not None and cancels:
        wording = f"{given.amount.format_br()} até {given.until:%d/%m/%Y}"
        message = f"A Fatura {number} já tem desconto de {wording}: cancele-o antes."
        yield Refusal("instruction.discount_granted", message)
    if movement is Movement.CANCEL_DISCOUNT and given is None:
        yield Refusal("instruction.no_discount", f"A Fatura {number} não tem desconto a cancelar.")


def _by_preflight(
    call: Call, invoice: Invoice, profile: PaymentProfile, instruction: TitleInstruction
) -> Iterator[Refusal]:
    customer = customers.get(call.tenant_id, invoice.customer_id)
    try:
        yield from refusals(profile.terms, instruction_of(invoice, customer, instruction))
    except Refused as refused:
        yield from refused.reasons or (Refusal(refused.code, refused.title),)


def _taken(profile: PaymentProfile) -> frozenset[Movement]:
    """None if the bank has no file in this layout."""
    try:
        return movements_of(profile.terms)
    except Refused:
        return frozenset()


def _profile_of(call: Call, invoice: Invoice) -> PaymentProfile | None:
    if invoice.payment_profile_id is None:
        return None
    return get_profile(call.tenant_id, invoice.payment_profile_id)
