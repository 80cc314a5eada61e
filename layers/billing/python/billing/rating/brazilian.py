"""Numbers as a Brazilian reads them in an explanation: 1.800 páginas, R$ 0,0500, 12,5 %."""

from decimal import Decimal
from fractions import Fraction

from billing.core.money import Money
from billing.rating.exact import Number


def plain(value: Number, places: int = 0) -> str:
    """Grouped by thousands, with a comma; at least `places` decimals and no more than the value has.

    >>> plain(Decimal("1800")), plain(Decimal("0.05"), 4), plain(Fraction(12, 31))
    ('1.800', '0,0500', '12/31')
    """
    if isinstance(value, Fraction):
        if value.denominator != 1:
            return f"{value.numerator}/{value.denominator}"
        value = Decimal(value.numerator)
    text = format(abs(value), "f")
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(places, "0")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "-" if value < 0 else ""
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def price(value: Number) -> str:
    """A unit price, with four decimals at least: R$ 0,0500; a ratio as it is: R$ 2/3."""
    sign = "-" if value < 0 else ""
    return f"{sign}R$ {plain(abs(value), 4)}"


def amount(value: Number) -> str:
    """An amount; one that is not yet rounded keeps its decimals: R$ 8,5161."""
    if isinstance(value, Fraction):
        return Money.rounded(value).format_br()
    sign = "-" if value < 0 else ""
    return f"{sign}R$ {plain(abs(value), 2)}"


def percent(value: Number) -> str:
    return f"{plain(value)} %"


def units(value: Number, unit: str | None) -> str:
    return f"{plain(value)} {unit}" if unit else plain(value)
