"""Business days: when a bill can be paid at a Brazilian bank.

A business day is not a Saturday, a Sunday, a national holiday or a day on which banks do not serve the public. State
and municipal holidays differ by place and are passed in as data (`extra`).

National holidays, by law:
  1/1, 21/4, 1/5, 7/9, 2/11, 15/11, 25/12    Lei 662/1949, art. 1, as amended by Lei 10.607/2002
  12/10                                      Lei 6.802/1980, art. 1
  20/11, since 2024                          Lei 14.759/2023, art. 1
  Good Friday                                Lei 9.093/1995, art. 2: by municipal law, everywhere
Bank days, Resolução CMN 4.880/2020: no business on Carnaval's Monday and Tuesday and on Corpus Christi; no service to
the public on the year's last working day, so a bill due then is paid on the next business day.

>>> is_business_day(date(2026, 11, 20)), is_business_day(date(2023, 11, 20))
(False, True)
>>> next_business_day(date(2026, 2, 14))
datetime.date(2026, 2, 18)
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

_DAY = timedelta(days=1)


def is_business_day(day: date, extra: Collection[date] = ()) -> bool:
    """Whether banks serve the public; `extra` are the place's own holidays."""
    return day.weekday() < 5 and day not in _closed_weekdays(day.year) and day not in extra


def next_business_day(day: date, extra: Collection[date] = ()) -> date:
    """The first business day on or after `day`: a business day is its own."""
    while not is_business_day(day, extra):
        day += _DAY
    return day


def add_business_days(day: date, count: int, extra: Collection[date] = ()) -> date:
    """The `count`-th business day after `day` (before it, when negative); `day` itself for zero.

    >>> add_business_days(date(2026, 2, 13), 1), add_business_days(date(2026, 2, 18), -1)
    (datetime.date(2026, 2, 18), datetime.date(2026, 2, 13))
    """
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_business_day(day, extra):
            day += step
    return day


@cache
def national_holidays(year: int) -> Mapping[date, str]:
    """The year's national holidays and their names."""
    holidays = {
        date(year, 1, 1): "Confraternização Universal",
        easter(year) - 2 * _DAY: "Sexta-feira Santa",
        date(year, 4, 21): "Tiradentes",
        date(year, 5, 1): "Dia do Trabalho",
        date(year, 9, 7): "Independência do Brasil",
        date(year, 10, 12): "Nossa Senhora Aparecida",
        date(year, 11, 2): "Finados",
        date(year, 11, 15): "Proclamação da República",
        date(year, 12, 25): "Natal",
    }
    if year >= 2024:
        holidays[date(year, 11, 20)] = "Dia Nacional de Zumbi e da Consciência Negra"
    return MappingProxyType(holidays)


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """The days on which only banks stop, and their names."""
    sunday = easter(year)
    last = date(year, 12, 31)
    while last.weekday() >= 5:
        last -= _DAY
    return MappingProxyType(
        {
            sunday - 48 * _DAY: "Carnaval",
            sunday - 47 * _DAY: "Carnaval",
            sunday + 60 * _DAY: "Corpus Christi",
            last: "Último dia útil do ano, sem atendimento ao público",
        }
    )


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of 1876, in Meeus, Astronomical Algorithms, ch. 8).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    golden = year % 19
    century, of_century = divmod(year, 100)
    skipped_leaps, century_of_four = divmod(century, 4)
    moon_drift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - skipped_leaps - moon_drift + 15) % 30
    leaps, year_of_four = divmod(of_century, 4)
    to_sunday = (32 + 2 * century_of_four + 2 * leaps - epact - year_of_four) % 7
    late = (golden + 11 * epact + 22 * to_sunday) // 451
    month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def _closed_weekdays(year: int) -> frozenset[date]:
    return frozenset((*national_holidays(year), *bank_holidays(year)))
