"""Percentage of each event's amount, in the events' order.

An event is free while both the free events and the free amount last (an absent limit does not bind); of the event
that crosses the free amount, only the part above is charged. Floor and cap apply to each charged event, including its
flat amount; one rounding at the end.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from billing.core.entity import Entity
from billing.core.money import Money, Percent
from billing.rating import brazilian
from billing.rating.exact import Count, NotNegative, Number
from billing.rating.explanation import AMOUNT, ZERO, Rule, Trail


class Percentage(Entity):
    kind: Literal["percentage"] = "percentage"
    rate_percent: Annotated[Percent, Field(ge=0)]
    flat: Money | None = None
    """R$ por evento cobrado."""
    free_events: Annotated[Count, Field(ge=0)] | None = None
    free_amount: NotNegative | None = None
    min: NotNegative | None = None
    """Mínimo em R$ por evento cobrado."""
    max: NotNegative | None = None
    """Máximo em R$ por evento cobrado."""

    @field_validator("max")
    @classmethod
    def _minimum_fits(cls, cap: Money | None, info: ValidationInfo) -> Money | None:
        floor = info.data.get("min")
        if cap is not None and floor is not None and floor > cap:
            raise ValueError("o mínimo por evento é maior que o máximo")
        return cap


def price(trail: Trail, model: Percentage, events: Iterable[Decimal]) -> None:
    """One step for each charged event; `events` in the order they happened."""
    terms = (
        ("rate_percent", model.rate_percent, "definition"),
        ("flat", model.flat.decimal if model.flat else ZERO, "definition"),
        ("min", "" if model.min is None else model.min.decimal, "definition"),
        ("max", "" if model.max is None else model.max.decimal, "definition"),
    )
    for event, charged in _charged(model, events):
        trail.set_amount(PERCENTAGE_EVENT, ("event", event, "usage"), ("charged", charged, "usage"), *terms)


def _charged(model: Percentage, events: Iterable[Decimal]) -> Iterator[tuple[Decimal, Decimal]]:
    """Each charged event, with the part of it that is not free."""
    free_events = model.free_events
    free_amount = None if model.free_amount is None else model.free_amount.decimal
    is_free = free_events is not None or free_amount is not None
    seen = ZERO
    for count, event in enumerate(events, start=1):
        seen += event
        is_free = is_free and (free_events is None or count <= free_events)
        if not is_free:
            yield event, event
        elif free_amount is not None and seen > free_amount:
            is_free = False
            yield event, seen - free_amount


def _charge(
    _quantity: Number,
    amount: Number,
    _event: Number,
    charged: Number,
    rate: Number,
    flat: Number,
    floor: Number | str,
    cap: Number | str,
) -> Number:
    due = charged * rate / 100 + flat
    if not isinstance(floor, str):
        due = max(due, floor)
    if not isinstance(cap, str):
        due = min(due, cap)
    return amount + due


PERCENTAGE_EVENT = Rule(
    "percentage_event",
    AMOUNT,
    _charge,
    lambda s, _unit: (
        f"{brazilian.percent(s.value('rate_percent'))} de {brazilian.amount(s.value('charged'))}"
        f" = {brazilian.amount(s.after - s.before)}"
    ),
)
RULES = (PERCENTAGE_EVENT,)
