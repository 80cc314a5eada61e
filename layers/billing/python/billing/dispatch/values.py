"""Values of the wildcards: from a customer, from the company that serves them, and from an invoice (MSG-01)."""

from collections.abc import Iterable

from billing.banking.boleto import linha_digitavel
from billing.core.br import cnpj, cpf, phones
from billing.core.errors import Refusal, Refused
from billing.core.period import Period
from billing.customers.company import Company
from billing.customers.model import Customer
from billing.dispatch import wildcards
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.pix_code import pix_to_pay

NEEDS_PORTAL = frozenset({"user_sac", "pass_sac", "link"})
"""These stand for a user, a one-time link and a page of the customers' portal."""


def of_customer(customer: Customer, company: Company) -> dict[str, str]:
    """For messages of both kinds. A person has no CNPJ and a company no CPF: a line with only that one is left out."""
    document = customer.document or ""
    return {
        "cliente": customer.name,
        "codpessoa": str(customer.code),
        "cpf": cpf.format(document) if len(document) == 11 else "",
        "cnpj": cnpj.format(document) if len(document) == 14 else "",
        "empresa": company.trade_name,
        "cnpj_empresa": cnpj.format(company.cnpj),
        "fone": phones.format(company.service_phone),
        "site": company.site or "",
    }


def of_invoice(invoice: Invoice, charges: Iterable[Charge]) -> dict[str, str]:
    """For mass dispatch, in addition to the customer's values. `valor` is the amount still to be paid; the period is
    that of its charges."""
    periods = [charge.reference for charge in charges]
    barcode = invoice.barcode if invoice.has_boleto_to_pay else None
    return {
        "numero_fatura": str(invoice.number),
        "plano": invoice.description,
        "periodo": Period(min(p.start for p in periods), max(p.end for p in periods)).format_br()
        if periods
        else "",
        "vencimento": f"{invoice.due_on:%d/%m/%Y}",
        "valor": invoice.balance.format_br(),
        "linha_digitavel": linha_digitavel.formatted(linha_digitavel.from_barcode(barcode))
        if barcode
        else "",
        "pix": pix_to_pay(invoice) or "",
    }


def require_portal_unused(*texts: str) -> None:
    """Raises Refused for a wildcard of the portal: a message would go out with nothing in its place."""
    names = sorted(NEEDS_PORTAL & {name for text in texts for name in wildcards.used(text)})
    if names:
        raise Refused.because(
            Refusal(
                "message.portal_missing",
                f"O coringa #{name}# ainda não tem valor: o portal do cliente não está no ar. Retire-o do texto.",
                field="body",
            )
            for name in names
        )
