"""Record the authority's decision on a document: the document and its invoice change in one transaction (INV-19)."""

from billing.audit.changes import Changes
from billing.fiscal import store
from billing.fiscal.actions import FiscalAction
from billing.fiscal.desk import Desk, processed_key
from billing.fiscal.document import FiscalDocument
from billing.fiscal.model import AuthorityOutcome
from billing.fiscal.reactions import StatusReaction
from billing.fiscal.settings import IssueMoment
from billing.invoicing import store as invoicing
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice


def judged(
    desk: Desk, document: FiscalDocument, outcome: AuthorityOutcome, *, is_last: bool
) -> FiscalDocument:
    """The document as the authority's answer leaves it; `is_last` of those that its invoice needs."""
    if outcome.reaction.leaves_fate_unknown:
        return lost(desk, document, outcome.words)
    if outcome.reaction is StatusReaction.AUTHORISED:
        return _authorised(desk, document, outcome, is_last=is_last)
    if outcome.reaction in {StatusReaction.CANCELLED, StatusReaction.SUBSTITUTED}:
        return ended(desk, document, outcome)
    return keep(desk, document, document.rejected(outcome.words), FiscalAction.REJECTED)


def lost(desk: Desk, document: FiscalDocument, reason: str | None = None) -> FiscalDocument:
    """Its state is unknown: no answer came, or none that is conclusive."""
    after = document.lost(reason)
    return document if after == document else keep(desk, document, after, FiscalAction.ANSWER_LOST)


def _authorised(
    desk: Desk, document: FiscalDocument, outcome: AuthorityOutcome, *, is_last: bool
) -> FiscalDocument:
    """The authorised file first, then the document and its invoice."""
    assert outcome.file is not None
    desk.office.files.put(processed_key(desk.call.tenant_id, document), outcome.file, "application/xml")
    after = document.authorised(outcome.protocol, outcome.at or desk.now, outcome.nfse_key)
    changes = Changes(desk.call)
    row = store.document_row(desk.call.tenant_id, after)
    changes.put(row, FiscalAction.AUTHORISED, before=document, after=after)
    invoice = invoice_of(desk, document)
    for_settlement = desk.settings.issue_on is IssueMoment.SETTLEMENT
    documented = invoice.with_document(document.id, is_last=is_last, for_settlement=for_settlement)
    put_invoice(desk, changes, invoice, documented, InvoiceAction.DOCUMENT_ISSUED)
    changes.commit()
    return after.evolve(version=after.version + 1)


def ended(desk: Desk, document: FiscalDocument, outcome: AuthorityOutcome) -> FiscalDocument:
    """Cancelled or substituted at the authority: its lines need a document again."""
    reason = document.cancellation.reason if document.cancellation else outcome.words
    if outcome.reaction in {StatusReaction.SUBSTITUTED, StatusReaction.ALREADY_SUBSTITUTED}:
        return freed(desk, document, document.substituted(reason), FiscalAction.SUBSTITUTED, reason)
    return freed(desk, document, document.cancelled(reason), FiscalAction.CANCELLED, reason)


def freed(
    desk: Desk,
    before: FiscalDocument,
    after: FiscalDocument,
    action: FiscalAction,
    note: str | None = None,
    numbers: store.FiscalTable | None = None,
) -> FiscalDocument:
    """Write a document that no longer covers its lines, the effect on its invoice, and the `numbers` of its series if
    its own is given back."""
    tenant_id = desk.call.tenant_id
    changes = Changes(desk.call)
    others = store.documents_of(tenant_id, before.customer_id, before.invoice_id)
    has_others = any(other.is_standing for other in others if other.id != before.id)
    changes.put(store.document_row(tenant_id, after), action, before=before, after=after, note=note)
    if numbers is not None:
        changes.include(numbers)
    invoice = invoice_of(desk, before)
    free = invoice.without_document(before.id, has_others=has_others)
    put_invoice(desk, changes, invoice, free, InvoiceAction.DOCUMENT_GIVEN_UP)
    changes.commit()
    return after.evolve(version=after.version + 1)


def keep(desk: Desk, before: FiscalDocument, after: FiscalDocument, action: FiscalAction) -> FiscalDocument:
    """Write the document alone."""
    changes = Changes(desk.call)
    changes.put(store.document_row(desk.call.tenant_id, after), action, before=before, after=after)
    changes.commit()
    return after.evolve(version=after.version + 1)


def invoice_of(desk: Desk, document: FiscalDocument) -> Invoice:
    return invoicing.get_invoice(desk.call.tenant_id, document.customer_id, document.invoice_id)


def put_invoice(desk: Desk, changes: Changes, before: Invoice, after: Invoice, action: InvoiceAction) -> None:
    """Does nothing if nothing changed."""
    if after != before:
        invoicing.put_invoice(desk.call.tenant_id, changes, before, after, action)
