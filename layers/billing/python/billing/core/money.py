"""Money: exact cents of Brazilian real, and the one rounding rule of the product.

Amounts are `Money`; unit prices, quantities, rates and percentages are `Decimal`, ratios are `Fraction`.
Nothing here accepts a float: a float has already lost the cent.

>>> Money("90.00") + Money("0.10")
Money('90.10')
>>> Money.rounded(Decimal("-2.665"))
Money('-2.67')
>>> Money("100.00").allocate([1, 1, 1])
[Money('33.33'), Money('33.33'), Money('33.34')]
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_TEXT = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_CENT = Decimal("0.01")

_WHAT_IS_MONEY = "um valor em dinheiro é um texto com ponto e até duas casas decimais, por exemplo 1234.56"


class Money:
    """An exact amount in BRL cents. Immutable, ordered, hashable; never made from a float."""

    __slots__ = ("cents",)  # read a hundred thousand times in a run: a slot costs a third of a property
    cents: int

    def __init__(self, text: str) -> None:
        """Read `"1234.56"`, `"1234.5"` or `"1234"`; anything else, a float included, is a ValueError."""
        match = _TEXT.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(_WHAT_IS_MONEY)
        sign, units, cents = match.groups()
        value = int(units) * 100 + int((cents or "0").ljust(2, "0"))
        object.__setattr__(self, "cents", -value if sign else value)

    @classmethod
    def from_cents(cls, cents: int) -> Self:
        if type(cents) is not int:
            raise TypeError("cents are an int")
        money = _blank(cls)
        _keep(money, cents)
        return money

    @classmethod
    def rounded(cls, value: Decimal | Fraction) -> Self:
        """To the cent, half away from zero: the rule of every line (docs/rating.md, rounding 2)."""
        if isinstance(value, Decimal):
            return cls.from_cents(int(value.quantize(_CENT, rounding=ROUND_HALF_UP).scaleb(2)))
        if isinstance(value, Fraction):
            doubled = abs(value) * 200
            cents = (doubled.numerator // doubled.denominator + 1) // 2
            return cls.from_cents(-cents if value < 0 else cents)
        raise TypeError("round a Decimal or a Fraction, never a float")

    @classmethod
    def sum(cls, amounts: Iterable["Money"]) -> Self:
        return cls.from_cents(sum([amount.cents for amount in amounts]))

    @property
    def decimal(self) -> Decimal:
        """The amount in BRL, with two places."""
        return self.cents * _CENT

    def allocate(self, weights: Iterable[int | Decimal | Fraction]) -> list["Money"]:
        """Split in parts proportional to the weights; the parts always sum to the whole (largest remainder).

        Each part is cut to the cent; the cents left over go one each to the largest remainders, with ties from
        the last part backwards. All weights zero: equal parts. A negative whole mirrors the positive one.
        Raises ValueError for no weights or a negative one, TypeError for a float.
        """
        weights = list(weights)
        if any(not isinstance(weight, int | Decimal | Fraction) for weight in weights):
            raise TypeError("weights are exact, never floats")
        shares = [Fraction(weight) for weight in weights]
        if not shares:
            raise ValueError("a whole is split in at least one part")
        if any(share < 0 for share in shares):
            raise ValueError("weights are not negative")
        whole = sum(shares, Fraction(0))
        if whole == 0:
            shares, whole = [Fraction(1)] * len(shares), Fraction(len(shares))
        total = abs(self.cents)
        exact = [total * share / whole for share in shares]
        parts = [int(value) for value in exact]
        by_remainder = sorted(range(len(parts)), key=lambda i: (exact[i] - parts[i], i), reverse=True)
        for i in by_remainder[: total - sum(parts)]:
            parts[i] += 1
        sign = -1 if self.cents < 0 else 1
        return [Money.from_cents(sign * part) for part in parts]

    def __add__(self, other: "Money") -> "Money":
        return Money.from_cents(self.cents + other.cents) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money.from_cents(self.cents - other.cents) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return Money.from_cents(-self.cents)

    def __abs__(self) -> "Money":
        return Money.from_cents(abs(self.cents))

    def __mul__(self, times: int) -> "Money":
        """By a whole number only; a rate is applied to `.decimal` and rounded once."""
        return Money.from_cents(self.cents * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        return self.cents == other.cents if isinstance(other, Money) else NotImplemented

    def __lt__(self, other: "Money") -> bool:
        return self.cents < other.cents if isinstance(other, Money) else NotImplemented

    def __le__(self, other: "Money") -> bool:
        return self.cents <= other.cents if isinstance(other, Money) else NotImplemented

    def __gt__(self, other: "Money") -> bool:
        return self.cents > other.cents if isinstance(other, Money) else NotImplemented

    def __ge__(self, other: "Money") -> bool:
        return self.cents >= other.cents if isinstance(other, Money) else NotImplemented

    def __hash__(self) -> int:
        return hash(("Money", self.cents))

    def __bool__(self) -> bool:
        return self.cents != 0

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Money is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return Money.from_cents, (self.cents,)

    def __str__(self) -> str:
        """As stored and sent: `"1234.56"`."""
        units, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{units}.{cents:02d}"

    def __repr__(self) -> str:
        return f"Money({str(self)!r})"

    def format_br(self) -> str:
        """As a Brazilian reads it.

        >>> Money("1234567.80").format_br()
        'R$ 1.234.567,80'
        """
        units, cents = divmod(abs(self.cents), 100)
        grouped = f"{units:,}".replace(",", ".")
        return f"{'-' if self.cents < 0 else ''}R$ {grouped},{cents:02d}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> Money:
            return value if isinstance(value, Money) else cls(value)

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$",
            "examples": ["129.90"],
            "description": "Valor em reais, com ponto decimal e duas casas.",
        }


_blank = object.__new__
_keep = Money.__dict__["cents"].__set__  # the slot's own setter: amounts are made by the hundred thousand

ZERO = Money("0.00")


def _above_zero(amount: Money) -> Money:
    if amount <= ZERO:
        raise ValueError("o valor deve ser maior que zero")
    return amount


AboveZero = Annotated[Money, AfterValidator(_above_zero)]
"""An amount that would make no sense at zero."""


_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_WHAT_IS_EXACT = "um número exato é um texto com ponto decimal, por exemplo 12.5"


def _exact(value: object) -> object:
    """Decimals come as plain text (or Decimal, or int from code); a float, a comma or an exponent is refused."""
    if isinstance(value, Decimal) or type(value) is int:
        return value
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        return value
    raise ValueError(_WHAT_IS_EXACT)


def _plain(value: Decimal) -> str:
    """Without an exponent: str(Decimal("0.0000001")) is "1E-7", which is not how a price is sent."""
    return f"{value:f}"


_AS_TEXT = (
    BeforeValidator(_exact),
    PlainSerializer(_plain, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "examples": ["12.5"]}),
)

Quantity = Annotated[Decimal, *_AS_TEXT, Field(max_digits=21, decimal_places=6, allow_inf_nan=False)]
"""A measured or counted quantity: up to 6 decimals, sent as text."""

UnitPrice = Annotated[Decimal, *_AS_TEXT, Field(max_digits=23, decimal_places=10, allow_inf_nan=False)]
"""BRL for one unit: up to 10 decimals, sent as text."""

Percent = Annotated[Decimal, *_AS_TEXT, Field(max_digits=13, decimal_places=6, allow_inf_nan=False)]
"""A percentage: 2.5 means 2.5 %."""
