"""Months, half-open periods, and dates kept from an anchor day."""

import copy
import pickle
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from billing.core.entity import Entity
from billing.core.period import Month, Period, add_months, anniversaries, closing_period, days

DATES = st.dates(date(2000, 1, 1), date(2100, 12, 31))
MONTHS = DATES.map(Month.of)


@st.composite
def periods(draw):
    start = draw(DATES)
    return Period(start, start + timedelta(draw(st.integers(1, 800))))


class Plan(Entity):
    month: Month | None = None
    period: Period | None = None


@pytest.mark.parametrize(
    "text",
    [
        "2026-13",
        "2026-00",
        "2026-3",
        "03/2026",
        "2026-03-01",
        "",
        "２０２６-03",
        "0000-01",
        "2026-03\n",
        202603,
    ],
)
def test_a_month_is_text_year_dash_month(text):
    with pytest.raises(ValueError, match="um mês"):
        Month(text)


@given(MONTHS, st.integers(-500, 500))
def test_months_are_counted_across_years(month, count):
    later = month.plus(count)
    assert later.plus(-count) == month
    assert (later > month) == (count > 0)
    assert (later.first_day.year - month.first_day.year) * 12 + (
        later.first_day.month - month.first_day.month
    ) == count


@given(MONTHS, st.integers(1, 31))
def test_a_day_of_a_month_is_clamped_to_its_end(month, number):
    day = month.day(number)
    assert Month.of(day) == month
    assert day.day == min(number, monthrange(day.year, day.month)[1])


def test_a_month_is_shown_as_brazilians_write_it():
    assert Month("2026-03").format_br() == "03/2026"


@given(MONTHS)
def test_a_month_reads_back(month):
    assert Plan.model_validate(Plan(month=month).to_map()).month == month
    assert pickle.loads(pickle.dumps(month)) == copy.deepcopy(month) == month


@given(MONTHS)
def test_the_period_of_a_month_has_its_days_and_touches_the_next(month):
    period = Period.of_month(month)
    assert period.days == monthrange(period.start.year, period.start.month)[1]
    assert period.last_day == month.day(31)
    assert period.end == Period.of_month(month.plus(1)).start
    assert [Month.of(day) for day in days(period)] == [month] * period.days


@pytest.mark.parametrize("end", [date(2026, 3, 1), date(2026, 2, 28)])
def test_a_period_ends_after_it_starts(end):
    with pytest.raises(ValueError, match="termina depois de começar"):
        Period(date(2026, 3, 1), end)


def test_period_has_dates_not_instants():
    with pytest.raises(TypeError):
        Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


@given(periods())
def test_period_contains_its_start_but_not_its_end(period):
    assert period.start in period
    assert period.last_day in period
    assert period.end not in period
    assert period.start - timedelta(1) not in period
    assert len(list(days(period))) == period.days


@given(periods(), periods())
def test_intersection_has_the_days_of_both(one, other):
    shared = one.intersection(other)
    assert shared == other.intersection(one)
    both = sorted(set(days(one)) & set(days(other)))
    assert (list(days(shared)) if shared else []) == both


def test_a_period_is_shown_inclusive():
    assert Period.of_month(Month("2026-02")).format_br() == "01/02/2026 a 28/02/2026"


def test_periods_are_ordered_by_start_then_end():
    early, longer, late = (
        Period(date(2026, 1, 1), date(2026, 2, 1)),
        Period(date(2026, 1, 1), date(2026, 3, 1)),
        Period(date(2026, 1, 2), date(2026, 1, 3)),
    )
    assert sorted([late, longer, early]) == [early, longer, late]
    with pytest.raises(TypeError):
        assert early < early.start


@given(periods())
def test_a_period_reads_back(period):
    kept = Plan(period=period).to_map()
    assert kept == {"period": {"start": period.start.isoformat(), "end": period.end.isoformat()}}
    assert Plan.model_validate(kept).period == period
    assert pickle.loads(pickle.dumps(period)) == copy.deepcopy(period) == period
    assert {period: 1}[Period(period.start, period.end)] == 1


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({"start": "2026-03-01"}, "start e end"),
        ({"start": "2026-03-01", "end": "2026-04-01", "days": 31}, "start e end"),
        ("2026-03", "start e end"),
        ({"start": 20260301, "end": "2026-04-01"}, "um período"),
        ({"start": None, "end": "2026-04-01"}, "um período"),
        ({"start": "20260301", "end": "2026-04-01"}, "um período"),
        ({"start": "2026-W10-1", "end": "2026-04-01"}, "um período"),
        ({"start": "01/03/2026", "end": "2026-04-01"}, "um período"),
        ({"start": "2026-02-30", "end": "2026-04-01"}, "2026-02-30 não existe"),
        ({"start": "2026-04-01", "end": "2026-04-01"}, "termina depois de começar"),
    ],
)
def test_invalid_period_is_refused_in_portuguese(value, word):
    with pytest.raises(ValidationError) as refused:
        Plan(period=value)
    assert word in refused.value.errors()[0]["msg"]


@given(DATES, st.integers(-240, 240), st.integers(1, 31))
def test_a_monthly_date_is_the_anchor_day_clamped(day, months, anchor):
    later = add_months(day, months, anchor_day=anchor)
    assert Month.of(later) == Month.of(day).plus(months)
    assert later == Month.of(later).day(anchor)


@given(DATES, st.integers(1, 40))
def test_anniversaries_never_drift_from_the_first_day(start, count):
    dates = anniversaries(start, count)
    assert len(dates) == count
    assert dates[0] == start
    assert all(later == Month.of(later).day(start.day) for later in dates)
    assert [Month.of(later) for later in dates] == [Month.of(start).plus(i) for i in range(count)]


@pytest.mark.req("CLO-01")
@given(MONTHS, st.integers(1, 31))
def test_closing_periods_follow_one_another_without_gap(month, cut_off_day):
    period = closing_period(month, cut_off_day)
    assert period.end == closing_period(month.plus(1), cut_off_day).start
    assert Month.of(period.start) == month


@pytest.mark.parametrize(
    ("month", "cut_off_day", "start", "end"),
    [
        ("2026-01", 31, date(2026, 1, 31), date(2026, 2, 28)),
        ("2026-02", 31, date(2026, 2, 28), date(2026, 3, 31)),
        ("2026-12", 10, date(2026, 12, 10), date(2027, 1, 10)),
    ],
)
def test_a_closing_period_runs_from_cut_off_to_cut_off(month, cut_off_day, start, end):
    assert closing_period(Month(month), cut_off_day) == Period(start, end)
