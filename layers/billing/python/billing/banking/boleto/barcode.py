"""The barcode of a boleto: 44 digits.

    1-3 bank   4 currency (9, real)   5 check digit   6-9 due-date factor   10-19 amount in cents   20-44 campo livre

The check digit is modulo 11 over the other 43 (Banco Central, Carta-Circular 2.926/2000; Itaú manual of July 2021, annex 2, p. 73).
An amount above R$ 99.999.999,99 takes the factor's digits (same manual, annex 6, p. 82).

>>> check_digit("3419166700000123451101234567880057123457000")
'6'
"""

from datetime import date
from operator import mul
from typing import NamedTuple

from billing.banking.boleto.fator import due_date_of, factor_of
from billing.banking.check_digits import cycle
from billing.core.errors import InvalidInput, Refused
from billing.core.money import Money

_WEIGHTS = cycle(43, 2, 9)
_ASCII = 48 * sum(_WEIGHTS)
_CAMPO_LIVRE = 25
_TEN_DIGITS = 10**10
_THIRTEEN_DIGITS = 10**13


class Barcode(NamedTuple):
    """The content of a barcode."""

    bank: str
    due_on: date | None
    """None: the amount is so large that it takes the factor's place."""
    amount: Money
    campo_livre: str


def check_digit(digits: str) -> str:
    """Modulo 11 of the 43 digits, weights 2 to 9 from the right; a result of 0, 10 or 11 becomes 1."""
    digit = 11 - (sum(map(mul, digits.encode(), _WEIGHTS)) - _ASCII) % 11
    return "1" if digit > 9 else str(digit)


def encode(bank: str, due_on: date, amount: Money, campo_livre: str) -> str:
    """The 44 digits. Raises Refused for a date without a factor, and for an amount or a campo livre that does not
    fit."""
    if len(campo_livre) != _CAMPO_LIVRE or not (campo_livre.isdecimal() and campo_livre.isascii()):
        raise Refused(
            "boleto.campo_livre",
            f"O campo livre do banco {bank} tem {_CAMPO_LIVRE} dígitos, e este seria “{campo_livre}”: confira os códigos da conta.",
        )
    cents = amount.cents
    factor = factor_of(due_on)
    if 0 <= cents < _TEN_DIGITS:
        tail = f"{factor}{cents:010d}{campo_livre}"
    elif _TEN_DIGITS <= cents < _THIRTEEN_DIGITS:
        tail = f"{cents:014d}{campo_livre}"
    else:
        raise Refused("boleto.amount", f"O valor {amount.format_br()} não cabe em um boleto.")
    head = bank + "9"
    return head + check_digit(head + tail) + tail


def decode(barcode: str, *, reference: date) -> Barcode:
    """The content of the 44 digits, read on the reference date. Raises InvalidInput for anything that is not a boleto's
    barcode."""
    if len(barcode) != 44 or not (barcode.isascii() and barcode.isdigit()):
        raise InvalidInput("boleto.barcode", "O código de barras de um boleto tem 44 dígitos.")
    if barcode[0] == "8":
        raise InvalidInput(
            "boleto.not_a_boleto",
            "Este código de barras é de uma conta de consumo ou tributo, não de boleto.",
        )
    if check_digit(barcode[:4] + barcode[5:]) != barcode[4]:
        raise InvalidInput("boleto.check_digit", "O dígito verificador do código de barras não confere.")
    factor = int(barcode[5:9])
    if factor < 1000:
        return Barcode(barcode[:3], None, Money.from_cents(int(barcode[5:19])), barcode[19:])
    return Barcode(
        barcode[:3],
        due_date_of(factor, reference=reference),
        Money.from_cents(int(barcode[9:19])),
        barcode[19:],
    )
