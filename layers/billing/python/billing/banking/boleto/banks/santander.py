"""Santander (033).

Source: Santander, "Layout de código de barras" of 2017, p. 4-5: fixed 9, beneficiary 7, nosso número with digit 13, IOF
1, modality 3. Published examples of wallets 101 and 102; variation 2 of wallet 101 uses numbers of 13 digits and leaves
the digit out of the barcode.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, fixed, refusal, sequence, width_refusals
from billing.banking.boleto.certification import Certification, TestFile
from billing.banking.check_digits import mod11
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {
    "101": "cobrança rápida com registro; manual de 2017, p. 4; exemplos publicados conferidos",
    "102": "exemplos publicados conferidos",
}
_NOT_INSURANCE = "0"
_THIRTEEN_DIGITS = "2"


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    width = 13 if terms.variacao == _THIRTEEN_DIGITS else 12
    nosso_numero = sequence(title.sequence, width, "Santander")
    digit = mod11(nosso_numero)
    signed = nosso_numero if width == 13 else nosso_numero + digit
    beneficiary_code = fixed(terms.convenio, 7, "convenio", "Santander")
    campo_livre = f"9{beneficiary_code}{signed}{_NOT_INSURANCE}{terms.carteira}"
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", campo_livre)


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia}/{terms.convenio}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "convenio": 7})
    if not terms.convenio:
        message = "Informe o código do beneficiário (PSK, 7 dígitos): ele faz parte do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")


CERTIFICATION = Certification(
    asks=("Alguns boletos para análise (“Layout de código de barras”, 2017, seção Testes, p. 15).",),
    files={
        400: TestFile(
            asks="Arquivo com no máximo 20 registros, lidos como títulos (H7800, versão 2.17, seção Testes, p. 27).",
            most_titles=20,
        )
    },
    next_steps=(
        "Entregue os boletos e a remessa ao banco; ele devolve um retorno com as movimentações simuladas.",
        "Sanadas as irregularidades, formalize com o banco a data de implantação.",
    ),
)


BANK = Bank("033", "7", "Santander", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
