"""Registrations and companies over HTTP (CUS-01..CUS-04, SEC-02)."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from billing.access.model import Permission
from billing.audit.history import History
from billing.core.emails import Domain
from billing.core.entity import Entity
from billing.core.page import MAX_PAGE, Page
from billing.core.text import Cursor, Line
from billing.customers import listed_reasons, search, sender_domains, service, store
from billing.customers.company import Company, CompanyData
from billing.customers.listed_reasons import ListedReason, ListedReasonChange, NewListedReason
from billing.customers.model import Customer, CustomerData
from billing.customers.sender_domains import SenderDomain
from billing.customers.senders import Sender
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor

api = Api("customers")
handler = api.handle
PEOPLE = ["Cadastro"]
COMPANIES = ["Empresas"]
LISTS = ["Listas de motivos"]


class Activity(Entity):
    is_active: bool = Field(examples=[False])
    """false inativa o cadastro, true reativa."""


@api.get(
    "/customers", summary="Lista os últimos 1.000 cadastros ativos, ou pesquisa por um critério", tags=PEOPLE
)
def list_customers(
    document: Annotated[
        Line | None, Query(max_length=254, description="CPF ou CNPJ, com ou sem pontuação.")
    ] = None,
    email: Annotated[Line | None, Query(max_length=254, description="E-mail completo.")] = None,
    code: Annotated[int | None, Query(ge=1, le=10**9, description="Código do cadastro.")] = None,
    name: Annotated[
        Line | None, Query(max_length=254, description="Início do nome, sem diferenciar acentos.")
    ] = None,
    is_active: Annotated[bool | None, Query(description="Todos os ativos, ou todos os inativos.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Itens por página.")] = 50,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")] = None,
) -> Page[Customer]:
    call = api.call(Permission.CUSTOMERS_READ)
    criterion = search.Search(document=document, email=email, code=code, name=name, is_active=is_active)
    return search.find(call, criterion, limit=limit, cursor=cursor)


@api.post("/customers", status_code=201, summary="Cadastra uma pessoa", tags=PEOPLE)
def add_customer(customer: CustomerData) -> Customer:
    call = api.call(Permission.CUSTOMERS_WRITE)
    return service.add(call, customer)


@api.get("/customers/<customer_id>", summary="Lê um cadastro", tags=PEOPLE)
def get_customer(customer_id: str) -> Customer:
    call = api.call(Permission.CUSTOMERS_READ)
    return store.get(call.tenant_id, customer_id)


@api.put("/customers/<customer_id>", summary="Corrige um cadastro", tags=PEOPLE)
def correct_customer(customer_id: str, customer: CustomerData) -> Customer:
    call = api.call(Permission.CUSTOMERS_WRITE)
    return service.correct(call, customer_id, api.if_match, customer)


@api.put(
    "/customers/<customer_id>/activity",
    summary="Inativa ou reativa um cadastro",
    description="Com contrato em vigor, inativar pede confirmação (`confirm`): nada mais é faturado do cliente.",
    tags=PEOPLE,
)
def set_customer_activity(customer_id: str, activity: Activity, confirm: bool = False) -> Customer:
    call = api.call(Permission.CUSTOMERS_WRITE)
    if activity.is_active:
        return service.reactivate(call, customer_id, api.if_match)
    from billing.contracts.service import (
        keeping_active,  # contracts are slow to import, and only this operation needs them
    )

    return service.deactivate(call, customer_id, api.if_match, keeping_active, confirmed=confirm)


@api.get("/customers/<customer_id>/history", summary="Tudo o que aconteceu com um cadastro", tags=PEOPLE)
def get_customer_history(customer_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CUSTOMERS_READ)
    return history_page(call, service.history_of(call, customer_id), cursor)


@api.get("/companies", summary="Lista as empresas emitentes", tags=COMPANIES)
def list_companies() -> Page[Company]:
    call = api.call(Permission.CUSTOMERS_READ)
    return Page[Company](items=tuple(service.companies(call)))


@api.post(
    "/companies",
    status_code=201,
    summary="Cadastra uma empresa emitente",
    description="Quem cadastra passa a atendê-la. Conforme a regra da conta, a empresa entra na base das outras ou começa a sua "
    "(veja `GET /bases`).",
    tags=COMPANIES,
)
def add_company(company: CompanyData) -> Company:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.add_company(call, company)


@api.get("/companies/<company_id>", summary="Lê uma empresa emitente", tags=COMPANIES)
def get_company(company_id: str) -> Company:
    call = api.call(Permission.CUSTOMERS_READ)
    return service.company(call, company_id)


@api.get(
    "/companies/<company_id>/history", summary="Tudo o que aconteceu com uma empresa emitente", tags=COMPANIES
)
def get_company_history(company_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CUSTOMERS_READ)
    return history_page(call, service.history_of_company(call, company_id), cursor)


@api.get(
    "/companies/<company_id>/sender", summary="Lê se o remetente da empresa está comprovado", tags=COMPANIES
)
def get_company_sender(company_id: str) -> Sender:
    call = api.call(Permission.CUSTOMERS_READ)
    return service.sender_of(call, company_id)


@api.post(
    "/companies/<company_id>/sender",
    summary="Confere o remetente; sem comprovação, manda a ele o e-mail que comprova",
    tags=COMPANIES,
)
def prove_company_sender(company_id: str) -> Sender:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.prove_sender(call, wiring.sender_proofs(), company_id)


class NewDomain(Entity):
    domain: Domain


@api.get("/sender-domains", summary="Lista os domínios de remetentes da conta", tags=COMPANIES)
def list_sender_domains() -> Page[SenderDomain]:
    call = api.call(Permission.CUSTOMERS_READ)
    return Page[SenderDomain](items=tuple(sender_domains.domains(call)))


@api.post(
    "/sender-domains",
    status_code=201,
    summary="Informa um domínio de remetentes",
    description="Responde os registros a publicar no DNS do domínio. Comprovado, qualquer endereço dele envia sem comprovação própria, e nenhuma "
    "outra conta usa um endereço novo dele.",
    tags=COMPANIES,
)
def add_sender_domain(new: NewDomain) -> SenderDomain:
    call = api.call(Permission.ACCESS_MANAGE)
    return sender_domains.claim(call, wiring.sender_proofs(), new.domain)


@api.get("/sender-domains/<domain>", summary="Lê um domínio de remetentes", tags=COMPANIES)
def get_sender_domain(domain: str) -> SenderDomain:
    call = api.call(Permission.CUSTOMERS_READ)
    return sender_domains.get_for(call, domain)


@api.post(
    "/sender-domains/<domain>/proof",
    summary="Confere se os registros do domínio de remetentes estão publicados",
    tags=COMPANIES,
)
def prove_sender_domain(domain: str) -> SenderDomain:
    call = api.call(Permission.ACCESS_MANAGE)
    return sender_domains.proven(call, wiring.sender_proofs(), domain)


@api.put("/companies/<company_id>", summary="Altera uma empresa emitente", tags=COMPANIES)
def change_company(company_id: str, company: CompanyData) -> Company:
    call = api.call(Permission.ACCESS_MANAGE)
    return service.change_company(call, company_id, api.if_match, company)


@api.get(
    "/listed-reasons", summary="Lista os tipos de desconto e os status de protesto configurados", tags=LISTS
)
def list_listed_reasons() -> Page[ListedReason]:
    call = api.call(Permission.CUSTOMERS_READ)
    return Page[ListedReason](items=tuple(listed_reasons.listed(call.tenant_id)))


@api.post(
    "/listed-reasons",
    status_code=201,
    summary="Inclui um tipo de desconto ou status de protesto na sua lista",
    tags=LISTS,
)
def add_listed_reason(reason: NewListedReason) -> ListedReason:
    call = api.call(Permission.BANKING_CONFIGURE)
    return listed_reasons.add(call, reason)


@api.put(
    "/listed-reasons/<reason_id>",
    summary="Altera um motivo da lista, ou o encerra; o nome não muda",
    tags=LISTS,
)
def change_listed_reason(reason_id: str, change: ListedReasonChange) -> ListedReason:
    call = api.call(Permission.BANKING_CONFIGURE)
    return listed_reasons.change(call, reason_id, api.if_match, change)


@api.get(
    "/listed-reasons/<reason_id>/history",
    summary="Tudo o que aconteceu com um motivo da lista",
    tags=LISTS,
)
def get_listed_reason_history(reason_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CUSTOMERS_READ)
    return history_page(call, listed_reasons.history_of(call, reason_id), cursor)
