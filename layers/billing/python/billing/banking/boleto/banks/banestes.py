"""Banestes (021): nosso número 8, account with digit 11, kind of collection 1, bank 021, double digit.

Source: published examples of wallet 11. The nosso número is printed with two digits: modulo 11, where the second one
also covers the first.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    one_digit,
    printed_digit_refusals,
    refusal,
    sequence,
    signed,
    width_refusals,
)
from billing.banking.check_digits import double_digit, mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {"11": "exemplos publicados conferidos"}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 8, "Banestes")
    conta = signed(terms.conta, terms.conta_digit, 11, "conta", "Banestes")
    first = mod11(nosso_numero)
    digits = first + mod11(nosso_numero + first)
    body = f"{nosso_numero}{conta}{one_digit(terms.variacao, 'variacao', 'Banestes')}021"
    return Numbering(nosso_numero, digits, f"{nosso_numero}-{digits}", body + double_digit(body))


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.conta}{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 10})
    if len(terms.variacao) != 1 or not terms.variacao.isdecimal():
        message = "Informe em variação o tipo de cobrança do Banestes, um dígito: ele faz parte do código de barras."
        yield refusal("profile.variacao", message, "variacao")
    yield from printed_digit_refusals(terms.conta_digit, "conta_digit", "conta")


BANK = Bank("021", "3", "Banestes", CARTEIRAS, number, beneficiary, account)
