"""Writes remittances for Unicred, CNAB 400. Pages are those of the manual in `cnab400`."""

from collections.abc import Callable

from billing.banking.boleto.bank import TitleNumber
from billing.banking.boleto.banks import unicred
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, facts_of, hundredths, percents
from billing.banking.layouts.unicred import asking
from billing.banking.layouts.unicred.cnab400 import REMITTANCE_HEADER, REMITTANCE_TITLE, REMITTANCE_TRAILER
from billing.banking.remittance import Opening
from billing.core.errors import Refused

MOVEMENTS = frozenset(asking.MOVEMENTS)
MONTHLY_INTEREST = True


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        refusals = list(asking.refusals(opening.terms))
        if refusals:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)


def _account(opening: Opening) -> Facts:
    return {"convenio": opening.terms.convenio, "nome_empresa": opening.terms.beneficiary_name}


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        agencia=terms.agencia,
        agencia_digito=terms.agencia_digit,
        conta=terms.conta,
        conta_digito=terms.conta_digit,
        carteira=terms.carteira,
    )
    days = terms.protest_days or 0

    def lines(instruction: Instruction) -> Lines:
        if reasons := asking.refused(instruction):
            raise Refused.because(reasons)
        title, movement = instruction.title, instruction.movement
        fine, interest = percents(terms, title)
        numbering = unicred.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        protests = bool(days) and movement is Movement.REGISTER  # p. 14: only with 01
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": asking.MOVEMENTS[movement],
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
            "multa_codigo": asking.FINE_RATE if fine else asking.NO_FINE,
            "multa": hundredths(fine),
            "juros_codigo": asking.MONTHLY_RATE if interest else asking.NO_INTEREST,
            "juros": hundredths(interest),
            "protesto_codigo": asking.PROTEST if protests else asking.NO_PROTEST,
            "protesto_prazo": f"{days if protests else 0:02d}",
        }
        if movement is not Movement.GRANT_REBATE:
            facts["abatimento"] = 0  # p. 15
        yield record, facts

    return lines


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
