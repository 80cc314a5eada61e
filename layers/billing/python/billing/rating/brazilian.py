"""Numbers as a Brazilian reads them in an explanation: 1.800 páginas, R$ 0,0500, 12,5 %."""

from decimal import Decimal
from fractions import Fraction

from billing.core.money import Money
from billing.rating.exact import Number
from billing.rating.units import counted

LONGEST_MONTH = 31


def days_of(days: Number, period_days: Number) -> str:
    """Days over those of a month, also where they are more than it has.

    >>> days_of(12, 31), days_of(45, 30), days_of(60, 30), days_of(1427, 930)
    ('12 de 31 dias', '1 mês e 15 de 30 dias', '2 meses', '1 mês e 497/930 de mês')
    """
    months, remainder = divmod(int(days), int(period_days))
    part = (
        f"{remainder} de {period_days} dias"
        if period_days <= LONGEST_MONTH
        else f"{remainder}/{period_days} de mês"
    )
    if not months:
        return part
    whole = "1 mês" if months == 1 else f"{months} meses"
    return f"{whole} e {part}" if remainder else whole


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
    """
    >>> units(Decimal(1), "páginas"), units(Decimal(2), "páginas"), units(Decimal(1), None)
    ('1 página', '2 páginas', '1')
    """
    return counted(plain(value), unit) if unit else plain(value)
