"""One call of the system, by a person through the API or by a run: who, for which tenant, when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from billing.access.model import WORDS_OF, Permission
from billing.core.clock import Clock, FixedClock, business_date
from billing.core.errors import Forbidden
from billing.core.ids import content_hash


class Idempotency(NamedTuple):
    """The caller's Idempotency-Key with the hash of what it asked for."""

    key: str
    request_hash: str


class Call(NamedTuple):
    tenant_id: str
    actor_id: str
    permissions: frozenset[Permission]
    company_ids: tuple[str, ...]
    clock: Clock
    idempotency: Idempotency | None = None

    @classmethod
    def for_run(cls, tenant_id: str, run_id: str, at: datetime) -> "Call":
        """A run acts for the tenant that the server wrote in its row, at its own business time."""
        return cls(tenant_id, run_id, frozenset(Permission), (), FixedClock(at))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        """The business date in America/Sao_Paulo."""
        return business_date(self.now)

    def require(self, permission: Permission, *more: Permission) -> None:
        """Raises Forbidden with all that is missing unless every permission is granted."""
        missing = [WORDS_OF[each] for each in (permission, *more) if each not in self.permissions]
        if missing:
            message = f"Seu perfil não permite {' nem '.join(missing)}. Peça ao administrador."
            raise Forbidden("access.denied", message)

    def works_for(self, *company_ids: str) -> bool:
        """Whether all these companies are among the caller's; a run acts for any of its tenant."""
        return not self.company_ids or set(company_ids) <= set(self.company_ids)

    def require_company(self, *company_ids: str) -> None:
        """Raises Forbidden for a company that the caller does not work for (SEC-02)."""
        if not self.works_for(*company_ids):
            raise Forbidden("access.company", "Seu usuário não atende esta empresa. Peça ao administrador.")

    def part(self, name: str) -> "Call":
        """The same call for one item of many: its own idempotency key, so that a repeat skips what was done."""
        if self.idempotency is None:
            return self
        return self._replace(
            idempotency=Idempotency(f"{self.idempotency.key}#{name}", self.idempotency.request_hash)
        )


def request_hash(parts: Iterable[str]) -> str:
    return content_hash("\n".join(parts).encode())
