"""Writes remittances for Itaú, CNAB 400: instructions in, lines out. Notes and pages are those of the manual in `cnab400`."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from billing.banking.boleto.banks import itau
from billing.banking.instructions import Instruction, Movement, Title
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
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms
from billing.core.errors import Refused
from billing.core.money import ZERO

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
_REGISTER = Movement.REGISTER  # a name costs a tenth of what an enum's member does

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


class Writer:
    """One file. Lines are numbered from 1; the trailer's number is the count of lines."""

    def __init__(self, opening: Opening) -> None:
        terms = opening.terms
        if terms.carteira not in _WALLET_CODES:
            message = f"A carteira {terms.carteira} do Itaú não tem registro: não se envia remessa para ela."
            raise Refused("remittance.wallet_not_registered", message)
        if terms.registers_pix and terms.carteira != _PIX_WALLET:
            raise Refused("remittance.pix_wallet", "O boleto Pix do Itaú só existe na carteira 109.")
        self._terms, self._key = terms, terms.pix_key
        self._created_on = opening.created_on
        self._warnings = opening.warnings
        self._lines = 0
        self._title_record = _title_record(terms)
        self._register = _REGISTER_WITH_PIX if terms.registers_pix else _CODES[Movement.REGISTER]
        self._accepted = "A" if terms.accepted else "N"
        self._instruction_1, self._instruction_2, self._days = _automatic(terms)

    def header(self) -> Iterator[str]:
        terms = self._terms
        values = (*_account(terms), terms.beneficiary_name, ddmmyy(self._created_on), self._next())
        yield REMITTANCE_HEADER.write(values, self._warnings, "Cabeçalho")

    def instruction(self, instruction: Instruction) -> list[str]:
        title = instruction.title
        if instruction.movement is not _REGISTER:
            return [self._change(instruction.movement, title)]
        return [self._registration(title), *self._fine(title), *self._pix(title)]

    def trailer(self) -> Iterator[str]:
        yield REMITTANCE_TRAILER.write((self._next(),), self._warnings, "Fim do arquivo")

    def _next(self) -> int:
        self._lines += 1
        return self._lines

    def _registration(self, title: Title) -> str:
        payer, discount, due_on = title.payer, title.discount, title.due_on
        percent = title.interest_percent_month
        interest = daily_interest(
            title.amount.cents, self._terms.interest_percent_month if percent is None else percent
        )
        values = (
            title.our_reference,
            f"{title.nosso_numero:08d}",
            self._register,
            title.document_number,
            ddmmyy(due_on),
            title.amount.cents,
            ESPECIES[title.especie or self._terms.especie],
            self._accepted,
            ddmmyy(title.issued_on),
            self._instruction_1,
            self._instruction_2,
            interest,
            ddmmyy(discount.until) if discount else "000000",
            discount.amount.cents if discount else 0,
            title.rebate.cents,
            person_type(payer.document),
            payer.document.zfill(14),
            payer.name,
            payer.street,
            payer.district,
            payer.postcode,
            payer.city,
            payer.state,
            _day_after(due_on) if interest else "000000",
            self._days,
            self._next(),
        )
        return self._title_record.write(values, self._warnings, title.document_number)

    def _change(self, movement: Movement, title: Title) -> str:
        """The fields that note 6 requires for each movement; the others are zeros or blanks."""
        payer = title.payer if movement is Movement.CHANGE_DATA else None
        discount = title.discount if movement is Movement.GRANT_DISCOUNT else None
        rebate = title.rebate if movement in {Movement.GRANT_REBATE, Movement.CANCEL_REBATE} else ZERO
        values = (
            title.our_reference,
            f"{title.nosso_numero:08d}",
            _CODES[movement],
            title.document_number,
            ddmmyy(title.due_on) if movement is Movement.CHANGE_DUE_DATE else "000000",
            0 if payer or discount else title.amount.cents,
            "00",
            "",
            "000000",
            "00",
            "00",
            0,
            ddmmyy(discount.until) if discount else "000000",
            discount.amount.cents if discount else 0,
            rebate.cents,
            person_type(payer.document) if payer else "00",
            (payer.document if payer else "").zfill(14),
            payer.name if payer else "",
            payer.street if payer else "",
            payer.district if payer else "",
            payer.postcode if payer else "00000000",
            payer.city if payer else "",
            payer.state if payer else "",
            "000000",
            self._deadline(movement),
            self._next(),
        )
        return self._title_record.write(values, self._warnings, title.document_number)

    def _deadline(self, movement: Movement) -> int:
        if movement is Movement.PROTEST:
            return self._terms.protest_days or 0
        if movement is Movement.REPORT_TO_BUREAU:
            return self._terms.bureau_days or 0
        return 0

    def _fine(self, title: Title) -> list[str]:
        percent = self._terms.fine_percent if title.fine_percent is None else title.fine_percent
        if not percent:
            return []
        values = ("2", ddmmyyyy(title.due_on), _hundredths(percent), self._next())
        return [REMITTANCE_FINE.write(values, self._warnings, title.document_number)]

    def _pix(self, title: Title) -> list[str]:
        """A record only if the profile names a key; otherwise the bank uses the account's CNPJ (p. 13)."""
        if not (self._key and self._terms.registers_pix):
            return []
        values = (self._key, "", self._next())
        return [REMITTANCE_PIX.write(values, self._warnings, title.document_number)]


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


@lru_cache(maxsize=4096)
def _day_after(due_on: date) -> str:
    return ddmmyy(due_on + timedelta(days=1))


@lru_cache(maxsize=64)
def _hundredths(percent: Decimal) -> int:
    scaled = percent.scaleb(2)
    if scaled != int(scaled):
        raise Refused(
            "remittance.fine_percent", f"A multa do Itaú tem duas casas decimais: {percent} não cabe."
        )
    return int(scaled)
