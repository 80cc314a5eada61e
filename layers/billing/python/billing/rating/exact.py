"""Exact numbers for rating: Decimal if it suffices, Fraction for ratios that may not terminate, never a float.

The interpreter's default Decimal context keeps 28 digits, fewer than a quantity (21) times a price (23) needs;
everything here computes in `EXACT`, which is wider than any product of values within our field limits.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import wraps
from typing import Annotated, Any, Final, ParamSpec, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from billing.core.errors import Refused
from billing.core.money import Money

Number: TypeAlias = Any
"""A Decimal, or a Fraction once a ratio has come in; the two are never mixed. No static type can express that."""

record: Final = tuple.__new__
"""Makes a `NamedTuple` from all its fields in half the time of calling it, for those made for every line."""

EXACT = Context(prec=160, rounding=ROUND_HALF_UP)
_DIGITS = 13  # before the point: as many as Money's text form has
_CENT = Decimal("0.01")
_NOTHING = Decimal("0.00")
_HUNDRED = Decimal(100)
_HALF = Fraction(1, 2)
_from_cents: Final = Money.from_cents  # bound once, not for every line


def _no_float(value: object) -> object:
    if isinstance(value, bool | float):
        raise ValueError("número inteiro: sem ponto decimal")  # noqa: TRY004
    return value


Count = Annotated[int, Field(ge=-(10**15), le=10**15), BeforeValidator(_no_float)]
"""A whole number in an entity: from an int or its text, never from a float."""


def _not_negative(value: Money) -> Money:
    if value.cents < 0:
        raise ValueError("o valor não pode ser negativo")
    return value


NotNegative = Annotated[Money, AfterValidator(_not_negative)]

P = ParamSpec("P")
R = TypeVar("R")


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function in the exact context; a float among its arguments is a TypeError."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        refuse_floats(*args, *kwargs.values())
        with localcontext(EXACT):
            return function(*args, **kwargs)

    return inner


def refuse_floats(*values: object) -> None:
    """TypeError for any float, since it has already lost the cent; looks inside lists."""
    for value in values:
        if isinstance(value, float):
            raise TypeError("números são exatos (Decimal ou texto), nunca float")
        if isinstance(value, list | tuple):
            refuse_floats(*value)


def to_cents(value: Number) -> Money:
    """R(x): to the cent, half away from zero; Refused if the amount has more digits than money may have."""
    return money_of(in_cents(value))


def in_cents(value: Number) -> Decimal:
    """R(x) in the form that rules compute with: BRL with two places, never a negative zero."""
    rounded = value.quantize(_CENT, ROUND_HALF_UP) if type(value) is Decimal else Money.rounded(value).decimal
    if rounded.adjusted() >= _DIGITS:
        raise Refused(
            "rating.amount_too_large",
            "O valor calculado passa de 13 dígitos: confira a quantidade e o preço.",
        )
    return rounded or _NOTHING


def money_of(rounded: Decimal) -> Money:
    """The Money of an amount rounded by `in_cents`."""
    return _from_cents(int(rounded * _HUNDRED))


def whole_units(value: Number) -> Decimal:
    """To a whole unit, half up: prorated allowances and minimum quantities.

    >>> whole_units(Fraction(5000 * 12, 31))
    Decimal('1935')
    """
    return Decimal(int(Fraction(value) + _HALF))
