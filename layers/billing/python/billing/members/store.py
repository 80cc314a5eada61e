"""Tenants and their members, in the platform table.

A member is found by user before the tenant is known: that is what signing in is. So its partition begins with
`membership#<user>`, the one exception, with the list of tenants, to the rule that every partition begins with the
tenant. Nothing but sign-in reads it by an id that a caller sends; the tenant's own list of its people names the users
whose rows it may read.
"""

from collections.abc import Collection, Iterator

from billing.access.tenants import Tenant
from billing.audit.changes import PlatformTable
from billing.core.errors import NotFound
from billing.core.names import OF_USERS, Source
from billing.core.table import Aggregate, Table, entity_row, find, find_many, rows_in
from billing.members.model import Member

UNATTENDED = {"schedule": "agendamento", "upload": "arquivo recebido"}
"""What acts without a person, and what people call it."""
_ROW = "member"
_TENANTS = "tenants"


class Listing(Aggregate):
    """That a user is one of the tenant's; who and what may be read is in the member's row."""

    user_id: str


def tenant_row(tenant: Tenant) -> Table:
    return entity_row(PlatformTable, _TENANTS, f"tenant#{tenant.id}", tenant)


def tenants() -> Iterator[Tenant]:
    return rows_in(PlatformTable, _TENANTS, "tenant#", Tenant)


def get_tenant(tenant_id: str) -> Tenant:
    """Raises NotFound."""
    tenant = find(PlatformTable, _TENANTS, f"tenant#{tenant_id}", Tenant)
    if tenant is None:
        raise NotFound("tenant.missing", "A conta não existe.")
    return tenant


def member_row(member: Member) -> Table:
    return entity_row(PlatformTable, _partition(member.user_id), _ROW, member)


def listing_row(tenant_id: str, listing: Listing) -> Table:
    return entity_row(PlatformTable, f"{tenant_id}#members", f"member#{listing.user_id}", listing)


def find_by_user(user_id: str) -> Member | None:
    """For sign-in: whoever the user is, of whatever tenant."""
    return find(PlatformTable, _partition(user_id), _ROW, Member)


def get_listing(tenant_id: str, user_id: str) -> Listing:
    """Raises NotFound."""
    listing = find(PlatformTable, f"{tenant_id}#members", f"member#{user_id}", Listing)
    if listing is None:
        raise NotFound("member.missing", "Esta pessoa não tem acesso à sua empresa.")
    return listing


def get(tenant_id: str, user_id: str) -> Member:
    """Raises NotFound, for a member of another tenant too."""
    get_listing(tenant_id, user_id)
    member = find_by_user(user_id)
    assert member is not None, "listed in the transaction that made it"
    return member


def members(tenant_id: str) -> list[Member]:
    """By name."""
    listed = rows_in(PlatformTable, f"{tenant_id}#members", "member#", Listing)
    found = find_many(PlatformTable, [(_partition(one.user_id), _ROW) for one in listed], Member)
    return sorted(found.values(), key=lambda member: (member.name, member.user_id))


def names(tenant_id: str, user_ids: Collection[str]) -> dict[str, str]:
    """What the tenant's people are called, those who were removed too, and what acts without a person."""
    unattended = {user_id: UNATTENDED[user_id] for user_id in user_ids if user_id in UNATTENDED}
    keys = [(_partition(user_id), _ROW) for user_id in user_ids if user_id not in unattended]
    people = find_many(PlatformTable, keys, Member).values()
    return unattended | {one.user_id: one.name for one in people if one.tenant_id == tenant_id}


NAMES = Source(OF_USERS, names)


def _partition(user_id: str) -> str:
    return f"membership#{user_id}"
