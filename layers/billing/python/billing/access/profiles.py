"""Profiles are sets of permissions: the four that every tenant has, and those that a tenant makes of its own (SEC-01)."""

from pydantic import Field

from billing.access.model import Permission
from billing.core.entity import Entity
from billing.core.text import Line

MOST_PROFILES = 20
"""Of one tenant's own; they are kept in its row, which is read with every membership."""
MOST_OF_ONE_PERSON = 10


class NewAccessProfile(Entity):
    """Um perfil da conta: o que permite a quem o tem."""

    name: Line = Field(min_length=1, max_length=60, examples=["Cobrança"])
    permissions: tuple[Permission, ...] = Field(
        min_length=1, max_length=len(Permission), examples=[["invoices:read", "payments:settle"]]
    )
    """Ver o próprio acesso é sempre permitido."""

    def profile(self, profile_id: str) -> "AccessProfile":
        permitted = {*self.permissions, Permission.ACCESS_READ}
        return AccessProfile(
            id=profile_id,
            name=self.name,
            permissions=tuple(permission for permission in Permission if permission in permitted),
        )


class AccessProfile(Entity):
    """Um perfil que a conta fez da lista de permissões."""

    id: str
    name: str
    permissions: tuple[Permission, ...]
