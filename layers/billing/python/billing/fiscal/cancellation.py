"""Cancel a document within its term, give back a rejected one's number, and query a document's state at the authority
(FIS-04).

The request is stored before it is sent to the authority; a lost answer is queried by the key, now or by the next run.
"""

from billing.audit.changes import Changes
from billing.core.errors import Refused
from billing.fiscal import store
from billing.fiscal.actions import FiscalAction
from billing.fiscal.conclusion import ended, freed, invoice_of, keep, put_invoice
from billing.fiscal.desk import Desk, cancellation_key
from billing.fiscal.document import DocumentState, FiscalDocument
from billing.fiscal.models import model_of
from billing.fiscal.reactions import StatusReaction
from billing.invoicing.actions import InvoiceAction

_DONE = {
    StatusReaction.EVENT_REGISTERED,
    StatusReaction.ALREADY_REGISTERED,
    StatusReaction.ALREADY_CANCELLED,
}
_ENDED_THERE = {
    StatusReaction.CANCELLED,
    StatusReaction.SUBSTITUTED,
    StatusReaction.ALREADY_CANCELLED,
    StatusReaction.ALREADY_SUBSTITUTED,
}


def cancel(desk: Desk, document: FiscalDocument, reason: str) -> FiscalDocument:
    """The cancelled document, or the document with its cancellation still pending if no answer came.

    Raises Refused past the term (NFCom: 120 hours after the month of authorisation) and for what the authority refuses; NotTaken when it is down.
    """
    if document.state is DocumentState.CANCELLED:
        return document
    if document.state is DocumentState.AUTHORISED and document.cancellation is None:
        model_of(document.model).require_cancellable(desk, document)
    requested = document.asked_to_cancel(reason, desk.now.replace(microsecond=0))
    if requested != document:
        changes = Changes(desk.call)
        row = store.document_row(desk.call.tenant_id, requested)
        changes.put(row, FiscalAction.CANCELLATION_REQUESTED, before=document, after=requested, note=reason)
        invoice = invoice_of(desk, document)
        put_invoice(desk, changes, invoice, invoice.losing_document(), InvoiceAction.DOCUMENT_GIVEN_UP)
        changes.commit()
        requested = requested.evolve(version=requested.version + 1)
    return complete_cancellation(desk, requested)


def complete_cancellation(desk: Desk, document: FiscalDocument) -> FiscalDocument:
    """Complete a requested cancellation; if it was already sent, the authority says that it has it. Raises as
    `cancel`."""
    model = model_of(document.model)
    event = model.cancellation(document, desk.signer, desk.uf)
    desk.office.files.put(cancellation_key(desk.call.tenant_id, document), event, "application/xml")
    outcome = model.send_cancellation(desk, document, event)
    if outcome is None or outcome.reaction is StatusReaction.UNREADABLE:
        return refresh(desk, document)
    if outcome.reaction in _DONE or outcome.reaction is StatusReaction.ALREADY_SUBSTITUTED:
        return ended(desk, document, outcome)
    keep(desk, document, document.kept(), FiscalAction.CANCELLATION_REFUSED)
    raise Refused("fiscal.cancellation_refused", f"O autorizador recusou o cancelamento: {outcome.words}")


def refresh(desk: Desk, document: FiscalDocument) -> FiscalDocument:
    """An authorised document in its present state at the authority."""
    outcome = model_of(document.model).consult(desk, document)
    if outcome is not None and outcome.reaction in _ENDED_THERE:
        return ended(desk, document, outcome)
    return document


def give_up(desk: Desk, document: FiscalDocument) -> FiscalDocument:
    """Give up a rejected document that will not be corrected: the next one takes its number. Raises Refused."""
    if document.state is not DocumentState.REJECTED or document.number is None:
        message = (
            f"Só se devolve o número de um documento rejeitado, e este está {document.state.label.lower()}."
        )
        raise Refused("fiscal.give_up_state", message)
    of_series = (desk.call.tenant_id, document.company_id, document.environment)
    numbers = store.get_series(*of_series, document.model, document.series or "")
    row = store.series_row(*of_series, numbers.with_free(document.number))
    return freed(desk, document, document.given_back(), FiscalAction.NUMBER_GIVEN_BACK, numbers=row)
