"""What a column of a bank file may hold, and how each kind is read and written: numbers, cents, dates, texts."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from billing.core.money import Money


class Picture(StrEnum):
    NUMBER = "9"  # an int, padded with zeros on the left
    CODE = "9 como texto"  # digits (or letters of a CNPJ) that keep their zeros: agência, nosso número, CEP
    MONEY = "9 com 2 decimais"  # cents
    DATE6 = "DDMMAA"
    DATE8 = "DDMMAAAA"
    DATE_YEAR_FIRST = "AAAAMMDD"
    TEXT = "X"  # upper case, no accents, padded with blanks on the right
    EXACT = "X como está"  # keeps its case: Pix keys, EMV, e-mail

    @property
    def in_words(self) -> str:
        """What a person expects to read in such a column."""
        return _WORDS[self]


_WORDS = {
    Picture.NUMBER: "um número",
    Picture.CODE: "um código",
    Picture.MONEY: "um valor em centavos",
    Picture.DATE6: "uma data DDMMAA",
    Picture.DATE8: "uma data DDMMAAAA",
    Picture.DATE_YEAR_FIRST: "uma data AAAAMMDD",
    Picture.TEXT: "um texto",
    Picture.EXACT: "um texto",
}

DATES = frozenset({Picture.DATE6, Picture.DATE8, Picture.DATE_YEAR_FIRST})
NUMERIC = frozenset({Picture.NUMBER, Picture.MONEY})


def to_money(digits: str) -> Money:
    """Cents without sign; blanks are zero. ValueError for anything else (int() alone would take signs and underscores)."""
    return Money.from_cents(to_number(digits))


def to_number(digits: str) -> int:
    if digits.isdecimal():
        return int(digits)
    if digits.strip(" "):
        raise ValueError(f"{digits!r} is not a number")
    return 0


@lru_cache(maxsize=4096)
def to_day(digits: str) -> date | None:
    """A date of 6 or 8 digits (two-digit years are of this century); None for zeros or blanks. ValueError for 31/02."""
    if not digits.isdecimal():
        if digits.strip(" "):
            raise ValueError(f"{digits!r} is not a date")
        return None
    year = int(digits[4:])
    if not digits.strip("0"):
        return None
    return date(year + 2000 if len(digits) == 6 else year, int(digits[2:4]), int(digits[:2]))


def to_day_year_first(digits: str) -> date | None:
    return to_day(digits[6:] + digits[4:6] + digits[:4])


def to_text(value: str) -> str:
    return value.rstrip()


READ: Mapping[Picture, Callable[[str], Any]] = {
    Picture.NUMBER: to_number,
    Picture.CODE: to_text,
    Picture.MONEY: to_money,
    Picture.DATE6: to_day,
    Picture.DATE8: to_day,
    Picture.DATE_YEAR_FIRST: to_day_year_first,
    Picture.TEXT: to_text,
    Picture.EXACT: to_text,
}


@lru_cache(maxsize=4096)
def ddmmyy(value: date | None) -> str:
    return f"{value:%d%m%y}" if value else "000000"


@lru_cache(maxsize=4096)
def ddmmyyyy(value: date | None) -> str:
    return f"{value:%d%m}{value.year:04}" if value else "00000000"


@lru_cache(maxsize=4096)
def yyyymmdd(value: date | None) -> str:
    return f"{value.year:04}{value:%m%d}" if value else "00000000"


DAYS: Mapping[Picture, Callable[[date | None], str]] = {
    Picture.DATE6: ddmmyy,
    Picture.DATE8: ddmmyyyy,
    Picture.DATE_YEAR_FIRST: yyyymmdd,
}
"""How a date is written."""
