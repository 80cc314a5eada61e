"""Someone else's authorisation at the counter, given with their own user and password: for one receipt, and valid for
a few minutes (PAY-02, PAY-04)."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field, SecretStr

from billing.access.model import Permission
from billing.core.emails import Email
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate
from billing.core.text import Id

VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5
BLOCKED_FOR = timedelta(minutes=15)
"""After five wrong passwords in a row. This is our own rule; the user pool also slows down guessing."""


class AuthorisationPurpose(StrEnum):
    """O que se autoriza."""

    DISCOUNT = "discount"
    """Desconto no recibo."""
    UNDER_PROTEST = "under_protest"
    """Recibo a quem está em status de protesto que não o permite."""

    @property
    def permission(self) -> Permission:
        """The permission that the authoriser needs."""
        if self is AuthorisationPurpose.DISCOUNT:
            return Permission.PAYMENTS_DISCOUNT
        return Permission.PAYMENTS_UNDER_PROTEST


class AuthorisationRequest(Entity):
    """Usuário e senha de quem autoriza."""

    purpose: AuthorisationPurpose
    customer_id: Id
    email: Email
    """Usuário do autorizador."""
    password: SecretStr = Field(min_length=1, max_length=256, examples=["••••••••••••"])
    """A senha dele; não é guardada."""


class Authorisation(Aggregate):
    """Autorização para um recibo. Vale dez minutos, uma vez, para quem a pediu e aquele cliente."""

    id: str
    purpose: AuthorisationPurpose
    customer_id: str
    authoriser_id: str
    authoriser_name: str
    """Usuário Autorizado."""
    operator_id: str
    expires_at: datetime
    receipt_id: str | None = None
    """O recibo em que foi usada."""

    def used(
        self, purpose: AuthorisationPurpose, customer_id: str, receipt_id: str, at: datetime
    ) -> "Authorisation":
        """Raises Refused if it was already used, has expired, or is for another purpose or customer."""
        if self.receipt_id is not None or at > self.expires_at:
            message = "A autorização venceu ou já foi usada: peça de novo o usuário e a senha do autorizador."
            raise Refused.because([Refusal("authorisation.over", message)])
        if (self.purpose, self.customer_id) != (purpose, customer_id):
            message = "A autorização é para outra coisa ou outro cliente."
            raise Refused.because([Refusal("authorisation.of_another", message)])
        return self.evolve(receipt_id=receipt_id)


class Attempts(Aggregate):
    """Wrong passwords that an operator entered in a row, no matter whose."""

    failed: int = 0
    blocked_until: datetime | None = None

    def require_free(self, at: datetime) -> None:
        """Raises Refused while the operator is blocked after too many wrong passwords."""
        if self.blocked_until is not None and at < self.blocked_until:
            message = f"Senha errada {MOST_TRIES} vezes: espere {BLOCKED_FOR.seconds // 60} minutos para tentar de novo."
            raise Refused.because([Refusal("authorisation.blocked", message)])

    def with_failure(self, at: datetime) -> "Attempts":
        failed = self.failed + 1
        if failed < MOST_TRIES:
            return self.evolve(failed=failed)
        return self.evolve(failed=0, blocked_until=at + BLOCKED_FOR)

    def cleared(self) -> "Attempts":
        return self.evolve(failed=0, blocked_until=None)
