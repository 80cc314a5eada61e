"""Customers, found by id, document, e-mail, code, name and registration; companies, one partition per tenant.

    tenant#cus_...         customer            the registration, in the indexes by_name and by_registration
    tenant#document#...    of#active           whose document it is: only one active registration has it
    tenant#document#...    of#inactive#cus_... inactive registrations with it
    tenant#email#...       of#cus_...          whose e-mail it is, possibly several people's
    tenant#code#...        of                  whose code it is
    tenant#customers       codes               the last code given
    tenant#companies       company#com_...     a company
    tenant#reasons         reason#lre_...      a listed reason (`listed_reasons`)
    tenant#companies       cnpj#...            whose CNPJ it is
    sender#...             sender              whose a sender's address is, of all tenants (`senders`)
    domain#...             sender              whose a domain of senders is, of all tenants (`sender_domains`)
    tenant#companies       sender-domain#...   that the tenant claimed it

The look-up rows of a registration change with it, in the same transaction (`lookups.move_lookups`).
"""

from collections.abc import Collection, Iterable

from billing.core.br.text import search_key
from billing.core.names import Source
from billing.core.table import Aggregate, entity_row, find, find_many
from billing.customers.model import Customer
from billing.customers.table import CustomersTable, missing


class Owner(Aggregate):
    """The owner of a document, an e-mail, a code or a CNPJ. Put and deleted, never changed: its version is 1."""

    id: str


def customer_row(tenant_id: str, customer: Customer) -> CustomersTable:
    return entity_row(
        CustomersTable,
        f"{tenant_id}#{customer.id}",
        "customer",
        customer,
        name_key=f"{tenant_id}#names",
        name_sort=f"{search_key(customer.name)}#{customer.id}",
        registration_key=list_of(tenant_id, is_active=customer.is_active),
        registration_sort=f"{customer.registered_on}#{customer.code:09d}",
    )


def get(tenant_id: str, customer_id: str) -> Customer:
    """Raises NotFound."""
    customer = find(CustomersTable, f"{tenant_id}#{customer_id}", "customer", Customer)
    if customer is None:
        raise missing()
    return customer


def get_many(tenant_id: str, customer_ids: Iterable[str]) -> list[Customer]:
    """In the order of the ids; those that do not exist are left out."""
    keys = [(f"{tenant_id}#{customer_id}", "customer") for customer_id in customer_ids]
    customers = find_many(CustomersTable, keys, Customer)
    return [customers[key] for key in dict.fromkeys(keys) if key in customers]


def names(tenant_id: str, customer_ids: Collection[str]) -> dict[str, str]:
    return {customer.id: customer.name for customer in get_many(tenant_id, customer_ids)}


NAMES = Source("cus_", names)


def owner_row(partition: str, row: str, owner_id: str, *, version: int = 0) -> CustomersTable:
    return entity_row(CustomersTable, partition, row, Owner(id=owner_id, version=version))


def list_of(tenant_id: str, *, is_active: bool) -> str:
    return f"{tenant_id}#{'active' if is_active else 'inactive'}"
