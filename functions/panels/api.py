"""What screens query across all customers, and a customer's panel (CUS-03..06, WEB-02, WEB-03, WEB-05): no permission
to write anything."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.banking import store as profiles
from billing.contracts.model import BillingMode
from billing.contracts.states import ContractState
from billing.core.br.cep import Cep
from billing.core.money import Money
from billing.core.names import with_names
from billing.core.page import Page
from billing.core.period import Day
from billing.core.text import Id as Key
from billing.core.text import Line
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.customers.model import Channel, Classification, PersonKind
from billing.dispatch.model import MessageState
from billing.dispatch.templates import MessagePurpose
from billing.entry import wiring
from billing.entry.http import Api
from billing.invoicing.states import ChargeStatus, InvoiceStatus, RemittanceState
from billing.members import store as members
from billing.panels import (
    cash,
    charges,
    contracts,
    held,
    invoices,
    messages,
    panel,
    registrations,
    search,
    waiting,
)
from billing.panels.cash import AccountBalances
from billing.panels.charges import ChargeFilter, ChargeList, ChargeOrder
from billing.panels.contracts import ContractFilter, ContractList, ContractOrder
from billing.panels.invoices import InvoiceFilter, InvoiceList, InvoiceOrder
from billing.panels.listing import MOST
from billing.panels.messages import MessageFilter, MessageList, MessageOrder
from billing.panels.panel import CustomerPanel
from billing.panels.registrations import (
    Pivot,
    PivotField,
    RegistrationFilter,
    RegistrationList,
    RegistrationOrder,
)
from billing.panels.search import Hits
from billing.panels.waiting import Waitings
from billing.payments.model import HeldReceipt

api = Api("panels")
handler = api.handle
LISTS = ["Listas de todos os clientes"]

Id = Annotated[Key | None, Query(min_length=1, max_length=60)]
Text = Annotated[Line | None, Query(min_length=1, max_length=120)]
Customer = Annotated[
    Line | None,
    Query(min_length=1, max_length=120, description="Parte do nome do cliente, sem diferenciar acentos."),
]
City = Annotated[Line | None, Query(min_length=1, max_length=60, description="Cidade, inteira.")]
First = Annotated[Day | None, Query(description="Primeiro dia, inclusive.")]
Last = Annotated[Day | None, Query(description="Último dia, inclusive.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="Itens por página.")]
Cursor = Annotated[Line | None, Query(max_length=1000, description="`next_cursor` da página anterior.")]


@api.get(
    "/customers/<customer_id>/panel", summary="O painel do cliente: quantidades e totais", tags=["Cadastro"]
)
def get_panel(customer_id: str) -> CustomerPanel:
    call = api.call(
        Permission.CUSTOMERS_READ,
        Permission.CONTRACTS_READ,
        Permission.INVOICES_READ,
        Permission.DISPATCH_READ,
    )
    return panel.panel(call, customer_id)


@api.get(
    "/registrations", summary="Pesquisa avançada: cadastros por qualquer das suas colunas", tags=["Cadastro"]
)
def list_registrations(
    is_active: Annotated[bool | None, Query()] = None,
    name: Text = None,
    trade_name: Text = None,
    kind: Annotated[PersonKind | None, Query()] = None,
    classification: Annotated[Classification | None, Query()] = None,
    city: City = None,
    district: Text = None,
    street: Text = None,
    cep: Annotated[Cep | None, Query()] = None,
    phone: Annotated[
        str | None, Query(pattern=r"^[0-9]{4,13}$", description="Dígitos do telefone, ou parte deles.")
    ] = None,
    with_email_and_phone: Annotated[bool | None, Query()] = None,
    registered_from: First = None,
    registered_to: Last = None,
    sort: Annotated[RegistrationOrder, Query()] = RegistrationOrder.NEWEST,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> RegistrationList:
    call = api.call(Permission.CUSTOMERS_READ)
    criteria = RegistrationFilter(
        is_active=is_active,
        name=name,
        trade_name=trade_name,
        kind=kind,
        classification=classification,
        city=city,
        district=district,
        street=street,
        cep=cep,
        phone=phone,
        with_email_and_phone=with_email_and_phone,
        registered_from=registered_from,
        registered_to=registered_to,
    )
    return registrations.registrations(call, wiring.files(), criteria, sort=sort, limit=limit, cursor=cursor)


@api.get(
    "/registrations/pivot",
    summary="Informações sintéticas: cadastros contados por dois campos",
    tags=["Cadastro"],
)
def get_pivot(rows: Annotated[PivotField, Query()], columns: Annotated[PivotField, Query()]) -> Pivot:
    call = api.call(Permission.CUSTOMERS_READ, Permission.CONTRACTS_READ)
    return registrations.pivot(call, wiring.files(), rows=rows, columns=columns)


@api.get("/invoices", summary="Lista as faturas de todos os clientes, com os totais do filtro", tags=LISTS)
def list_invoices(
    company_id: Id = None,
    status: Annotated[list[InvoiceStatus] | None, Query(max_length=6)] = None,
    remittance: Annotated[list[RemittanceState] | None, Query(max_length=7)] = None,
    due_from: First = None,
    due_to: Last = None,
    issued_from: First = None,
    issued_to: Last = None,
    settled_from: First = None,
    settled_to: Last = None,
    overdue: Annotated[bool | None, Query(description="Só as vencidas, ou só as outras.")] = None,
    payment_profile_id: Id = None,
    number: Annotated[int | None, Query(ge=1, le=999_999_999_999)] = None,
    nosso_numero: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    customer: Customer = None,
    city: City = None,
    amount_from: Annotated[Money | None, Query()] = None,
    amount_to: Annotated[Money | None, Query()] = None,
    sort: Annotated[InvoiceOrder, Query()] = InvoiceOrder.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> InvoiceList:
    call = api.call(Permission.INVOICES_READ)
    criteria = InvoiceFilter(
        company_id=company_id,
        status=tuple(status or ()),
        remittance=tuple(remittance or ()),
        due_from=due_from,
        due_to=due_to,
        issued_from=issued_from,
        issued_to=issued_to,
        settled_from=settled_from,
        settled_to=settled_to,
        overdue=overdue,
        payment_profile_id=payment_profile_id,
        number=number,
        nosso_numero=nosso_numero,
        customer=customer,
        city=city,
        amount_from=amount_from,
        amount_to=amount_to,
    )
    return invoices.invoices(call, wiring.files(), criteria, sort=sort, limit=limit, cursor=cursor)


@api.get("/charges", summary="Lista as contas de todos os clientes, com os totais do filtro", tags=LISTS)
def list_charges(
    company_id: Id = None,
    status: Annotated[list[ChargeStatus] | None, Query(max_length=5)] = None,
    due_from: First = None,
    due_to: Last = None,
    payment_profile_id: Id = None,
    contract_id: Id = None,
    customer: Customer = None,
    city: City = None,
    sort: Annotated[ChargeOrder, Query()] = ChargeOrder.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ChargeList:
    call = api.call(Permission.INVOICES_READ)
    criteria = ChargeFilter(
        company_id=company_id,
        status=tuple(status or ()),
        due_from=due_from,
        due_to=due_to,
        payment_profile_id=payment_profile_id,
        contract_id=contract_id,
        customer=customer,
        city=city,
    )
    return charges.charges(call, wiring.files(), criteria, sort=sort, limit=limit, cursor=cursor)


@api.get("/contracts", summary="Lista os contratos de todos os clientes", tags=LISTS)
def list_contracts(
    company_id: Id = None,
    state: Annotated[list[ContractState] | None, Query(max_length=5)] = None,
    mode: Annotated[BillingMode | None, Query()] = None,
    plan: Text = None,
    payment_profile_id: Id = None,
    customer: Customer = None,
    city: City = None,
    started_from: First = None,
    started_to: Last = None,
    sort: Annotated[ContractOrder, Query()] = ContractOrder.CUSTOMER,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ContractList:
    call = api.call(Permission.CONTRACTS_READ)
    criteria = ContractFilter(
        company_id=company_id,
        state=tuple(state or ()),
        mode=mode,
        plan=plan,
        payment_profile_id=payment_profile_id,
        customer=customer,
        city=city,
        started_from=started_from,
        started_to=started_to,
    )
    return contracts.contracts(call, wiring.files(), criteria, sort=sort, limit=limit, cursor=cursor)


@api.get("/messages", summary="Lista as mensagens a todos os clientes", tags=LISTS)
def list_messages(
    company_id: Id = None,
    state: Annotated[list[MessageState] | None, Query(max_length=8)] = None,
    channel: Annotated[Channel | None, Query()] = None,
    purpose: Annotated[MessagePurpose | None, Query()] = None,
    on_from: First = None,
    on_to: Last = None,
    customer: Customer = None,
    sort: Annotated[MessageOrder, Query()] = MessageOrder.LAST,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> MessageList:
    call = api.call(Permission.DISPATCH_READ)
    criteria = MessageFilter(
        company_id=company_id,
        state=tuple(state or ()),
        channel=channel,
        purpose=purpose,
        on_from=on_from,
        on_to=on_to,
        customer=customer,
    )
    return messages.messages(call, wiring.files(), criteria, sort=sort, limit=limit, cursor=cursor)


@api.get(
    "/held-receipts/open",
    summary="Recebimentos retidos que aguardam decisão, de todos os meses",
    description="Dos mais antigos aos mais novos; seguem as gravações com alguns segundos de atraso.",
    tags=["Recebimentos retidos"],
)
def list_open_held_receipts(limit: Limit = 50, cursor: Cursor = None) -> Page[HeldReceipt]:
    call = api.call(Permission.PAYMENTS_READ)
    page = held.open_receipts(call, wiring.files(), limit=limit, cursor=cursor)
    sources = customers.NAMES, companies.NAMES, profiles.NAMES, members.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.get(
    "/cash-balances",
    summary="O saldo de cada conta de dinheiro, e o que nela aguarda conciliação",
    description="Soma de todos os lançamentos; segue as gravações com alguns segundos de atraso.",
    tags=["Contas de dinheiro"],
)
def list_cash_balances() -> AccountBalances:
    call = api.call(Permission.PAYMENTS_READ)
    return cash.balances(call, wiring.files())


@api.get(
    "/search",
    summary="Encontra cliente, contrato, fatura ou execução pelo que se tem em mãos",
    description=(
        "Nome, CPF ou CNPJ, código, e-mail, telefone, número da fatura, nosso número, linha digitável, código de barras, plano ou id de uma execução."
    ),
    tags=["Início"],
)
def search_everything(text: Annotated[Line, Query(min_length=1, max_length=120)]) -> Hits:
    call = api.call(Permission.CUSTOMERS_READ, Permission.CONTRACTS_READ, Permission.INVOICES_READ)
    return search.search(call, wiring.files(), text)


@api.get("/waiting", summary="O que aguarda a pessoa, por tipo, com quantidades e totais", tags=["Início"])
def get_waiting() -> Waitings:
    call = api.call(Permission.ACCESS_READ)
    return waiting.waiting(call, wiring.files())
