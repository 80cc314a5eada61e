"""Writes remittances for Sicredi, CNAB 400. Pages are those of the manual named in `cnab400`."""

from collections.abc import Callable, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import sicredi
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.pictures import yyyymmdd
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.sicredi.cnab400 import REMITTANCE_HEADER, REMITTANCE_TITLE, REMITTANCE_TRAILER
from billing.banking.layouts.sicredi.terms import REFUSED_CHARACTERS, refusals, warn_of_early_due_date
from billing.banking.layouts.title_facts import (
    CNAB400_ONE_DIGIT_PERSON,
    Facts,
    facts_of,
    hundredths,
    percents,
    without,
)
from billing.banking.remittance import Opening, daily_interest
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refused

_CODES: Mapping[Movement, str] = {  # p. 9-10
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "19",
    Movement.REPORT_TO_BUREAU: "45",
    Movement.WITHDRAW_FROM_BUREAU: "75",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # p. 35
    DocumentKind.DM: "A",
    DocumentKind.DS: "J",
    DocumentKind.NP: "C",
    DocumentKind.RC: "G",
    DocumentKind.ND: "I",
    DocumentKind.ME: "K",
    DocumentKind.OUTROS: "K",
}
_YES, _NO = "06", "00"  # p. 35-36

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        reasons = refusals(opening.terms)
        if opening.terms.write_off_days:
            message = "O Sicredi não recebe prazo de baixa por arquivo CNAB 400; combine-o com a cooperativa."
            reasons.append(refusal("remittance.write_off_days", message, "write_off_days"))
        if reasons:
            raise Refused.because(reasons)
        super().__init__(opening, _POLICY)


def _account(opening: Opening) -> Facts:
    terms = opening.terms
    return {"convenio": terms.convenio, "empresa_documento": terms.beneficiary_document}


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        data_instrucao=yyyymmdd(opening.created_on), aceite="S" if terms.accepted else "N"
    )

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        fine, interest = percents(terms, title)
        numbering = sicredi.number(
            terms, TitleNumber(title.nosso_numero, title.due_on, issued_on=title.issued_on)
        )
        registers = instruction.movement is Movement.REGISTER
        if registers:
            warn_of_early_due_date(title, opening.warnings)
        facts = facts_of(title, CNAB400_ONE_DIGIT_PERSON)
        facts |= {
            "ocorrencia": _CODES[instruction.movement],
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
            "especie": _especie(terms, title.especie or terms.especie, registers=registers),
            "multa": hundredths(fine),
            "juros_dia": daily_interest(title.amount.cents, interest),
            **_automatic(terms, registers=registers),
        }
        without(REFUSED_CHARACTERS, facts, opening.warnings, title.document_number)
        yield record, facts

    return lines


def _especie(terms: BankTerms, kind: DocumentKind, *, registers: bool) -> str:
    """Only code A is protested automatically without a guarantor (p. 35), and our files have no guarantor."""
    if registers and terms.protest_days and kind is not DocumentKind.DM:
        message = "Para protesto automático, o Sicredi pede a espécie DM (duplicata mercantil por indicação)."
        raise Refused.because([refusal("remittance.protest_especie", message, "especie")])
    return _ESPECIES[kind]


def _automatic(terms: BankTerms, *, registers: bool) -> Facts:
    """What the bank does automatically, sent with the entry: protest (157-160) and report to the credit bureau (193-196)."""
    protest = (registers and terms.protest_days) or 0
    bureau_days = (registers and terms.bureau_days) or 0
    return {
        "protesto_codigo": _YES if protest else _NO,
        "protesto_dias": protest,
        "negativacao_codigo": _YES if bureau_days else _NO,
        "negativacao_dias": bureau_days,
    }


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
