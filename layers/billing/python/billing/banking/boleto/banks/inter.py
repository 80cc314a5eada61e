"""Inter (077).

Source: Inter, "Conta Digital PJ, Manual CNAB 400", section 6.1.3 (p. 21): agency 4, wallet 3, operation 7, nosso número with digit 11.
Published examples of wallet 110; the digit is modulo 10 over agency, wallet and number.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, fixed, refusal, sequence, width_refusals
from billing.banking.check_digits import mod10
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {
    "110": "manual CNAB 400, p. 21; exemplos publicados conferidos",
    "112": "manual CNAB 400, p. 21",
}


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 10, "Inter")
    agencia = fixed(terms.agencia, 4, "agencia", "Inter")
    operation = fixed(terms.operacao, 7, "operacao", "Inter")
    digit = str(mod10(agencia + terms.carteira + nosso_numero))
    campo_livre = f"{agencia}{terms.carteira}{operation}{nosso_numero}{digit}"
    formatted = f"{agencia}{terms.agencia_digit}/{terms.carteira}/{nosso_numero}-{digit}"
    return Numbering(nosso_numero, digit, formatted, campo_livre)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}-{terms.agencia_digit} / {terms.conta}-{terms.conta_digit}".replace(
        "- ", " "
    ).rstrip("-")


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "operacao": 7})
    if not terms.operacao:
        message = "Informe o número da operação (7 dígitos): ele está na tela de retorno do internet banking do Inter."
        yield refusal("profile.operacao_missing", message, "operacao")


BANK = Bank("077", "9", "Inter", CARTEIRAS, number, beneficiary, account)
