"""Writes remittances for Banrisul, CNAB 240. Pages are those of the manual in `cnab240`."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import banrisul
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.banrisul import cnab240 as records
from billing.banking.layouts.febraban_240_remittance import (
    PER_MONTH,
    Account,
    Bank240,
    account_of,
    not_taken,
    writer,
)
from billing.banking.layouts.title_facts import Facts, day_after
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal
from billing.core.money import Money

_CODES: Mapping[Movement, str] = {  # p. 9
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "10",
    Movement.CHANGE_DATA: "31",
}
_WALLET = "1"  # p. 10
_OF_THE_COMPANY = "AA"  # p. 11: CCB, the only one whose boleto the bank does not issue
_FEWEST_PROTEST_DAYS, _MOST_WRITE_OFF_DAYS = 3, 99  # p. 13
_PROTEST, _NO_PROTEST = "1", "3"
_WRITE_OFF, _NO_WRITE_OFF = "1", "0"
_FIXED, _NO_FINE = "1", "0"  # p. 17

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = [*banrisul.account(terms), *not_taken(terms, "O Banrisul", write_off=True)]
    if len(terms.convenio_digit) != 2:
        message = "Informe os dois dígitos (NC) do código do beneficiário: o arquivo do Banrisul os leva."
        refusals.append(refusal("remittance.convenio_digit", message, "convenio_digit"))
    if not terms.conta_digit:
        message = "Informe o dígito da conta: o arquivo CNAB 240 do Banrisul o leva."
        refusals.append(refusal("remittance.account_digit", message, "conta_digit"))
    if terms.carteira != _WALLET:
        message = f"O Banrisul registra por arquivo CNAB 240 a carteira {_WALLET}, e não a {terms.carteira}."
        refusals.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    if terms.protest_days and terms.protest_days < _FEWEST_PROTEST_DAYS:
        message = f"O Banrisul protesta a partir de {_FEWEST_PROTEST_DAYS} dias depois do vencimento."
        refusals.append(refusal("remittance.protest_days", message, "protest_days"))
    if terms.write_off_days and terms.write_off_days > _MOST_WRITE_OFF_DAYS:
        message = f"O Banrisul devolve o título em até {_MOST_WRITE_OFF_DAYS} dias depois do vencimento."
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return refusals


def _account(terms: BankTerms) -> Account:
    code = terms.agencia.zfill(4)[-4:] + terms.convenio.zfill(7)[-7:] + terms.convenio_digit
    return account_of(terms) | {
        "cedente": code,
        "protesto_codigo": _PROTEST if terms.protest_days else _NO_PROTEST,
        "protesto_prazo": f"{terms.protest_days or 0:02d}",
        "baixa_codigo": _WRITE_OFF if terms.write_off_days else _NO_WRITE_OFF,
        "baixa_prazo": f"{terms.write_off_days or 0:03d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = banrisul.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {"nosso_numero": numbering.nosso_numero, "nosso_numero_digito": numbering.digit}


def _fine(cents: int, percent: Decimal) -> tuple[str, int]:
    """An amount, because the manual takes a rate with one decimal, in a field that it shows with two."""
    return (_FIXED if percent else _NO_FINE), Money.rounded(Decimal(cents) * percent / 10_000).cents


def _refused(instruction: Instruction) -> list[Refusal]:
    """P. 9: the rebate to be cancelled must be given, and the bank subtracts it."""
    if instruction.movement is Movement.CANCEL_REBATE and not instruction.title.rebate.cents:
        message = "Informe o abatimento que se cancela: o Banrisul subtrai esse valor do que está registrado."
        return [refusal("remittance.rebate", message, "rebate")]
    return []


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "P") | {Movement.REGISTER: "PQR", Movement.CHANGE_DATA: "PQ"},  # p. 6
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,
    exempt="0",
    begins=day_after,
    especies={DocumentKind.DM: _OF_THE_COMPANY},
    fine=_fine,
    refused=_refused,
)

Writer = partial(writer, _BANK)
