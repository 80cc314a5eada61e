"""What a person does with invoices: remove, suspend, comment, read their history (INV-01, INV-02, INV-07, INV-14)."""

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import BatchAnswer, Chosen, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.banking.boleto.linha_digitavel import from_barcode
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, Severity
from billing.core.table import MAX_TRANSACTION_ITEMS
from billing.core.text import Line, Text
from billing.invoicing import refusals, store
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge, to_remove_unbilled
from billing.invoicing.invoice import Deletion, Invoice
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.invoicing.offers import InvoiceOffer, of_invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus, RemittanceState

CHARGES_REMAIN = Refusal(
    "invoice.charges_remain",
    "As contas desta fatura voltaram a não faturadas. Remova-as também, ou o cliente pode ser bloqueado onde a "
    "regra de bloqueio é 'apenas débitos do contrato'.",
    Severity.WARNS,
)

REMIT_AGAIN = Refusal(
    "invoice.remit_again",
    "A fatura pode ser alterada. Depois da alteração, gere nova remessa: sem ela o boleto não vale no banco.",
    Severity.WARNS,
)

BANK_KEEPS_IT = Refusal(
    "invoice.bank_keeps_it",
    "A fatura pode ser alterada. O banco já tem o boleto e nova remessa não o registra de novo: peça a mudança como "
    "instrução, ou remova a fatura, e a baixa do boleto vai ao banco.",
    Severity.WARNS,
)

_CHARGES_TOGETHER = (MAX_TRANSACTION_ITEMS - 27) // 2
"""Charges, each with its audit entry, that fit in one transaction beside the invoice, its audit entry, the answer and
an instruction to the bank."""


class Removal(Chosen):
    """Faturas a remover; também contas, que levam à fatura de que fazem parte."""

    reason: Line = Field(min_length=1, max_length=200, examples=["Cobrança em duplicidade"])


class Suspension(Chosen):
    """Itens a suspender, ou cuja suspensão se cancela."""

    reason: Line = Field(min_length=1, max_length=100, examples=["Contestação do cliente"])
    notes: Text | None = Field(default=None, max_length=300)

    @property
    def note(self) -> str:
        return self.reason if self.notes is None else f"{self.reason}: {self.notes}"


class Unmarking(Chosen):
    """Faturas cuja marca de remessa transmitida se tira."""

    reason: Line = Field(min_length=1, max_length=200, examples=["O arquivo não foi enviado ao banco"])


class Comment(Entity):
    text: Text = Field(min_length=1, max_length=500, examples=["O cliente pediu a segunda via por telefone."])


class ShownInvoice(Invoice):
    """Fatura como se lê."""

    linha_digitavel: str | None = None
    """Do boleto, os 47 dígitos."""
    actions: tuple[InvoiceOffer, ...] = ()
    """O que quem pergunta pode fazer dela, e o que impede agora."""

    @classmethod
    def of(cls, call: Call, invoice: Invoice) -> "ShownInvoice":
        linha = None if invoice.barcode is None else from_barcode(invoice.barcode)
        actions = of_invoice(call.permissions, invoice)
        return cls(**invoice.__dict__, linha_digitavel=linha, actions=actions)


def get(call: Call, customer_id: str, invoice_id: str) -> Invoice:
    """Raises NotFound, and Forbidden for another company's."""
    invoice = store.get_invoice(call.tenant_id, customer_id, invoice_id)
    call.require_company(invoice.company_id)
    return invoice


def invoices_of(call: Call, customer_id: str, status: InvoiceStatus | None) -> tuple[Invoice, ...]:
    """The customer's invoices with the caller's companies, highest number first; with a status, only those in it
    (INV-14, INV-15)."""
    wanted = [
        invoice
        for invoice in store.invoices_of(call.tenant_id, customer_id)
        if status in {None, invoice.status} and call.works_for(invoice.company_id)
    ]
    return tuple(sorted(wanted, key=lambda invoice: (invoice.company_id, invoice.number), reverse=True))


def remove(call: Call, customer_id: str, request: Removal, let_title_go: LetTitleGo) -> BatchAnswer:
    """Each invoice is deleted, its charges are unbilled again, and the bank is to stop collecting its title (INV-01)."""

    def one(part: Call, changes: Changes, item: str) -> ItemAnswer:
        before = _chosen(part, customer_id, item)
        held = _charges_in(part, before)
        warnings: list[Refusal] = []
        if (
            before.status is not InvoiceStatus.DELETED or not held
        ):  # else: continue a removal that was cut off
            deleting = changes if len(held) <= _CHARGES_TOGETHER else Changes(part)
            why = LetGo(f"Fatura removida: {request.reason}", before.id)
            removed = before.removed(_deletion(part, request.reason))
            after, warnings = let_title_go(part, deleting, removed, why)
            _put(part, deleting, before, after, InvoiceAction.REMOVED, request.reason)
            if deleting is not changes:
                deleting.commit()
        _free(part, changes, before, held, f"Fatura {before.number} excluída: {request.reason}")
        return done(item, [*([CHARGES_REMAIN] if held else []), *warnings])

    return each(call, request.ids, one)


def _deletion(call: Call, reason: str) -> Deletion:
    return Deletion(at=call.now, actor_id=call.actor_id, reason=reason)


def suspend(call: Call, customer_id: str, request: Suspension) -> BatchAnswer:
    """INV-02."""

    def one(part: Call, changes: Changes, item: str) -> ItemAnswer:
        before = get(part, customer_id, item)
        after = before.suspended()
        _put(part, changes, before, after, InvoiceAction.SUSPENDED, request.note)
        return done(item, [r for r in refusals.to_suspend(before) if r.severity is Severity.WARNS])

    return each(call, request.ids, one)


def unsuspend(call: Call, customer_id: str, request: Suspension) -> BatchAnswer:
    """INV-02."""

    def one(part: Call, changes: Changes, item: str) -> ItemAnswer:
        before = get(part, customer_id, item)
        _put(part, changes, before, before.unsuspended(), InvoiceAction.UNSUSPENDED, request.note)
        return done(item)

    return each(call, request.ids, one)


def unmark(call: Call, customer_id: str, request: Unmarking) -> BatchAnswer:
    """INV-13."""

    def one(part: Call, changes: Changes, item: str) -> ItemAnswer:
        before = get(part, customer_id, item)
        _put(part, changes, before, before.unmarked(), InvoiceAction.UNMARKED, request.reason)
        is_confirmed = before.remittance is RemittanceState.REGISTERED
        return done(item, [BANK_KEEPS_IT if is_confirmed else REMIT_AGAIN])

    return each(call, request.ids, one)


def comment(call: Call, customer_id: str, invoice_id: str, new: Comment) -> Invoice:
    """A comment is kept in the history, whatever the invoice's state (INV-07, INV-14)."""
    invoice = get(call, customer_id, invoice_id)
    changes = Changes(call)
    _put(call, changes, invoice, invoice, InvoiceAction.COMMENTED, new.text)
    return changes.commit_answering(invoice)


def history_of(call: Call, customer_id: str, invoice_id: str) -> Recorded:
    """INV-07."""
    invoice = get(call, customer_id, invoice_id)
    return store.history_of(call.tenant_id, invoice)


def _chosen(call: Call, customer_id: str, item: str) -> Invoice:
    """The invoice with this id, or the one that has the charge with this id."""
    if not item.startswith("chg_"):
        return get(call, customer_id, item)
    charge = store.get_charge(call.tenant_id, customer_id, item)
    call.require_company(charge.company_id)
    if charge.invoice_id is None:
        raise Refused.because(to_remove_unbilled(charge))
    return get(call, customer_id, charge.invoice_id)


def _charges_in(call: Call, invoice: Invoice) -> list[Charge]:
    keys = [(invoice.customer_id, charge_id) for charge_id in invoice.charge_ids]
    charges = store.find_charges(call.tenant_id, keys)
    return [
        charge
        for charge_id in invoice.charge_ids
        if (charge := charges.get(charge_id)) is not None
        and (charge.status, charge.invoice_id) == (ChargeStatus.BILLED, invoice.id)
    ]


def _free(call: Call, changes: Changes, removed: Invoice, held: list[Charge], note: str) -> None:
    """Charges that do not fit in one transaction are freed before it; a repeat continues from the deleted invoice."""
    while len(held) > _CHARGES_TOGETHER:
        part, held = held[:_CHARGES_TOGETHER], held[_CHARGES_TOGETHER:]
        before = Changes(call)
        _put_freed(call, before, removed, part, note)
        before.commit()
    _put_freed(call, changes, removed, held, note)


def _put_freed(call: Call, changes: Changes, removed: Invoice, held: list[Charge], note: str) -> None:
    still_payable = removed.id if removed.is_at_the_bank else None
    for charge in held:
        freed = charge.freed(still_payable)
        changes.put(store.charge_row(call.tenant_id, freed), ChargeAction.FREED, note=note)


def _put(
    call: Call, changes: Changes, before: Invoice, after: Invoice, action: InvoiceAction, note: str
) -> None:
    store.put_invoice(call.tenant_id, changes, before, after, action, note=note)
