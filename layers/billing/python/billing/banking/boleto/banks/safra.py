"""Safra (422).

Source: Safra, manual of 2016, barcode: system 7, agency with digit 5, account with digit 9, nosso número with digit 9, kind 2
(registered). Published examples; the digit is modulo 11, weights 2 to 9.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    one_digit,
    printed_digit_refusals,
    sequence,
    signed,
    width_refusals,
)
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("1", "2"), "manual de 2016; exemplos publicados conferidos")
_SYSTEM, _REGISTERED = "7", "2"


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    own = sequence(title.sequence, 8, "Safra")
    digit = mod11(own, ten="0", eleven="1")
    agencia = fixed(terms.agencia, 4, "agencia", "Safra") + one_digit(
        terms.agencia_digit or "0", "agencia_digit", "Safra"
    )
    conta = signed(terms.conta, terms.conta_digit, 9, "conta", "Safra")
    return Numbering(own, digit, f"{own}-{digit}", f"{_SYSTEM}{agencia}{conta}{own}{digit}{_REGISTERED}")


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}{terms.agencia_digit} / {terms.conta}{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 8})
    if terms.agencia_digit:
        yield from printed_digit_refusals(terms.agencia_digit, "agencia_digit", "agência")
    yield from printed_digit_refusals(terms.conta_digit, "conta_digit", "conta")


CERTIFICATION = Certification(
    files={
        400: TestFile(
            asks="Um arquivo com entradas de títulos, enviado por e-mail; agência e conta são as de produção e os CEPs os da"
            " praça do banco (manual de 2016, seção 4).",
            registers_only=True,
        )
    },
    asks=("O manual não pede amostras de boletos; as do kit trazem todos os dígitos.",),
    next_steps=(
        "Peça à agência que abra o chamado de testes.",
        "Envie a remessa à Mesa de Implantação; peça-lhe o arquivo de retorno, que só é feito a pedido.",
    ),
)


BANK = Bank("422", "7", "Safra", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
