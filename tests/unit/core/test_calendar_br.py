"""Business days, against calendars published by ANBIMA and FEBRABAN."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.calendar_br import (
    add_business_days,
    bank_holidays,
    easter,
    is_business_day,
    national_holidays,
    next_business_day,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(-30, 30)


@pytest.mark.parametrize(
    "sunday",
    [
        date(1961, 4, 2),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),  # the latest possible Easter
        date(2285, 3, 22),  # the earliest
    ],
)
def test_easter_falls_on_the_published_sunday(sunday):
    assert easter(sunday.year) == sunday


@given(st.integers(1583, 9999))
def test_easter_is_a_sunday_from_22_march_to_25_april(year):
    sunday = easter(year)
    assert sunday.weekday() == 6
    assert date(year, 3, 22) <= sunday <= date(year, 4, 25)


@pytest.mark.req("PAY-05")
def test_the_closed_weekdays_of_2026_are_those_the_banks_publish():
    new_year = date(2026, 1, 1)
    weekdays = [new_year + timedelta(n) for n in range(365) if (new_year + timedelta(n)).weekday() < 5]
    assert [day for day in weekdays if not is_business_day(day)] == [
        date(2026, 1, 1),
        date(2026, 2, 16),  # Carnaval
        date(2026, 2, 17),
        date(2026, 4, 3),  # Sexta-feira Santa
        date(2026, 4, 21),
        date(2026, 5, 1),
        date(2026, 6, 4),  # Corpus Christi
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 2),
        date(2026, 11, 20),
        date(2026, 12, 25),
        date(2026, 12, 31),
    ]


@pytest.mark.req("PAY-05")
def test_20_november_is_national_since_2024():
    assert date(2023, 11, 20) not in national_holidays(2023)
    assert is_business_day(date(2023, 11, 20))
    assert date(2024, 11, 20) in national_holidays(2024)
    assert not is_business_day(date(2024, 11, 20))


@pytest.mark.parametrize(
    ("year", "last"), [(2000, 29), (2018, 31), (2022, 30), (2023, 29), (2025, 31), (2026, 31), (2028, 29)]
)
def test_banks_do_not_serve_the_public_on_the_last_working_day_of_the_year(year, last):
    assert not is_business_day(date(year, 12, last))
    assert date(year, 12, last) in bank_holidays(year)
    assert is_business_day(add_business_days(date(year, 12, last), -1))


def test_ash_wednesday_is_a_business_day():
    assert is_business_day(date(2026, 2, 18))


@pytest.mark.req("PAY-05")
def test_holidays_of_the_place_are_data():
    sao_paulo = frozenset({date(2027, 1, 25)})
    assert is_business_day(date(2027, 1, 25))
    assert not is_business_day(date(2027, 1, 25), sao_paulo)
    assert next_business_day(date(2027, 1, 23), sao_paulo) == date(2027, 1, 26)
    assert add_business_days(date(2027, 1, 22), 1, sao_paulo) == date(2027, 1, 26)


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 3, 10), date(2026, 3, 10)),
        (date(2026, 3, 14), date(2026, 3, 16)),
        (date(2026, 4, 3), date(2026, 4, 6)),
        (date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_the_next_business_day_is_on_or_after_the_day(day, following):
    assert next_business_day(day) == following


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        (date(2026, 3, 13), 1, date(2026, 3, 16)),
        (date(2026, 3, 14), 1, date(2026, 3, 16)),
        (date(2026, 3, 13), 5, date(2026, 3, 20)),
        (date(2026, 3, 16), -1, date(2026, 3, 13)),
        (date(2026, 3, 15), -1, date(2026, 3, 13)),
        (date(2026, 3, 14), 0, date(2026, 3, 14)),
        (date(2026, 12, 30), 1, date(2027, 1, 4)),
    ],
)
def test_business_days_are_counted_from_the_day_after(day, count, reached):
    assert add_business_days(day, count) == reached


@given(DAYS, COUNTS)
def test_exactly_that_many_business_days_lie_between(day, count):
    reached = add_business_days(day, count)
    first, last = sorted((day, reached))
    between = [first + timedelta(n) for n in range((last - first).days + 1)]
    assert sum(is_business_day(d) for d in between if d != day) == abs(count)
    assert count == 0 or is_business_day(reached)


@given(DAYS)
def test_no_bank_closes_for_more_than_five_days(day):
    assert day <= next_business_day(day) <= day + timedelta(5)
