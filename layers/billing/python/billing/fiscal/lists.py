"""What waits for a document, what was issued, and the files of both (FIS-01, FIS-05)."""

import zipfile
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from io import BytesIO

from billing.access.call import Call
from billing.contracts.store import find_contracts
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refused
from billing.core.files import Files, Folder, Link
from billing.core.money import Money
from billing.core.names import Source
from billing.core.page import Page, part_of
from billing.core.period import Month, Period
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.fiscal import store
from billing.fiscal.desk import cancellation_key, xml_key, xml_of
from billing.fiscal.document import DocumentState, FiscalDocument, FiscalModel
from billing.fiscal.models import model_of
from billing.fiscal.settings import IssueMoment
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus, LockKind

MOST_ARCHIVED = 20_000
"""The most documents in one archive: what a function has memory and time for."""


class PendingInvoice(Entity):
    """Fatura que ainda precisa de documento fiscal."""

    customer_id: str
    invoice_id: str
    number: int
    description: str
    amount: Money
    issued_on: date
    due_on: date
    status: InvoiceStatus
    is_waiting: bool
    """Um documento dela tem número e ainda não está autorizado."""


def pending(call: Call, company_id: str, of: Month, cursor: str | None = None) -> Page[PendingInvoice]:
    """Of the invoices issued in a month, by date of issue. Raises Forbidden, NotFound, InvalidInput."""
    call.require_company(company_id)
    get_company(call.tenant_id, company_id)
    settings = store.find_settings(call.tenant_id, company_id)
    days = Period.of_month(of)
    keys = invoicing.invoices_undocumented(call.tenant_id, company_id, days.start, days.last_day)
    this = f"{call.tenant_id}#fiscal-pending#{company_id}#{of}"
    part, following = part_of(this, keys, cursor, key="/".join)
    invoices = invoicing.find_invoices(call.tenant_id, part)
    on_settlement = settings is not None and settings.issue_on is IssueMoment.SETTLEMENT
    there = (invoices[invoice_id] for _, invoice_id in part if invoice_id in invoices)
    shown = (_shown(invoice) for invoice in there if _is_pending(invoice, on_settlement=on_settlement))
    return Page[PendingInvoice](items=tuple(shown), next_cursor=following)


def pending_of(call: Call, invoices: Iterable[Invoice]) -> tuple[PendingInvoice, ...]:
    """Of a customer's invoices, by date of issue; a company that configured nothing issues nothing."""
    owed = [invoice for invoice in invoices if call.works_for(invoice.company_id)]
    moments = {
        company_id: settings.issue_on
        for company_id in {invoice.company_id for invoice in owed}
        if (settings := store.find_settings(call.tenant_id, company_id)) is not None
    }
    listed = [
        invoice
        for invoice in owed
        if (moment := moments.get(invoice.company_id)) is not None
        and _is_pending(invoice, on_settlement=moment is IssueMoment.SETTLEMENT)
    ]
    return tuple(map(_shown, sorted(listed, key=_by_issue)))


def pending_of_customer(call: Call, customer_id: str) -> tuple[PendingInvoice, ...]:
    """Raises NotFound."""
    customers.get(call.tenant_id, customer_id)
    return pending_of(call, invoicing.invoices_of(call.tenant_id, customer_id))


def _is_pending(invoice: Invoice, *, on_settlement: bool) -> bool:
    return invoice.may_need_document and (invoice.status is InvoiceStatus.SETTLED or not on_settlement)


def _by_issue(invoice: Invoice) -> tuple[date, int]:
    return invoice.issued_on, invoice.number


def _shown(invoice: Invoice) -> PendingInvoice:
    return PendingInvoice(
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        number=invoice.number,
        description=invoice.description,
        amount=invoice.amount,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        status=invoice.status,
        is_waiting=invoice.is_locked(LockKind.AWAITING_FISCAL_DOCUMENT),
    )


def issued(
    call: Call, company_id: str, of: Month, state: DocumentState | None, *, limit: int, cursor: str | None
) -> Page[FiscalDocument]:
    """A page of the numbered documents of a month; of one state, a page may have fewer. Raises Forbidden, NotFound."""
    call.require_company(company_id)
    get_company(call.tenant_id, company_id)
    documents, following = store.documents_in(call.tenant_id, company_id, of, limit=limit, cursor=cursor)
    shown = tuple(document for document in documents if state in {None, document.state})
    return Page[FiscalDocument](items=shown, next_cursor=following)


def get(call: Call, customer_id: str, invoice_id: str, document_id: str) -> FiscalDocument:
    """Raises NotFound, Forbidden."""
    document = store.get_document(call.tenant_id, customer_id, invoice_id, document_id)
    call.require_company(document.company_id)
    return document


def issued_to(call: Call, customer_id: str) -> tuple[FiscalDocument, ...]:
    """The numbered documents of all of a customer's invoices, the latest first. Raises NotFound."""
    customers.get(call.tenant_id, customer_id)
    numbered = [
        document
        for document in store.documents_of_customer(call.tenant_id, customer_id)
        if document.number is not None and call.works_for(document.company_id)
    ]
    return tuple(sorted(numbered, key=lambda document: (document.month, document.number), reverse=True))


def of_invoice(call: Call, customer_id: str, invoice_id: str) -> tuple[FiscalDocument, ...]:
    """Raises NotFound, Forbidden."""
    invoice = invoicing.get_invoice(call.tenant_id, customer_id, invoice_id)
    call.require_company(invoice.company_id)
    return tuple(store.documents_of(call.tenant_id, customer_id, invoice_id))


def plans_of(documents: Iterable[FiscalDocument]) -> Source:
    """What people call the contracts of documents by, whoever their customers are."""
    owners = {
        document.contract_id: document.customer_id
        for document in documents
        if document.contract_id is not None
    }

    def names(tenant_id: str, ids: Collection[str]) -> dict[str, str]:
        contracts = find_contracts(tenant_id, [(owners[id_], id_) for id_ in ids if id_ in owners])
        return {contract.id: contract.title for contract in contracts.values()}

    return Source("con_", names)


def xml_link(call: Call, files: Files, document: FiscalDocument) -> Link:
    """Raises NotFound before it was signed."""
    xml_of(call.tenant_id, files, document)
    return Link(url=files.download_url(xml_key(call.tenant_id, document), f"{document.key}.xml"))


def pdf_link(call: Call, files: Files, document: FiscalDocument) -> Link:
    """Raises NotFound before it was signed."""
    name = f"{document.id}-{document.attempts}-{document.state}.pdf"
    key = Folder.PAPERS.key(call.tenant_id, document.customer_id, name)
    files.put(key, pdf_of(call.tenant_id, files, document), "application/pdf")
    return Link(url=files.download_url(key, f"{_name_of(document.model)}-{document.number}.pdf"))


def pdf_of(tenant_id: str, files: Files, document: FiscalDocument) -> bytes:
    """The PDF; if the note is no longer valid, the page says so. Raises NotFound."""
    return model_of(document.model).drawn(xml_of(tenant_id, files, document), document.state)


def archive_link(call: Call, files: Files, company_id: str, of: Month) -> Link:
    """A zip of a month's authorised and cancelled documents, with the cancellations, for the accountant.

    Raises Forbidden, NotFound, and Refused for a month without any.
    """
    call.require_company(company_id)
    company = get_company(call.tenant_id, company_id)
    packed = BytesIO()
    count = 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _archived(call, files, company_id, of):
            archive.writestr(
                zipfile.ZipInfo(name, (of.first_day.year, of.first_day.month, 1, 0, 0, 0)), content
            )
            count += 1
    if not count:
        raise Refused("fiscal.nothing_archived", f"Não há documentos autorizados em {of.format_br()}.")
    key = Folder.PAPERS.key(call.tenant_id, company_id, f"notas-{of}.zip")
    files.put(key, packed.getvalue(), "application/zip")
    return Link(url=files.download_url(key, f"notas-{company.cnpj}-{of}.zip"))


def _archived(call: Call, files: Files, company_id: str, of: Month) -> Iterator[tuple[str, bytes]]:
    for document in store.all_documents_in(call.tenant_id, company_id, of):
        if document.authorised_at is None:
            continue
        yield f"{document.key}-{_name_of(document.model)}.xml", xml_of(call.tenant_id, files, document)
        if document.state is DocumentState.CANCELLED:
            try:
                yield f"{document.key}-canc.xml", files.get(cancellation_key(call.tenant_id, document))
            except NotFound:
                continue


def _name_of(model: FiscalModel) -> str:
    """In the names of files."""
    return model.name.lower()
