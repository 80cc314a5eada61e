"""What a receipt of settlement says, from the company's own text (INV-10). Pure but for what it loads."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from billing.access.call import Call
from billing.core.br import cnpj
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO, Money
from billing.core.words import in_words
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.company_store import get_company
from billing.customers.model import Customer
from billing.invoicing import invoices
from billing.invoicing.invoice import Invoice
from billing.invoicing.store import get_charge
from billing.members import store as members
from billing.payments import settings, store
from billing.payments.model import Method, Settlement

FORMS = {
    Method.BANK_RETURN: "Cobrança bancária",
    Method.PROFILE: "Crédito em conta bancária",
    Method.OTHER: "Pagamento à empresa",
    Method.PIX: "Pix",
    Method.FORGIVEN: "Saldo perdoado",
    Method.REBILLED: "Saldo levado a outra conta",
    Method.COUNTER: "No balcão",
    Method.AGREEMENT: "Pelas parcelas do parcelamento",
}
"""What a payer would call the method of a settlement."""

_MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip


class Receipt(NamedTuple):
    """Ready to be printed; the term of a debt agreement is drawn as one."""

    title: str
    subtitle: str
    amount: str
    amount_in_words: str
    text: str
    """The company's own, filled in."""
    facts: tuple[tuple[str, str], ...]
    """What was paid, by whom, how: label and value."""
    place_and_date: str
    company_name: str
    company_detail: str
    code: str
    """The id of the settlement, counter receipt or debt agreement, for finding it."""
    amount_label: str = "Valor recebido"
    signers: tuple[str, ...] = ()
    """Who signs it; empty: the company alone."""


class Letterhead(NamedTuple):
    """What every receipt of a company says about the company and the date."""

    company_cnpj: str
    company_detail: str
    place_and_date: str


def letterhead(company: Company, day: date) -> Letterhead:
    place, number = company.address, cnpj.format(company.cnpj)
    return Letterhead(
        company_cnpj=number,
        company_detail=f"CNPJ {number} · {place.street}, {place.number} · {place.city}/{place.uf}",
        place_and_date=f"{place.city}, {day.day} de {_MONTHS[day.month - 1]} de {day.year}",
    )


def receipt(call: Call, customer_id: str, invoice_id: str, settlement_id: str) -> Receipt:
    """Raises Refused if the company has no receipt text, saying how to configure one, and for a reversed settlement."""
    invoice = invoices.get(call, customer_id, invoice_id)
    settlement = store.get_settlement(call.tenant_id, customer_id, invoice_id, settlement_id)
    template = settings.get(call, invoice.company_id).receipt_template
    reasons = []
    if template is None:
        reasons.append(
            Refusal(
                "receipt.no_template",
                "Não há texto de recibo configurado. Preencha “Texto do recibo” na configuração básica da empresa.",
            )
        )
    if not settlement.is_live:
        reasons.append(
            Refusal("settlement.reversed", f"A liquidação da fatura {invoice.number} já foi estornada")
        )
    if reasons or template is None:
        raise Refused.because(reasons)
    company = get_company(call.tenant_id, invoice.company_id)
    customer = customers.get(call.tenant_id, customer_id)
    return _receipt(template, invoice, _given(call, settlement), customer, company)


class _Given(NamedTuple):
    """A settlement, with what else its receipt shows."""

    settlement: Settlement
    number: int
    """Its place among the invoice's settlements by date, from 1."""
    operator: str
    adjustment: Money
    """The difference that was settled with it: below zero a discount, above zero a surcharge."""


def _given(call: Call, settlement: Settlement) -> _Given:
    customer_id, invoice_id = settlement.customer_id, settlement.invoice_id
    all_made = store.settlements_of(call.tenant_id, customer_id, invoice_id)
    ordered = sorted(all_made, key=lambda one: (one.settled_on, one.id))
    operator = "Retorno do banco"
    if settlement.method is not Method.BANK_RETURN:
        operator = members.names(call.tenant_id, [settlement.source]).get(settlement.source, "")
    adjustment = ZERO
    if settlement.adjustment_charge_id is not None:
        adjustment = get_charge(call.tenant_id, customer_id, settlement.adjustment_charge_id).amount
    number = [one.id for one in ordered].index(settlement.id) + 1
    return _Given(settlement, number, operator, adjustment)


def _composition(invoice: Invoice, given: _Given) -> Iterator[tuple[str, str]]:
    """How the amount received is made up, if it is not just the invoice's amount."""
    settlement, adjustment = given.settlement, given.adjustment
    discount = settlement.discount + max(ZERO, -adjustment)
    surcharge = settlement.interest + settlement.fine + max(ZERO, adjustment)
    if discount or surcharge:
        yield "Valor da fatura", (invoice.amount - adjustment).format_br()
    if discount:
        yield "Desconto", discount.format_br()
    if surcharge:
        yield "Juros, multa e acréscimos", surcharge.format_br()


def _receipt(template: str, invoice: Invoice, given: _Given, customer: Customer, company: Company) -> Receipt:
    settlement = given.settlement
    paid_on = settlement.settled_on
    amount, in_full = settlement.received.format_br(), in_words(settlement.received)
    document, due_on = customer.formatted_document or "", f"{invoice.due_on:%d/%m/%Y}"
    form, head = FORMS[settlement.method], letterhead(company, paid_on)
    values = {
        "cliente": customer.name,
        "documento": document,
        "valor": amount,
        "extenso": in_full,
        "fatura": str(invoice.number),
        "descricao": invoice.description,
        "vencimento": due_on,
        "data": f"{paid_on:%d/%m/%Y}",
        "forma": form[0].lower() + form[1:],
        "empresa": company.legal_name,
        "cnpj_empresa": head.company_cnpj,
    }
    return Receipt(
        title=f"Recibo nº {invoice.number}/{given.number}",
        subtitle=f"Fatura {invoice.number}",
        amount=amount,
        amount_in_words=in_full,
        text=settings.filled(template, values),
        facts=(
            ("Recebido de", customer.name),
            ("CPF/CNPJ", document),
            ("Referente a", invoice.description),
            ("Vencimento", due_on),
            ("Data do pagamento", f"{paid_on:%d/%m/%Y}"),
            ("Forma de pagamento", form),
            *_composition(invoice, given),
            *((("Recebido por", given.operator),) if given.operator else ()),
        ),
        place_and_date=head.place_and_date,
        company_name=company.legal_name,
        company_detail=head.company_detail,
        code=settlement.id,
    )
