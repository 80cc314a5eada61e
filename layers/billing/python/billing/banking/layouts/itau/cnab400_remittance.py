"""Writes remittances for Itaú, CNAB 400: instructions in, lines out. Notes and pages are those of the manual in `cnab400`."""

from collections.abc import Callable, Mapping

from billing.banking.boleto.banks import itau
from billing.banking.instructions import Instruction, Movement
from billing.banking.layouts.itau.cnab400 import (
    REMITTANCE_FINE,
    REMITTANCE_HEADER,
    REMITTANCE_PIX,
    REMITTANCE_TITLE,
    REMITTANCE_TRAILER,
)
from billing.banking.layouts.itau.cnab400_codes import ESPECIES
from billing.banking.layouts.pictures import ddmmyy, ddmmyyyy
from billing.banking.layouts.record import Record
from billing.banking.layouts.remittance_400 import Lines, Policy400, Writer400
from billing.banking.layouts.title_facts import CNAB400, Facts, day_after, facts_of, hundredths, percents
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms
from billing.core.errors import Refused

_CODES: Mapping[Movement, str] = {  # note 6, p. 30-31
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.GRANT_DISCOUNT: "31",  # changed data: only the discount (note 13)
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "18",
    Movement.CHANGE_DATA: "31",
    Movement.REPORT_TO_BUREAU: "66",
    Movement.WITHDRAW_FROM_BUREAU: "68",
}
_REGISTER_WITH_PIX = "71"

_WALLET_CODES: Mapping[str, str] = {  # note 5, p. 29-30: the wallets with registration
    **dict.fromkeys(("104", "108", "109", "112", "115", "121", "180", "188"), "I"),
    "147": "E",
    "150": "U",
}
_PIX_WALLET = "109"  # p. 13: "válido somente para a carteira 109"

_RETURN_AFTER: Mapping[int, str] = {  # note 11, p. 32-33: devolver após N dias do vencimento
    5: "02", 10: "06", 15: "07", 20: "08", 25: "11", 30: "03", 35: "12", 40: "13", 45: "14", 50: "15", 55: "16",
    60: "17", 90: "18", 365: "58",
}  # fmt: skip
_PROTEST_AFTER, _REPORT_AFTER, _RETURN_AFTER_DAYS = (
    "09",
    "66",
    "92",
)  # note 11 (A): the days go in columns 392-393

MOVEMENTS = frozenset(_CODES)


_ALWAYS = ("uso_empresa", "numero_documento")
_AMOUNT = ("valor_titulo",)
_PAYER = tuple(field.name for field in REMITTANCE_TITLE.inputs if field.name.startswith("pagador_"))
_CHANGED: Mapping[
    Movement, tuple[str, ...]
] = {  # note 6: what goes with a change in addition to title and amount
    Movement.GRANT_REBATE: (*_AMOUNT, "abatimento"),
    Movement.CANCEL_REBATE: (*_AMOUNT, "abatimento"),
    Movement.CHANGE_DUE_DATE: (*_AMOUNT, "vencimento"),
    Movement.GRANT_DISCOUNT: ("desconto_data", "desconto"),
    Movement.CHANGE_DATA: _PAYER,
}


class Writer(Writer400):
    def __init__(self, opening: Opening) -> None:
        terms = opening.terms
        if terms.carteira not in _WALLET_CODES:
            message = f"A carteira {terms.carteira} do Itaú não tem registro: não se envia remessa para ela."
            raise Refused("remittance.wallet_not_registered", message)
        if terms.registers_pix and terms.carteira != _PIX_WALLET:
            raise Refused("remittance.pix_wallet", "O boleto Pix do Itaú só existe na carteira 109.")
        super().__init__(opening, _POLICY)


def _records(opening: Opening) -> Callable[[Instruction], Lines]:
    terms = opening.terms
    record = _title_record(terms)
    unchanged: Facts = {field.name: field.empty for field in record.inputs}
    first, second, days = _automatic(terms)
    register = _REGISTER_WITH_PIX if terms.registers_pix else _CODES[Movement.REGISTER]

    def lines(instruction: Instruction) -> Lines:
        title, movement = instruction.title, instruction.movement
        facts = facts_of(title, CNAB400)
        number = f"{title.nosso_numero:08d}"
        if movement is not Movement.REGISTER:
            names = _ALWAYS + _CHANGED.get(movement, _AMOUNT)
            own: Facts = {
                "nosso_numero": number,
                "ocorrencia": _CODES[movement],
                "prazo": _deadline(terms, movement),
            }
            yield record, unchanged | {name: facts[name] for name in names} | own
            return
        fine, interest_percent = percents(terms, title)
        interest = daily_interest(title.amount.cents, interest_percent)
        facts |= {
            "nosso_numero": number,
            "ocorrencia": register,
            "especie": ESPECIES[title.especie or terms.especie],
            "aceite": "A" if terms.accepted else "N",
            "instrucao_1": first,
            "instrucao_2": second,
            "juros_dia": interest,
            "data_mora": ddmmyy(day_after(title.due_on)) if interest else "000000",
            "prazo": days,
        }
        yield record, facts
        if fine:
            yield (
                REMITTANCE_FINE,
                {"multa_codigo": "2", "multa_data": ddmmyyyy(title.due_on), "multa": hundredths(fine)},
            )
        if terms.pix_key and terms.registers_pix:  # otherwise the bank uses the account's CNPJ (p. 13)
            yield REMITTANCE_PIX, {"chave_pix": terms.pix_key, "id_location": ""}

    return lines


def _deadline(terms: BankTerms, movement: Movement) -> int:
    if movement is Movement.PROTEST:
        return terms.protest_days or 0
    if movement is Movement.REPORT_TO_BUREAU:
        return terms.bureau_days or 0
    return 0


def _holder(opening: Opening) -> Facts:
    agencia, conta, digit = _account(opening.terms)
    return {
        "agencia": agencia,
        "conta": conta,
        "conta_digito": digit,
        "nome_empresa": opening.terms.beneficiary_name,
    }


def _account(terms: BankTerms) -> tuple[str, str, str]:
    beneficiary = itau.beneficiary(terms)  # 1234/56789-0
    return beneficiary[:4], beneficiary[5:10], beneficiary[11:]


def _title_record(terms: BankTerms) -> Record:
    agencia, conta, digit = _account(terms)
    return REMITTANCE_TITLE.binding(
        empresa_tipo=person_type(terms.beneficiary_document),
        empresa_documento=terms.beneficiary_document.zfill(14),
        agencia=agencia,
        conta=conta,
        conta_digito=digit,
        carteira=terms.carteira,
        carteira_codigo=_WALLET_CODES[terms.carteira],
    )


def _automatic(terms: BankTerms) -> tuple[str, str, int]:
    """The two instructions of a registration, and the days for the one that takes them."""
    given_up = terms.write_off_days
    second = _RETURN_AFTER.get(given_up, "") if given_up else "00"
    if terms.protest_days or terms.bureau_days:
        if not second:
            known = ", ".join(map(str, _RETURN_AFTER))
            message = f"O Itaú só baixa junto com protesto ou negativação após {known} dias; foram pedidos {given_up}."
            raise Refused("remittance.write_off_days", message)
        first = _PROTEST_AFTER if terms.protest_days else _REPORT_AFTER
        return first, second, terms.protest_days or terms.bureau_days or 0
    if not second and given_up:
        return "00", _RETURN_AFTER_DAYS, given_up
    return "00", second, 0


_POLICY = Policy400(header=REMITTANCE_HEADER, trailer=REMITTANCE_TRAILER, account=_holder, records=_records)
