"""Credisis (097): five zeros and the nosso número of 20: bank 097, digit of the beneficiary's document, agency 4, convênio 6, sequence 6.

Source: published examples of wallet 18.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, fixed, refusal, sequence, width_refusals
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {"18": "exemplos publicados conferidos"}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    agencia = fixed(terms.agencia, 4, "agencia", "Credisis")
    convenio = fixed(terms.convenio, 6, "convenio", "Credisis")
    own = sequence(title.sequence, 6, "Credisis")
    nosso_numero = f"097{mod11(terms.beneficiary_document)}{agencia}{convenio}{own}"
    return Numbering(nosso_numero, "", nosso_numero, f"00000{nosso_numero}")


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}-{terms.agencia_digit} / {terms.conta}-{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "convenio": 6})
    if not terms.convenio:
        message = "Informe o convênio (6 dígitos): ele faz parte do nosso número e do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")


BANK = Bank("097", "3", "Credisis", CARTEIRAS, number, beneficiary, account)
