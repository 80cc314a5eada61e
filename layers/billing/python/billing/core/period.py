"""Business dates: months, half-open periods and dates kept from an anchor day.

Periods are [start, end) inside and shown inclusive. A monthly date comes from its anchor day, never from the
previous date, so 31/01 is followed by 28/02 and then by 31/03.

>>> Period.of_month(Month("2026-02"))
Period(2026-02-01, 2026-03-01)
>>> [str(d) for d in anniversaries(date(2026, 1, 31), 3)]
['2026-01-31', '2026-02-28', '2026-03-31']
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_MONTH = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHAT_IS_A_PERIOD = (
    "um período tem start e end, como 2026-03-01 e 2026-04-01 (end é o dia seguinte ao último)"
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""The range in which a date in a request makes sense, far from the calendar's own ends, where arithmetic fails."""


def _in_our_time(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date.range", "data fora do intervalo de 01/01/1900 a 31/12/2199")
    return day


def _as_written(value: Any) -> Any:
    """ISO text only: pydantic would read a number, or a text of digits, as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value.strip())):
        return value
    raise PydanticCustomError("date.form", "deve ser uma data como 2026-04-30")


Day = Annotated[date, BeforeValidator(_as_written), AfterValidator(_in_our_time)]
"""A business date as people send it: 2026-04-30."""

LONGEST_RANGE = timedelta(days=366)
"""The longest range of dates for one command or list, which reads an index month by month."""


def is_range(first: date, last: date) -> bool:
    """In order, and at most LONGEST_RANGE apart.

    >>> is_range(date(2026, 1, 1), date(2027, 1, 2)), is_range(date(2026, 1, 1), date(2027, 1, 3))
    (True, False)
    """
    return timedelta(0) <= last - first <= LONGEST_RANGE


class Month(str):
    """A calendar month, "2026-03"; orders as text. Raises ValueError for anything else."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        if not isinstance(text, str) or _MONTH.fullmatch(text) is None:
            raise ValueError("um mês é um texto como 2026-03")
        return super().__new__(cls, text)

    @classmethod
    def of(cls, day: date) -> Self:
        return str.__new__(cls, day.isoformat()[:7])  # a date's own month needs no check

    @property
    def first_day(self) -> date:
        return date(int(self[:4]), int(self[5:]), 1)

    def plus(self, months: int) -> "Month":
        return Month.of(add_months(self.first_day, months))

    def day(self, number: int) -> date:
        """Day `number` of the month, clamped to its end: day 31 of 2026-02 is 28/02."""
        first = self.first_day
        return first.replace(day=min(number, monthrange(first.year, first.month)[1]))

    def format_br(self) -> str:
        """03/2026"""
        return f"{self[5:]}/{self[:4]}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> Month:
            month = cls(value)
            _in_our_time(month.first_day)
            return month

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", "examples": ["2026-03"]}


class Period:
    """Half-open [start, end) of business dates, at least one day long."""

    __slots__ = ("end", "start")
    start: date
    end: date

    def __init__(self, start: date, end: date) -> None:
        if isinstance(start, datetime) or isinstance(end, datetime):
            raise TypeError("a period is of business dates, not of instants")
        if start >= end:
            raise ValueError("um período termina depois de começar")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    @classmethod
    def of_month(cls, month: Month) -> Self:
        return cls(month.first_day, month.plus(1).first_day)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def intersection(self, other: "Period") -> "Period | None":
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Period is immutable")

    def __eq__(self, other: object) -> bool:
        return (
            (self.start, self.end) == (other.start, other.end)
            if isinstance(other, Period)
            else NotImplemented
        )

    def __hash__(self) -> int:
        return hash((self.start, self.end))

    def __lt__(self, other: "Period") -> bool:
        if not isinstance(other, Period):
            return NotImplemented
        return (self.start, self.end) < (other.start, other.end)

    def __reduce__(self) -> tuple[Any, ...]:
        return Period, (self.start, self.end)

    def __repr__(self) -> str:
        return f"Period({self.start}, {self.end})"

    def format_br(self) -> str:
        """Inclusive, as a Brazilian reads it: 01/02/2026 a 28/02/2026."""
        return f"{self.start:%d/%m/%Y} a {self.last_day:%d/%m/%Y}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> Period:
            if isinstance(value, Period):
                return value
            if not isinstance(value, dict) or set(value) != {"start", "end"}:
                raise ValueError(_WHAT_IS_A_PERIOD)
            return cls(_read_date(value["start"]), _read_date(value["end"]))

        return core_schema.no_info_plain_validator_function(
            read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda p: {"start": p.start.isoformat(), "end": p.end.isoformat()}
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        day = {"type": "string", "format": "date"}
        return {
            "type": "object",
            "description": "Do dia `start`, inclusive, até antes do dia `end`: um mês termina no primeiro dia do seguinte.",
            "properties": {"start": day, "end": day},
            "required": ["start", "end"],
            "examples": [{"start": "2026-03-01", "end": "2026-04-01"}],
        }


def _read_date(value: object) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise ValueError(_WHAT_IS_A_PERIOD)
    try:
        return date.fromisoformat(value)
    except ValueError as no_such_day:
        raise ValueError(f"o dia {value} não existe") from no_such_day


def add_months(day: date, months: int, *, anchor_day: int | None = None) -> date:
    """`months` later on the anchor day (default the day itself), clamped to the month's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(anchor_day or day.day, last))


def anniversaries(start: date, count: int) -> list[date]:
    """`count` monthly dates from `start`, each from the anchor day."""
    return [add_months(start, i) for i in range(count)]


def closing_period(month: Month, cut_off_day: int) -> Period:
    """The closing period of month M: from M's cut-off day to M+1's, each clamped to its month's end."""
    return Period(month.day(cut_off_day), month.plus(1).day(cut_off_day))


def days(period: Period) -> Iterator[date]:
    return (period.start + timedelta(days=i) for i in range(period.days))
