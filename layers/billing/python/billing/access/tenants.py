"""Tenants, who own the data. The only list that belongs to no tenant; schedules go through it.

A tenant is one base of registrations, items, codes and templates. Companies that share a base belong to one tenant; a
company with a base of its own is a tenant of its own, so that none of its data can be reached from another (ADR 9).
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from billing.access.scope import Scope
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate
from billing.core.text import Line


class SecondFactorWaiver(Entity):
    """Que perfis que movimentam dinheiro entram só com a senha: por quê, e quem decidiu."""

    reason: str
    decided_by: str
    decided_at: datetime


class SecondFactorRule(Entity):
    """Se quem movimenta dinheiro precisa do segundo fator; dispensá-lo exige o motivo."""

    is_required: bool
    reason: Line | None = Field(
        default=None, min_length=10, max_length=500, examples=["Caixa sem celular no local"]
    )


class BaseKind(StrEnum):
    """De quem são os cadastros, itens, códigos e modelos."""

    SHARED = "shared"
    """Das empresas da conta, juntas: quem atende uma vê a base de todas."""
    PER_COMPANY = "per_company"
    """De cada empresa: a próxima que for cadastrada começa uma base própria, que só quem a atende alcança."""


class BaseRule(Entity):
    base: BaseKind = Field(examples=["per_company"])


class TenantRules(Aggregate):
    """O que vale para toda a conta."""

    name: str
    base: BaseKind
    second_factor_waiver: SecondFactorWaiver | None = None
    """Ausente: quem movimenta dinheiro entra com o segundo fator."""


class Tenant(Aggregate):
    """One customer base with one or more companies. The keys of its rows begin with `id`."""

    id: str
    name: str
    company_ids: tuple[str, ...]
    """The companies whose billing and dispatch are scheduled."""
    base: BaseKind = BaseKind.SHARED
    """Whether the next company is registered here or as a tenant of its own."""
    second_factor_waiver: SecondFactorWaiver | None = None
    """Absent: people who move money sign in with a second factor (SEC-07)."""

    @property
    def scope(self) -> Scope:
        return Scope.of(*self.company_ids)

    def based(self, base: BaseKind) -> "Tenant":
        """Raises Refused if companies already share the base: shared data cannot become one company's."""
        if base is BaseKind.PER_COMPANY and len(self.company_ids) > 1:
            message = f"A base já é compartilhada por {len(self.company_ids)} empresas e não se divide."
            raise Refused.because([Refusal("base.shared", message, field="base")])
        return self.evolve(base=base)

    def ruled(self, rule: SecondFactorRule, decided_by: str, at: datetime) -> "Tenant":
        """Raises Refused for a waiver without a reason."""
        if rule.is_required:
            return self.evolve(second_factor_waiver=None)
        if rule.reason is None:
            message = "Informe por que o segundo fator é dispensado."
            raise Refused.because([Refusal("second_factor.reason", message, field="reason")])
        waiver = SecondFactorWaiver(reason=rule.reason, decided_by=decided_by, decided_at=at)
        return self.evolve(second_factor_waiver=waiver)

    def joined(self, company_id: str) -> "Tenant":
        return self.evolve(company_ids=(*self.company_ids, company_id))
