"""Writes remittances for Caixa, CNAB 400. Notes are those of the manual named in `cnab400`."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import caixa
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.caixa import cnab400 as six_digits
from billing.banking.layouts.caixa import cnab400_seven as seven_digits
from billing.banking.layouts.caixa.account import refusals
from billing.banking.layouts.caixa.cnab400 import NUMBERS_AS_TEXT, REMITTANCE_TRAILER
from billing.banking.layouts.record import Field, Record
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import (
    CNAB400,
    Facts,
    day_after,
    especie_of,
    facts_of,
    hundredths,
    percents,
)
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, str] = {  # NE017
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "03",
    Movement.CANCEL_REBATE: "04",
    Movement.CHANGE_DUE_DATE: "05",
    Movement.CHANGE_DATA: "09",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # NE022
    DocumentKind.DM: "01",
    DocumentKind.NP: "02",
    DocumentKind.DS: "03",
    DocumentKind.OUTROS: "09",
    DocumentKind.RC: "17",
    DocumentKind.ND: "19",
    DocumentKind.ME: "21",
}
_PROTEST, _RETURN = "01", "02"  # NE024
_MOST_DAYS = 99  # NE025
_REBATES = frozenset({Movement.GRANT_REBATE, Movement.CANCEL_REBATE})

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        wrong = [*refusals(opening.terms), *_too_late(opening.terms)]
        if wrong:
            raise Refused.because(wrong)
        super().__init__(opening, _POLICY_OF_SEVEN if caixa.has_seven_digits(opening.terms) else _POLICY)


def _too_late(terms: BankTerms) -> list[Refusal]:
    if (terms.write_off_days or 0) <= _MOST_DAYS:
        return []
    message = f"Por arquivo CNAB 400 a Caixa baixa até {_MOST_DAYS} dias depois do vencimento."
    return [refusal("remittance.write_off_days", message, "write_off_days")]


def _account(opening: Opening) -> Facts:
    terms = opening.terms
    return {
        "agencia": terms.agencia,
        "convenio": caixa.code_of(terms),
        "nome_empresa": terms.beneficiary_name,
    }


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    account = {
        "empresa_tipo": person_type(terms.beneficiary_document),
        "empresa_documento": terms.beneficiary_document,
        "convenio": caixa.code_of(terms),
        "emissao_boleto": "2",
        "entrega_boleto": "0",
    }
    records = seven_digits if caixa.has_seven_digits(terms) else six_digits
    entry = records.REMITTANCE_TITLE.binding(**account)
    change = records.REMITTANCE_CHANGE.binding(**account)

    def lines(instruction: Instruction) -> Lines:
        movement, title = instruction.movement, instruction.title
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[movement],
            "nosso_numero": caixa.number(terms, TitleNumber(title.nosso_numero, title.due_on)).nosso_numero,
        }
        if movement is Movement.REGISTER:
            yield entry, facts | _entry(terms, title)
        elif movement is Movement.CHANGE_DATA:
            yield change, facts | {"instrucao_1": "00"}
        else:
            yield entry, _instruction(entry, movement, facts)

    return lines


def _entry(terms: BankTerms, title: Title) -> Facts:
    fine, interest = percents(terms, title)
    begins = CNAB400.day(day_after(title.due_on))
    daily = daily_interest(title.amount.cents, interest)
    return {
        "taxa_permanencia": "00",
        "juros_data": begins if daily else CNAB400.no_day,
        "juros_dia": daily,
        "especie": especie_of(_ESPECIES, title.especie or terms.especie),
        "aceite": "A" if terms.accepted else "N",
        "instrucao_1": _PROTEST if terms.protest_days else _RETURN,
        "instrucao_2": "00",
        "instrucao_3": "00",
        "iof": 0,
        "multa_data": begins if fine else CNAB400.no_day,
        "multa": _fine(title.amount.cents, hundredths(fine)),
        "prazo": terms.protest_days or terms.write_off_days or 0,
    }


def _fine(cents: int, hundredths_of_percent: int) -> int:
    """The fine is sent as an amount (40.1): cents, rounded half up."""
    return (2 * cents * hundredths_of_percent + 10_000) // 20_000


def _instruction(record: Record, movement: Movement, facts: Facts) -> Facts:
    """What NE017 requires of an instruction (obs. 2 to 4), with our reference and the document's number; the rest is
    zero or blank."""
    said = {"uso_empresa", "numero_documento", "ocorrencia", "nosso_numero", "valor_titulo"}
    if movement is Movement.CHANGE_DUE_DATE:
        said.add("vencimento")
    if movement in _REBATES:
        if not facts["abatimento"]:
            message = "A Caixa pede o valor do abatimento que se concede ou se cancela: informe-o."
            raise Refused.because([refusal("remittance.rebate", message, "rebate")])
        said.add("abatimento")
    return {f.name: facts[f.name] if f.name in said else _unsaid(f) for f in record.inputs}


def _unsaid(field: Field) -> int | str:
    """Zeros for fields that are numbers in the manual (p. 15), blanks for the others."""
    return "0" * field.width if field.name in NUMBERS_AS_TEXT else field.empty


_POLICY = Policy400(
    header=six_digits.REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records
)
_POLICY_OF_SEVEN = replace(_POLICY, header=seven_digits.REMITTANCE_HEADER)
