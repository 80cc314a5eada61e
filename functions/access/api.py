"""Who the user is, and who else works here, over HTTP (SEC-01)."""

from operator import attrgetter
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.access.profiles import NewAccessProfile
from billing.access.tenants import BaseRule, SecondFactorRule, TenantRules
from billing.audit.access_log import Access, DayRange
from billing.audit.history import History
from billing.core.names import with_names
from billing.core.page import MAX_PAGE, Page, part_of
from billing.core.period import Day
from billing.core.text import Cursor, Id
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.members import profiles, service, sessions
from billing.members import store as members
from billing.members.model import (
    AccessProfileChange,
    AccessProfileProposal,
    Base,
    ListedAccessProfile,
    Me,
    Member,
    NewMember,
    NewSecondFactor,
    PanelPermissions,
    Rights,
    SecondFactor,
    SecondFactorCode,
)

api = Api("access")
handler = api.handle
TAGS = ["Acesso"]


@api.get("/me", summary="Quem sou, de que empresas, e o que o meu perfil permite", tags=TAGS)
def get_me() -> Me:
    call = api.call_about_oneself()
    return service.me(call, second_factor_missing=api.lacks_second_factor())


@api.get("/me/second-factor", summary="Se tenho o segundo fator cadastrado, e se ele me é exigido", tags=TAGS)
def get_second_factor() -> SecondFactor:
    call = api.call_about_oneself()
    return sessions.second_factor(call, wiring.directory())


@api.post(
    "/me/second-factor",
    status_code=201,
    summary="Começa o cadastro do meu segundo fator: o segredo, também como QR code",
    description="O aplicativo atual continua valendo até a confirmação do novo. Exige ter acabado de entrar para isto.",
    tags=TAGS,
)
def begin_second_factor() -> NewSecondFactor:
    call = api.call_about_oneself()
    return sessions.begin_second_factor(call, wiring.directory(), api.account_token())


@api.post(
    "/me/second-factor/confirmation",
    summary="Confirma o meu segundo fator com um código; todas as minhas sessões terminam",
    tags=TAGS,
)
def confirm_second_factor(entered: SecondFactorCode) -> Member:
    call = api.call_about_oneself()
    token, at = api.account_token(), wiring.sign_in_clock().now()
    return sessions.confirm_second_factor(call, wiring.directory(), token, entered.code, at)


@api.post("/me/sign-out", summary="Encerra todas as minhas sessões, em todo lugar", tags=TAGS)
def sign_out() -> Member:
    call = api.call_about_oneself()
    return sessions.sign_out(call, wiring.directory(), wiring.sign_in_clock().now())


@api.get("/members", summary="Lista as pessoas que atendem as empresas de quem pergunta", tags=TAGS)
def list_members(cursor: ListCursor = None) -> Page[Member]:
    call = api.call(Permission.ACCESS_MANAGE)
    this = f"{call.tenant_id}#members"
    part, following = part_of(this, list(service.members(call)), cursor, key=attrgetter("user_id"))
    page = Page[Member](items=part, next_cursor=following)
    return with_names(call.tenant_id, page, companies.NAMES, members.PROFILES)


@api.get("/permissions", summary="Tudo o que se permite, por painel, e os perfis que o permitem", tags=TAGS)
def list_permissions() -> Page[PanelPermissions]:
    call = api.call(Permission.ACCESS_MANAGE)
    return Page[PanelPermissions](items=profiles.permissions(call))


@api.get("/profiles", summary="Os perfis: os quatro de toda conta, e os desta", tags=TAGS)
def list_profiles() -> Page[ListedAccessProfile]:
    call = api.call(Permission.ACCESS_MANAGE)
    return Page[ListedAccessProfile](items=tuple(profiles.profiles(call)))


@api.post("/profiles", status_code=201, summary="Faz um perfil da lista de permissões", tags=TAGS)
def add_profile(profile: NewAccessProfile) -> ListedAccessProfile:
    call = api.call(Permission.ACCESS_MANAGE)
    return profiles.add(call, profile)


@api.post(
    "/profiles/<profile_id>/proposal",
    summary="O que a mudança de um perfil tira e dá a cada pessoa que o tem; nada é alterado",
    tags=TAGS,
)
def propose_profile(profile_id: str, profile: NewAccessProfile) -> AccessProfileProposal:
    call = api.call(Permission.ACCESS_MANAGE)
    return profiles.propose(call, profile_id, profile)


@api.put("/profiles/<profile_id>", summary="Muda um perfil, como foi proposto", tags=TAGS)
def change_profile(profile_id: str, profile: AccessProfileChange) -> ListedAccessProfile:
    call = api.call(Permission.ACCESS_MANAGE)
    return profiles.change(call, profile_id, api.if_match, profile)


@api.delete("/profiles/<profile_id>", summary="Exclui um perfil que ninguém mais tem", tags=TAGS)
def remove_profile(profile_id: str) -> ListedAccessProfile:
    call = api.call(Permission.ACCESS_MANAGE)
    return profiles.remove(call, profile_id, api.if_match)


@api.post("/members", status_code=201, summary="Dá acesso a uma pessoa, que recebe um e-mail", tags=TAGS)
def invite_member(member: NewMember) -> Member:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.invite(call, wiring.directory(), member)


@api.put("/members/<user_id>", summary="Muda os perfis e as empresas de uma pessoa", tags=TAGS)
def change_member(user_id: str, rights: Rights) -> Member:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.grant(call, user_id, api.if_match, rights)


@api.delete("/members/<user_id>", summary="Tira o acesso de uma pessoa", tags=TAGS)
def remove_member(user_id: str) -> Member:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.remove(call, wiring.directory(), user_id, api.if_match)


@api.post(
    "/members/<user_id>/sign-out", summary="Encerra todas as sessões de uma pessoa, em todo lugar", tags=TAGS
)
def sign_out_member(user_id: str) -> Member:
    call = api.call(Permission.ACCESS_MANAGE)
    at = wiring.sign_in_clock().now()
    return sessions.sign_out_member(call, wiring.directory(), user_id, at)


@api.delete(
    "/members/<user_id>/second-factor",
    summary="Retira o segundo fator de quem perdeu o aparelho, e encerra as suas sessões",
    tags=TAGS,
)
def remove_second_factor(user_id: str) -> Member:
    call = api.call(Permission.ACCESS_MANAGE)
    at = wiring.sign_in_clock().now()
    return sessions.remove_second_factor(call, wiring.directory(), user_id, api.if_match, at)


@api.get("/members/<user_id>/history", summary="Tudo o que aconteceu com o acesso de uma pessoa", tags=TAGS)
def get_member_history(user_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.ACCESS_MANAGE)
    return history_page(call, service.history_of(call, user_id), cursor, companies.NAMES, members.PROFILES)


@api.get("/tenant/rules", summary="O que vale para toda a conta", tags=TAGS)
def get_tenant_rules() -> TenantRules:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.rules(call)


@api.get("/bases", summary="Em que bases trabalho; a primeira é a do meu acesso", tags=TAGS)
def list_bases() -> Page[Base]:
    call = api.call(Permission.ACCESS_READ)
    return Page[Base](items=tuple(service.bases(call)))


@api.put(
    "/tenant/rules/base", summary="Escolhe se a próxima empresa entra nesta base ou começa a sua", tags=TAGS
)
def set_base_rule(rule: BaseRule) -> TenantRules:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.rule_base(call, api.if_match, rule)


@api.put(
    "/tenant/rules/second-factor",
    summary="Exige ou dispensa o segundo fator de quem movimenta dinheiro",
    tags=TAGS,
)
def set_second_factor_rule(rule: SecondFactorRule) -> TenantRules:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.rule_second_factor(call, api.if_match, rule)


@api.get(
    "/access-log",
    summary="Quem leu ou alterou os dados de um cadastro, ou o que uma pessoa leu, em um período",
    tags=TAGS,
)
def list_accesses(
    first: Annotated[Day, Query(alias="from", description="Primeiro dia, inclusive.")],
    last: Annotated[Day, Query(alias="to", description="Último dia, inclusive; até 92 dias.")],
    subject_id: Annotated[
        Id | None, Query(description="O cadastro, ou outra coisa que o endereço cita.")
    ] = None,
    person_id: Annotated[Id | None, Query(description="A pessoa que leu.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Itens por página.")] = MAX_PAGE,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")] = None,
) -> Page[Access]:
    call = api.call(Permission.ACCESS_MANAGE)
    period = DayRange(first, last)
    accesses = service.accesses(call, subject_id, person_id, period, limit=limit, cursor=cursor)
    return with_names(call.tenant_id, accesses, members.NAMES, customers.NAMES, companies.NAMES)
