"""Writes remittances for Unicred, CNAB 240. Notes and pages are those of the manual in `cnab240`."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from billing.banking.boleto.bank import TitleNumber
from billing.banking.boleto.banks import unicred
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.febraban_240_remittance import PER_MONTH, Account, Bank240, account_of, writer
from billing.banking.layouts.title_facts import Facts, day_after, hundredths
from billing.banking.layouts.unicred import asking
from billing.banking.layouts.unicred import cnab240 as records
from billing.banking.terms import BankTerms, DocumentKind

MOVEMENTS = frozenset(asking.MOVEMENTS)
MONTHLY_INTEREST = True


def _account(terms: BankTerms) -> Account:
    return account_of(terms) | {
        "convenio": terms.convenio,
        "conta_corrente": terms.conta + terms.conta_digit,
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = unicred.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {
        "nosso_numero": numbering.nosso_numero,
        "nosso_numero_digito": numbering.digit,
        "protesto_codigo": asking.PROTEST if terms.protest_days else asking.NO_PROTEST,
        "protesto_prazo": terms.protest_days or 0,
    }


def _fine(_cents: int, percent: Decimal) -> tuple[str, int]:
    return (asking.FINE_RATE if percent else asking.NO_FINE), hundredths(percent)


_NO_PROTEST: Facts = {"protesto_codigo": asking.NO_PROTEST, "protesto_prazo": 0}  # C026: only with 01
_CHANGED: Mapping[Movement, Facts] = {
    movement: _NO_PROTEST if movement is Movement.GRANT_REBATE else {**_NO_PROTEST, "abatimento": 0}  # p. 11
    for movement in asking.MOVEMENTS
    if movement is not Movement.REGISTER
}

_BANK = Bank240(
    records=records,
    refusals=lambda terms: list(asking.refusals(terms)),
    movements=asking.MOVEMENTS,
    segments=dict.fromkeys(asking.MOVEMENTS, "PQ") | {Movement.REGISTER: "PQR"},  # p. 10-12
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt=asking.NO_INTEREST,
    begins=day_after,
    especies=dict.fromkeys(DocumentKind, ""),  # the layout has none
    changed=_CHANGED,
    fine=_fine,
    refused=asking.refused,
)


Writer = partial(writer, _BANK)
