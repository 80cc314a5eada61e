"""Banco Real (356), now Santander: agency 4, account 7, modulo 10 over number, agency and account, nosso número 13.

Source: a published example of wallet 06.
"""

from collections.abc import Iterable

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    given_digit_refusals,
    sequence,
    width_refusals,
)
from billing.banking.check_digits import mod10
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {"06": "exemplo publicado conferido"}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 13, "Real")
    account = fixed(terms.agencia, 4, "agencia", "Real") + fixed(terms.conta, 7, "conta", "Real")
    check = mod10(nosso_numero + account)
    return Numbering(nosso_numero, "", nosso_numero, f"{account}{check}{nosso_numero}")


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}/{terms.conta}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7})
    if len(terms.conta) <= 7 and len(terms.agencia) <= 4:
        expected = account_digits.real_account(terms.agencia, terms.conta)
        yield from given_digit_refusals(expected, terms.conta_digit, "conta_digit", "conta")


BANK = Bank("356", "5", "Banco Real", CARTEIRAS, number, beneficiary, account)
