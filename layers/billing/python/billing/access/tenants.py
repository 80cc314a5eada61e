"""Tenants, who own the data. The only list that belongs to no tenant; schedules go through it.

A tenant is one base of registrations, items, codes and templates. Companies that share a base belong to one tenant; a
company with a base of its own is a tenant of its own, so that none of its data can be reached from another (ADR 9).
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from billing.access.model import PERMISSIONS_OF, Permission, Profile
from billing.access.profiles import MOST_PROFILES, AccessProfile
from billing.access.scope import Scope
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.labels import VALUES
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
    profiles: tuple[AccessProfile, ...] = Field(default=(), max_length=MOST_PROFILES)
    """The tenant's own, besides the four (ADR 19)."""

    def permitted(self, profile_ids: Iterable[str]) -> frozenset[Permission]:
        """What a person with these profiles may do: what any of them permits. One that does not exist permits
        nothing."""
        own = {profile.id: profile.permissions for profile in self.profiles}
        return frozenset(
            permission for id_ in profile_ids for permission in PERMISSIONS_OF.get(id_) or own.get(id_, ())
        )

    def profile_names(self, profile_ids: Iterable[str]) -> tuple[str, ...]:
        names = {profile.id: profile.name for profile in self.every_profile}
        return tuple(names[id_] for id_ in profile_ids if id_ in names)

    @property
    def every_profile(self) -> tuple[AccessProfile, ...]:
        """The four, then the tenant's own by name."""
        four = (
            AccessProfile(id=id_, name=VALUES["Profile"][id_], permissions=tuple(sorted(PERMISSIONS_OF[id_])))
            for id_ in Profile
        )
        return (*four, *sorted(self.profiles, key=lambda profile: profile.name.casefold()))

    def profile(self, profile_id: str) -> AccessProfile:
        """One of the tenant's own. Raises NotFound; Refused for one of the four."""
        if profile_id in PERMISSIONS_OF:
            message = "Este perfil é igual em todas as contas e não muda. Faça um perfil novo a partir dele."
            raise Refused.because([Refusal("profile.built_in", message)])
        for profile in self.profiles:
            if profile.id == profile_id:
                return profile
        raise NotFound("profile.missing", "Este perfil não existe.")

    def with_profile(self, profile: AccessProfile) -> "Tenant":
        """Added, or changed. Raises Refused for a name that another profile has, and for one profile too many."""
        others = tuple(one for one in self.profiles if one.id != profile.id)
        taken = {one.name.casefold() for one in self.every_profile if one.id != profile.id}
        refusals = []
        if profile.name.casefold() in taken:
            message = "Outro perfil já tem este nome. Escolha outro."
            refusals.append(Refusal("profile.name_taken", message, field="name"))
        if len(others) >= MOST_PROFILES:
            message = f"A conta tem no máximo {MOST_PROFILES} perfis próprios. Exclua um que ninguém usa."
            refusals.append(Refusal("profile.too_many", message))
        if refusals:
            raise Refused.because(refusals)
        return self.evolve(profiles=(*others, profile))

    def without_profile(self, profile: AccessProfile) -> "Tenant":
        return self.evolve(profiles=tuple(one for one in self.profiles if one != profile))

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
