"""Charges (contas a receber) of all customers, whether on an invoice or not, with the totals of the whole filter
(CON-01, CON-06)."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from billing.access.call import Call
from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.money import Money
from billing.invoicing import store
from billing.invoicing.charges import ShownCharge, offered
from billing.invoicing.states import ChargeStatus
from billing.panels.listing import CustomerName, ListSource, Where, money, read_list


class ChargeOrder(StrEnum):
    DUE = "due_on"
    DUE_LAST = "-due_on"
    CUSTOMER = "customer"
    AMOUNT_LARGEST = "-amount"


CHARGES = ListSource(
    kinds=("charge", "customer"),
    source="charge AS row LEFT JOIN customer ON customer.id = row.customer_id",
    totals="sum(row.amount_cents), sum(row.amount_cents) FILTER (WHERE row.credit_of IS NOT NULL)",
    orders={
        ChargeOrder.DUE: "row.due_on, customer.name_key, row.id",
        ChargeOrder.DUE_LAST: "row.due_on DESC, customer.name_key, row.id",
        ChargeOrder.CUSTOMER: "customer.name_key, row.due_on, row.id",
        ChargeOrder.AMOUNT_LARGEST: "row.amount_cents DESC, row.due_on, row.id",
    },
)


class ChargeFilter(NamedTuple):
    """The criteria; ranges include both ends."""

    company_id: str | None = None
    status: tuple[ChargeStatus, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    payment_profile_id: str | None = None
    contract_id: str | None = None
    customer: str | None = None
    """Part of the name."""
    city: str | None = None


class ChargeListed(ShownCharge):
    """Uma conta com o nome do seu cliente."""

    customer: CustomerName | None = None
    printed_as: str
    """Como sai impressa: parcelas leem "Plano X (1/3)"."""


class ChargeTotals(Entity):
    """Somas de tudo o que o filtro abrange."""

    count: int
    amount: Money
    credit: Money
    """A parte que é crédito de clientes, abaixo de zero."""


class ChargeList(Entity):
    """Contas de todos os clientes. A ordem e os totais seguem as gravações com alguns segundos de atraso; as linhas
    são lidas na hora."""

    items: tuple[ChargeListed, ...]
    totals: ChargeTotals
    next_cursor: str | None = None


def charges(
    call: Call,
    files: Files,
    criteria: ChargeFilter,
    *,
    sort: ChargeOrder = ChargeOrder.DUE,
    limit: int = 50,
    cursor: str | None = None,
) -> ChargeList:
    """Charges of the caller's companies. Raises InvalidInput for a cursor from another list."""
    where = Where().within(call, "row.company_id").equal("row.company_id", criteria.company_id)
    where.one_of("row.status", criteria.status).between("row.due_on", criteria.due_from, criteria.due_to)
    where.equal("row.payment_profile_id", criteria.payment_profile_id)
    where.equal("row.contract_id", criteria.contract_id).equal("customer.city", criteria.city)
    where.containing(
        "customer.name_key", None if criteria.customer is None else search_key(criteria.customer)
    )
    page = read_list(call, files, CHARGES, where, sort=sort, limit=limit, cursor=cursor)
    present = store.find_charges(call.tenant_id, page.keys)
    amount, credit = page.sums
    actions = offered(call, present.values())
    return ChargeList(
        items=tuple(
            ChargeListed(
                **present[charge_id].__dict__,
                customer=page.customers.get(customer_id),
                printed_as=present[charge_id].title,
                actions=actions[charge_id],
            )
            for customer_id, charge_id in page.keys
            if charge_id in present
        ),
        totals=ChargeTotals(count=page.count, amount=money(amount), credit=money(credit)),
        next_cursor=page.next_cursor,
    )
