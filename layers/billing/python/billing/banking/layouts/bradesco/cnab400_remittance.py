"""Writes remittances for Bradesco, CNAB 400. Pages are those of the manual in `cnab400`."""

from collections.abc import Callable, Mapping

from billing.banking.boleto.bank import TitleNumber
from billing.banking.boleto.banks import bradesco
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.bradesco.cnab400 import REMITTANCE_HEADER, REMITTANCE_TITLE, REMITTANCE_TRAILER
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, facts_of, hundredths, percents
from billing.banking.remittance import Opening, daily_interest
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refused

_CODES: Mapping[Movement, str] = {  # p. 20
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "19",
    Movement.CHANGE_DATA: "31",
    Movement.REPORT_TO_BUREAU: "45",
    Movement.WITHDRAW_FROM_BUREAU: "47",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # p. 11
    DocumentKind.DM: "01",
    DocumentKind.DS: "12",
    DocumentKind.NP: "02",
    DocumentKind.RC: "05",
    DocumentKind.ND: "11",
    DocumentKind.ME: "99",
    DocumentKind.OUTROS: "99",
}
_PROTEST, _REPORT_TO_BUREAU, _WRITE_OFF = "06", "07", "18"  # p. 20
_FEWEST_DAYS = 5

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        terms = opening.terms
        if terms.registers_pix:
            message = (
                "O manual do Bradesco não mostra a remessa do boleto híbrido: registre-o pela API do banco."
            )
            raise Refused("remittance.pix_unknown", message)
        if not terms.convenio:
            message = (
                "Informe o código da empresa (convênio) que o Bradesco deu: o cabeçalho da remessa o leva."
            )
            raise Refused("remittance.convenio", message)
        super().__init__(opening, _POLICY)


def _account(opening: Opening) -> Facts:
    return {"codigo_empresa": opening.terms.convenio, "nome_empresa": opening.terms.beneficiary_name}


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        carteira=terms.carteira,
        agencia=terms.agencia,
        conta=terms.conta,
        conta_digito=terms.conta_digit,
    )
    first, second = _automatic(terms)

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        fine, interest = percents(terms, title)
        numbering = bradesco.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        registers = instruction.movement is Movement.REGISTER
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[instruction.movement],
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
            "especie": _ESPECIES[title.especie or terms.especie],
            "multa_codigo": "2" if fine else "0",
            "multa": hundredths(fine),
            "juros_dia": daily_interest(title.amount.cents, interest),
            "instrucao_1": first if registers else "00",
            "instrucao_2": second if registers else "00",
        }
        yield record, facts

    return lines


def _automatic(terms: BankTerms) -> tuple[str, str]:
    """What the bank does automatically, and after how many days (p. 20): one thing only, because there is one field."""
    automatic = [
        (code, days)
        for code, days in (
            (_PROTEST, terms.protest_days),
            (_REPORT_TO_BUREAU, terms.bureau_days),
            (_WRITE_OFF, terms.write_off_days),
        )
        if days
    ]
    if not automatic:
        return "00", "00"
    [(code, days), *others] = automatic
    if others or days > 99 or (code != _WRITE_OFF and days < _FEWEST_DAYS):
        message = (
            "O Bradesco aceita uma só instrução automática por título: protesto ou negativação a partir de "
            f"{_FEWEST_DAYS} dias, ou baixa em até 99 dias."
        )
        raise Refused("remittance.automatic_instruction", message)
    return code, f"{days:02d}"


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
