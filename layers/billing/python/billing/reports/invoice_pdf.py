"""Invoices on paper: each with its charges, and its boleto with barcode and Pix while it is to be paid (INV-04). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.banking.boleto.issue import Boleto, BoletoTerms, issue_boleto
from billing.banking.boleto.linha_digitavel import from_barcode
from billing.banking.boleto_booklet import render_booklet
from billing.banking.boleto_document import BoletoDocument, DocumentLine
from billing.banking.boleto_pdf import render_boletos
from billing.banking.instructions import Payer
from billing.banking.model import PaymentProfile
from billing.banking.terms import BankTerms
from billing.core.money import ZERO
from billing.customers.model import Customer
from billing.invoicing.charge import Charge, OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import STATUS_PT, InvoiceStatus


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an invoice's paper is drawn from."""

    invoice: Invoice
    charges: Sequence[Charge]
    """In the invoice's order."""
    customer: Customer
    profile: PaymentProfile


def draw_invoices(sheets: Sequence[Sheet]) -> bytes:
    """All in one PDF. One that is not open says what it is, and has no boleto."""
    return render_boletos([_document(sheet) for sheet in sheets])


def draw_booklet(sheets: Sequence[Sheet]) -> bytes:
    """A carnê of invoices that `refusals.to_print_in_booklet` let through."""
    return render_booklet([_document(sheet) for sheet in sheets])


def payer_of(customer: Customer) -> Payer:
    """Who is charged, at the address for billing."""
    address = customer.billing_address
    return Payer(
        document=customer.document or "",
        name=customer.name,
        street="" if address is None else f"{address.street}, {address.number}",
        district="" if address is None else address.district,
        postcode="" if address is None else address.cep,
        city="" if address is None else address.city,
        state="" if address is None else address.uf,
    )


def _document(sheet: Sheet) -> BoletoDocument:
    invoice = sheet.invoice
    boleto = _boleto(sheet)
    return BoletoDocument(
        account=_terms(sheet),
        boleto=boleto,
        payer=payer_of(sheet.customer),
        amount=invoice.amount,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        document_number=str(invoice.number),
        title=f"Fatura {invoice.number}",
        subtitle=_subtitle(invoice),
        lines=_lines(sheet, boleto),
        pix_emv="" if boleto is None else invoice.pix_payload or "",
    )


def _terms(sheet: Sheet) -> BankTerms:
    """The account's, with the invoice's own discount among the instructions."""
    terms, discount = sheet.profile.terms, sheet.invoice.discount
    if discount is None:
        return terms
    return terms.evolve(instructions=(_said(discount), *terms.instructions))


def _subtitle(invoice: Invoice) -> str:
    if invoice.status is InvoiceStatus.OPEN:
        return f"Emitida em {invoice.issued_on:%d/%m/%Y}"
    settled = f" em {invoice.settled_on:%d/%m/%Y}" if invoice.settled_on is not None else ""
    return f"{STATUS_PT[invoice.status]}{settled}"


def _lines(sheet: Sheet, boleto: Boleto | None) -> list[DocumentLine]:
    """With the discount below the last, where no boleto tells it (CTR-13)."""
    lines = [
        DocumentLine(f"{charge.title} – {charge.reference.format_br()}", charge.amount)
        for charge in sheet.charges
    ]
    invoice = sheet.invoice
    if boleto is None and invoice.discount is not None and invoice.status is InvoiceStatus.OPEN:
        lines[-1] = replace(lines[-1], why=(_said(invoice.discount),))
    return lines


def _said(discount: OnTimeDiscount) -> str:
    return f"Até {discount.until:%d/%m/%Y}, conceder desconto de {discount.amount.format_br()}."


def _boleto(sheet: Sheet) -> Boleto | None:
    """The one that was issued: the profile may have changed since, the barcode has not."""
    invoice = sheet.invoice
    is_payable = invoice.status is InvoiceStatus.OPEN and invoice.balance > ZERO
    if invoice.barcode is None or invoice.title_number is None or not is_payable:
        return None
    printed = issue_boleto(
        BoletoTerms(
            account=sheet.profile.terms,
            nosso_numero=invoice.title_number,
            due_on=invoice.due_on,
            amount=invoice.amount,
            issued_on=invoice.issued_on,
            document_number=str(invoice.number),
        )
    )
    return printed._replace(barcode=invoice.barcode, linha_digitavel=from_barcode(invoice.barcode))
