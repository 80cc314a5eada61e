"""The text of a debt agreement for the customer to sign: the debt, the instalments, and when it is broken (PAY-06)."""

from billing.access.call import Call
from billing.agreements.model import AgreedInstalment, InstalmentAgreement, RenegotiatedInvoice
from billing.agreements.service import get
from billing.core.money import Money
from billing.core.words import in_words
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.payments.receipts import Receipt, letterhead


def printed(call: Call, customer_id: str, agreement_id: str) -> Receipt:
    """As agreed, whatever happened later. Raises NotFound, Forbidden."""
    agreement = get(call, customer_id, agreement_id)
    company = get_company(call.tenant_id, agreement.company_id)
    customer = customers.get(call.tenant_id, customer_id)
    head = letterhead(company, agreement.agreed_on)
    document = customer.formatted_document or "não informado"
    return Receipt(
        title="Termo de parcelamento",
        subtitle=f"Parcelamento {agreement.code}",
        amount=agreement.total.format_br(),
        amount_in_words=in_words(agreement.total),
        text=_text(agreement, customer.name, document, company.legal_name, head.company_cnpj),
        facts=(
            *((f"Fatura {debt.number}, vencimento {debt.due_on:%d/%m/%Y}", _worth(debt)) for debt in agreement.invoices),
            *((_title(agreement, part), _composed(part)) for part in agreement.instalments),
        ),
        place_and_date=head.place_and_date,
        company_name=company.legal_name,
        company_detail=head.company_detail,
        code=agreement.id,
        amount_label="Total parcelado",
        signers=(customer.name, company.legal_name),
    )  # fmt: skip


def _text(agreement: InstalmentAgreement, customer: str, document: str, company: str, cnpj: str) -> str:
    count = agreement.instalments[-1].number
    parts = "1 parcela" if count == 1 else f"{count} parcelas"
    down = agreement.instalments[0]
    entry = "" if down.number else f"uma entrada de {down.total.format_br()} e "
    owes = (
        f"{customer}, CPF/CNPJ {document}, reconhece dever a {company}, CNPJ {cnpj}, o saldo das faturas abaixo, e o "
        f"paga em {entry}{parts}, nas datas e nos valores abaixo."
    )
    paragraphs = [owes, _broken(agreement)]
    if agreement.instalment_interest:
        paragraphs.append(
            "Quem paga uma parcela antes do vencimento não deve os juros do parcelamento dos dias que faltam "
            "(Lei 8.078/1990, art. 52, § 2º)."
        )
    return "\n\n".join(paragraphs)


def _broken(agreement: InstalmentAgreement) -> str:
    when = "Não pago o parcelamento, ele pode ser quebrado"
    if agreement.breaks_after_days is not None:
        days = "1 dia" if agreement.breaks_after_days == 1 else f"{agreement.breaks_after_days} dias"
        when = f"Com uma parcela vencida e não paga há mais de {days}, o parcelamento fica quebrado"
    return (
        f"{when}: o que restar do saldo das faturas volta a ser devido, com o vencimento de origem. Cada parcela paga a sua "
        "parte do saldo, da multa e dos juros, e o que pagou do saldo se abate das faturas mais antigas."
    )


def _title(agreement: InstalmentAgreement, part: AgreedInstalment) -> str:
    name = f"Parcela {part.number}/{agreement.instalments[-1].number}" if part.number else "Entrada"
    return f"{name}, vencimento {part.due_on:%d/%m/%Y}"


def _worth(debt: RenegotiatedInvoice) -> str:
    return _sum(debt.total, [("saldo", debt.balance), ("multa", debt.fine), ("juros", debt.interest)])


def _composed(part: AgreedInstalment) -> str:
    return _sum(
        part.total,
        [
            ("saldo", part.principal),
            ("multa", part.fine),
            ("juros", part.interest),
            ("juros do parcelamento", part.instalment_interest),
        ],
    )


def _sum(total: Money, parts: list[tuple[str, Money]]) -> str:
    """A total, with its parts if there are several.

    >>> _sum(Money("104.01"), [("saldo", Money("100.00")), ("multa", Money("2.00")), ("juros", Money("2.01"))])
    'R$ 104,01 (saldo R$ 100,00, multa R$ 2,00, juros R$ 2,01)'
    >>> _sum(Money("5.00"), [("saldo", Money("5.00")), ("multa", Money("0.00"))])
    'R$ 5,00'
    """
    named = [f"{name} {amount.format_br()}" for name, amount in parts if amount]
    return f"{total.format_br()} ({', '.join(named)})" if len(named) > 1 else total.format_br()
