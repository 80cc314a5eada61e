"""Issue a boleto: from the account's terms and the title to the numbers that are printed and scanned. Pure."""

from datetime import date
from typing import NamedTuple

from billing.banking.boleto import barcode as barcodes
from billing.banking.boleto import linha_digitavel
from billing.banking.boleto.bank import TitleNumber, of
from billing.banking.terms import BankTerms
from billing.core.errors import Refused
from billing.core.money import Money


class BoletoTerms(NamedTuple):
    account: BankTerms
    nosso_numero: int
    """The title's own number in the profile's range, without check digit, convênio or year, which the bank's rule
    adds."""
    due_on: date
    amount: Money
    issued_on: date | None = None
    """Required by banks whose nosso número begins with the year (Sicredi)."""
    document_number: str = ""
    """Required by wallets whose campo livre carries it (Itaú, 15 positions)."""


class Boleto(NamedTuple):
    nosso_numero: str
    """As in the bank's files, without the check digit."""
    nosso_numero_digit: str
    nosso_numero_formatted: str
    campo_livre: str
    barcode: str
    linha_digitavel: str


def issue_boleto(terms: BoletoTerms) -> Boleto:
    """Issue the boleto. Raises Refused, naming the cause, for an unknown bank or wallet, or a number, amount or date
    outside the bank's range."""
    account = terms.account
    bank = of(account.bank)
    if account.carteira not in bank.carteiras:
        raise Refused.because([bank.unknown_wallet(account)])
    numbering = bank.number(
        account, TitleNumber(terms.nosso_numero, terms.due_on, terms.document_number, terms.issued_on)
    )
    code = barcodes.encode(bank.code, terms.due_on, terms.amount, numbering.campo_livre)
    return Boleto(
        nosso_numero=numbering.nosso_numero,
        nosso_numero_digit=numbering.digit,
        nosso_numero_formatted=numbering.formatted,
        campo_livre=numbering.campo_livre,
        barcode=code,
        linha_digitavel=linha_digitavel.from_barcode(code),
    )
