"""Parts of a period: R(amount x days used / days in the period), half-open dates, real days (CTR-06, CTR-07, CTR-13).

A plan may use `thirty_360` instead: 30E/360 days over 30 a month. The credit for an unused part is what was billed
minus the used part, never computed from the unused days, so that both always add up to what was billed.

>>> from datetime import date
>>> january = Period(date(2026, 1, 1), date(2026, 2, 1))
>>> prorate(Money("90.00"), Period(date(2026, 1, 20), date(2026, 2, 1)), january)
Proration(amount=Money('34.84'), days=12, divisor=31)
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import NamedTuple

from billing.core.money import Money
from billing.core.period import Period, add_months
from billing.rating.exact import refuse_floats, to_cents


class Basis(StrEnum):
    ACTUAL = "actual"
    THIRTY_360 = "thirty_360"


class Proration(NamedTuple):
    amount: Money
    days: int
    divisor: int


def prorate(amount: Money, part: Period, whole: Period, basis: Basis = Basis.ACTUAL) -> Proration:
    """The part's share of an amount for the whole period; ValueError if the part is not inside the whole."""
    days, divisor = days_over(part, whole, basis)
    return Proration(prorate_days(amount, days, divisor), days, divisor)


def prorate_days(amount: Money, days: int, period_days: int) -> Money:
    """R(amount x days / period days); the factor is never rounded."""
    refuse_floats(days, period_days)
    return to_cents(Fraction(amount.cents * days, 100 * period_days))


def days_over(part: Period, whole: Period, basis: Basis = Basis.ACTUAL) -> tuple[int, int]:
    """Days of the part and the divisor; equal if the part is the whole."""
    if whole.intersection(part) != part:
        raise ValueError("the part lies inside the whole")
    if basis is Basis.ACTUAL:
        return part.days, whole.days
    divisor = 30 * max(1, months_in(whole))
    if part == whole:
        return divisor, divisor
    return min(_days_30e(part.start, part.end), divisor), divisor


def months_in(period: Period) -> int:
    """How many months a period of whole months has, counted from its first month to its last."""
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month


def split_exactly(amount: Money, whole: Period, cuts: Sequence[date]) -> list[Money]:
    """The amount over the parts between the cuts, by days; the parts always sum to the amount (largest remainder)."""
    edges = [whole.start, *sorted(cut for cut in set(cuts) if whole.start < cut < whole.end), whole.end]
    return amount.allocate([(end - start).days for start, end in pairwise(edges)])


def unused_credit(billed: Money, used: Period, whole: Period, basis: Basis = Basis.ACTUAL) -> Money:
    """The credit if only `used` of the billed period was used: billed minus R(used part)."""
    return billed - prorate(billed, used, whole, basis).amount


def months_of(part: Period, cut_off_day: int) -> tuple[int, int]:
    """How many closing months the part is, exactly, as days over those of one month: each month from cut-off to cut-off
    counts by its real days.

    >>> months_of(Period(date(2026, 4, 16), date(2026, 6, 1)), 1)
    (45, 30)
    """
    days, divisor = 0, 1
    start = month_start(part.start, cut_off_day)
    while start < part.end:
        end = add_months(start, 1, anchor_day=cut_off_day)
        month = Period(start, end)
        inside = month.intersection(part)
        if inside is not None and inside != month:
            days, divisor = sum_of_days((days, divisor), (inside.days, month.days))
        elif inside is not None:
            days += divisor
        start = end
    return days, divisor


def sum_of_days(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """The sum of two counts of days over those of their months, over the least common denominator.

    >>> sum_of_days((15, 30), (10, 30)), sum_of_days((1, 1), (12, 31))
    ((25, 30), (43, 31))
    """
    divisor = lcm(one[1], other[1])
    return one[0] * divisor // one[1] + other[0] * divisor // other[1], divisor


def month_start(day: date, cut_off_day: int) -> date:
    """The first day of the closing month, from cut-off to cut-off, that contains the day."""
    start = add_months(day, 0, anchor_day=cut_off_day)
    return start if start <= day else add_months(day, -1, anchor_day=cut_off_day)


def _days_30e(start: date, end: date) -> int:
    """30E/360 (ISDA 2006, section 4.16(g)): every day 31 counts as a day 30."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months * 30 + min(end.day, 30) - min(start.day, 30)
