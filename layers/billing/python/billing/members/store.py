"""Tenants and their members, in the platform table.

At sign-in, a member is found by user, before the tenant is known. So a member's partition begins with
`membership#<user>`: together with the list of tenants, this is the only exception to the rule that every partition
begins with the tenant. There is a row for each tenant that ever gave the person access; rows of other tenants are read
only for sign-in, for the person's list of bases, and to know if a removal signs them out.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from billing.access.model import MOVES_MONEY, Permission
from billing.access.tenants import Tenant
from billing.audit.changes import PlatformTable
from billing.core.errors import NotFound
from billing.core.names import OF_USERS, Source
from billing.core.table import Aggregate, Table, entity_row, find, find_many, rows_in
from billing.members.model import Member

UNATTENDED = {"schedule": "agendamento", "upload": "arquivo recebido"}
"""What acts without a person, and its name for users."""
_TENANTS = "tenants"


class Listing(Aggregate):
    """Says that a user is a member of the tenant; the details are in the member's row."""

    user_id: str


def tenant_row(tenant: Tenant) -> Table:
    return entity_row(PlatformTable, *_tenant_key(tenant.id), tenant)


def tenants() -> Iterator[Tenant]:
    return rows_in(PlatformTable, _TENANTS, "tenant#", Tenant)


def find_tenant(tenant_id: str) -> Tenant | None:
    return find(PlatformTable, *_tenant_key(tenant_id), Tenant)


def get_tenant(tenant_id: str) -> Tenant:
    """Raises NotFound."""
    tenant = find_tenant(tenant_id)
    if tenant is None:
        raise NotFound("tenant.missing", "A conta não existe.")
    return tenant


def member_row(member: Member) -> Table:
    return entity_row(PlatformTable, *member_key(member.tenant_id, member.user_id), member)


def listing_row(tenant_id: str, listing: Listing) -> Table:
    return entity_row(PlatformTable, f"{tenant_id}#members", f"member#{listing.user_id}", listing)


def memberships(user_id: str) -> list[Member]:
    """Where a user has access, longest-standing first: that is where they sign in."""
    own = rows_in(PlatformTable, _partition(user_id), "member#", Member)
    standing = (member for member in own if not member.is_removed)
    return sorted(standing, key=lambda member: (member.since, member.tenant_id))


def tenants_of(members: Iterable[Member]) -> list[Tenant]:
    """In the order of `members`."""
    keys = [_tenant_key(member.tenant_id) for member in members]
    tenants_kept = find_many(PlatformTable, keys, Tenant)
    return [tenants_kept[key] for key in keys]


class Standing(NamedTuple):
    """A member and the tenant, as currently stored."""

    member: Member
    tenant: Tenant

    @property
    def permissions(self) -> frozenset[Permission]:
        return self.tenant.permitted(self.member.profile_ids)

    @property
    def moves_money(self) -> bool:
        return not self.permissions.isdisjoint(MOVES_MONEY)


def standings(user_id: str) -> list[Standing]:
    """As `memberships`, with the tenants."""
    own = memberships(user_id)
    return [Standing(member, tenant) for member, tenant in zip(own, tenants_of(own), strict=True)]


def get_standing(tenant_id: str, user_id: str) -> Standing:
    """Raises NotFound for someone who is not a member, or no longer is."""
    standing = find_standing(tenant_id, user_id)
    if standing is None:
        raise _missing()
    return standing


def find_standing(tenant_id: str, user_id: str) -> Standing | None:
    """Both in one read. None for someone who is not a member of the tenant, or no longer is."""
    keys = [member_key(tenant_id, user_id), _tenant_key(tenant_id)]
    rows = {(row.partition, row.row): row for row in PlatformTable.batch_get(keys, consistent_read=True)}
    if len(rows) < len(keys):
        return None
    member = rows[keys[0]].load(Member)
    return None if member.is_removed else Standing(member, rows[keys[1]].load(Tenant))


def find_member(tenant_id: str, user_id: str) -> Member | None:
    """Includes removed members."""
    return find(PlatformTable, *member_key(tenant_id, user_id), Member)


def get_listing(tenant_id: str, user_id: str) -> Listing:
    """Raises NotFound."""
    listing = find(PlatformTable, f"{tenant_id}#members", f"member#{user_id}", Listing)
    if listing is None:
        raise _missing()
    return listing


def get(tenant_id: str, user_id: str) -> Member:
    """Raises NotFound for someone who is not a member, or no longer is."""
    member = find_member(tenant_id, user_id)
    if member is None or member.is_removed:
        raise _missing()
    return member


def members(tenant_id: str) -> list[Member]:
    """Sorted by name."""
    listed = rows_in(PlatformTable, f"{tenant_id}#members", "member#", Listing)
    members_kept = find_many(PlatformTable, [member_key(tenant_id, one.user_id) for one in listed], Member)
    return sorted(members_kept.values(), key=lambda member: (member.name, member.user_id))


def names(tenant_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """Names of the tenant's members, including removed ones, and of what acts without a person."""
    unattended = {user_id: UNATTENDED[user_id] for user_id in user_ids if user_id in UNATTENDED}
    keys = [member_key(tenant_id, user_id) for user_id in user_ids if user_id not in unattended]
    people = find_many(PlatformTable, keys, Member).values()
    return unattended | {one.user_id: one.name for one in people}


NAMES = Source(OF_USERS, names)


def profile_names(tenant_id: str, ids: Collection[str]) -> dict[str, str]:
    """Names of the tenant's profiles: the four, whose ids are words, and its own."""
    return {one.id: one.name for one in get_tenant(tenant_id).every_profile if one.id in ids}


PROFILES = Source("", profile_names)


def member_key(tenant_id: str, user_id: str) -> tuple[str, str]:
    return _partition(user_id), f"member#{tenant_id}"


def _tenant_key(tenant_id: str) -> tuple[str, str]:
    return _TENANTS, f"tenant#{tenant_id}"


def _missing() -> NotFound:
    return NotFound("member.missing", "Esta pessoa não tem acesso à sua empresa.")


def _partition(user_id: str) -> str:
    return f"membership#{user_id}"
