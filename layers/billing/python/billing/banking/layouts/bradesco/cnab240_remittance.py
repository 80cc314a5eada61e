"""Writes remittances for Bradesco, CNAB 240. Notes and pages are those of the manual named in `cnab240`."""

from collections.abc import Mapping
from functools import partial

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import bradesco
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.bradesco import cnab240 as records
from billing.banking.layouts.febraban_240_remittance import (
    PER_MONTH,
    Account,
    Bank240,
    account_of,
    not_taken,
    writer,
)
from billing.banking.layouts.febraban_codes import ESPECIES
from billing.banking.layouts.title_facts import Facts, day_after
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_CODES: Mapping[Movement, str] = {  # C004
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",  # and keep the title
    Movement.CHANGE_DATA: "23",
    Movement.REPORT_TO_BUREAU: "45",
    Movement.WITHDRAW_FROM_BUREAU: "47",
}
_PROTEST, _REPORT_TO_BUREAU, _NEITHER = "1", "8", "3"  # C026
_WRITE_OFF, _NO_WRITE_OFF = "1", "2"  # C028

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = [*bradesco.account(terms), *not_taken(terms, "O Bradesco", write_off=True, bureau_report=True)]
    if not terms.convenio:
        message = "Informe o código da empresa (convênio) que o Bradesco deu: o cabeçalho da remessa o leva."
        refusals.append(refusal("remittance.convenio", message, "convenio"))
    if terms.write_off_days and terms.write_off_days < (terms.protest_days or 0):
        message = "O prazo de baixa não pode ser menor que o de protesto."  # p. 14, fields 37.3P and 39.3P
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return refusals


def _account(terms: BankTerms) -> Account:
    overdue, given_up = terms.protest_days or terms.bureau_days, terms.write_off_days
    code = _PROTEST if terms.protest_days else _REPORT_TO_BUREAU
    return account_of(terms) | {
        "convenio": terms.convenio,
        "protesto_codigo": code if overdue else _NEITHER,
        "protesto_prazo": f"{overdue or 0:02d}",
        "baixa_codigo": _WRITE_OFF if given_up else _NO_WRITE_OFF,
        "baixa_prazo": f"{given_up or 0:03d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = bradesco.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {"nosso_numero": numbering.nosso_numero, "nosso_numero_digito": numbering.digit}


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments={  # p. 11: Q is optional in instructions
        **dict.fromkeys(_CODES, "P"),
        Movement.REGISTER: "PQR",
        Movement.CHANGE_DATA: "PQ",
    },
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="3",  # C018
    begins=day_after,  # C019: after the due date
    especies=ESPECIES,  # C015
)

Writer = partial(writer, _BANK)
