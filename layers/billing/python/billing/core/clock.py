"""The clock, passed in. Instants are aware UTC; business dates are dates in America/Sao_Paulo."""

from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands at an instant: what tests, runs (the schedule's own time) and the local cloud pass in."""

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("an instant is aware")
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at


def business_date(instant: datetime, zone: ZoneInfo = SAO_PAULO) -> date:
    """The date on which people in `zone` say that the instant happened."""
    if instant.tzinfo is None:
        raise ValueError("an instant is aware")
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo = SAO_PAULO) -> datetime:
    """The first instant of a business day.

    >>> start_of_day(date(2026, 3, 10)).isoformat()
    '2026-03-10T03:00:00+00:00'
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)
