"""Undo a freeze: the closing is processed again, and what it took can be billed anew (CLO-07)."""

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.closings import freezing, store
from billing.closings.actions import ClosingAction
from billing.closings.model import Closing
from billing.contracts import store as contracts
from billing.core.errors import Refusal
from billing.core.table import require_version
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import AT_THE_BANK, ChargeStatus, InvoiceStatus, LockKind, RemittanceState
from billing.invoicing.store import find_charges, find_invoices
from billing.usage.store import billed_until_row, finalised_months, finalised_row, find_billed_until
from billing.usage.transactions import BilledUntil


def unfreeze(call: Call, customer_id: str, closing_id: str, version: int) -> Closing:
    """Only the contract's latest closing, within 30 days, and only if nobody has acted on its charges (CLO-07).
    Raises Refused."""
    frozen = require_version(store.get_for(call, customer_id, closing_id), version)
    if frozen.charges_left:
        contract = contracts.get(call.tenant_id, customer_id, frozen.contract_id)
        frozen = freezing.complete(call, contract, frozen)
    following = None
    reasons = _reasons_of_charges(call.tenant_id, frozen)
    if frozen.successor_id is not None:
        following = store.get(call.tenant_id, customer_id, frozen.successor_id)
        if following.is_frozen:
            message = "Só é possível descongelar o fechamento congelado mais recente do contrato."
            reasons.insert(0, Refusal("closing.not_latest", message))
    processed = frozen.unfrozen(call.today, reasons)
    changes = Changes(call)
    changes.put(
        store.closing_row(call.tenant_id, processed), ClosingAction.UNFROZEN, before=frozen, after=processed
    )
    if following is not None:
        changes.include(store.closing_row(call.tenant_id, following.waiting()))
    figures = store.figures(call.tenant_id, customer_id, frozen.id, frozen.pages)
    billed = [(customer_id, month) for month in figures.usage_months]
    for _, month in sorted(finalised_months(call.tenant_id, billed)):
        changes.drop(finalised_row(call.tenant_id, customer_id, month, version=1))
    for bill in figures.bills:
        changes.drop(freezing.bill_taker(call.tenant_id, frozen, bill, version=1))
    if contracts.get(call.tenant_id, customer_id, frozen.contract_id).items:
        start = frozen.period.start
        known = find_billed_until(call.tenant_id, customer_id, frozen.contract_id)
        until = BilledUntil.after(known, start, start)
        changes.include(billed_until_row(call.tenant_id, customer_id, frozen.contract_id, until))
    return changes.commit_answering(processed)


def _reasons_of_charges(tenant_id: str, closing: Closing) -> list[Refusal]:
    """Reasons from the freeze's charges whose invoice somebody has already acted on."""
    charges = find_charges(tenant_id, [(closing.customer_id, charge) for charge in closing.charge_ids])
    keys = {(closing.customer_id, c.invoice_id) for c in charges.values() if c.invoice_id is not None}
    invoices = find_invoices(tenant_id, sorted(keys))
    reasons = [_settled(charge) for charge in charges.values() if charge.status is ChargeStatus.SETTLED]
    for invoice in sorted(invoices.values(), key=lambda invoice: invoice.number):
        reasons += _of_invoice(invoice)
    return reasons


def _settled(charge: Charge) -> Refusal:
    return Refusal("closing.charge_settled", f"A Conta {charge.called} já está liquidada")


def _of_invoice(invoice: Invoice) -> list[Refusal]:
    held = [
        (
            invoice.status is InvoiceStatus.SETTLED or bool(invoice.paid),
            "closing.invoice_settled",
            f"A Fatura {invoice.number} já está liquidada",
        ),
        (
            invoice.status is InvoiceStatus.RENEGOTIATED,
            "closing.invoice_renegotiated",
            f"A Fatura {invoice.number} faz parte de um parcelamento",
        ),
        (
            invoice.remittance in AT_THE_BANK or invoice.remittance is RemittanceState.AWAITING,
            "closing.invoice_remitted",
            f"A fatura {invoice.number} está com remessa transmitida",
        ),
        (
            invoice.has_fiscal_document or invoice.is_locked(LockKind.AWAITING_FISCAL_DOCUMENT),
            "closing.invoice_fiscal_document",
            f"A fatura {invoice.number} já possui documentos fiscais gerados.",
        ),
    ]
    return [Refusal(code, message) for holds, code, message in held if holds]
