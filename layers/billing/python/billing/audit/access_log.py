"""Who read or changed whose data: a row for each request, kept for a year, found by the entity or by the person
(SEC-03, REP-03).

access#tenant#cus_...    2026-03-10T15:00:00.000000+00:00#acs_...    what was looked at, by its id: the first in the address
access#tenant#<user>     2026-03-10T15:00:00.000000+00:00#acs_...    likewise, by who looked

Only ids and routes: no names, no filter values. These rows of the platform table have a grant of their own, to put
but not to change them (`infra/constructs/lambdas.py`).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import PlatformTable
from billing.core.clock import start_of_day
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.page import Page, cursor_at, place_in
from billing.core.table import entity_row

PARTITION = "access#"
"""Prefix of the rows' keys; grants name it."""
KEPT_FOR = timedelta(days=365)
LONGEST_PERIOD = timedelta(days=92)


class AccessRow(PlatformTable):
    """Kept in the platform table, with a grant of its own."""


class Access(Entity):
    """Um acesso: quem, quando, a que endereço da API, de que cadastros."""

    at: datetime
    actor_id: str
    route: str
    """Método e endereço, como na descrição da API."""
    subjects: dict[str, str] = {}
    """Os ids que o endereço tinha."""
    filters: tuple[str, ...] = ()
    """Os nomes dos filtros de uma lista; os valores não ficam."""


class DayRange(NamedTuple):
    """First and last day, inclusive."""

    first: date
    last: date


def rows_of(tenant_id: str, access: Access) -> Iterator[AccessRow]:
    """One row by what was accessed, if the address has an id, and one by the person."""
    row = f"{_instant(access.at)}#{new_id('acs')}"
    expires = int((access.at + KEPT_FOR).timestamp())
    for key in [*list(access.subjects.values())[:1], access.actor_id]:
        yield entity_row(AccessRow, _partition(tenant_id, key), row, access, ttl=expires)


def accesses(call: Call, key: str, period: DayRange, *, limit: int, cursor: str | None) -> Page[Access]:
    """The accesses to an entity or by a person, newest first. Raises Refused for an invalid or too long period,
    InvalidInput for another list's cursor."""
    _require_period(period)
    listed = f"{call.tenant_id}#access#{key}"
    since = _instant(start_of_day(period.first))
    until = _instant(start_of_day(period.last + timedelta(days=1)))
    place = place_in(listed, cursor)
    within = AccessRow.row.between(since, min(place, until) if place is not None else until)
    rows = AccessRow.query(_partition(call.tenant_id, key), within, scan_index_forward=False, limit=limit + 2)
    visible = [row for row in rows if place is None or row.row < place]
    shown = visible[:limit]
    more = len(visible) > limit
    return Page[Access](
        items=tuple(row.load(Access) for row in shown),
        next_cursor=cursor_at(listed, shown[-1].row) if more else None,
    )


def _instant(at: datetime) -> str:
    """In UTC, so that rows sort by time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _require_period(period: DayRange) -> None:
    if period.last < period.first:
        message = "O período termina antes de começar."
        raise Refused.because([Refusal("access_log.period", message, field="to")])
    if period.last - period.first >= LONGEST_PERIOD:
        message = f"Peça no máximo {LONGEST_PERIOD.days} dias de cada vez."
        raise Refused.because([Refusal("access_log.period_too_long", message, field="to")])


def _partition(tenant_id: str, key: str) -> str:
    return f"{PARTITION}{tenant_id}#{key}"
