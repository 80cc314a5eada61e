"""The content of a printed boleto in any form: the document, and the text of each box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from billing.banking.boleto.bank import Bank
from billing.banking.boleto.issue import Boleto
from billing.banking.instructions import Payer
from billing.banking.remittance import told_interest
from billing.banking.terms import BankTerms
from billing.core.money import Money


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of the invoice: description, amount, and the reason for the amount."""

    description: str
    amount: Money | None
    """None: the line is a heading."""
    why: Sequence[str] = ()
    """Por que este valor: the explanation's lines, in small print."""


@dataclass(frozen=True, slots=True)
class LateCopy:
    """The amount owed on the day when a late boleto is printed again; on another day the bank computes another
    amount."""

    on: date
    charges: Money
    """Fine and interest."""
    payable: Money


@dataclass(frozen=True, slots=True)
class BoletoDocument:
    account: BankTerms
    boleto: Boleto | None
    """None: there is nothing to pay, and the document has no slip."""
    payer: Payer
    amount: Money
    issued_on: date
    due_on: date
    document_number: str
    title: str = "Fatura"
    """What is charged: Fatura 2026/000123."""
    subtitle: str = ""
    """Period and contract."""
    lines: Sequence[DocumentLine] = ()
    pix_emv: str = ""
    """Pix copia e cola; without it the boleto has no QR code."""
    contact: str = ""
    """The company's telephone and site."""
    plan: str = ""
    """What the stub of a booklet says is being paid for, with `period` and `instalment` (1/12)."""
    period: str = ""
    instalment: str = ""
    late: "LateCopy | None" = None
    """A second copy after the due date."""
    sums: Sequence[DocumentLine] = ()
    """Below the total: what was paid, what is due today."""
    annex: Sequence[DocumentLine] = ()
    """On pages of its own: how the amounts were computed."""


def payment_instructions(account: BankTerms, amount: Money, due_on: date) -> list[str]:
    """What the cashier reads: the account's own lines, then fine, interest and protest in reais and dates.

    Interest is stated as sent to the bank: cents per day or, if its file has it, the monthly rate."""
    said = list(account.instructions)
    after = f"Após {due_on:%d/%m/%Y}"
    if account.fine_percent:
        fine = Money.rounded(amount.decimal * account.fine_percent / 100)
        said.append(f"{after}, cobrar multa de {fine.format_br()}.")
    interest = told_interest(account, amount.cents)
    if interest is not None and interest.monthly_percent is not None:
        percent = f"{interest.monthly_percent.normalize():f}".replace(".", ",")
        said.append(f"{after}, cobrar juros de {percent}% ao mês, por dia de atraso.")
    elif interest is not None:
        daily = Money.from_cents(interest.daily_cents)
        said.append(f"{after}, cobrar juros de {daily.format_br()} por dia de atraso.")
    if account.protest_days:
        said.append(f"Protestar a partir de {due_on + timedelta(days=account.protest_days):%d/%m/%Y}.")
    if account.bureau_days:
        said.append(
            f"Sujeito a negativação a partir de {due_on + timedelta(days=account.bureau_days):%d/%m/%Y}."
        )
    return said


def payable_where(account: BankTerms, due_on: date) -> str:
    """Any bank accepts a registered title, also after its due date, until it is written off by the registered terms."""
    if not account.write_off_days:
        return "Pagável em qualquer banco, mesmo após o vencimento"
    last = due_on + timedelta(days=account.write_off_days)
    return f"Pagável em qualquer banco, mesmo após o vencimento, até {last:%d/%m/%Y}"


def payer_lines(payer: Payer) -> tuple[str, str, str]:
    """The payer, with document, street and city, as on the sheet."""
    postcode = f"CEP {payer.postcode[:5]}-{payer.postcode[5:]}" if payer.postcode else ""
    place = " – ".join(
        filter(None, (payer.district, "/".join(filter(None, (payer.city, payer.state))), postcode))
    )
    return f"{payer.name} – CPF/CNPJ: {document_text(payer.document)}", payer.street, place


def document_text(document: str) -> str:
    """A CPF or CNPJ as printed.

    >>> document_text("52998224725"), document_text("12ABC34501DE35")
    ('529.982.247-25', '12.ABC.345/01DE-35')
    """
    d = document
    if len(d) == 11:
        return f"{d[:3]}.{d[3:6]}.{d[6:9]}-{d[9:]}"
    return f"{d[:2]}.{d[2:5]}.{d[5:8]}/{d[8:12]}-{d[12:]}" if len(d) == 14 else d


def box_values(document: BoletoDocument, boleto: Boleto, bank: Bank) -> dict[str, str]:
    """The text of each box, by name."""
    account, late = document.account, document.late
    issued = f"{document.issued_on:%d/%m/%Y}"
    beneficiary = " – ".join(
        filter(
            None,
            (
                account.beneficiary_name,
                document_text(account.beneficiary_document),
                account.beneficiary_address,
            ),
        )
    )
    return {
        "place": payable_where(account, document.due_on),
        "due_on": f"{document.due_on:%d/%m/%Y}",
        "beneficiary": beneficiary,
        "beneficiary_code": bank.beneficiary(account),
        "issued_on": issued,
        "document_number": document.document_number,
        "especie": account.especie.value,
        "accepted": "A" if account.accepted else "N",
        "processed_on": issued,
        "nosso_numero": boleto.nosso_numero_formatted,
        "carteira": account.carteira,
        "currency": "R$",
        "amount": _bare(document.amount),
        "charges": "" if late is None else _bare(late.charges),
        "charged": "" if late is None else _bare(late.payable),
        "payer_name": document.payer.name,
        "payer_document": document_text(document.payer.document),
    }


def _bare(amount: Money) -> str:
    """Without R$, where the form itself has it."""
    return amount.format_br().removeprefix("R$ ")
