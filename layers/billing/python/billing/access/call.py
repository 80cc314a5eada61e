"""One call to the system, by a person through the API or by a run: who, for which tenant and companies, when."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from billing.access.model import WORDS_OF, Permission
from billing.access.scope import ALL_COMPANIES, Scope
from billing.core.clock import Clock, FixedClock, business_date
from billing.core.errors import Forbidden
from billing.core.ids import content_hash


class Idempotency(NamedTuple):
    """The caller's Idempotency-Key, with a hash of the request."""

    key: str
    request_hash: str


class Actor(NamedTuple):
    """Who is responsible for an action: a user, `schedule` or `upload`; and the run that carries it out, if any."""

    id: str
    run_id: str | None = None


class Call(NamedTuple):
    """For a person it is made by `entry/http.py`, from the token and the membership; for a run by `unattended`."""

    tenant_id: str
    actor: Actor
    scope: Scope
    permissions: frozenset[Permission]
    clock: Clock
    idempotency: Idempotency | None = None
    is_dry_run: bool = False
    """Everything is decided as usual, but nothing is written (`audit.changes`)."""

    @classmethod
    def unattended(cls, tenant_id: str, actor: Actor, at: datetime, scope: Scope = ALL_COMPANIES) -> "Call":
        """The call of a run, a schedule or an upload: for the tenant in its row, which the server wrote, at its own
        business time.

        Whoever started it had the permission for it.
        """
        return cls(tenant_id, actor, scope, frozenset(Permission), FixedClock(at))

    @property
    def actor_id(self) -> str:
        """The person responsible for the call; for a run, whoever started it."""
        return self.actor.id

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        """The business date in America/Sao_Paulo."""
        return business_date(self.now)

    def require(self, *permissions: Permission) -> None:
        """Raises Forbidden, with all missing permissions, unless every one is granted."""
        missing = [WORDS_OF[needed] for needed in permissions if needed not in self.permissions]
        if missing:
            message = f"Seu perfil não permite {' nem '.join(missing)}. Peça ao administrador."
            raise Forbidden("access.denied", message)

    def works_for(self, company_id: str) -> bool:
        return self.scope.includes(company_id)

    def require_company(self, company_id: str) -> None:
        """Raises Forbidden for a company that the caller does not work for (SEC-02)."""
        self.require_scope(Scope.of(company_id))

    def require_scope(self, scope: Scope) -> None:
        """Raises Forbidden unless the caller works for every company of `scope`."""
        if not self.scope.covers(scope):
            raise Forbidden("access.company", "Seu usuário não atende esta empresa. Peça ao administrador.")

    def dry_run(self) -> "Call":
        """The same call without writing anything: no row, no history, no answer under its key, which remains free for
        the real call."""
        return self._replace(is_dry_run=True, idempotency=None)

    def part(self, name: str) -> "Call":
        """The same call for one item of many: its own idempotency key, so that a repeat skips what was done."""
        if self.idempotency is None:
            return self
        return self._replace(
            idempotency=Idempotency(f"{self.idempotency.key}#{name}", self.idempotency.request_hash)
        )


def request_hash(parts: Iterable[str]) -> str:
    return content_hash("\n".join(parts).encode())
