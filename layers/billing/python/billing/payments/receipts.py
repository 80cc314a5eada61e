"""What a receipt of settlement says, from the company's own text (INV-10). Pure but for what it loads."""

from dataclasses import dataclass

from billing.access.call import Call
from billing.core.br import cnpj
from billing.core.errors import Refusal, Refused
from billing.core.words import in_words
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.model import Customer
from billing.invoicing import invoices
from billing.invoicing.model import Invoice
from billing.payments import settings, store
from billing.payments.model import Settlement


@dataclass(frozen=True, slots=True)
class Receipt:
    """Ready to be printed."""

    number: int
    """The invoice's."""
    amount: str
    text: str
    place_and_date: str
    company_name: str
    company_cnpj: str


def receipt(call: Call, customer_id: str, invoice_id: str, settlement_id: str) -> Receipt:
    """Raises Refused where the company has no text, saying how to configure one, and for a reversed settlement."""
    invoice = invoices.get(call, customer_id, invoice_id)
    settlement = store.get_settlement(call.tenant_id, customer_id, invoice_id, settlement_id)
    template = settings.get(call, invoice.company_id).receipt_template
    reasons = []
    if template is None:
        reasons.append(
            Refusal(
                "receipt.no_template",
                "Não há texto de recibo configurado. Preencha “receipt_template” na configuração da empresa "
                f"(PUT /companies/{invoice.company_id}/payment-settings).",
            )
        )
    if not settlement.is_live:
        reasons.append(
            Refusal("settlement.reversed", f"A liquidação da fatura {invoice.number} já foi estornada")
        )
    if reasons or template is None:
        raise Refused.because(reasons)
    company = customers.get_company(call.tenant_id, invoice.company_id)
    customer = customers.get(call.tenant_id, customer_id)
    return _receipt(template, invoice, settlement, customer, company)


def _receipt(
    template: str, invoice: Invoice, settlement: Settlement, customer: Customer, company: Company
) -> Receipt:
    on = f"{settlement.settled_on:%d/%m/%Y}"
    values = {
        "cliente": customer.name,
        "documento": customer.formatted_document or "",
        "valor": settlement.received.format_br(),
        "extenso": in_words(settlement.received),
        "fatura": str(invoice.number),
        "descricao": invoice.description,
        "vencimento": f"{invoice.due_on:%d/%m/%Y}",
        "data": on,
        "empresa": company.legal_name,
        "cnpj_empresa": cnpj.format(company.cnpj),
    }
    return Receipt(
        number=invoice.number,
        amount=settlement.received.format_br(),
        text=settings.filled(template, values),
        place_and_date=f"{company.address.city}, {on}",
        company_name=company.legal_name,
        company_cnpj=cnpj.format(company.cnpj),
    )
