"""Bradesco (237), and the boleto of the banks that follow its rules.

Source: Bradesco, manual CNAB 400, campo livre (agency 4, wallet 2, nosso número 11, account 7, zero) and digit of the
nosso número (modulo 11, weights 2 to 7, over wallet and number; ten becomes P). Published examples of wallets 03, 04,
06, 09 and 19.
"""

from collections.abc import Iterable

from billing.banking import account_digits
from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    digit_refusals,
    fixed,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_PUBLISHED = "manual CNAB 400; exemplos publicados conferidos"
CARTEIRAS = dict.fromkeys(("03", "04", "06", "09", "19", "3", "4", "6", "9"), _PUBLISHED)


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    return numbered(terms, title, "Bradesco", "conta")


def numbered(terms: BankTerms, title: TitleNumber, bank: str, account_field: str) -> Numbering:
    """Bradesco's rule, for a bank that may have another code of the terms in place of Bradesco's account."""
    carteira = terms.carteira.lstrip("0").zfill(2)
    nosso_numero = sequence(title.sequence, 11, bank)
    digit = mod11(carteira + nosso_numero, 2, 7, ten="P")
    agencia = fixed(terms.agencia, 4, "agencia", bank)
    conta = fixed(getattr(terms, account_field), 7, account_field, bank)
    campo_livre = f"{agencia}{carteira}{nosso_numero}{conta}0"
    return Numbering(nosso_numero, digit, f"{carteira}/{nosso_numero}-{digit}", campo_livre)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}-{terms.agencia_digit} / {terms.conta}-{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    wrong = width_refusals(terms, {"agencia": 4, "conta": 7})
    if wrong:
        yield from wrong
        return
    agency = account_digits.bradesco_agency(terms.agencia)
    yield from digit_refusals(agency, terms.agencia_digit, "agencia_digit", "agência")
    conta = account_digits.bradesco_account(terms.conta)
    yield from digit_refusals(conta, terms.conta_digit, "conta_digit", "conta")


_TEST = TestFile(
    asks="No máximo 10 registros a vencer por arquivo de teste, com dados fictícios; nome com a extensão TST (“Procedimentos da"
    " Empresa” e “Nome dos Arquivos”: CNAB 240, versão 06, p. 5; CNAB 400, versão 11).",
    most_titles=10,
    name="CB{day}{part:02d}.TST",
)
CERTIFICATION = Certification(
    asks=("O manual não pede amostras de boletos; as do kit trazem todos os dígitos.",),
    files={240: _TEST, 400: _TEST},
    next_steps=(
        "Transmita os arquivos .TST; o retorno vem com o mesmo nome e a extensão RST.",
        "No mesmo dia dois arquivos não podem ter o mesmo nome.",
    ),
)


BANK = Bank("237", "2", "Bradesco", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
