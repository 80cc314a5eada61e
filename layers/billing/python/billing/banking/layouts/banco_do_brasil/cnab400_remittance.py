"""Writes remittances for Banco do Brasil, CNAB 400. Notes are those of the remittance's manual named in `cnab400`."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import banco_do_brasil
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.banco_do_brasil.cnab400 import (
    REMITTANCE_FINE,
    REMITTANCE_HEADER,
    REMITTANCE_TITLE,
    REMITTANCE_TRAILER,
)
from billing.banking.layouts.febraban_240_remittance import not_taken
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

_CODES: Mapping[Movement, str] = {  # note 20
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.GRANT_DISCOUNT: "31",
    Movement.CANCEL_DISCOUNT: "32",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "10",
    Movement.CHANGE_DATA: "12",  # the payer's name and address
}
_ESPECIES: Mapping[DocumentKind, str] = {  # note 07
    DocumentKind.DM: "01",
    DocumentKind.NP: "02",
    DocumentKind.RC: "05",
    DocumentKind.DS: "12",
    DocumentKind.ND: "13",
}
_NEVER_PROTESTED = frozenset({DocumentKind.ND, DocumentKind.RC, DocumentKind.NP})  # note 09, b
_WALLET = "17"
_AGREEMENT = 7  # digits
_WORKING_DAYS = range(3, 6)  # note 09, each with a code of its own
_DAYS_BY_CODE = frozenset({30, 45})
_DAYS_BESIDE = frozenset({*range(6, 30), 35, 40})
_AFTER_DAYS, _NO_PROTEST, _WRITE_OFF, _FIVE_WORKING_DAYS = "06", "07", "44", "00"  # note 09
_FINE_PERCENT = "2"  # note 15

_NO_DISCOUNT: Facts = {"desconto_data": CNAB400.no_day, "desconto": 0}

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        refusals = _refusals(opening.terms)
        if refusals:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)


def _refusals(terms: BankTerms) -> list[Refusal]:
    refusals = list(banco_do_brasil.account(terms))
    if terms.carteira != _WALLET or len(terms.convenio) != _AGREEMENT:
        message = (
            f"A carteira {terms.carteira} com o convênio {terms.convenio} não vai por arquivo CNAB 400 do Banco do Brasil "
            "com boletos emitidos pela empresa: o manual só mostra a 17 com convênio de 7 dígitos."
        )
        refusals.append(refusal("remittance.wallet_not_registered", message, "carteira"))
    days = terms.protest_days
    if days and days not in {*_WORKING_DAYS, *_DAYS_BY_CODE, *_DAYS_BESIDE}:
        message = "O Banco do Brasil protesta após 3 a 5 dias úteis, ou 6 a 30, 35, 40 ou 45 dias corridos."
        refusals.append(refusal("remittance.protest_days", message, "protest_days"))
    return refusals + not_taken(terms, "O Banco do Brasil", write_off=False)


def _account(opening: Opening) -> Facts:
    terms = opening.terms
    return {**_account_of(terms), "nome_empresa": terms.beneficiary_name}


def _account_of(terms: BankTerms) -> dict[str, str]:
    return {
        "agencia": terms.agencia,
        "agencia_digito": terms.agencia_digit,
        "conta": terms.conta,
        "conta_digito": terms.conta_digit,
        "convenio": terms.convenio,
    }


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        **_account_of(terms),
        empresa_tipo=person_type(terms.beneficiary_document),
        empresa_documento=terms.beneficiary_document,
        variacao=terms.variacao,
        carteira=terms.carteira,
    )
    accepted = "A" if terms.accepted else "N"

    def lines(instruction: Instruction) -> Lines:
        title = instruction.title
        fine, interest = percents(terms, title)
        numbering = banco_do_brasil.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[instruction.movement],
            "nosso_numero": numbering.nosso_numero,
            "especie": especie_of(_ESPECIES, title.especie or terms.especie),
            "aceite": accepted,
            "instrucao_2": "00",
        }
        if instruction.movement is not Movement.REGISTER:
            facts |= _change(terms, instruction.movement, title)
            yield record, facts
            return
        facts |= _registration(terms, title, interest)
        yield record, facts
        if fine:
            begins = CNAB400.day(day_after(title.due_on))
            yield (
                REMITTANCE_FINE,
                {"multa_codigo": _FINE_PERCENT, "multa_data": begins, "multa": hundredths(fine)},
            )

    return lines


WITHOUT_INTEREST = "o Banco do Brasil cobra os do cadastro da conta (nota 10)"


def _registration(terms: BankTerms, title: Title, interest: Decimal) -> Facts:
    if not interest:
        message = (
            "Sem juros por dia, o Banco do Brasil cobra os do cadastro da conta (nota 10 do manual CNAB 400), e este arquivo "
            "não tem como isentar: informe os juros do boleto, ou use o arquivo CNAB 240."
        )
        raise Refused.because([refusal("remittance.interest", message, "interest_percent_month")])
    days = terms.protest_days
    code = _NO_PROTEST
    if days:
        _prove_protest(terms, title)
        code = _AFTER_DAYS if days in _DAYS_BESIDE else f"{days:02d}"
    return {
        "instrucao_1": code,
        "protesto_dias": days if days in _DAYS_BESIDE and days else 0,
        "juros_dia": daily_interest(title.amount.cents, interest),
    }


def _change(terms: BankTerms, movement: Movement, title: Title) -> Facts:
    """What an instruction says besides the title; unless it is about a discount, columns 174-192 mean other things
    (note 11)."""
    code = "00"
    if movement is Movement.WRITE_OFF:
        code = _WRITE_OFF
    elif movement is Movement.PROTEST:
        _prove_protest(terms, title)
        code = f"{terms.protest_days:02d}" if terms.protest_days else _FIVE_WORKING_DAYS
    facts: Facts = {"instrucao_1": code, "protesto_dias": 0, "juros_dia": 0}
    return facts if movement is Movement.GRANT_DISCOUNT else facts | _NO_DISCOUNT


def _prove_protest(terms: BankTerms, title: Title) -> None:
    kind = title.especie or terms.especie
    if kind in _NEVER_PROTESTED:
        message = (
            f"O Banco do Brasil não protesta a espécie {kind}: mude a espécie do título ou retire o protesto."
        )
        raise Refused.because([refusal("remittance.protest_kind", message, "especie")])


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
