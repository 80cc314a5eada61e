"""A bank's boletos as its own file describes them, and which file belongs to which code."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib import import_module
from typing import NamedTuple

from billing.banking.boleto.certification import Certification
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal, Refused, Severity

MODULES: Mapping[str, str] = {
    "001": "banco_do_brasil",
    "004": "nordeste",
    "021": "banestes",
    "033": "santander",
    "041": "banrisul",
    "070": "brb",
    "077": "inter",
    "084": "uniprime",
    "085": "ailos",
    "097": "credisis",
    "104": "caixa",
    "133": "cresol",
    "136": "unicred",
    "208": "btg",
    "237": "bradesco",
    "336": "c6",
    "341": "itau",
    "356": "real",
    "399": "hsbc",
    "422": "safra",
    "707": "daycoval",
    "745": "citibank",
    "748": "sicredi",
    "756": "sicoob",
}
"""Bank code -> module in `banks`, which is loaded when the bank is first used."""


class Numbering(NamedTuple):
    """What the bank turns a title's number into."""

    nosso_numero: str
    digit: str
    formatted: str
    campo_livre: str


class TitleNumber(NamedTuple):
    """What a bank's numbering may depend on, besides the account."""

    sequence: int
    due_on: date
    document_number: str = ""
    issued_on: date | None = None


class Bank(NamedTuple):
    code: str
    digit: str
    """The digit printed after the code: 341-7."""
    name: str
    carteiras: Mapping[str, str]
    """Wallet -> its evidence: manual and page, or a published example."""
    number: Callable[[BankTerms, TitleNumber], Numbering]
    """Nosso número and campo livre; raises Refused for a number outside the wallet's range."""
    beneficiary: Callable[[BankTerms], str]
    """Agência / código do beneficiário, as printed."""
    account: Callable[[BankTerms], Iterable[Refusal]]
    """What is wrong with the account, its digits and codes."""
    certification: Certification = Certification()
    """What the bank requires before it approves a company."""

    def refusals(self, terms: BankTerms) -> list[Refusal]:
        unknown = [] if terms.carteira in self.carteiras else [self.unknown_wallet(terms)]
        return [*unknown, *self.account(terms)]

    def unknown_wallet(self, terms: BankTerms) -> Refusal:
        known = ", ".join(sorted(self.carteiras))
        message = f"A carteira {terms.carteira} do {self.name} não é atendida. Carteiras atendidas: {known}."
        return refusal("profile.wallet_unknown", message, "carteira")


@cache
def of(code: str) -> Bank:
    """The bank with this code. Raises Refused if there is no file for it."""
    module = MODULES.get(code)
    if module is None:
        raise Refused("boleto.bank_unknown", f"O banco {code} ainda não é atendido.")
    bank: Bank = import_module(f"billing.banking.boleto.banks.{module}").BANK
    return bank


def refusal(code: str, message: str, field: str) -> Refusal:
    return Refusal(code=code, message=message, severity=Severity.BLOCKS, field=field)


def fixed(text: str, width: int, field: str, bank: str) -> str:
    """An account code in digits, at the width that it has in the campo livre. Raises Refused for anything else; nothing
    is cut."""
    if not (text.isdecimal() and text.isascii()) and text:
        message = f"{bank}: {field} só tem dígitos (“{text}”): faz parte do código de barras."
        raise Refused.because([refusal("profile.field_digits", message, field)])
    if len(text) < width:
        return text.zfill(width)
    if len(text) > width:
        cut = text.lstrip("0")
        if len(cut) > width:
            message = f"{bank}: {field} tem no máximo {width} dígitos ({text})."
            raise Refused.because([refusal("profile.field_too_long", message, field)])
        return cut.zfill(width)
    return text


def signed(text: str, digit: str, width: int, field: str, bank: str) -> str:
    """A code followed by its check digit, at the width of both; without a separate digit, the code may already end with
    it."""
    return (
        fixed(text, width - 1, field, bank) + one_digit(digit, f"{field}_digit", bank)
        if digit
        else fixed(text, width, field, bank)
    )


def one_digit(text: str, field: str, bank: str) -> str:
    """A code of one digit. Raises Refused for anything else."""
    if len(text) == 1 and "0" <= text <= "9":
        return text
    message = f"{bank}: {field} é um algarismo de 0 a 9 (“{text}”): faz parte do código de barras."
    raise Refused.because([refusal("profile.field_digits", message, field)])


def sequence(number: int, width: int, bank: str) -> str:
    """The title's number at the width that the bank gives it. Raises Refused if it is negative or too long."""
    text = f"{number:0{width}d}"
    if number < 0 or len(text) > width:
        message = f"{bank}: o nosso número {number} não cabe em {width} dígitos; peça outra faixa ao banco."
        raise Refused.because([refusal("boleto.nosso_numero_range", message, "nosso_numero")])
    return text


def width_refusals(terms: BankTerms, widths: Mapping[str, int]) -> list[Refusal]:
    """Refusals for account codes that are not digits, or longer than the bank's own."""
    refusals = []
    for field, width in widths.items():
        code = getattr(terms, field)
        if code and not code.isdecimal():
            message = f"{field}: só dígitos neste banco, e foi informado “{code}”."
            refusals.append(refusal("profile.field_digits", message, field))
        elif len(code.lstrip("0")) > width:
            message = f"{field}: no máximo {width} dígitos neste banco."
            refusals.append(refusal("profile.field_too_long", message, field))
    return refusals


def printed_digit_refusals(digit: str, field: str, what: str) -> list[Refusal]:
    """Refusals for a check digit that the barcode carries and for which there is no known rule: it must be one decimal
    digit, and never blank."""
    if len(digit) == 1 and digit.isdecimal():
        return []
    given = f"foi informado “{digit}”" if digit else "está em branco"
    message = f"O dígito da {what} tem um algarismo de 0 a 9 neste banco, e {given}: ele faz parte do código de barras."
    return [refusal("profile.account_digit", message, field)]


def digit_refusals(expected: str, given: str, field: str, what: str) -> list[Refusal]:
    """Refusals for a check digit that is not the calculated one."""
    if given == expected:
        return []
    message = f"O dígito da {what} não confere: foi informado “{given}” e o calculado é “{expected}”."
    return [refusal("profile.account_digit", message, field)]


def given_digit_refusals(expected: str, given: str, field: str, what: str) -> list[Refusal]:
    """Like `digit_refusals`, for a digit that the bank's boletos do not need: a blank one is not refused."""
    return digit_refusals(expected, given, field, what) if given else []
