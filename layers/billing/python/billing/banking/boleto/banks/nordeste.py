"""Banco do Nordeste (004): agency 4, account 7 with digit, nosso número 7 with digit (modulo 11, weights 2 to 8), wallet 2, zeros.

Sources: Banco do Nordeste, manual CNAB 400; published examples of wallet 21.
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

CARTEIRAS = {"21": "exemplos publicados conferidos"}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 7, "Banco do Nordeste")
    digit = mod11(nosso_numero, 2, 8)
    agencia = fixed(terms.agencia, 4, "agencia", "Banco do Nordeste")
    conta = signed(terms.conta, terms.conta_digit, 8, "conta", "Banco do Nordeste")
    campo_livre = f"{agencia}{conta}{nosso_numero}{digit}{terms.carteira}000"
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", campo_livre)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}/{terms.conta}-{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7})
    yield from printed_digit_refusals(terms.conta_digit, "conta_digit", "conta")


CERTIFICATION = Certification(
    asks=(
        (
            "Primeiro um arquivo com entradas de títulos; a critério da empresa, um segundo com baixas, alterações e abatimentos"
            " (manual CNAB 400, seção 5, p. 5). Boletos só são impressos depois da homologação."
        ),
    ),
    next_steps=("Encaminhe à agência, que inicia os testes com a área de TI do banco.",),
)


BANK = Bank("004", "3", "Banco do Nordeste", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
