"""Ailos (085).

Source: Ailos, manual CNAB 240: nosso número of 17 digits (account with digit 8, number 9) and campo livre: convênio 6,
nosso número 17, wallet 2. Published examples of wallet 1.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    one_digit,
    printed_digit_refusals,
    refusal,
    sequence,
    width_refusals,
)
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("1", "01"), "manual CNAB 240; exemplos publicados conferidos")


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    conta = fixed(terms.conta, 7, "conta", "Ailos")
    digit = one_digit(terms.conta_digit or mod11(conta), "conta_digit", "Ailos")
    nosso_numero = conta + digit + sequence(title.sequence, 9, "Ailos")
    convenio = fixed(terms.convenio, 6, "convenio", "Ailos")
    return Numbering(nosso_numero, "", nosso_numero, f"{convenio}{nosso_numero}{terms.carteira.zfill(2)}")


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}-{terms.agencia_digit} / {terms.conta}-{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7, "convenio": 6})
    if terms.conta_digit:
        yield from printed_digit_refusals(terms.conta_digit, "conta_digit", "conta")
    if not terms.convenio:
        message = "Informe o convênio (6 dígitos): ele faz parte do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")


CERTIFICATION = Certification(
    asks=("Apoio na homologação de boletos e remessas, sem quantidades (manual CNAB 240, versão 07).",),
    files={
        240: TestFile(
            asks="Nome com no máximo 43 caracteres, terminado em .TXT ou .REM; número da remessa e do boleto sempre maiores que os"
            " últimos usados; pagador diferente do beneficiário (“Informações importantes para homologação”).",
            name="remessa{part:02d}.REM",
        )
    },
    next_steps=(
        "Envie boletos e remessa à cooperativa.",
        "Se ela testar no mesmo convênio da produção, os números deste kit contam como usados: comece depois deles.",
    ),
)


BANK = Bank("085", "1", "Ailos", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
