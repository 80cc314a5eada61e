"""Cresol (133): its returns are read, and its boleto is refused.

Source: Cresol, "Cobrança Integrada Com Registro, Layout Remessa" and "Layout Retorno" (CNAB 400): wallet 009, cooperative 5, account 7,
nosso número 11 with a digit. Neither says how that digit is calculated nor what stands in the campo livre, and no boleto of Cresol is
among the published examples.
"""

from collections.abc import Iterable
from typing import NoReturn

from billing.banking.boleto.bank import Bank, TitleNumber, refusal, width_refusals
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal, Refused

CARTEIRAS = dict.fromkeys(("9", "09", "009"), "layout CNAB 400, p. 3; só para ler retornos")


def number(_terms: BankTerms, _title: TitleNumber) -> NoReturn:
    message = (
        "O boleto da Cresol não pode ser emitido aqui: os manuais da Cresol que temos não mostram o campo livre do código de "
        "barras nem o cálculo do dígito do nosso número. Emita-o pela Cresol; o arquivo retorno é lido."
    )
    raise Refused.because([refusal("boleto.campo_livre_unknown", message, "bank")])


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.conta}-{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 5, "conta": 7})


BANK = Bank("133", "3", "Cresol", CARTEIRAS, number, beneficiary, account)
