"""Printed documents, stored under keys that depend on what they show; invoices are drawn once per version."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from billing.access.call import Call
from billing.audit.batches import all_of
from billing.banking.boleto_document import DocumentLine
from billing.banking.model import PaymentProfile
from billing.banking.store import profiles
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.files import Files, Folder
from billing.core.ids import content_hash
from billing.counter.printed import printed
from billing.customers import store as customers
from billing.customers.company_store import companies
from billing.invoicing import invoices, refusals, store
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus
from billing.payments.receipts import Receipt, receipt

PDF = "application/pdf"
_LOOK = "2"
"""Increased when the layout of invoices changes, so that stored ones are drawn again."""


def invoice_pdf(call: Call, files: Files, customer_id: str, invoice_id: str) -> bytes:
    """The PDF attached to a message. Raises NotFound, Forbidden; Refused for a cancelled number."""
    return _drawn(call, files, customer_id, [invoices.get(call, customer_id, invoice_id)])[1]


class PaperForm(StrEnum):
    SHEETS = "sheets"
    """Folhas: each invoice with its charges, and its boleto."""
    BOOKLET = "booklet"
    """Carnê: three boletos to a page."""


def invoices_link(
    call: Call,
    files: Files,
    customer_id: str,
    invoice_ids: Iterable[str],
    form: PaperForm = PaperForm.SHEETS,
) -> str:
    """A link to a PDF of these invoices, in this order (INV-04). Raises Refused with every reason."""
    chosen = all_of("ids", invoice_ids, lambda invoice_id: invoices.get(call, customer_id, invoice_id))
    key, _ = _drawn(call, files, customer_id, chosen, form)
    if form is PaperForm.BOOKLET:
        return files.download_url(key, "carne.pdf")
    name = f"fatura-{chosen[0].series}-{chosen[0].number}.pdf" if len(chosen) == 1 else "faturas.pdf"
    return files.download_url(key, name)


def receipt_link(call: Call, files: Files, customer_id: str, invoice_id: str, settlement_id: str) -> str:
    """A link to a receipt of settlement (INV-10)."""
    paper = receipt(call, customer_id, invoice_id, settlement_id)
    return paper_link(call, files, paper, "receipts", "recibo.pdf")


def counter_receipt_link(call: Call, files: Files, customer_id: str, receipt_id: str) -> str:
    """A link to a counter receipt (PAY-02)."""
    return paper_link(call, files, printed(call, customer_id, receipt_id), "receipts", "recibo.pdf")


def paper_link(call: Call, files: Files, paper: Receipt, kind: str, name: str) -> str:
    """A link to a receipt, or a document laid out like one; documents of a `kind` are stored together."""
    from billing.reports.receipt_pdf import draw_receipt

    data = draw_receipt(paper)
    key = Folder.PAPERS.key(call.tenant_id, kind, paper.code, f"{content_hash(data)[:32]}.pdf")
    files.put(key, data, PDF)
    return files.download_url(key, name)


def closing_link(call: Call, files: Files, customer_id: str, closing_id: str) -> str:
    """A link to a printed frozen closing (CLO-10)."""
    from billing.reports.closing_pdf import draw_closing

    data = draw_closing(call, customer_id, closing_id)
    key = Folder.PAPERS.key(call.tenant_id, "closings", closing_id, f"{content_hash(data)[:32]}.pdf")
    files.put(key, data, PDF)
    return files.download_url(key, "fatura-do-mes.pdf")


def _drawn(
    call: Call, files: Files, customer_id: str, chosen: list[Invoice], form: PaperForm = PaperForm.SHEETS
) -> tuple[str, bytes]:
    """The key under which the PDF is stored, and its bytes."""
    shown = "\n".join([_LOOK, *(_shown(invoice, call.today) for invoice in chosen), form])
    key = Folder.PAPERS.key(
        call.tenant_id, "invoices", customer_id, f"{content_hash(shown.encode())[:32]}.pdf"
    )
    try:
        return key, files.get(key)
    except NotFound:
        data = _draw(call, customer_id, chosen, form)
    files.put(key, data, PDF)
    return key, data


def _shown(invoice: Invoice, today: date) -> str:
    """What the printed invoice depends on; if it is overdue, also the day, because of fine and interest."""
    is_late = invoice.status is InvoiceStatus.OPEN and invoice.due_on < today
    return f"{invoice.id} {invoice.version}" + (f" {today}" if is_late else "")


def _draw(call: Call, customer_id: str, chosen: list[Invoice], form: PaperForm) -> bytes:
    from billing.reports.invoice_pdf import Sheet, draw_booklet, draw_invoices

    is_booklet = form is PaperForm.BOOKLET
    known = {profile.id: profile for profile in profiles(call.tenant_id)}
    by_id = {invoice.id: invoice for invoice in chosen}
    all_of("ids", by_id, lambda id_: _require_printable(by_id[id_], known, is_booklet=is_booklet))
    customer = customers.get(call.tenant_id, customer_id)
    keys = [(customer_id, charge_id) for invoice in chosen for charge_id in invoice.charge_ids]
    charges = store.find_charges(call.tenant_id, keys)
    known_companies = {company.id: company for company in companies(call.tenant_id)}
    draw = draw_booklet if is_booklet else draw_invoices
    return draw(
        [
            Sheet(
                invoice=invoice,
                charges=[charges[charge_id] for charge_id in invoice.charge_ids],
                customer=customer,
                profile=known[invoice.payment_profile_id or ""],
                company=known_companies[invoice.company_id],
                today=call.today,
                annex=() if is_booklet else _annex(call, customer_id, invoice, charges),
            )
            for invoice in chosen
        ]
    )


def _require_printable(invoice: Invoice, known: Mapping[str, PaymentProfile], *, is_booklet: bool) -> None:
    reasons = refusals.to_print_in_booklet(invoice) if is_booklet else []
    if invoice.status is InvoiceStatus.CANCELLED or invoice.payment_profile_id not in known:
        message = f"A fatura {invoice.number} é um número cancelado: não há o que imprimir."
        reasons.insert(0, Refusal("invoice.nothing_to_print", message))
    if reasons:
        raise Refused.because(reasons)


def _annex(
    call: Call, customer_id: str, invoice: Invoice, charges: Mapping[str, Charge]
) -> Sequence[DocumentLine]:
    """The annex module is slow to import, and most invoices have no charges from closings."""
    of_closings = [charge for charge_id in invoice.charge_ids if (charge := charges[charge_id]).closing_id]
    if not of_closings:
        return ()
    from billing.reports.annex import annex

    return annex(call.tenant_id, customer_id, of_closings)
