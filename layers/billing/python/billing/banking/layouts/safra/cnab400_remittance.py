"""Writes remittances for Safra, CNAB 400. Sections are those of the manual named in `cnab400`."""

from collections.abc import Callable, Mapping

from billing.banking.boleto.bank import TitleNumber, refusal
from billing.banking.boleto.banks import safra
from billing.banking.instructions import MOVEMENT_NAMES, Instruction, Movement, Title
from billing.banking.layouts.pictures import ddmmyy
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.safra.cnab400 import REMITTANCE_HEADER, REMITTANCE_TITLE, REMITTANCE_TRAILER
from billing.banking.layouts.title_facts import CNAB400, Facts, day_after, facts_of, hundredths, percents
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

_CODES: Mapping[Movement, str] = {  # 6.1.3
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "10",
    Movement.REPORT_TO_BUREAU: "90",
    Movement.WITHDRAW_FROM_BUREAU: "91",
}
_ESPECIES: Mapping[DocumentKind, str] = {  # 6.1.4
    DocumentKind.DM: "01",
    DocumentKind.NP: "02",
    DocumentKind.RC: "05",
    DocumentKind.DS: "09",
}
_SIMPLE, _LINKED = "1", "2"  # 6.1.2
_FINE, _DO_NOT_PROTEST, _PROTEST_IN_DAYS, _NO_INSTRUCTION = "16", "07", "10", "00"  # 6.1.5 and 6.1.6
_GIVE_BACK_AFTER: Mapping[int | None, str] = {None: "", 15: "02", 30: "03"}  # 6.1.5
_CODE_WIDTH, _ACCOUNT_WIDTH, _AGENCY_WIDTH = 14, 9, 5
_MOST_FILES = 999

MOVEMENTS = frozenset(_CODES)


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        refusals = _refusals(opening)
        if refusals:
            raise Refused.because(refusals)
        super().__init__(opening, _POLICY)


def _refusals(opening: Opening) -> list[Refusal]:
    terms = opening.terms
    refusals = [*safra.account(terms), *_automatic_refusals(terms)]
    account = (terms.conta + terms.conta_digit).zfill(_ACCOUNT_WIDTH)
    if len(terms.convenio) != _CODE_WIDTH or terms.convenio[_AGENCY_WIDTH:] != account:
        message = "Informe como convênio o código da empresa que o Safra deu: 14 dígitos, os 5 da agência e os 9 da conta com o dígito."
        refusals.append(refusal("remittance.convenio", message, "convenio"))
    if terms.registers_pix:
        message = (
            "O manual do Safra não mostra a remessa do boleto híbrido: registre-o por outro meio do banco."
        )
        refusals.append(refusal("remittance.pix_unknown", message, "registers_pix"))
    if opening.sequence > _MOST_FILES:
        message = f"O arquivo do Safra é numerado até {_MOST_FILES}, e o manual não diz o que vem depois: combine com o banco."
        refusals.append(refusal("remittance.file_number", message, "sequence"))
    return refusals


def _automatic_refusals(terms: BankTerms) -> list[Refusal]:
    refusals = []
    if terms.bureau_days:
        message = "O Safra não recebe prazo de negativação por arquivo: mande negativar título a título."
        refusals.append(refusal("remittance.bureau_days", message, "bureau_days"))
    if terms.write_off_days not in _GIVE_BACK_AFTER:
        message = "O Safra devolve por arquivo 15 ou 30 dias depois do vencimento."
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    if terms.protest_days and terms.carteira == _LINKED:
        message = "Na cobrança vinculada o Safra protesta no prazo do próprio banco: deixe o prazo em branco."
        refusals.append(refusal("remittance.protest_days", message, "protest_days"))
    return refusals


def _account(opening: Opening) -> Facts:
    return {
        "codigo_empresa": opening.terms.convenio,
        "nome_empresa": opening.terms.beneficiary_name,
        "sequencial_arquivo": opening.sequence,
    }


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = REMITTANCE_TITLE.binding(
        empresa_tipo=person_type(terms.beneficiary_document),
        empresa_documento=terms.beneficiary_document,
        agencia=terms.convenio[:_AGENCY_WIDTH],
        conta=terms.convenio[_AGENCY_WIDTH:],
        carteira=terms.carteira,
        agencia_depositaria=terms.convenio[:_AGENCY_WIDTH],
        sequencial_arquivo=f"{opening.sequence:03d}",
        aceite="A" if terms.accepted else "N",
    )

    def lines(instruction: Instruction) -> Lines:
        title, movement = instruction.title, instruction.movement
        if terms.carteira != _SIMPLE and movement in {
            Movement.REPORT_TO_BUREAU,
            Movement.WITHDRAW_FROM_BUREAU,
        }:
            message = f"O Safra só aceita {MOVEMENT_NAMES[movement]} na cobrança simples (carteira 1)."
            raise Refused.because([refusal("remittance.bureau_wallet", message, "carteira")])
        numbering = safra.number(terms, TitleNumber(title.nosso_numero, title.due_on))
        facts = facts_of(title, CNAB400)
        facts |= {
            "ocorrencia": _CODES[movement],
            "nosso_numero": numbering.nosso_numero,
            "nosso_numero_digito": numbering.digit,
            "especie": _especie(title.especie or terms.especie),
            "juros_dia": daily_interest(title.amount.cents, percents(terms, title)[1]),
            "instrucao_1": _NO_INSTRUCTION,
            "instrucao_2": _NO_INSTRUCTION,
            "instrucao_3": "00",
        }
        if movement is Movement.REGISTER:
            facts |= _charged_and_automatic(terms, title)
        yield record, facts

    return lines


def _especie(kind: DocumentKind) -> str:
    if kind not in _ESPECIES:
        known = ", ".join(sorted(_ESPECIES))
        message = f"O Safra não aceita a espécie {kind} por este arquivo. Espécies aceitas: {known}."
        raise Refused.because([refusal("remittance.especie", message, "especie")])
    return _ESPECIES[kind]


def _charged_and_automatic(terms: BankTerms, title: Title) -> Facts:
    """Two instructions of an entry (6.1.5, 6.1.6): the fine takes the first, the days to protest the second.

    If there is room, a profile without protest says so; in the linked wallet the bank's own days apply.
    """
    fine, _ = percents(terms, title)
    given_back = _GIVE_BACK_AFTER[terms.write_off_days]
    first = [_FINE] if fine else []
    last = [_PROTEST_IN_DAYS] if terms.protest_days else []
    between = [given_back] if given_back else []
    if not last and terms.carteira == _SIMPLE and len(first) + len(between) < 2:
        between.append(_DO_NOT_PROTEST)
    commands = [*first, *between, *last]
    if len(commands) > 2:
        message = "O Safra aceita duas instruções por título: escolha duas entre multa, protesto e devolução automática."
        raise Refused.because([refusal("remittance.automatic_instruction", message, "write_off_days")])
    if last and len(commands) == 1:
        commands.insert(0, _NO_INSTRUCTION)
    facts: Facts = dict(zip(("instrucao_1", "instrucao_2"), commands, strict=False))
    facts["instrucao_3"] = f"{terms.protest_days or 0:02d}"
    if fine:
        if title.rebate:
            message = (
                f"Boleto {title.document_number}: o Safra leva multa e abatimento no mesmo campo da entrada. Registre o título "
                "e conceda o abatimento depois."
            )
            raise Refused.because([refusal("remittance.fine_and_rebate", message, "rebate")])
        facts["abatimento"] = int(f"{ddmmyy(day_after(title.due_on))}{hundredths(fine):04d}000")  # 6.1.8
    return facts


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_account, records=_records)
