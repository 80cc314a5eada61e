"""Short ways to state a contract's terms and what happened in a period."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from billing.core.period import Month, Period
from billing.rating.definition import Category, ChargeDefinition
from billing.rating.engine import rate
from billing.rating.lines import RatedLine, Rating
from billing.rating.meters import MeterValue
from billing.rating.replay import replay
from billing.rating.terms import MeterInput, RatingInput, UsageQuantity

JANUARY = Period.of_month(Month("2026-01"))
START, END = JANUARY.start, JANUARY.end


def definition(definition_id: str = "def_1", **fields: Any) -> ChargeDefinition:
    given = {"definition_id": definition_id, "valid_from": date(2025, 1, 1), "category": "usage", **fields}
    return ChargeDefinition.model_validate(given)


def per_unit(price: str = "0.05", **fields: Any) -> ChargeDefinition:
    return definition(
        **{"usage_unit": "page", "pricing": {"kind": "per_unit", "unit_price": price}, **fields}
    )


def monthly(amount: str = "90.00", frequency: str = "monthly", **fields: Any) -> ChargeDefinition:
    basis = fields.pop("basis", "actual")
    pricing = {"kind": "flat", "amount": amount, "basis": basis}
    return definition(**{"subcategory": frequency, "pricing": pricing, **fields})


def used(quantity: str, day: int = 10, item_id: str | None = None, **fields: Any) -> UsageQuantity:
    given: dict[str, Any] = {
        "item_id": item_id,
        "unit": "page",
        "quantity": Decimal(quantity),
        "unit_price": None,
        "category": Category.USAGE,
        "subcategory": "all",
        "billing_item_id": None,
        "on": date(2026, 1, day),
        **fields,
    }
    return UsageQuantity(**given)


def work(
    quantity: str,
    cost: str | None,
    subcategory: str = "labour",
    attributes: Mapping[str, str] | None = None,
    **fields: Any,
) -> UsageQuantity:
    price = None if cost is None else Decimal(cost)
    given = {"category": Category.WORK_ORDER, "subcategory": subcategory, "unit": "hour", "unit_price": price}
    return used(quantity, **{**given, "attributes": attributes or {}, **fields})


def meter(*readings: tuple[int, str], item_id: str = "p1", unit: str = "page", **fields: Any) -> MeterInput:
    """Readings as (day of January, value)."""
    initial = Decimal(fields.pop("initial", "0"))
    listed = [MeterValue(date(2026, 1, day), Decimal(value)) for day, value in readings]
    return MeterInput(item_id, unit, initial, listed, **fields)


def rated(*definitions: ChargeDefinition, **fields: Any) -> Rating:
    """Utility bills may be given by source alone: then they are for the month in which the period starts."""
    period = fields.pop("period", JANUARY)
    bills = {
        (key, Month.of(period.start)) if isinstance(key, str) else key: bill
        for key, bill in fields.pop("utility_bills", {}).items()
    }
    return rate(RatingInput(period, definitions=definitions, utility_bills=bills, **fields))


def iss(percent: str, since: date = date(2025, 1, 1)) -> dict[str, list[tuple[date, Decimal]]]:
    """Tax rates with one code."""
    return {"iss": [(since, Decimal(percent))]}


def amounts(rating: Rating) -> list[tuple[str, str | None, str]]:
    """(kind, item, amount) of the billed lines."""
    return [(line.kind, line.item_id, str(line.amount)) for line in rating.lines if line.billed]


def codes(rating: Rating) -> list[str]:
    return [issue.code for issue in rating.issues]


def told_again(lines: Iterable[RatedLine]) -> bool:
    """Whether replaying every line's explanation gives the line again."""
    for line in lines:
        again = replay(line.explanation)
        quantity = line.quantity if line.quantity is None else again.quantity
        if (quantity, again.amount, again.tax) != (line.quantity, line.amount, line.tax):
            return False
        if again.explanation != line.explanation:
            return False
    return True
