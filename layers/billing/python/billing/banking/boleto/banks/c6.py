"""C6 Bank (336).

Source: C6, manual CNAB 400 of 2022, section 10.1 (p. 30): beneficiary 12, nosso número 10, wallet 2, layout 4 (issued
by the beneficiary). A published example of wallet 20 prints its nosso número with modulo 11, weights 2 to 9.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, fixed, refusal, sequence, width_refusals
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {"20": "manual CNAB 400 de 2022, p. 30; exemplo publicado conferido"}
_ISSUED_BY_BENEFICIARY = "4"


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 10, "C6")
    digit = mod11(nosso_numero)
    code = fixed(terms.convenio, 12, "convenio", "C6")
    campo_livre = f"{code}{nosso_numero}{terms.carteira}{_ISSUED_BY_BENEFICIARY}"
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", campo_livre)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.convenio}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "convenio": 12})
    if not terms.convenio:
        message = "Informe o código do cedente (12 dígitos): ele faz parte do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")


BANK = Bank("336", "0", "C6 Bank", CARTEIRAS, number, beneficiary, account)
