"""Tenants with their people, and people signed in with what their membership says."""

from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from billing.access.model import Profile
from billing.access.tenants import Tenant
from billing.core.errors import Refused
from billing.core.ids import derived_id
from billing.core.table import Writes
from billing.entry import wiring
from billing.members.model import Member
from billing.members.store import Listing, listing_row, member_row, tenant_row
from functions.access import pre_token
from tests.support.http import Client

SECRET = "JBSWY3DPEHPK3PXP"


def open_tenant(tenant_id: str, *company_ids: str) -> None:
    writes = Writes()
    writes.put(tenant_row(Tenant(id=tenant_id, name="Alfa", company_ids=company_ids)))
    writes.commit()


def let_in(user_id: str, tenant_id: str, *company_ids: str, profile: Profile = Profile.ADMINISTRADOR) -> None:
    member = Member(
        user_id=user_id,
        tenant_id=tenant_id,
        name="Maria Prado",
        email="maria.prado@aurora.example",
        profile_ids=(profile,),
        company_ids=company_ids,
        since=datetime(2026, 1, 1, tzinfo=UTC),
    )
    writes = Writes()
    writes.put(member_row(member))
    writes.put(listing_row(tenant_id, Listing(user_id=user_id)))
    writes.commit()


class PaperDirectory:
    """Gives each address one subject for ever. Everybody has a second factor except those named."""

    def __init__(self) -> None:
        self.mailed: list[str] = []
        self.signed_out: list[str] = []
        self.password_alone: set[str] = set()
        self.begun: set[str] = set()

    def invite(self, email: str) -> str:
        if email not in self.mailed:
            self.mailed.append(email)
        return derived_id("usr", email)

    def sign_out(self, user_id: str) -> None:
        self.signed_out.append(user_id)

    def begin_second_factor(self, access_token: str) -> str:
        self.begun.add(access_token)
        return SECRET

    def confirm_second_factor(self, access_token: str, code: str) -> None:
        """A test's token is its user's id."""
        if access_token not in self.begun or code != "123456":
            raise Refused("second_factor.code", "O código não confere.")
        self.password_alone.discard(access_token)

    def remove_second_factor(self, user_id: str) -> None:
        self.password_alone.add(user_id)

    def has_second_factor(self, user_id: str) -> bool:
        return user_id not in self.password_alone


def claims_of(user_id: str, directory: PaperDirectory | None = None) -> Any:
    """What sign-in, or a refresh, puts into the access token."""
    with patch.object(wiring, "directory_of", lambda _pool: directory or PaperDirectory()):
        return _claims_of(user_id)


def _claims_of(user_id: str) -> Any:
    event = {
        "version": "2",
        "userPoolId": "sa-east-1_test",
        "request": {"userAttributes": {"sub": user_id, "email": "maria.prado@aurora.example"}},
        "response": {"claimsAndScopeOverrideDetails": None},
    }
    details = pre_token.handler(event, None)["response"]["claimsAndScopeOverrideDetails"]
    assert list(details) == ["accessTokenGeneration"]
    return details["accessTokenGeneration"]["claimsToAddOrOverride"]


def signed_in(handler: Any, user_id: str, directory: PaperDirectory | None = None) -> Client:
    """The person with an access token of this moment, in front of a function that reads the rows at each request."""
    claims = claims_of(user_id, directory)
    return Client(
        handler,
        claims["tenant"],
        claims["profiles"],
        claims["companies"],
        user_id,
        is_known=False,
        second_factor=claims["second_factor"],
    )
