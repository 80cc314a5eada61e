"""Which period a closing has: from cut-off to cut-off, or a part of that where a contract or a freeze begins inside it.

>>> period_from(date(2026, 1, 20), 1)
Period(2026-01-20, 2026-02-01)
>>> period_from(date(2026, 2, 28), 31)
Period(2026-02-28, 2026-03-31)
"""

from collections.abc import Iterator
from datetime import date

from billing.core.period import Month, Period, closing_period


def period_from(start: date, cut_off_day: int) -> Period:
    """From `start` to the next cut-off after it: the whole closing month where `start` is a cut-off."""
    return Period(start, closing_month(start, cut_off_day).end)


def closing_month(day: date, cut_off_day: int) -> Period:
    """The closing month, from cut-off to cut-off, that contains `day`."""
    period = closing_period(Month.of(day), cut_off_day)
    return period if day >= period.start else closing_period(Month.of(day).plus(-1), cut_off_day)


def usage_months(period: Period, cut_off_day: int) -> Iterator[Month]:
    """The months whose usage a closing bills: one, or two where an early freeze merged the days that remained."""
    month = closing_month(period.start, cut_off_day)
    while month.start < period.end:
        yield Month.of(month.start)
        month = closing_month(month.end, cut_off_day)
