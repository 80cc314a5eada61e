"""Contracts of all customers: the cancellation queue (CTR-05), contracts not yet activated, contracts on a plan."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from billing.access.call import Call
from billing.contracts.model import BillingMode, Why
from billing.contracts.offers import ContractOffer, of_contract
from billing.contracts.states import ContractState
from billing.contracts.store import find_contracts
from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.files import Files
from billing.panels.listing import CustomerName, ListSource, Where, read_list


class ContractOrder(StrEnum):
    CUSTOMER = "customer"
    START_LAST = "-starts_on"
    PLAN = "plan"


CONTRACTS = ListSource(
    kinds=("contract", "customer"),
    source="contract AS row LEFT JOIN customer ON customer.id = row.customer_id",
    orders={
        ContractOrder.CUSTOMER: "customer.name_key, row.number, row.id",
        ContractOrder.START_LAST: "row.starts_on DESC, customer.name_key, row.id",
        ContractOrder.PLAN: "row.description, customer.name_key, row.id",
    },
)


class ContractFilter(NamedTuple):
    company_id: str | None = None
    state: tuple[ContractState, ...] = ()
    mode: BillingMode | None = None
    plan: str | None = None
    payment_profile_id: str | None = None
    customer: str | None = None
    """Part of the name."""
    city: str | None = None
    started_from: date | None = None
    started_to: date | None = None


class ContractListed(Entity):
    """Um contrato, com o nome do seu cliente."""

    id: str
    customer_id: str
    customer: CustomerName | None = None
    company_id: str
    number: int
    title: str
    state: ContractState
    state_label: str
    mode: BillingMode
    mode_label: str
    starts_on: date
    activated_on: date | None = None
    ends_on: date | None = None
    payment_profile_id: str
    grouping: str | None = None
    suspension: Why | None = None
    cancellation: Why | None = None
    actions: tuple[ContractOffer, ...] = ()
    """O que quem pergunta pode fazer dele, e o que impede agora."""


class ContractList(Entity):
    """Contratos de todos os clientes; `count` é de tudo o que o filtro abrange."""

    items: tuple[ContractListed, ...]
    count: int
    next_cursor: str | None = None


def contracts(
    call: Call,
    files: Files,
    criteria: ContractFilter,
    *,
    sort: ContractOrder = ContractOrder.CUSTOMER,
    limit: int = 50,
    cursor: str | None = None,
) -> ContractList:
    """Contracts with the caller's companies. Raises InvalidInput for a cursor from another list."""
    where = Where().within(call, "row.company_id").equal("row.company_id", criteria.company_id)
    where.one_of("row.state", criteria.state).equal("row.mode", criteria.mode)
    where.equal("row.description", criteria.plan).equal("row.payment_profile_id", criteria.payment_profile_id)
    where.equal("customer.city", criteria.city)
    where.containing(
        "customer.name_key", None if criteria.customer is None else search_key(criteria.customer)
    )
    where.between("row.starts_on", criteria.started_from, criteria.started_to)
    page = read_list(call, files, CONTRACTS, where, sort=sort, limit=limit, cursor=cursor)
    present = find_contracts(call.tenant_id, page.keys)
    return ContractList(
        items=tuple(
            ContractListed(
                **{name: value for name, value in contract.__dict__.items() if name in _KEPT},
                customer=page.customers.get(customer_id),
                title=contract.title,
                state_label=contract.state.label,
                mode_label=contract.mode.label,
                actions=of_contract(call.permissions, contract),
            )
            for customer_id, contract_id in page.keys
            if (contract := present.get(contract_id)) is not None
        ),
        count=page.count,
        next_cursor=page.next_cursor,
    )


_KEPT = ContractListed.model_fields.keys() - {"customer", "title", "state_label", "mode_label", "actions"}
