"""Every field that a request may have has its limits: found by walking the models of all routes, so that the next one
has them too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

import pytest
from annotated_types import Ge, Gt, Le, Lt, MaxLen
from pydantic import AfterValidator, BaseModel, SecretStr, StringConstraints
from pydantic.fields import FieldInfo

from billing.core.money import Money
from billing.core.period import Day, Month, Period
from billing.core.text import KEY_PATTERN, LINE_PATTERN, TEXT_PATTERN
from tests.support.every_route import ROUTES, declared

pytestmark = pytest.mark.req("SEC-06")

MOST_TEXT = 4000
BY_RULE = {bool, Money, Month, Period, type(None)}
"""Types whose own parser sets limits."""


@dataclass(frozen=True)
class Place:
    name: str
    type: Any
    rules: tuple[Any, ...]


def flat(rules: Any) -> Iterator[Any]:
    """The single rules of annotations and fields."""
    for rule in rules:
        if isinstance(rule, FieldInfo):
            yield from flat(rule.metadata)
        elif isinstance(rule, StringConstraints):
            yield rule
        else:
            yield rule


def places(annotation: Any, rules: tuple[Any, ...], name: str, seen: set[Any]) -> Iterator[Place]:  # noqa: C901  (a case for each form of a type)
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *more = get_args(annotation)
        yield from places(inner, (*rules, *more), name, seen)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen.add(annotation)
            for field, info in annotation.model_fields.items():
                yield from places(
                    info.annotation, tuple(info.metadata), f"{annotation.__name__}.{field}", seen
                )
    elif origin in {tuple, list, dict}:
        if origin is not tuple or Ellipsis in get_args(annotation):  # a pair has its length
            yield Place(name, origin, rules)
        for inner in get_args(annotation):
            if inner is not Ellipsis:
                yield from places(inner, (), name, seen)
    elif origin is not None and "Literal" not in str(origin):
        for inner in get_args(annotation):
            yield from places(inner, rules, name, seen)
    elif origin is None:
        yield Place(name, annotation, rules)


def all_places() -> list[Place]:
    seen: set[Any] = set()
    listed = []
    for route in ROUTES:
        dependant = declared(route).dependant
        for parameter in (*dependant.query_params, *dependant.body_params):
            info = parameter.field_info
            name = f"{route.method} {route.path} {parameter.name}"
            listed += places(info.annotation, tuple(info.metadata), name, seen)
    return listed


PLACES = all_places()


def of_type(kind: type) -> list[Place]:
    return [place for place in PLACES if place.type is kind]


def limits(place: Place) -> set[type]:
    return {type(rule) for rule in flat(place.rules)}


def patterns(place: Place) -> set[str]:
    return {
        pattern for rule in flat(place.rules) if isinstance(pattern := getattr(rule, "pattern", None), str)
    }


def longest(place: Place) -> int | None:
    lengths = [
        length for rule in flat(place.rules) if isinstance(length := getattr(rule, "max_length", None), int)
    ]
    return min(lengths, default=None)


def is_checked(place: Place) -> bool:
    """By one of our formats (`core.fields.checked_by`), which limits the length too."""
    return any(
        "checked_by" in rule.func.__qualname__ for rule in place.rules if isinstance(rule, AfterValidator)
    )


def test_every_text_refuses_unseen_characters_and_has_a_length() -> None:
    texts = of_type(str)
    unlimited = []
    for place in texts:
        free = patterns(place) & {LINE_PATTERN, TEXT_PATTERN}
        closed = patterns(place) - {LINE_PATTERN, TEXT_PATTERN}
        is_limited = (
            bool(closed)
            or is_checked(place)
            or (bool(free) and (longest(place) or MOST_TEXT + 1) <= MOST_TEXT)
        )
        if not is_limited and "dict[str, Any]" not in place.name and place.name not in KEPT_OUT:
            unlimited.append(place.name)

    assert len(texts) > 120
    assert unlimited == []


KEPT_OUT = {
    "UsageBatch.events",
    "ReadingBatch.readings",
    "TransactionBatch.transactions",
    "UtilityBillBatch.bills",
    "PATCH /items/{item_id} change",
}
"""Objects that the handler later reads as an entity, line by line: their names."""


def test_every_whole_number_has_both_ends() -> None:
    assert [
        place.name for place in of_type(int) if not (limits(place) & {Ge, Gt} and limits(place) & {Le, Lt})
    ] == []


def test_every_decimal_has_its_digits() -> None:
    assert [
        place.name
        for place in of_type(Decimal)
        if not any(getattr(rule, "max_digits", None) for rule in flat(place.rules))
    ] == []


def test_every_date_is_within_the_accepted_years() -> None:
    rules = set(get_args(Day)[1:])

    assert [place.name for place in of_type(date) if not rules <= set(place.rules)] == []
    assert of_type(datetime) == []


def test_every_list_has_its_length() -> None:
    lists = [place for kind in (tuple, list, dict) for place in of_type(kind)]

    assert [place.name for place in lists if MaxLen not in limits(place) and place.name not in KEPT_OUT] == []


def test_every_secret_has_its_length() -> None:
    assert [place.name for place in of_type(SecretStr) if longest(place) is None] == []


def test_no_other_type_is_accepted() -> None:
    known = {str, SecretStr, int, date, Decimal, tuple, list, dict, *BY_RULE}

    assert {
        place.name
        for place in PLACES
        if place.type not in known
        and not (isinstance(place.type, type) and issubclass(place.type, Enum))
        and place.name not in KEPT_OUT
    } == set()


@pytest.mark.parametrize("pattern", [LINE_PATTERN, TEXT_PATTERN, KEY_PATTERN])
def test_patterns_mean_the_same_in_python(pattern: str) -> None:
    for char in "\x00\x1b\x7f\x85\xad\u200b\u200e\u202e\u2066\ufeff\ue000":
        assert re.search(pattern, f"a{char}b") is None
