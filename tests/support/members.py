"""Tenants with their people, and people signed in with what their membership says."""

from typing import Any

from billing.access.model import Profile
from billing.access.tenants import Tenant
from billing.core.table import Writes
from billing.members.model import Member
from billing.members.store import Listing, listing_row, member_row, tenant_row
from functions.access import pre_token
from tests.support.http import Client


def found(tenant_id: str, *company_ids: str) -> None:
    writes = Writes()
    writes.put(tenant_row(Tenant(id=tenant_id, name="Alfa", company_ids=company_ids)))
    writes.commit()


def let_in(user_id: str, tenant_id: str, *company_ids: str, profile: Profile = Profile.ADMINISTRADOR) -> None:
    member = Member(
        user_id=user_id,
        tenant_id=tenant_id,
        name="Maria Prado",
        email="maria.prado@aurora.example",
        profile=profile,
        company_ids=company_ids,
    )
    writes = Writes()
    writes.put(member_row(member))
    writes.put(listing_row(tenant_id, Listing(user_id=user_id)))
    writes.commit()


def claims_of(user_id: str) -> Any:
    """What sign-in, or a refresh, puts into the access token."""
    event = {
        "version": "2",
        "request": {"userAttributes": {"sub": user_id, "email": "maria.prado@aurora.example"}},
        "response": {"claimsAndScopeOverrideDetails": None},
    }
    details = pre_token.handler(event, None)["response"]["claimsAndScopeOverrideDetails"]
    assert list(details) == ["accessTokenGeneration"]
    return details["accessTokenGeneration"]["claimsToAddOrOverride"]


def signed_in(handler: Any, user_id: str) -> Client:
    """The person with an access token of this moment."""
    claims = claims_of(user_id)
    return Client(handler, claims["tenant"], Profile(claims["profile"]), claims["companies"], user_id)
