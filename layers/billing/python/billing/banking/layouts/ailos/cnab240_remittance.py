"""Writes remittances for Ailos, CNAB 240. Notes are those of the manual named in `cnab240`."""

from collections.abc import Iterator, Mapping
from functools import partial

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import ailos
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.ailos import cnab240 as records
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
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, str] = {  # C004; 31 changes only the payer's address
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
    Movement.REPORT_TO_BUREAU: "93",
    Movement.WITHDRAW_FROM_BUREAU: "94",
}
_SIMPLE = "1"  # C006
_PROTEST, _BUREAU_REPORT, _NEITHER = "1", "2", "3"  # C026
_DAYS = range(5, 16)  # C026, C027

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = [*ailos.account(terms), *not_taken(terms, "A Ailos", bureau_report=True, write_off=False)]
    if not (terms.agencia_digit and terms.conta_digit):
        message = "Informe os dígitos da agência e da conta: a remessa da Ailos os leva."
        refusals.append(refusal("remittance.account_digit", message, "conta_digit"))
    automatic_days = [days for days in (terms.protest_days, terms.bureau_days) if days]
    if len(automatic_days) > 1 or any(days not in _DAYS for days in automatic_days):
        message = "A Ailos protesta ou negativa, uma das duas coisas, de 5 a 15 dias depois do vencimento."
        refusals.append(refusal("remittance.automatic_instruction", message, "protest_days"))
    return refusals


def _account(terms: BankTerms) -> Account:
    code = _PROTEST if terms.protest_days else _BUREAU_REPORT if terms.bureau_days else _NEITHER
    return account_of(terms) | {
        "convenio": terms.convenio.zfill(6),  # homologação: 6 dígitos, à esquerda
        "carteira": _SIMPLE,
        "protesto_codigo": code,
        "protesto_prazo": f"{terms.protest_days or terms.bureau_days or 0:02d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    wrong = list(_not_carried(terms, title))
    if wrong:
        raise Refused.because(wrong)
    return {"nosso_numero": ailos.number(terms, TitleNumber(title.nosso_numero, title.due_on)).nosso_numero}


def _not_carried(terms: BankTerms, title: Title) -> Iterator[Refusal]:
    if title.discount and title.discount.until != title.due_on:  # C022
        message = (
            f"A Ailos concede o desconto até o vencimento, {title.due_on:%d/%m/%Y}, e não até "
            f"{title.discount.until:%d/%m/%Y}: iguale as datas ou retire o desconto."
        )
        yield refusal("remittance.discount_until", message, "discount")
    if title.payer.document == terms.beneficiary_document:  # homologação, segmento Q
        message = "O pagador é o próprio beneficiário: a Ailos não aceita esse boleto."
        yield refusal("remittance.payer_is_beneficiary", message, "payer.document")


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "PQR"),  # p. 18
    empty_r=False,  # homologação: R is only for a fine
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="3",  # C018
    begins=day_after,  # C019
    especies={kind: ESPECIES[kind] for kind in (DocumentKind.DM, DocumentKind.DS)},  # C015
)

Writer = partial(writer, _BANK)
