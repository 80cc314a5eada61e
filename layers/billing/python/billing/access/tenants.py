"""Tenants: whose data it is. The only list that no tenant owns; schedules walk it."""

from datetime import datetime

from pydantic import Field

from billing.access.scope import Scope
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate


class SecondFactorWaiver(Entity):
    """Que perfis que movimentam dinheiro entram só com a senha: por quê, e quem decidiu."""

    reason: str
    decided_by: str
    decided_at: datetime


class SecondFactorRule(Entity):
    """Se quem movimenta dinheiro precisa do segundo fator; dispensá-lo exige o motivo."""

    is_required: bool
    reason: str | None = Field(
        default=None, min_length=10, max_length=500, examples=["Caixa sem celular no local"]
    )


class TenantRules(Aggregate):
    """O que vale para toda a conta."""

    name: str
    second_factor_waiver: SecondFactorWaiver | None = None
    """Ausente: quem movimenta dinheiro entra com o segundo fator."""


class Tenant(Aggregate):
    """One customer base, one or more companies. Its rows' keys begin with `id`."""

    id: str
    name: str
    company_ids: tuple[str, ...]
    """Those whose billing and dispatch are scheduled."""
    second_factor_waiver: SecondFactorWaiver | None = None
    """Absent: who moves money signs in with a second factor (SEC-07)."""

    @property
    def scope(self) -> Scope:
        return Scope.of(*self.company_ids)

    def ruled(self, rule: SecondFactorRule, decided_by: str, at: datetime) -> "Tenant":
        """Raises Refused for a waiver without its reason."""
        if rule.is_required:
            return self.evolve(second_factor_waiver=None)
        if rule.reason is None:
            message = "Informe por que o segundo fator é dispensado."
            raise Refused.because([Refusal("second_factor.reason", message, field="reason")])
        waiver = SecondFactorWaiver(reason=rule.reason, decided_by=decided_by, decided_at=at)
        return self.evolve(second_factor_waiver=waiver)

    def joined(self, company_id: str) -> "Tenant":
        return self.evolve(company_ids=(*self.company_ids, company_id))
