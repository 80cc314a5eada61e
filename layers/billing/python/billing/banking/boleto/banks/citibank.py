"""Citibank (745): product 3, portfolio 3, account "Cosmos" without its first digit 9, nosso número 11 with digit.

Source: published examples of wallet 3; the digit is modulo 11, weights 2 to 9.
"""

from collections.abc import Iterable

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    given_digit_refusals,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {"3": "exemplos publicados conferidos"}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 11, "Citibank")
    digit = mod11(nosso_numero)
    portfolio = fixed(terms.operacao, 3, "operacao", "Citibank")
    cosmos = fixed(terms.convenio, 10, "convenio", "Citibank")[1:]
    campo_livre = f"{terms.carteira}{portfolio}{cosmos}{nosso_numero}{digit}"
    return Numbering(nosso_numero, digit, f"{nosso_numero}.{digit}", campo_livre)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.convenio}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "convenio": 10, "operacao": 3})
    if not terms.operacao:
        message = (
            "Informe em operação o portfólio do Citibank (3 dígitos): ele faz parte do código de barras."
        )
        yield refusal("profile.operacao_missing", message, "operacao")
    if not terms.convenio:
        message = (
            "Informe em convênio a conta Cosmos do Citibank (10 dígitos): ela faz parte do código de barras."
        )
        yield refusal("profile.convenio_missing", message, "convenio")
    if len(terms.conta) <= 10:
        expected = account_digits.citibank_account(terms.conta)
        yield from given_digit_refusals(expected, terms.conta_digit, "conta_digit", "conta")


BANK = Bank("745", "5", "Citibank", CARTEIRAS, number, beneficiary, account)
