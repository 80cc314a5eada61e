"""Unicred (136).

Source: Unicred, "Composição da Ficha de Compensação", section 3.11 (p. 11-13): agency 4, account with digit 10, nosso número with digit
11 (modulo 11, weights 2 to 9). Published examples of wallets 21 and 51.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    printed_digit_refusals,
    sequence,
    signed,
    width_refusals,
)
from billing.banking.boleto.certification import Certification
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("21", "51"), "manual da ficha, p. 11-13; exemplos publicados conferidos")


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 10, "Unicred")
    digit = mod11(nosso_numero)
    agencia = fixed(terms.agencia, 4, "agencia", "Unicred")
    conta = signed(terms.conta, terms.conta_digit, 10, "conta", "Unicred")
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", f"{agencia}{conta}{nosso_numero}{digit}")


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.conta}-{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 9})
    yield from printed_digit_refusals(terms.conta_digit, "conta_digit", "conta")


CERTIFICATION = Certification(
    asks=(
        "Homologação do arquivo e do layout dos boletos, sem quantidades (“Composição da Ficha de Compensação”, introdução).",
    ),
    next_steps=("Combine com a cooperativa a troca dos arquivos de teste.",),
)


BANK = Bank("136", "8", "Unicred", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
