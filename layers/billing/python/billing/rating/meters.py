"""Meters: a counter's total up to a day, estimated where there is no reading, and trued up automatically (USE-04,
USE-05).

    position(t) = last reading - initial + daily estimate x days since that reading (since the start where there is none)
    bill        = position(end) - everything billed before

Ends are exclusive, and a reading dated on the end counts. A replaced or rolled-over meter adds the old one's count.
Because a bill is a difference of positions, estimates are trued up once, exactly, and partial closings together bill
the same; an estimate that was too high gives a negative quantity.

>>> meter = RatedMeter(initial=Decimal(0), since=date(2026, 1, 1), readings=(MeterValue(date(2026, 1, 21), Decimal(1100)),),
...               daily_estimate=Decimal(60))
>>> meter.position(date(2026, 1, 31)).units
Decimal('1700')
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing.core.errors import Refused
from billing.rating import brazilian
from billing.rating.exact import refuse_floats
from billing.rating.explanation import QUANTITY, ZERO, Rule, Trail


@dataclass(slots=True, eq=False, repr=False)
class MeterValue:
    """A counter's value as of the start of the day `on`, so that it counts for a period that ends there.

    A replacement or a roll-over has where the old counter stopped (`old_final`) and where the new one started.
    """

    on: date
    value: Decimal
    old_final: Decimal | None = None
    """The replaced meter's last value, or the value at which the counter rolls over: 100000 with five digits, as the
    step from 99999 to 00000 counts too."""
    restarted_at: Decimal = ZERO
    """The new meter's first value."""

    def __post_init__(self) -> None:
        refuse_floats(self.value, self.old_final, self.restarted_at)


class Position(NamedTuple):
    """The units from the meter's start to a day, and how they are known."""

    units: Decimal
    counted: Decimal
    """From readings alone."""
    reading: Decimal | None
    """The last reading's value; None if there is none."""
    reading_on: date | None
    days_since_reading: int
    is_estimated: bool


class RatedMeter(NamedTuple):
    """One counter of one item. Readings come in any order."""

    initial: Decimal
    since: date
    """The first day that is billed: estimates without any reading count from here."""
    readings: Sequence[MeterValue]
    daily_estimate: Decimal | None = None
    """Units a day for the days that no reading covers; None bills readings only."""

    def position(self, end: date) -> Position:
        """The position on `end` (exclusive). Refused if a reading is below the previous one."""
        counted, value, read_on = ZERO, self.initial, None
        for reading in self.readings if len(self.readings) < 2 else in_order(self.readings):
            if reading.on > end:
                break
            counted += _counted(value, reading)
            value, read_on = reading.value, reading.on
        days = (end - (read_on or self.since)).days
        if self.daily_estimate is None or days <= 0:
            return Position(counted, counted, value if read_on else None, read_on, max(days, 0), False)
        estimated = counted + self.daily_estimate * days
        return Position(
            estimated, counted, value if read_on else None, read_on, days, bool(self.daily_estimate)
        )


class Bill(NamedTuple):
    units: Decimal
    """To bill now; negative if an estimate was too high."""
    position: Position
    """Its `units` are the total billed after this."""


def bill(meter: RatedMeter, end: date, billed_before: Decimal) -> Bill:
    """What a meter bills up to `end` (exclusive), given everything that was billed before."""
    position = meter.position(end)
    return Bill(position.units - billed_before, position)


def in_order(readings: Iterable[MeterValue]) -> list[MeterValue]:
    """By day; on one day the old counter's readings come before the replacement's."""
    return sorted(readings, key=lambda reading: (reading.on, reading.old_final is not None, reading.value))


def _counted(before: Decimal, reading: MeterValue) -> Decimal:
    if reading.old_final is not None:
        if reading.old_final < before or reading.value < reading.restarted_at:
            raise _backwards(reading)
        return reading.old_final - before + reading.value - reading.restarted_at
    if reading.value < before:
        raise _backwards(reading)
    return reading.value - before


def _backwards(reading: MeterValue) -> Refused:
    return Refused(
        "meter.backwards",
        f"A leitura de {reading.on:%d/%m/%Y} é menor que a anterior. Corrija a leitura ou informe que o medidor"
        " foi trocado ou zerou.",
    )


def take(trail: Trail, meter: RatedMeter, position: Position, billed_before: Decimal) -> None:
    """The quantity to bill: the position minus everything billed before."""
    counted = ("counted", position.counted, "meter")
    before = ("billed_before", billed_before, "closing")
    reading = (
        "reading",
        meter.initial if position.reading is None else position.reading,
        f"reading {position.reading_on.isoformat()}" if position.reading_on else "definition",
    )
    if not position.is_estimated:
        trail.set_quantity(METERED, counted, before, reading)
        return
    assert meter.daily_estimate is not None
    trail.set_quantity(
        ESTIMATED,
        counted,
        before,
        ("daily_estimate", meter.daily_estimate, "definition"),
        ("days", Decimal(position.days_since_reading), "period"),
        reading,
    )


METERED = Rule(
    "metered",
    QUANTITY,
    lambda q, _a, counted, billed, _reading: q + counted - billed,
    lambda s, unit: (
        f"leitura {brazilian.plain(s.value('reading'))}, contadas {brazilian.plain(s.value('counted'))},"
        f" já faturadas {brazilian.plain(s.value('billed_before'))}: {brazilian.units(s.after, unit)}"
    ),
)
ESTIMATED = Rule(
    "estimated",
    QUANTITY,
    lambda q, _a, counted, billed, daily, days, _reading: q + counted + daily * days - billed,
    lambda s, unit: (
        f"leitura {brazilian.plain(s.value('reading'))}, contadas {brazilian.plain(s.value('counted'))}"
        f" + {brazilian.plain(s.value('days'))} dias estimados × {brazilian.plain(s.value('daily_estimate'))},"
        f" já faturadas {brazilian.plain(s.value('billed_before'))}: {brazilian.units(s.after, unit)}"
    ),
)
RULES = (METERED, ESTIMATED)
