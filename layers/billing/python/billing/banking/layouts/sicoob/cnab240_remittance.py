"""Writes remittances for Sicoob, CNAB 240. Field numbers are those of the spreadsheet named in `cnab240`."""

from collections.abc import Mapping
from functools import partial

from billing.banking.boleto.bank import TitleNumber
from billing.banking.boleto.banks import sicoob
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.febraban_240_remittance import (
    PER_MONTH,
    Account,
    Bank240,
    account_of,
    not_taken,
    writer,
)
from billing.banking.layouts.febraban_codes import ESPECIES
from billing.banking.layouts.sicoob import cnab240 as records
from billing.banking.layouts.title_facts import Facts, day_after
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_CODES: Mapping[Movement, str] = {  # 07.3P
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",
    Movement.CHANGE_DATA: "23",
}
_TOTALS = {"1": "simples", "3": "caucionada"}  # 05.5 and following: by wallet
_PROTEST_IN_DAYS, _NO_PROTEST = "1", "3"  # 36.3P

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    return [*sicoob.account(terms), *not_taken(terms, "O Sicoob", write_off=True)]


def _account(terms: BankTerms) -> Account:
    return account_of(terms) | {
        "parcela": "01",
        "modalidade": terms.variacao or "01",
        "protesto_codigo": _PROTEST_IN_DAYS if terms.protest_days else _NO_PROTEST,
        "protesto_prazo": f"{terms.protest_days or 0:02d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = sicoob.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {"nosso_numero": f"00{numbering.nosso_numero}", "nosso_numero_digito": numbering.digit}


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "PQR"),  # the spreadsheet's sequence, whatever the movement
    empty_r=True,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="0",  # 27.3P
    begins=day_after,  # 28.3P, 15.3R
    especies=ESPECIES,
    wallet_total=lambda terms: _TOTALS[terms.carteira],
)
Writer = partial(writer, _BANK)
