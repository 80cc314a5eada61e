"""HSBC (399), now Bradesco.

Source: published examples of CNR (account 7, nosso número 13, due date as day of the year and last digit of the year 4, and 2) and of
CSB (nosso número with digit 11, agency 4, account 7, wallet 00, and 1). CNR prints the number with a digit, the kind 4 and a second
digit over number, beneficiary and due date.
"""

from collections.abc import Iterable
from datetime import date

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
from billing.banking.check_digits import cycle, mod11, weighted
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("CNR", "CSB"), "exemplos publicados conferidos")
_WITH_DUE_DATE = "4"


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    conta = fixed(terms.conta, 7, "conta", "HSBC")
    if terms.carteira == "CSB":
        own = sequence(title.sequence, 10, "HSBC")
        agencia = fixed(terms.agencia, 4, "agencia", "HSBC")
        return Numbering(own, "", own, f"{own}{mod11(own, 2, 7)}{agencia}{conta}001")
    own = sequence(title.sequence, 13, "HSBC")
    first = _inverted(own)
    signed = f"{own}{first}{_WITH_DUE_DATE}"
    total = int(signed) + int(conta) + int(f"{title.due_on:%d%m%y}")
    digits = f"{first}{_WITH_DUE_DATE}{_inverted(str(total))}"
    return Numbering(own, digits, own + digits, f"{conta}{own}{_julian(title.due_on)}2")


def _julian(day: date) -> str:
    return f"{day:%j}{day.year % 10}"


def _inverted(digits: str) -> str:
    """Weights 9 to 2 from the right; the digit is the remainder itself, and ten becomes zero."""
    weights = tuple(11 - weight for weight in cycle(len(digits), 2, 9))
    return str(weighted(digits, weights) % 11 % 10)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.conta}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7})
    if len(terms.conta) <= 6 and len(terms.agencia) <= 4:
        expected = account_digits.hsbc_account(terms.agencia, terms.conta)
        yield from given_digit_refusals(expected, terms.conta_digit, "conta_digit", "conta")


BANK = Bank("399", "9", "HSBC", CARTEIRAS, number, beneficiary, account)
