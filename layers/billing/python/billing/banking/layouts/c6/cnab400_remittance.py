"""Writes remittances for C6 Bank, CNAB 400. Fields are those of the manual named in `cnab400`."""

from collections.abc import Callable, Iterator, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import c6
from billing.banking.check_digits import mod11
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.c6.cnab400 import REMITTANCE_HEADER, REMITTANCE_TITLE, REMITTANCE_TRAILER
from billing.banking.layouts.pictures import ddmmyy
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, day_after, facts_of, percents
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.br.text import plain_text
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, str] = {  # D020
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "19",
    Movement.CHANGE_DATA: "31",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # D024
    DocumentKind.DM: "01",
    DocumentKind.DS: "02",
    DocumentKind.NP: "03",
    DocumentKind.RC: "05",
    DocumentKind.ME: "12",
    DocumentKind.ND: "13",
    DocumentKind.OUTROS: "99",
}

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        reasons = [*c6.account(opening.terms), *_not_taken(opening.terms)]
        if reasons:
            raise Refused.because(reasons)
        super().__init__(opening, _POLICY)


def digit(carteira: str, nosso_numero: str) -> str:
    """Modulo 11, weights 2 to 7, over a zero, the wallet and the number (11.4); the digit on the printed boleto is
    another.

    >>> digit("43", "4444444444")
    'P'
    """
    return mod11(f"0{carteira}{nosso_numero}", 2, 7, ten="P")


def _not_taken(terms: BankTerms) -> Iterator[Refusal]:
    if terms.registers_pix:
        message = "O manual do C6 não mostra a remessa do boleto híbrido: registre-o pela API do banco."
        yield refusal("remittance.pix_unknown", message, "registers_pix")
    if terms.bureau_days:
        message = "O C6 não recebe negativação por arquivo."
        yield refusal("remittance.bureau_days", message, "bureau_days")
    if terms.write_off_days:
        message = "O C6 não recebe prazo de baixa por arquivo; combine-o com o banco."
        yield refusal("remittance.write_off_days", message, "write_off_days")


def _account(opening: Opening) -> Facts:
    terms = opening.terms
    return {"convenio": terms.convenio, "conta_direta": terms.conta, "nome_empresa": terms.beneficiary_name}


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        empresa_tipo=person_type(terms.beneficiary_document),
        empresa_documento=terms.beneficiary_document,
        conta=terms.conta,
        carteira=terms.carteira,
        aceite="A" if terms.accepted else "N",
        protesto_dias=f"{terms.protest_days or 0:02d}",
    )

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        if reasons := list(_refusals(instruction)):
            raise Refused.because(reasons)
        nosso_numero = c6.number(terms, TitleNumber(title.nosso_numero, title.due_on)).nosso_numero
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[instruction.movement],
            "nosso_numero": nosso_numero,
            "nosso_numero_digito": digit(terms.carteira, nosso_numero),
            "especie": _ESPECIES[title.especie or terms.especie],
            **_charges(terms, title),
        }
        yield record, facts

    return lines


def _refusals(instruction: Instruction) -> Iterator[Refusal]:
    title, payer = instruction.title, instruction.title.payer
    if instruction.movement not in {Movement.REGISTER, Movement.CHANGE_DATA}:
        return
    if instruction.movement is Movement.REGISTER and title.due_on <= title.issued_on:
        message = f"O C6 pede vencimento depois da emissão, que é {title.issued_on:%d/%m/%Y}."  # D022
        yield refusal("remittance.due_on", message, "due_on")
    for name, text in (
        ("name", payer.name),
        ("street", payer.street),
        ("city", payer.city),
    ):  # D035, D036, D039
        if text and not plain_text(text)[0][:1].isalnum():
            message = f"O C6 recusa “{text}”: o campo deve começar por letra ou algarismo."
            yield refusal(f"remittance.payer_{name}", message, f"payer.{name}")


def _charges(terms: BankTerms, title: Title) -> Facts:
    """Fine, in whole percent (D080), and daily interest, both from the day after the due date (D042, D081)."""
    fine, interest = percents(terms, title)
    if fine != int(fine):
        message = f"O C6 só aceita multa de percentual inteiro: {fine}% não cabe."
        raise Refused.because([refusal("remittance.fine_percent", message, "fine_percent")])
    begins, daily = ddmmyy(day_after(title.due_on)), daily_interest(title.amount.cents, interest)
    return {
        "multa_codigo": "2" if fine else "0",
        "multa": int(fine),
        "multa_data": begins if fine else CNAB400.no_day,
        "juros_dia": daily,
        "juros_data": begins if daily else CNAB400.no_day,
    }


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
