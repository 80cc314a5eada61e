"""Explains why a boleto that was paid should not have been any more: what a clerk must know to decide about the
money."""

from billing.access.call import Call
from billing.audit.changes import history
from billing.core.clock import business_date
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import GONE, STATUS_PT, InvoiceStatus, RemittanceState
from billing.invoicing.store import InvoicingTable, partition_of
from billing.payments import store
from billing.payments.model import Method

_TITLE = {
    RemittanceState.TRANSMITTED: "o banco tinha o boleto, sem baixa confirmada",
    RemittanceState.REGISTERED: "o banco tinha o boleto, sem baixa pedida",
    RemittanceState.WRITE_OFF_QUEUED: "a baixa do boleto estava pedida, e o banco ainda não a havia confirmado",
    RemittanceState.WRITTEN_OFF: "o boleto já constava como baixado no banco",
    RemittanceState.PAID: "o boleto já tinha sido pago no banco",
}
_METHOD = {
    Method.BANK_RETURN: "pelo retorno do banco",
    Method.PROFILE: "manualmente, pelo profile bancário",
    Method.OTHER: "manualmente",
    Method.PIX: "por Pix",
    Method.FORGIVEN: "com o saldo perdoado",
    Method.REBILLED: "com o saldo levado a outra conta",
    Method.COUNTER: "no balcão",
    Method.AGREEMENT: "pelas parcelas do seu parcelamento",
}


def story_of(call: Call, invoice: Invoice) -> str:
    """For an invoice that is not open: since when, why, and the state of its title at the bank."""
    if invoice.status is InvoiceStatus.SETTLED:
        ended = _settled(call, invoice)
    elif invoice.status in GONE:
        ended = _removed(call, invoice)
    else:
        ended = f"a Fatura {invoice.number} não está em aberto ({STATUS_PT[invoice.status].lower()})"
    title = _TITLE.get(invoice.remittance)
    return f"{ended}; {title}" if title else ended


def _settled(call: Call, invoice: Invoice) -> str:
    live = [
        one for one in store.settlements_of(call.tenant_id, invoice.customer_id, invoice.id) if one.is_live
    ]
    sentence = f"a Fatura {invoice.number} já estava liquidada"
    if not live:
        return sentence
    last = max(live, key=lambda one: (one.settled_on, one.id))
    why = f" ({last.justification})" if last.justification else ""
    return f"{sentence} desde {last.settled_on:%d/%m/%Y}, {_METHOD[last.method]}{why}"


def _removed(call: Call, invoice: Invoice) -> str:
    sentence = f"a Fatura {invoice.number} está {STATUS_PT[invoice.status].lower()}"
    partition = partition_of(call.tenant_id, invoice.customer_id)
    events = history(InvoicingTable, partition, f"invoice#{invoice.id}")
    removed = next((event for event in reversed(events) if event.action == InvoiceAction.REMOVED), None)
    if removed is None:
        return sentence
    why = f" ({removed.note})" if removed.note else ""
    return f"{sentence} desde {business_date(removed.at):%d/%m/%Y}{why}"
