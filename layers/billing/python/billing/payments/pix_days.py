"""How many Pix of one amount a profile received on one day, according to each source.

A statement without end-to-end ids and the list of Pix report the same money. For one day and amount, there are as
many Pix as the source with the most of them reports: what one source reports beyond the other is new money, the rest
is already known.
"""

from datetime import date

from pydantic import Field

from billing.audit.changes import Changes
from billing.core.money import Money
from billing.core.table import Aggregate, entity_row, find
from billing.core.text import Id
from billing.payments.store import PaymentsTable

_MOST = 2_000


class PixDay(Aggregate):
    """The Pix of one amount and day: with ids of their own, and as statement rows without one."""

    profile_id: Id
    on: date
    amount: Money
    named: tuple[Id, ...] = Field(default=(), max_length=_MOST)
    anonymous: tuple[Id, ...] = Field(default=(), max_length=_MOST)


def count_named(
    changes: Changes, tenant_id: str, profile_id: str, on: date, amount: Money, pix_id: str
) -> bool:
    """Count a Pix that has an id; returns whether it is new money."""
    day = _day(tenant_id, profile_id, on, amount)
    after = day.evolve(named=(*day.named, pix_id))
    changes.include(_row(tenant_id, after))
    return len(after.named) > len(day.anonymous)


def count_anonymous(
    changes: Changes, tenant_id: str, profile_id: str, on: date, amount: Money, pix_id: str
) -> bool:
    """Count a row without an id; returns whether it is new money."""
    day = _day(tenant_id, profile_id, on, amount)
    after = day.evolve(anonymous=(*day.anonymous, pix_id))
    changes.include(_row(tenant_id, after))
    return len(after.anonymous) > len(day.named)


def _day(tenant_id: str, profile_id: str, on: date, amount: Money) -> PixDay:
    day = find(PaymentsTable, *_key(tenant_id, profile_id, on, amount), PixDay)
    return day or PixDay(profile_id=profile_id, on=on, amount=amount)


def _row(tenant_id: str, day: PixDay) -> PaymentsTable:
    return entity_row(PaymentsTable, *_key(tenant_id, day.profile_id, day.on, day.amount), day)


def _key(tenant_id: str, profile_id: str, on: date, amount: Money) -> tuple[str, str]:
    return f"{tenant_id}#pix-day#{profile_id}#{on}#{amount.cents}", "day"
