"""A tenant's members: what each may do, and for which companies (SEC-01, SEC-02)."""

from datetime import date, datetime
from typing import Any

from pydantic import Field, model_validator

from billing.access.model import Permission
from billing.access.profiles import MOST_OF_ONE_PERSON, NewAccessProfile
from billing.access.scope import Scope
from billing.access.tenants import Tenant
from billing.core.emails import Email
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate
from billing.core.text import Id, Line

COMPANIES_MAX = 40
"""A limit that keeps the access token well within the size of a header."""


class Rights(Entity):
    profile_ids: tuple[Id, ...] = Field(
        min_length=1, max_length=MOST_OF_ONE_PERSON, examples=[["financeiro", "operacao"]]
    )
    """Os perfis da pessoa, que pode o que qualquer um deles permite."""
    company_ids: tuple[Id, ...] = Field(min_length=1, max_length=COMPANIES_MAX, examples=[["com_alfa"]])
    """As empresas que a pessoa atende."""

    @property
    def scope(self) -> Scope:
        return Scope.of(*self.company_ids)


class NewMember(Rights):
    name: Line = Field(min_length=1, max_length=120, examples=["Joana Silva"])
    email: Email

    def member(self, user_id: str, tenant_id: str, since: datetime, version: int) -> "Member":
        """`version` is that of the person's row from an earlier membership, or 0."""
        return Member(
            user_id=user_id,
            tenant_id=tenant_id,
            name=self.name,
            email=self.email,
            profile_ids=self.profile_ids,
            company_ids=self.company_ids,
            since=since,
            version=version,
        )


class Member(Aggregate):
    """Uma pessoa da empresa. `user_id` é a identidade no provedor de acesso, que nunca muda."""

    user_id: str
    tenant_id: str
    name: str
    email: Email
    profile_ids: tuple[str, ...]
    company_ids: tuple[str, ...]
    since: datetime
    """Desde quando. Quem já atende outra conta passa a esta quando deixa aquela."""
    signed_out_at: datetime | None = None
    """Toda sessão aberta até então está encerrada: quem entrou antes entra de novo."""
    is_removed: bool = False
    """Fica guardado pelo que foi feito em seu nome; a pessoa pode receber acesso de novo."""

    @model_validator(mode="before")
    @classmethod
    def _with_one_profile(cls, stored: Any) -> Any:
        """Rows from before a person could have several profiles have one, as `profile`."""
        if isinstance(stored, dict) and "profile" in stored:
            others = {name: value for name, value in stored.items() if name != "profile"}
            return {**others, "profile_ids": (stored["profile"],)}
        return stored

    @property
    def scope(self) -> Scope:
        return Scope.of(*self.company_ids)

    def granted(self, rights: Rights) -> "Member":
        """With other rights, effective within a minute."""
        return self.evolve(profile_ids=rights.profile_ids, company_ids=rights.company_ids)

    def joined(self, company_id: str) -> "Member":
        """With one more company, effective within a minute. Raises Refused for more companies than a token carries."""
        if len(self.company_ids) == COMPANIES_MAX:
            message = f"Uma pessoa atende no máximo {COMPANIES_MAX} empresas. Peça a outro administrador."
            raise Refused.because([Refusal("member.companies_max", message)])
        return self.evolve(company_ids=(*self.company_ids, company_id))

    def signed_out(self, at: datetime) -> "Member":
        """`at` is an instant of the user pool's clock."""
        return self.evolve(signed_out_at=at)

    def has_ended(self, signed_in_at: int) -> bool:
        """Whether the session is over of who signed in then, in seconds since 1970. The pool's clock has whole seconds:
        who signs in again in the second of the sign-out is let in."""
        return self.signed_out_at is not None and signed_in_at < int(self.signed_out_at.timestamp())

    def removed(self) -> "Member":
        return self.evolve(is_removed=True)

    def claims(self) -> dict[str, str]:
        """What the access token says about the person. The API checks the membership itself, at most a minute old."""
        if self.is_removed:
            return {}
        return {
            "tenant": self.tenant_id,
            "profiles": " ".join(self.profile_ids),
            "companies": self.scope.text,
        }


class Me(Member):
    """Quem pergunta, com o que os seus perfis permitem."""

    tenant_name: str
    profile_names: tuple[str, ...]
    permissions: tuple[Permission, ...]
    """O que os perfis permitem, no alfabeto; o que não está aqui é recusado."""
    second_factor_missing: bool
    """O perfil movimenta dinheiro e a entrada foi só com a senha: até cadastrar o segundo fator, tudo mais é recusado."""
    today: date
    """A data de negócio, em São Paulo: é por ela que algo está vencido."""


class SecondFactor(Entity):
    """O aplicativo autenticador de quem pergunta."""

    is_registered: bool
    """A entrada pede o código do aplicativo, além da senha."""
    is_required: bool
    """O perfil movimenta dinheiro e a conta não dispensa o segundo fator."""


class NewSecondFactor(Entity):
    """O segredo que se lê com o aplicativo autenticador; só vale depois de confirmado com um código dele."""

    secret: str
    """Para digitar, onde não se lê o QR code: base 32."""
    uri: str
    """O conteúdo do QR code: `otpauth://totp/...`."""
    qr_code: tuple[str, ...]
    """O QR code, linha por linha: `1` é escuro."""


class SecondFactorCode(Entity):
    code: str = Field(pattern=r"^[0-9]{6}$", examples=["123456"])
    """Os seis dígitos que o aplicativo mostra agora."""


class ListedPermission(Entity):
    """Uma função que um perfil pode permitir."""

    permission: Permission
    name: str = Field(examples=["estornar recebimentos"])
    profile_ids: tuple[str, ...]
    """Os perfis que a permitem: os quatro de toda conta, e os desta."""


class PanelPermissions(Entity):
    """As permissões das funções de um painel."""

    panel: str = Field(examples=["Recebimentos"])
    permissions: tuple[ListedPermission, ...]


def permissions_by_panel(tenant: Tenant) -> tuple[PanelPermissions, ...]:
    """Every permission once."""
    listed = {
        panel: tuple(
            ListedPermission(
                permission=permission,
                name=permission.label,
                profile_ids=tuple(
                    profile.id for profile in tenant.every_profile if permission in profile.permissions
                ),
            )
            for permission in Permission
            if permission.panel == panel
        )
        for panel in dict.fromkeys(permission.panel for permission in Permission)
    }
    return tuple(PanelPermissions(panel=panel, permissions=listed[panel]) for panel in listed)


class ListedAccessProfile(Aggregate):
    """Um perfil e o que permite; `version` é a da conta, em cuja linha ele está."""

    id: str
    name: str
    permissions: tuple[Permission, ...]
    is_built_in: bool
    """Um dos quatro de toda conta: modelo para os outros, e não muda."""


class AffectedMember(Entity):
    """Uma pessoa que tem o perfil, e o que a mudança lhe tira e lhe dá, já contados os seus outros perfis."""

    user_id: str
    name: str
    lost: tuple[str, ...] = Field(examples=[["estornar recebimentos"]])
    gained: tuple[str, ...]


class AccessProfileProposal(Entity):
    """O que a mudança de um perfil faria a quem o tem; nada foi alterado."""

    proposal: str
    """A confirmação: envie-a com o mesmo pedido para fazer isto, e só isto."""
    members: tuple[AffectedMember, ...]


class AccessProfileChange(NewAccessProfile):
    """A mudança de um perfil, como foi proposta."""

    proposal: Id = Field(examples=["5f0c2a9b7d3e4f61a8b0c2d4e6f80a1b"])
    """A confirmação que a proposta respondeu, depois de mostrada a quem decide."""


class Base(Entity):
    """Base em que a pessoa trabalha. O cabeçalho `Mensal-Base` com o seu `id` faz o pedido nela."""

    id: str
    name: str
    profile_names: tuple[str, ...]
    company_ids: tuple[str, ...]


def refusals_to_change(user_id: str, actor_id: str) -> list[Refusal]:
    """Nobody changes their own access, and whoever changes that of others must still be allowed to when it is written:
    so a tenant always has an administrator."""
    if user_id == actor_id:
        return [Refusal("member.oneself", "Peça a outro administrador: ninguém muda o próprio acesso.")]
    return []
