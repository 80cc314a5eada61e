"""Documents one at a time, at a person's request: issue, query, cancel, give up (FIS-01, FIS-04)."""

from collections.abc import Callable, Sequence

from billing.access.call import Call
from billing.core.errors import Refused
from billing.fiscal import cancellation, lists
from billing.fiscal.desk import Desk, NotTaken, open_desk
from billing.fiscal.document import DocumentState, FiscalDocument, Observations
from billing.fiscal.issuance import issue
from billing.fiscal.ports import FiscalOffice
from billing.invoicing import store as invoicing

OfficeOf = Callable[[], FiscalOffice]
"""Made after checking the person's access to the invoice."""


def issue_one(
    call: Call, office_of: OfficeOf, customer_id: str, invoice_id: str, observations: Observations | None
) -> Sequence[FiscalDocument]:
    """Issue an invoice's documents, also to replace cancelled ones; those already begun are finished.

    Raises NotFound, Forbidden, and Refused with everything to correct, or if the authority is down.
    """
    invoice = invoicing.get_invoice(call.tenant_id, customer_id, invoice_id)
    desk = open_desk(call, office_of(), invoice.company_id)
    try:
        return issue(desk, customer_id, invoice_id, observations=observations, replaces_cancelled=True)
    except NotTaken as down:
        raise down.refused from None


def consult(
    call: Call, office_of: OfficeOf, customer_id: str, invoice_id: str, document_id: str
) -> FiscalDocument:
    """The document's state at the authority; one whose answer was lost is finished. Raises as `issue_one`."""

    def at(desk: Desk, document: FiscalDocument) -> FiscalDocument:
        if document.state in {DocumentState.SIGNED, DocumentState.UNKNOWN}:
            issued = issue(desk, customer_id, invoice_id)
            return next((known for known in issued if known.id == document_id), document)
        if document.cancellation is not None:
            return cancellation.complete_cancellation(desk, document)
        if document.state is not DocumentState.AUTHORISED:
            message = f"O documento está {document.state.label.lower()}: não há o que consultar."
            raise Refused("fiscal.nothing_to_consult", message)
        return cancellation.refresh(desk, document)

    return _at_desk(call, office_of, (customer_id, invoice_id, document_id), at)


def cancel(
    call: Call, office_of: OfficeOf, customer_id: str, invoice_id: str, document_id: str, reason: str
) -> FiscalDocument:
    """Raises NotFound, Forbidden, and Refused after the term, by the authority, or if it is down."""
    key = (customer_id, invoice_id, document_id)
    return _at_desk(call, office_of, key, lambda desk, document: cancellation.cancel(desk, document, reason))


def give_up(
    call: Call, office_of: OfficeOf, customer_id: str, invoice_id: str, document_id: str
) -> FiscalDocument:
    """Raises NotFound, Forbidden, and Refused for what was not rejected."""
    return _at_desk(call, office_of, (customer_id, invoice_id, document_id), cancellation.give_up)


def _at_desk(
    call: Call,
    office_of: OfficeOf,
    key: tuple[str, str, str],
    do: Callable[[Desk, FiscalDocument], FiscalDocument],
) -> FiscalDocument:
    document = lists.get(call, *key)
    desk = open_desk(call, office_of(), document.company_id)
    try:
        return do(desk, document)
    except NotTaken as down:
        raise down.refused from None
