"""Sicoob (756).

Sources: Sicoob, "Instruções para montagem e validação de boletos de cobrança" (spreadsheet, 26/06/2019): nosso número
of 7 digits and its check digit (weights 3, 1, 9, 7 over cooperative, client and number), campo livre of 25 (wallet 1,
cooperative 4, modality 2, client 7, nosso número 7 with digit 1, instalment 3). Checked against published examples of
wallet 1; wallet 3 has the same campo livre.
"""

from collections.abc import Iterable
from functools import lru_cache

from billing.banking.boleto.bank import (
    Bank,
    Numbering,
    TitleNumber,
    fixed,
    printed_digit_refusals,
    refusal,
    sequence,
    signed,
    width_refusals,
)
from billing.banking.check_digits import weighted
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = {
    "1": "simples com registro; exemplos publicados conferidos",
    "3": "garantida caucionada; mesmo campo livre da carteira 1",
}

_WEIGHTS = (3, 1, 9, 7) * 5 + (3,)
_SINGLE_INSTALMENT = "001"
_SIMPLE = "01"


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    nosso_numero = sequence(title.sequence, 7, "Sicoob")
    cooperative, client, summed = _account(terms.agencia, terms.convenio, terms.convenio_digit)
    remainder = (summed + weighted(nosso_numero, _WEIGHTS[14:])) % 11
    digit = "0" if remainder < 2 else str(11 - remainder)
    modality = fixed(terms.variacao or _SIMPLE, 2, "variacao", "Sicoob")
    campo_livre = f"{terms.carteira}{cooperative}{modality}{client}{nosso_numero}{digit}{_SINGLE_INSTALMENT}"
    return Numbering(nosso_numero, digit, f"{nosso_numero}-{digit}", campo_livre)


@lru_cache(maxsize=64)
def _account(agencia: str, convenio: str, digit: str) -> tuple[str, str, int]:
    """Cooperative and client at their widths, and their part of the sum for the check digit."""
    cooperative = fixed(agencia, 4, "agencia", "Sicoob")
    client = signed(convenio, digit, 7, "convenio", "Sicoob")
    return cooperative, client, weighted(f"{cooperative}000{client}", _WEIGHTS[:14])


def beneficiary(terms: BankTerms) -> str:
    cooperative, client, _ = _account(terms.agencia, terms.convenio, terms.convenio_digit)
    return f"{cooperative}/{client}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 12})
    if not terms.convenio:
        message = "Informe o código do beneficiário (convênio): ele faz parte do nosso número e do código de barras."
        yield refusal("profile.convenio_missing", message, "convenio")
    elif len((terms.convenio + terms.convenio_digit).lstrip("0")) > 7:
        message = "O código do beneficiário, com o dígito, tem no máximo 7 dígitos no Sicoob."
        yield refusal("profile.field_too_long", message, "convenio")
    if terms.convenio_digit:
        yield from printed_digit_refusals(terms.convenio_digit, "convenio_digit", "código do beneficiário")
    if terms.variacao and not (terms.variacao.isdigit() and len(terms.variacao) <= 2):
        yield refusal(
            "profile.modality", "A modalidade do Sicoob tem dois dígitos, por exemplo 01.", "variacao"
        )
    if terms.write_off_days:
        message = "O Sicoob não recebe prazo de baixa por arquivo; combine-o com a cooperativa."
        yield refusal("profile.write_off_days", message, "write_off_days")
    if terms.bureau_days:
        message = "O Sicoob não recebe prazo de negativação por arquivo."
        yield refusal("profile.bureau_days", message, "bureau_days")


BANK = Bank("756", "0", "Sicoob", CARTEIRAS, number, beneficiary, account)
