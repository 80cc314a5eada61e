"""Writes remittances for Itaú, CNAB 240. Notes and pages are those of the manual named in `cnab240`."""

from collections.abc import Mapping
from dataclasses import replace

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import itau
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.febraban_240_remittance import (
    PER_DAY,
    Account,
    Bank240,
    account_of,
    not_taken,
    writer,
)
from billing.banking.layouts.itau import cnab240 as records
from billing.banking.layouts.itau.cnab400_codes import ESPECIES
from billing.banking.layouts.remittance_240 import Writer240
from billing.banking.layouts.title_facts import Facts, day_after
from billing.banking.remittance import Opening
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

_CODES: Mapping[Movement, str] = {  # note 4, p. 17
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.GRANT_DISCOUNT: "31",  # changed data: only the discount
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "18",
    Movement.CHANGE_DATA: "31",
    Movement.REPORT_TO_BUREAU: "66",
    Movement.WITHDRAW_FROM_BUREAU: "68",
}
_REGISTERED = frozenset({"108", "109", "121", "180"})
"""Note 5, p. 18: the "diretas" in reais, whose titles the company numbers (note 6), and that `boleto.banks.itau`
knows."""

_PROTEST, _REPORT_TO_BUREAU, _NEITHER = "1", "7", "0"  # note 18
_WRITE_OFF_AFTER, _WRITE_OFF_AFTER_A_YEAR, _NO_WRITE_OFF = "1", "2", "0"  # note 19
_A_YEAR = 365
_MOST_DAYS = 99  # note 19: two columns

MOVEMENTS = frozenset(_CODES)

_AS_IT_WAS: Facts = {  # note 4: what an instruction does not request is zeros or blanks
    "vencimento": "00000000",
    "valor_titulo": 0,
    "especie": "00",
    "aceite": "",
    "emissao": "00000000",
    "juros_data": "00000000",
    "juros": 0,
    "desconto_data": "00000000",
    "desconto": 0,
    "abatimento": 0,
    "protesto_codigo": "0",
    "protesto_prazo": "00",
    "baixa_codigo": "0",
    "baixa_prazo": "00",
    "pagador_tipo": "0",
    "pagador_documento": "0",
    "pagador_nome": "",
    "pagador_endereco": "",
    "pagador_bairro": "",
    "pagador_cep": "00000000",
    "pagador_cidade": "",
    "pagador_uf": "",
}
_PAYER = frozenset(name for name in _AS_IT_WAS if name.startswith("pagador_"))
_ASKED: Mapping[Movement, frozenset[str]] = {  # note 4: the fields of each, p. 17
    Movement.WRITE_OFF: frozenset({"valor_titulo"}),
    Movement.GRANT_REBATE: frozenset({"valor_titulo", "abatimento"}),
    Movement.CANCEL_REBATE: frozenset({"valor_titulo", "abatimento"}),
    Movement.CHANGE_DUE_DATE: frozenset({"valor_titulo", "vencimento"}),
    Movement.GRANT_DISCOUNT: frozenset({"desconto_data", "desconto"}),
    Movement.PROTEST: frozenset({"valor_titulo"}),
    Movement.STOP_PROTEST: frozenset({"valor_titulo"}),
    Movement.CHANGE_DATA: _PAYER,
    Movement.REPORT_TO_BUREAU: frozenset(),
    Movement.WITHDRAW_FROM_BUREAU: frozenset(),
}


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = [*itau.account(terms), *not_taken(terms, "O Itaú", write_off=True, bureau_report=True)]
    if terms.carteira not in _REGISTERED:
        message = (
            f"A carteira {terms.carteira} do Itaú não vai por arquivo CNAB 240 com números da empresa. Carteiras "
            f"aceitas: {', '.join(sorted(_REGISTERED))}."
        )
        refusals.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    days = terms.write_off_days
    if days and days > _MOST_DAYS and days != _A_YEAR:
        message = "O Itaú baixa o título até 99 dias depois do vencimento, ou 365: informe um destes prazos."
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return refusals


def _account(terms: BankTerms) -> Account:
    return {name: value for name, value in account_of(terms).items() if name != "aceite"} | {
        "conta_digito": itau.beneficiary(terms)[-1],
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = itau.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {
        "nosso_numero": numbering.nosso_numero,
        "nosso_numero_digito": numbering.digit,
        "aceite": "A" if terms.accepted else "N",
        **_automatic(terms),
    }


def _automatic(terms: BankTerms) -> Facts:
    """What the bank does automatically, and after how many days (notes 18 and 19)."""
    overdue = terms.protest_days or terms.bureau_days
    code = _PROTEST if terms.protest_days else _REPORT_TO_BUREAU
    given_up = terms.write_off_days
    write_off = _WRITE_OFF_AFTER_A_YEAR if given_up == _A_YEAR else _WRITE_OFF_AFTER
    return {
        "protesto_codigo": code if overdue else _NEITHER,
        "protesto_prazo": f"{overdue or 0:02d}",
        "baixa_codigo": write_off if given_up else _NO_WRITE_OFF,
        "baixa_prazo": f"{given_up if given_up and given_up != _A_YEAR else 0:02d}",
    }


def _changed(terms: BankTerms) -> Mapping[Movement, Facts]:
    days = {  # note 4 (C): from the due date; 00 is two days
        Movement.PROTEST: terms.protest_days,
        Movement.REPORT_TO_BUREAU: terms.bureau_days,
    }
    return {
        movement: {name: value for name, value in _AS_IT_WAS.items() if name not in needed}
        | {"protesto_prazo": f"{days.get(movement) or 0:02d}"}
        for movement, needed in _ASKED.items()
    }


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=dict.fromkeys(_CODES, "PQ") | {Movement.REGISTER: "PQR"},  # p. 11: R only with 01 and 31
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_DAY,  # note 13
    exempt="0",
    begins=day_after,  # notes 12 and 31: not before the due date
    especies=ESPECIES,
)


def _writer(opening: Opening) -> Writer240:
    return writer(replace(_BANK, changed=_changed(opening.terms)), opening)


Writer = _writer
