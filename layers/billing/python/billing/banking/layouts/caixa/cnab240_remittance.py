"""Writes remittances for Caixa, CNAB 240. Notes and pages are those of the manual named in `cnab240`."""

from collections.abc import Mapping
from dataclasses import replace

from billing.banking.boleto.bank import TitleNumber
from billing.banking.boleto.banks import caixa
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.caixa import cnab240 as records
from billing.banking.layouts.caixa import cnab240_seven
from billing.banking.layouts.caixa.account import refusals
from billing.banking.layouts.febraban_240_remittance import (
    PER_MONTH,
    Account,
    Bank240,
    account_of,
    writer,
)
from billing.banking.layouts.febraban_codes import ESPECIES
from billing.banking.layouts.remittance_240 import Writer240
from billing.banking.layouts.title_facts import Facts, day_after
from billing.banking.remittance import Opening
from billing.banking.terms import BankTerms

_CODES: Mapping[Movement, str] = {  # C004
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.GRANT_DISCOUNT: "07",
    Movement.CANCEL_DISCOUNT: "08",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",
    Movement.CHANGE_DATA: "31",
}
_ISSUED, _NOT_ISSUED_AGAIN = "2", "5"  # C009
_SIMPLE = "1"  # C006

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _account(terms: BankTerms) -> Account:
    days, code = terms.protest_days, caixa.code_of(terms)
    return account_of(terms) | {
        "carteira": _SIMPLE,
        "convenio_lote": code,
        "convenio": code,
        "protesto_codigo": "1" if days else "3",  # C026
        "protesto_prazo": f"{days or 0:02d}",
        "baixa_codigo": "2" if days else "1",  # C028
        "baixa_prazo": f"{terms.write_off_days or 0:03d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = caixa.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {
        "nosso_numero": numbering.nosso_numero,
        "uso_empresa": title.document_number,  # G072
        "emissao_boleto": _ISSUED,
    }


_BANK = Bank240(
    records=records,
    refusals=refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "PQR"),  # the movement's code in all segments
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="3",  # C018
    begins=day_after,  # C019
    especies=ESPECIES,
    changed={Movement.CHANGE_DATA: {"emissao_boleto": _NOT_ISSUED_AGAIN}},  # C004
)

_BANK_OF_SEVEN = replace(_BANK, records=cnab240_seven)


def Writer(opening: Opening) -> Writer240:  # noqa: N802  # what every layout's module calls it
    return writer(_BANK_OF_SEVEN if caixa.has_seven_digits(opening.terms) else _BANK, opening)
