"""The content of a printed counter receipt: the company's own text if it has one, every invoice, the discount and who
authorised it (PAY-02, INV-10)."""

from billing.access.call import Call
from billing.core.errors import Refusal, Refused
from billing.core.words import in_words
from billing.counter import means
from billing.counter.receipt import CounterReceipt, ReceiptLine
from billing.counter.receiving import get
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.members import store as members
from billing.payments import settings
from billing.payments.receipts import Receipt, letterhead

TEXT = "Recebemos de #cliente#, CPF/CNPJ #documento#, a quantia de #valor# (#extenso#), referente a: fatura #fatura#."
"""For a company that has configured no text: the customer is at the counter, and the money was received."""


def printed(call: Call, customer_id: str, receipt_id: str) -> Receipt:
    """Raises NotFound, Forbidden; Refused for a reversed receipt."""
    receipt = get(call, customer_id, receipt_id)
    if receipt.reversal is not None:
        message = (
            f"O recibo nº {receipt.number} foi estornado em {receipt.reversal.on:%d/%m/%Y}: não vale mais."
        )
        raise Refused.because([Refusal("counter_receipt.reversed", message)])
    company = get_company(call.tenant_id, receipt.company_id)
    customer = customers.get(call.tenant_id, customer_id)
    template = settings.of_company(call.tenant_id, receipt.company_id).receipt_template or TEXT
    operator = members.names(call.tenant_id, [receipt.operator_id]).get(receipt.operator_id, "")
    head = letterhead(company, receipt.made_on)
    document = customer.formatted_document or ""
    numbers = listed([str(line.number) for line in receipt.lines])
    due_dates = listed([f"{line.due_on:%d/%m/%Y}" for line in receipt.lines])
    amount, in_full = receipt.total.format_br(), in_words(receipt.total)
    paid_by = means.in_words(receipt.paid) or "Nada a pagar"
    values = {
        "cliente": customer.name,
        "documento": document,
        "valor": amount,
        "extenso": in_full,
        "fatura": numbers,
        "descricao": listed(list(dict.fromkeys(line.description for line in receipt.lines))),
        "vencimento": due_dates,
        "data": f"{receipt.made_on:%d/%m/%Y}",
        "forma": paid_by.lower(),
        "empresa": company.legal_name,
        "cnpj_empresa": head.company_cnpj,
    }
    return Receipt(
        title=f"Recibo nº {receipt.number}",
        subtitle=f"Fatura {numbers}" if len(receipt.lines) == 1 else f"Faturas {numbers}",
        amount=amount,
        amount_in_words=in_full,
        text=settings.filled(template, values),
        facts=(
            ("Recebido de", customer.name),
            ("CPF/CNPJ", document),
            *(
                (f"Fatura {line.number}, vencimento {line.due_on:%d/%m/%Y}", composed(line))
                for line in receipt.lines
            ),
            ("Pago com", paid_by),
            *((("Troco", receipt.change.format_br()),) if receipt.change else ()),
            *_discount(receipt),
            ("Recebido por", operator),
        ),
        place_and_date=head.place_and_date,
        company_name=company.legal_name,
        company_detail=head.company_detail,
        code=receipt.id,
    )


def _discount(receipt: CounterReceipt) -> list[tuple[str, str]]:
    given = receipt.discount
    if given is None:
        return []
    return [
        ("Desconto", given.amount.format_br()),
        ("Tipo do desconto", given.discount_type),
        ("Motivo do desconto", given.reason),
        ("Usuário Autorizado", given.authoriser_name),
    ]


def composed(line: ReceiptLine) -> str:
    """The amount received for the invoice, with its parts if it is not simply the invoice's amount.

    >>> from datetime import date
    >>> from billing.core.money import Money
    >>> composed(ReceiptLine(invoice_id="inv_1", settlement_id="set_1", number=7, description="Plano", due_on=date(2026, 3, 10),
    ...     amount=Money("100.00"), fine=Money("2.00"), interest=Money("0.33"), received=Money("102.33")))
    'R$ 102,33 (valor R$ 100,00, multa R$ 2,00, juros R$ 0,33)'
    """
    parts = [
        f"{label} {amount.format_br()}"
        for label, amount in (
            ("valor", line.amount),
            ("multa", line.fine),
            ("juros", line.interest),
            ("juros dispensados", line.waived_interest),
            ("desconto por pagamento em dia", line.on_time_discount),
            ("desconto", line.discount),
        )
        if amount
    ]
    received = line.received.format_br()
    return (
        received if line.received == line.amount and len(parts) == 1 else f"{received} ({', '.join(parts)})"
    )


def listed(things: list[str]) -> str:
    """Joined as in a sentence.

    >>> listed(["7"]), listed(["7", "8", "9"])
    ('7', '7, 8 e 9')
    """
    *first, last = things
    return f"{', '.join(first)} e {last}" if first else last
