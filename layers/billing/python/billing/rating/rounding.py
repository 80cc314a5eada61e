"""Rounding to the cent: the product's one way, and those that a bank's contract may require.

>>> from decimal import Decimal
>>> str(rounded(Decimal("-2.665"))), str(rounded(Decimal("2.665"), Rounding.HALF_EVEN))
('-2.67', '2.66')
"""

from enum import StrEnum
from fractions import Fraction

from billing.core.money import Money
from billing.rating.exact import Number, refuse_floats, to_cents


class Rounding(StrEnum):
    HALF_UP = "half_up"  # half away from zero: ours
    HALF_EVEN = "half_even"  # never ours; for checking the figures of a bank that rounds this way
    TRUNCATE = "truncate"  # cut below the cent: only where a bank's contract says so


def rounded(value: Number, rounding: Rounding = Rounding.HALF_UP) -> Money:
    """To the cent; a float is a TypeError."""
    refuse_floats(value)
    if rounding is Rounding.HALF_UP:
        return to_cents(value)
    cents = Fraction(value) * 100
    return Money.from_cents(round(cents) if rounding is Rounding.HALF_EVEN else int(cents))
