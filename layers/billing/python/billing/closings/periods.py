"""Periods of closings: freezing before the end, and how long a closing may be unfrozen (CLO-07, CLO-08).

The closing period of a month is `billing.core.period.closing_period`.

>>> march = Period(date(2026, 3, 5), date(2026, 4, 5))
>>> freeze_early(march, date(2026, 3, 20), next_end=date(2026, 5, 5), merge_remaining=True)
(Period(2026-03-05, 2026-03-20), Period(2026-03-20, 2026-05-05))
"""

from datetime import date

from billing.core.errors import Refused
from billing.core.period import Period, add_months

UNFREEZE_DAYS = 30
"""Day 30 included (the manual's "até 30 dias")."""


def freeze_early(
    period: Period, frozen_on: date, *, next_end: date, merge_remaining: bool
) -> tuple[Period, Period]:
    """The frozen period [start, frozen_on) and the one that follows: to the next end, or to this period's own.

    Refused where the day is not inside the period: nothing would be frozen, or nothing would remain.
    """
    if not period.start < frozen_on < period.end:
        raise Refused(
            "closing.freeze_day",
            "O congelamento antecipado é em um dia depois do início e antes do fim do período.",
        )
    return Period(period.start, frozen_on), Period(frozen_on, next_end if merge_remaining else period.end)


def early_freeze(
    period: Period, frozen_on: date, cut_off_day: int, *, merge_remaining: bool
) -> tuple[Period, Period]:
    """`freeze_early` where the next period ends on the contract's cut-off day."""
    next_end = add_months(period.end, 1, anchor_day=cut_off_day)
    return freeze_early(period, frozen_on, next_end=next_end, merge_remaining=merge_remaining)


def may_unfreeze(frozen_on: date, today: date) -> bool:
    """Whether the closing was frozen at most 30 days ago."""
    return (today - frozen_on).days <= UNFREEZE_DAYS
