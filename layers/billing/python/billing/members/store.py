"""Tenants and their members, in the platform table.

A member is found by user before the tenant is known: that is what signing in is. So its partition begins with
`membership#<user>`, the one exception, with the list of tenants, to the rule that every partition begins with the
tenant. There is a row for each tenant that ever gave the person access; nothing but sign-in reads those of others.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from billing.access.tenants import Tenant
from billing.audit.changes import PlatformTable
from billing.core.errors import NotFound
from billing.core.names import OF_USERS, Source
from billing.core.table import Aggregate, Table, entity_row, find, find_many, rows_in
from billing.members.model import Member

UNATTENDED = {"schedule": "agendamento", "upload": "arquivo recebido"}
"""What acts without a person, and what people call it."""
_TENANTS = "tenants"


class Listing(Aggregate):
    """That a user is one of the tenant's; who and what may be read is in the member's row."""

    user_id: str


def tenant_row(tenant: Tenant) -> Table:
    return entity_row(PlatformTable, *_tenant_key(tenant.id), tenant)


def tenants() -> Iterator[Tenant]:
    return rows_in(PlatformTable, _TENANTS, "tenant#", Tenant)


def get_tenant(tenant_id: str) -> Tenant:
    """Raises NotFound."""
    tenant = find(PlatformTable, *_tenant_key(tenant_id), Tenant)
    if tenant is None:
        raise NotFound("tenant.missing", "A conta não existe.")
    return tenant


def member_row(member: Member) -> Table:
    return entity_row(PlatformTable, *member_key(member.tenant_id, member.user_id), member)


def listing_row(tenant_id: str, listing: Listing) -> Table:
    return entity_row(PlatformTable, f"{tenant_id}#members", f"member#{listing.user_id}", listing)


def memberships(user_id: str) -> list[Member]:
    """Where a user has access, the longest first: that is where they sign in."""
    own = rows_in(PlatformTable, _partition(user_id), "member#", Member)
    standing = (member for member in own if not member.is_removed)
    return sorted(standing, key=lambda member: (member.since, member.tenant_id))


def tenants_of(members: Iterable[Member]) -> list[Tenant]:
    """In their order."""
    keys = [_tenant_key(member.tenant_id) for member in members]
    tenants_kept = find_many(PlatformTable, keys, Tenant)
    return [tenants_kept[key] for key in keys]


class Standing(NamedTuple):
    """A member and the tenant, as they are kept now."""

    member: Member
    tenant: Tenant


def find_standing(tenant_id: str, user_id: str) -> Standing | None:
    """In one read. None for who is not a member of the tenant, or not any more."""
    keys = [member_key(tenant_id, user_id), _tenant_key(tenant_id)]
    rows = {(row.partition, row.row): row for row in PlatformTable.batch_get(keys, consistent_read=True)}
    if len(rows) < len(keys):
        return None
    member = rows[keys[0]].load(Member)
    return None if member.is_removed else Standing(member, rows[keys[1]].load(Tenant))


def find_member(tenant_id: str, user_id: str) -> Member | None:
    """Removed ones too."""
    return find(PlatformTable, *member_key(tenant_id, user_id), Member)


def get_listing(tenant_id: str, user_id: str) -> Listing:
    """Raises NotFound."""
    listing = find(PlatformTable, f"{tenant_id}#members", f"member#{user_id}", Listing)
    if listing is None:
        raise _missing()
    return listing


def get(tenant_id: str, user_id: str) -> Member:
    """Raises NotFound for who is not a member, or not any more."""
    member = find_member(tenant_id, user_id)
    if member is None or member.is_removed:
        raise _missing()
    return member


def members(tenant_id: str) -> list[Member]:
    """By name."""
    listed = rows_in(PlatformTable, f"{tenant_id}#members", "member#", Listing)
    members_kept = find_many(PlatformTable, [member_key(tenant_id, one.user_id) for one in listed], Member)
    return sorted(members_kept.values(), key=lambda member: (member.name, member.user_id))


def names(tenant_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """What the tenant's people are called, those who were removed too, and what acts without a person."""
    unattended = {user_id: UNATTENDED[user_id] for user_id in user_ids if user_id in UNATTENDED}
    keys = [member_key(tenant_id, user_id) for user_id in user_ids if user_id not in unattended]
    people = find_many(PlatformTable, keys, Member).values()
    return unattended | {one.user_id: one.name for one in people}


NAMES = Source(OF_USERS, names)


def member_key(tenant_id: str, user_id: str) -> tuple[str, str]:
    return _partition(user_id), f"member#{tenant_id}"


def _tenant_key(tenant_id: str) -> tuple[str, str]:
    return _TENANTS, f"tenant#{tenant_id}"


def _missing() -> NotFound:
    return NotFound("member.missing", "Esta pessoa não tem acesso à sua empresa.")


def _partition(user_id: str) -> str:
    return f"membership#{user_id}"
