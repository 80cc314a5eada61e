"""Printed invoices: each with its charges, and its boleto, barcode and Pix while it is to be paid (INV-04). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from billing.banking.boleto.issue import Boleto, BoletoTerms, issue_boleto
from billing.banking.boleto.linha_digitavel import from_barcode
from billing.banking.boleto_booklet import render_booklet
from billing.banking.boleto_document import BoletoDocument, DocumentLine, LateCopy
from billing.banking.boleto_pdf import render_boletos
from billing.banking.instructions import Payer
from billing.banking.model import PaymentProfile
from billing.banking.terms import BankTerms
from billing.core.br import phones
from billing.core.money import ZERO
from billing.customers.company import Company
from billing.customers.model import Customer
from billing.invoicing.charge import Charge, OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.pix_code import pix_to_pay
from billing.invoicing.states import STATUS_PT, InvoiceStatus
from billing.payments.invoice_lateness import lateness
from billing.payments.late_charges import days_late


@dataclass(frozen=True, slots=True)
class Sheet:
    """The data for a printed invoice."""

    invoice: Invoice
    charges: Sequence[Charge]
    """In the order of the invoice."""
    customer: Customer
    profile: PaymentProfile
    company: Company
    today: date
    annex: Sequence[DocumentLine] = ()
    """How the amounts were computed."""


def draw_invoices(sheets: Sequence[Sheet]) -> bytes:
    """All invoices in one PDF. An invoice that is not open shows its status, and has no boleto."""
    return render_boletos([_document(sheet) for sheet in sheets])


def draw_booklet(sheets: Sequence[Sheet]) -> bytes:
    """A carnê of invoices that `refusals.to_print_in_booklet` allows."""
    return render_booklet([_document(sheet) for sheet in sheets])


def payer_of(customer: Customer) -> Payer:
    """The customer as payer, at the billing address."""
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
    late = None if boleto is None else _late(sheet)
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
        pix_emv=""
        if boleto is None
        else pix_to_pay(invoice, sheet.profile, None if late is None else late.payable) or "",
        contact=" · ".join(filter(None, (phones.format(sheet.company.service_phone), sheet.company.site))),
        plan=invoice.description,
        period=_period(sheet.charges),
        instalment=_instalment(sheet.charges),
        late=late,
        sums=_sums(sheet, late),
        annex=sheet.annex,
    )


def _period(charges: Sequence[Charge]) -> str:
    """From the first to the last day charged, short enough for a stub."""
    first = min(charge.reference.start for charge in charges)
    last = max(charge.reference.last_day for charge in charges)
    return f"{first:%d/%m/%y} a {last:%d/%m/%y}"


def _instalment(charges: Sequence[Charge]) -> str:
    """Such as 1/12, if all charges are of the same instalment."""
    numbers = {charge.instalment for charge in charges}
    return "/".join(map(str, numbers.pop() or ())) if len(numbers) == 1 else ""


def _late(sheet: Sheet) -> LateCopy | None:
    """The amount owed today on an overdue invoice: with fine and interest up to today, by the terms on the boleto."""
    invoice = sheet.invoice
    owed = invoice.balance - (invoice.rebate or ZERO)
    if not days_late(invoice.due_on, sheet.today) or owed <= ZERO:
        return None
    charges = lateness(invoice, sheet.profile.terms, sheet.today).total
    return LateCopy(on=sheet.today, charges=charges, payable=owed + charges)


def _sums(sheet: Sheet, late: LateCopy | None) -> list[DocumentLine]:
    """The amounts that lead from the invoice's total to the amount due today."""
    invoice = sheet.invoice
    if invoice.status is not InvoiceStatus.OPEN:
        return []
    lines = []
    if invoice.paid:
        lines.append(DocumentLine("Já pago", -invoice.paid))
    if invoice.rebate:
        lines.append(DocumentLine("Abatimento", -invoice.rebate))
    if late is not None:
        lines.append(DocumentLine(f"Multa e juros até {late.on:%d/%m/%Y}", late.charges))
        lines.append(DocumentLine(f"A pagar em {late.on:%d/%m/%Y}", late.payable))
    elif lines:
        lines.append(DocumentLine("A pagar", invoice.balance - (invoice.rebate or ZERO)))
    return lines


def _terms(sheet: Sheet) -> BankTerms:
    """The account's terms, with the invoice's own discount among the instructions."""
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
    """The charges, with the discount below the last one if there is no boleto to state it (CTR-13)."""
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
    """The boleto as it was issued: the profile may have changed since, but the barcode has not."""
    invoice = sheet.invoice
    if invoice.barcode is None or invoice.title_number is None or not invoice.has_boleto_to_pay:
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
