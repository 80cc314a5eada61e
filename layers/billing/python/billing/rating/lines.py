"""The results of rating: explained lines, issues for a person, and what the next period starts from."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from hashlib import blake2b
from typing import Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from billing.core.money import Money
from billing.rating.carry_over import CarryOverMovement
from billing.rating.exact import Number
from billing.rating.explanation import Explanation

_EMPTY = blake2b(digest_size=12)  # copying is faster than creating, and this is done for every line


def line_id(told_apart_by: str) -> str:
    """The same id for the same text, always: 96 bits of BLAKE2b in hexadecimal, a third of the time of `derived_id`."""
    digest = _EMPTY.copy()
    digest.update(told_apart_by.encode())
    return f"rln_{digest.hexdigest()}"


class RatedLine(NamedTuple):
    """One line of a closing. Made thousands at a time, so it is a plain record; `to_map` is its stored and sent form.

    kind: usage, recurring, fixed, one_time, transaction, energy, allowance_fee, excess, shared_allowance, adjustment,
    level, true_up.
    """

    line_id: str
    """Derived from definition, item, kind and period: the same line always has the same id."""
    definition_id: str
    item_id: str | None
    category: str
    subcategory: str
    level: str
    description: str
    """As printed on the invoice, in Portuguese."""
    quantity: Number | None
    unit: str | None
    amount: Money
    tax: Money | None
    """On top of the amount; None if the line is not taxable."""
    billed: bool
    """False if the definition is an exception: the line is shown but counts in no sum."""
    kind: str
    explanation: Explanation

    def to_map(self) -> dict[str, Any]:
        """JSON types; absent fields left out."""
        data: dict[str, Any] = {
            "line_id": self.line_id,
            "definition_id": self.definition_id,
            "category": self.category,
            "subcategory": self.subcategory,
            "level": self.level,
            "description": self.description,
            "amount": str(self.amount),
            "billed": self.billed,
            "kind": self.kind,
            "explanation": self.explanation.to_map(),
        }
        if self.item_id is not None:
            data["item_id"] = self.item_id
        if self.quantity is not None:
            data["quantity"] = _text(self.quantity)
        if self.unit is not None:
            data["unit"] = self.unit
        if self.tax is not None:
            data["tax"] = str(self.tax)
        return data

    @classmethod
    def from_map(cls, data: Mapping[str, Any]) -> "RatedLine":
        quantity, tax = data.get("quantity"), data.get("tax")
        return cls(
            line_id=data["line_id"],
            definition_id=data["definition_id"],
            item_id=data.get("item_id"),
            category=data["category"],
            subcategory=data["subcategory"],
            level=data["level"],
            description=data["description"],
            quantity=None if quantity is None else _number(quantity),
            unit=data.get("unit"),
            amount=Money(data["amount"]),
            tax=None if tax is None else Money(tax),
            billed=data["billed"],
            kind=data["kind"],
            explanation=Explanation.from_map(data["explanation"]),
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """So that an entity can have lines and be stored and sent with them."""
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.from_map(value),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.to_map),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text = {"type": "string"}
        texts = (
            "line_id",
            "definition_id",
            "category",
            "subcategory",
            "level",
            "description",
            "kind",
            "amount",
        )
        optional = ("item_id", "quantity", "unit", "tax")
        return {
            "type": "object",
            "title": "RatedLine",
            "properties": {
                **dict.fromkeys((*texts, *optional), text),
                "billed": {"type": "boolean"},
                "explanation": {"type": "object", "description": "Passos do cálculo, na ordem."},
            },
            "required": [*texts, "billed", "explanation"],
        }


class RatingIssue(NamedTuple):
    """Something for a person to resolve; the other lines are valid. Codes are public."""

    code: str
    message: str
    item_id: str | None


class MeterPosition(NamedTuple):
    """Where a meter stands after the period: the next closing's `billed_before` is this `units` (CLO-03, CLO-12)."""

    item_id: str
    unit: str
    units_before: Decimal
    units: Decimal
    is_estimated: bool
    days_since_reading: int


class Rating(NamedTuple):
    lines: tuple[RatedLine, ...]
    issues: tuple[RatingIssue, ...]
    carry_over_movements: tuple[CarryOverMovement, ...]
    meter_positions: tuple[MeterPosition, ...] = ()

    @property
    def total(self) -> Money:
        """What the period charges: billed amounts with their taxes."""
        return self.amount + self.tax

    @property
    def amount(self) -> Money:
        """The billed lines without taxes."""
        return Money.from_cents(sum(line.amount.cents for line in self.lines if line.billed))

    @property
    def tax(self) -> Money:
        return Money.sum(line.tax for line in self.lines if line.billed and line.tax is not None)


def _text(value: Number) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _number(text: str) -> Number:
    return Fraction(text) if "/" in text else Decimal(text)


def unit_price_of(lines: Iterable[RatedLine]) -> Decimal | None:
    """R$ per unit: what the quantities of all the lines were multiplied by. None if they have no price per unit, or more
    than one, as in tiers."""
    prices = {
        value
        for line in lines
        for _, inputs, _, _ in line.explanation.rows
        for name, value, _ in inputs
        if name == "unit_price"
    }
    return prices.pop() if len(prices) == 1 else None
