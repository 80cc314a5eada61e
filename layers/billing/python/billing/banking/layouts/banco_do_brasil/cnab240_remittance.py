"""Writes remittances for Banco do Brasil, CNAB 240. Field numbers are those of the manual named in `cnab240`."""

from collections.abc import Mapping
from functools import partial

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import banco_do_brasil
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.banco_do_brasil import cnab240 as records
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
    Movement.STOP_PROTEST: "10",
    Movement.CHANGE_DATA: "31",
}
_WALLET = "17"
_SIMPLE = "7"  # 14.3P: wallet 17, simple
_WORKING_DAYS, _DAYS, _NO_PROTEST = "2", "1", "3"  # 36.3P
_PROTEST_WORKING_DAYS = range(3, 6)  # 37.3P
_PROTEST_DAYS = frozenset({*range(6, 30), 35, 40})  # 37.3P

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = list(banco_do_brasil.account(terms))
    if terms.carteira != _WALLET:
        message = (
            f"A carteira {terms.carteira} do Banco do Brasil não vai por arquivo CNAB 240 com boletos emitidos pela "
            "empresa: o manual só mostra a 17."
        )
        refusals.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    days = terms.protest_days
    if days and days not in _PROTEST_WORKING_DAYS and days not in _PROTEST_DAYS:
        message = "O Banco do Brasil protesta após 3 a 5 dias úteis, ou 6 a 29, 35 ou 40 dias corridos."
        refusals.append(refusal("remittance.protest_days", message, "protest_days"))
    return refusals + not_taken(terms, "O Banco do Brasil", write_off=False)


def _account(terms: BankTerms) -> Account:
    days = terms.protest_days or 0
    code = _WORKING_DAYS if days in _PROTEST_WORKING_DAYS else _DAYS
    return account_of(terms) | {
        "convenio": f"{terms.convenio:0>9}0014{terms.carteira:0>2}{terms.variacao:0>3}",  # 07.0
        "carteira": _SIMPLE,
        "protesto_codigo": code if days else _NO_PROTEST,
        "protesto_prazo": f"{days:02d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = banco_do_brasil.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {"nosso_numero": numbering.nosso_numero + numbering.digit}


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "PQ") | {Movement.REGISTER: "PQR"},  # no R on changes
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="3",  # 27.3P
    begins=day_after,  # 28.3P, 15.3R
    especies={  # 24.3P: those of wallet 17
        kind: ESPECIES[kind]
        for kind in (DocumentKind.DM, DocumentKind.DS, DocumentKind.NP, DocumentKind.RC, DocumentKind.ND)
    },
)

Writer = partial(writer, _BANK)
