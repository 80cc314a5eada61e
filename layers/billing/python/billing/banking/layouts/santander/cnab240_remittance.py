"""Writes remittances for Santander, CNAB 240. Notes are those of the manual named in `cnab240`."""

from collections.abc import Mapping
from dataclasses import replace

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import santander
from billing.banking.instructions import Movement, Title
from billing.banking.layouts.febraban_240_remittance import PER_MONTH, Account, Bank240, account_of, writer
from billing.banking.layouts.remittance_240 import Writer240
from billing.banking.layouts.santander import cnab240 as records
from billing.banking.layouts.santander import profile
from billing.banking.layouts.santander.pix import pix_key
from billing.banking.layouts.title_facts import Facts, hundredths
from billing.banking.remittance import Opening
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal

_CODES: Mapping[Movement, str] = {  # note 14
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "18",
}
_SEGMENTS: Mapping[Movement, str] = {**dict.fromkeys(_CODES, "P"), Movement.REGISTER: "PQR"}  # note 13
_ESPECIES: Mapping[DocumentKind, str] = {  # note 20
    DocumentKind.DM: "02",
    DocumentKind.DS: "04",
    DocumentKind.NP: "12",
    DocumentKind.RC: "17",
}
_TRANSMISSION_WIDTH = 15  # note 3
_MOST_DAYS = 99
_DO_NOT_PROTEST, _PROTEST = "0", "1"  # note 25
_WRITE_OFF, _BY_PROFILE = "1", "3"  # note 26

MOVEMENTS = frozenset(_CODES)
MONTHLY_INTEREST = True


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = profile.refusals(terms)
    if len(terms.operacao) != _TRANSMISSION_WIDTH or not terms.operacao.isdecimal():
        message = f"Informe o código de transmissão do CNAB 240 do Santander: {_TRANSMISSION_WIDTH} dígitos."
        refusals.append(refusal("remittance.transmission_code", message, "operacao"))
    for field, digit in (("agencia_digit", terms.agencia_digit), ("conta_digit", terms.conta_digit)):
        if not digit.isdecimal():
            what = "agência" if field == "agencia_digit" else "conta"
            message = f"Informe o dígito da {what}: o arquivo CNAB 240 do Santander o leva."
            refusals.append(refusal(f"remittance.{field}", message, field))
    if terms.write_off_days and terms.write_off_days > _MOST_DAYS:
        message = f"O Santander baixa por arquivo em até {_MOST_DAYS} dias depois do vencimento."
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return refusals


def _account(terms: BankTerms) -> Account:
    return account_of(terms) | {
        "codigo_transmissao": terms.operacao,
        "carteira": profile.QUICK_WITH_REGISTRATION,
        "protesto_codigo": _PROTEST if terms.protest_days else _DO_NOT_PROTEST,
        "protesto_prazo": f"{terms.protest_days or 0:02d}",
        "baixa_codigo": _WRITE_OFF if terms.write_off_days else _BY_PROFILE,
        "baixa_prazo": f"{terms.write_off_days or 0:02d}",
    }


def _numbering(terms: BankTerms, title: Title) -> Facts:
    numbering = santander.number(terms, TitleNumber(title.nosso_numero, title.due_on))
    return {"nosso_numero": numbering.nosso_numero, "nosso_numero_digito": numbering.digit}


def _numbering_and_pix(terms: BankTerms, title: Title) -> Facts:
    """The bank assigns the txid."""
    kind, key = pix_key(terms)
    return _numbering(terms, title) | {"chave_tipo": kind, "chave_pix": key, "txid": ""}


_BANK = Bank240(
    records=records,
    refusals=_refusals,
    movements=_CODES,
    segments=_SEGMENTS,
    empty_r=False,
    account=_account,
    numbering=_numbering,
    interest=PER_MONTH,  # note 21
    rate=lambda percent: hundredths(percent) * 1000,  # note 18: five decimals
    exempt="3",  # note 21
    begins=lambda due_on: due_on,  # notes 22 and 33: charged after the given day
    especies=_ESPECIES,
)
_BANK_WITH_PIX = replace(
    _BANK, segments={**_SEGMENTS, Movement.REGISTER: "PQRY"}, numbering=_numbering_and_pix
)


def Writer(opening: Opening) -> Writer240:  # noqa: N802  # what every layout's module calls it
    return writer(_BANK_WITH_PIX if opening.terms.registers_pix else _BANK, opening)
