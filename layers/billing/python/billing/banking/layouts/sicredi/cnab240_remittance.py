"""Writes remittances for Sicredi, CNAB 240. Field numbers are those of the manual named in `cnab240`."""

from collections.abc import Mapping
from functools import partial

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import sicredi
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.febraban_240_remittance import PER_MONTH, Account, Bank240, account_of, writer
from billing.banking.layouts.febraban_codes import ESPECIES
from billing.banking.layouts.sicredi import cnab240 as records
from billing.banking.layouts.sicredi.terms import REFUSED_CHARACTERS, refusals
from billing.banking.layouts.title_facts import Facts, day_after
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal

_CODES: Mapping[Movement, str] = {  # 07.3P
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.GRANT_DISCOUNT: "07",
    Movement.CANCEL_DISCOUNT: "08",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",
    Movement.REPORT_TO_BUREAU: "45",
    Movement.WITHDRAW_FROM_BUREAU: "75",
}
_WRITTEN_OFF_AFTER = 60  # 39.3P
_PROTEST, _NEITHER, _REPORT_TO_BUREAU = "1", "3", "8"  # 36.3P

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    reasons = refusals(terms)
    if terms.write_off_days not in {None, _WRITTEN_OFF_AFTER}:
        message = f"O Sicredi só baixa por arquivo aos {_WRITTEN_OFF_AFTER} dias de vencido."
        reasons.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return reasons


def _account(terms: BankTerms) -> Account:
    days = terms.protest_days or terms.bureau_days or 0
    code = _PROTEST if terms.protest_days else _REPORT_TO_BUREAU if days else _NEITHER
    return account_of(terms) | {"protesto_codigo": code, "protesto_prazo": f"{days:02d}"}


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = sicredi.number(
        terms, TitleNumber(title.nosso_numero, title.due_on, issued_on=title.issued_on)
    )
    return {
        "nosso_numero": numbering.nosso_numero,
        "nosso_numero_digito": numbering.digit,
        "uso_empresa": title.document_number,  # 21.3T
    }


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "PQ") | {Movement.REGISTER: "PQR"},  # R: only for the fine
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="3",  # 27.3P
    begins=day_after,  # 28.3P
    especies={  # 24.3P
        **ESPECIES,
        DocumentKind.DM: "03",
        DocumentKind.DS: "05",
        DocumentKind.ME: ESPECIES[DocumentKind.OUTROS],
    },
    refused_characters=REFUSED_CHARACTERS,
)

Writer = partial(writer, _BANK)
