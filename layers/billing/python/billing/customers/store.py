"""Customers, found by id, document, e-mail, code, name and registration; companies, a partition a tenant.

    tenant#cus_...         customer            the registration, in the indexes by_name and by_registration
    tenant#document#...    of#active           whose document it is: one active registration has it
    tenant#document#...    of#inactive#cus_... inactive registrations with it
    tenant#email#...       of#cus_...          whose e-mail it is, possibly several people's
    tenant#code#...        of                  whose code it is
    tenant#customers       codes               the last code given
    tenant#companies       company#com_...     a company
    tenant#companies       cnpj#...            whose CNPJ it is

What a registration is found by moves with it, in the same transaction (`move_lookups`).
"""

from collections.abc import Iterable

from pydantic import Field
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.audit.changes import Changes
from billing.core.br.text import search_key
from billing.core.errors import InvalidInput, NotFound
from billing.core.page import Page, decode_cursor, encode_cursor
from billing.core.table import Aggregate, Table, entity_row, find, find_many, meta, rows_in
from billing.customers.company import Company
from billing.customers.model import Customer

Key = tuple[str, str]
"""A partition and a row."""


class ByName(GlobalSecondaryIndex["CustomersTable"]):
    """All registrations of a tenant by name, without case and accents."""

    class Meta:
        index_name = "by_name"
        projection = KeysOnlyProjection()

    name_key = UnicodeAttribute(hash_key=True)
    name_sort = UnicodeAttribute(range_key=True)


class ByRegistration(GlobalSecondaryIndex["CustomersTable"]):
    """A tenant's active and inactive registrations, each by day of registration and code."""

    class Meta:
        index_name = "by_registration"
        projection = KeysOnlyProjection()

    registration_key = UnicodeAttribute(hash_key=True)
    registration_sort = UnicodeAttribute(range_key=True)


class CustomersTable(Table):
    Meta = meta("customers")

    name_key = UnicodeAttribute(null=True)
    name_sort = UnicodeAttribute(null=True)
    registration_key = UnicodeAttribute(null=True)
    registration_sort = UnicodeAttribute(null=True)
    by_name = ByName()
    by_registration = ByRegistration()


class Owner(Aggregate):
    """Whose a document, an e-mail, a code or a CNPJ is. Put and deleted, never changed: its version is 1."""

    id: str


class LastCode(Aggregate):
    """The last code that a tenant gave to a registration."""

    code: int = Field(default=0, ge=0)


def customer_row(tenant_id: str, customer: Customer) -> CustomersTable:
    return entity_row(
        CustomersTable,
        f"{tenant_id}#{customer.id}",
        "customer",
        customer,
        name_key=f"{tenant_id}#names",
        name_sort=f"{search_key(customer.name)}#{customer.id}",
        registration_key=_list_of(tenant_id, is_active=customer.is_active),
        registration_sort=f"{customer.registered_on}#{customer.code:09d}",
    )


def get(tenant_id: str, customer_id: str) -> Customer:
    """Raises NotFound."""
    customer = find(CustomersTable, f"{tenant_id}#{customer_id}", "customer", Customer)
    if customer is None:
        raise NotFound("customer.missing", "O cadastro não existe.")
    return customer


def get_many(tenant_id: str, customer_ids: Iterable[str]) -> list[Customer]:
    """In the order asked for; those that do not exist are absent."""
    keys = [(f"{tenant_id}#{customer_id}", "customer") for customer_id in customer_ids]
    found = find_many(CustomersTable, keys, Customer)
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def by_document(tenant_id: str, document: str) -> list[Customer]:
    """Registrations with this compact CPF or CNPJ, the active one first."""
    owners = rows_in(CustomersTable, f"{tenant_id}#document#{document}", "of#", Owner)
    return get_many(tenant_id, [owner.id for owner in owners])


def by_email(tenant_id: str, email: str) -> list[Customer]:
    """Registrations with this address, in lower case."""
    owners = rows_in(CustomersTable, f"{tenant_id}#email#{email}", "of#", Owner)
    return get_many(tenant_id, [owner.id for owner in owners])


def by_code(tenant_id: str, code: int) -> list[Customer]:
    """The registration with this code, if there is one."""
    owner = find(CustomersTable, f"{tenant_id}#code#{code}", "of", Owner)
    return get_many(tenant_id, [owner.id] if owner is not None else [])


def by_name(tenant_id: str, prefix: str, *, limit: int, cursor: str | None = None) -> Page[Customer]:
    """Registrations whose name begins so, whatever case and accents, in the order of names."""
    key = f"{tenant_id}#names"
    found = CustomersTable.by_name.query(
        key,
        ByName.name_sort.startswith(search_key(prefix)),
        limit=limit,
        last_evaluated_key=_start_of(cursor, tenant_id, "name_key", key),
    )
    rows = [(row.partition, row.row) for row in found]
    return _page(rows, encode_cursor(found.last_evaluated_key))


def registrations(
    tenant_id: str, *, is_active: bool, limit: int, cursor: str | None = None
) -> Page[Customer]:
    """Active or inactive registrations, the newest first (CUS-03)."""
    key = _list_of(tenant_id, is_active=is_active)
    found = CustomersTable.by_registration.query(
        key,
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=_start_of(cursor, tenant_id, "registration_key", key),
    )
    rows = [(row.partition, row.row) for row in found]
    return _page(rows, encode_cursor(found.last_evaluated_key))


def last_code(tenant_id: str) -> LastCode:
    found = find(CustomersTable, f"{tenant_id}#customers", "codes", LastCode)
    return LastCode() if found is None else found


def last_code_row(tenant_id: str, last: LastCode) -> CustomersTable:
    return entity_row(CustomersTable, f"{tenant_id}#customers", "codes", last)


def document_owner(tenant_id: str, document: str) -> str | None:
    """The active registration that has this document."""
    owner = find(CustomersTable, f"{tenant_id}#document#{document}", "of#active", Owner)
    return None if owner is None else owner.id


def move_lookups(changes: Changes, tenant_id: str, before: Customer | None, after: Customer) -> None:
    """Put and delete the rows by which `after` is found and `before` was; the transaction fails with Conflict when
    another active registration has the document."""
    old = set() if before is None else _lookups(tenant_id, before)
    new = _lookups(tenant_id, after)
    for partition, row in sorted(new - old):
        changes.put(_owner_row(partition, row, after.id))
    for partition, row in sorted(old - new):
        changes.delete(_owner_row(partition, row, after.id, version=1))


def _lookups(tenant_id: str, customer: Customer) -> set[Key]:
    keys = {(f"{tenant_id}#code#{customer.code}", "of")}
    keys |= {(f"{tenant_id}#email#{email}", f"of#{customer.id}") for email in customer.emails}
    if customer.document is not None:
        state = "of#active" if customer.is_active else f"of#inactive#{customer.id}"
        keys.add((f"{tenant_id}#document#{customer.document}", state))
    return keys


def _list_of(tenant_id: str, *, is_active: bool) -> str:
    return f"{tenant_id}#{'active' if is_active else 'inactive'}"


def _start_of(cursor: str | None, tenant_id: str, name: str, key: str) -> dict[str, dict[str, str]] | None:
    start = decode_cursor(cursor, tenant_id)
    if start is not None and start.get(name) != {"S": key}:
        raise InvalidInput("page.cursor", "Cursor inválido. Recomece a lista.")
    return start


def _page(rows: list[Key], next_cursor: str | None) -> Page[Customer]:
    found = find_many(CustomersTable, rows, Customer)
    items = tuple(found[key] for key in rows if key in found)
    return Page[Customer](items=items, next_cursor=next_cursor)


def company_row(tenant_id: str, company: Company) -> CustomersTable:
    return entity_row(CustomersTable, f"{tenant_id}#companies", f"company#{company.id}", company)


def get_company(tenant_id: str, company_id: str) -> Company:
    """Raises NotFound."""
    company = find(CustomersTable, f"{tenant_id}#companies", f"company#{company_id}", Company)
    if company is None:
        raise NotFound("company.missing", "A empresa não existe.")
    return company


def companies(tenant_id: str) -> list[Company]:
    return list(rows_in(CustomersTable, f"{tenant_id}#companies", "company#", Company))


def move_cnpj(changes: Changes, tenant_id: str, before: Company | None, after: Company) -> None:
    """Like `move_lookups`: two companies of a tenant never have one CNPJ."""
    if before is not None and before.cnpj == after.cnpj:
        return
    partition = f"{tenant_id}#companies"
    changes.put(_owner_row(partition, f"cnpj#{after.cnpj}", after.id))
    if before is not None:
        changes.delete(_owner_row(partition, f"cnpj#{before.cnpj}", after.id, version=1))


def cnpj_owner(tenant_id: str, cnpj: str) -> str | None:
    """The company that has this CNPJ."""
    owner = find(CustomersTable, f"{tenant_id}#companies", f"cnpj#{cnpj}", Owner)
    return None if owner is None else owner.id


def _owner_row(partition: str, row: str, owner_id: str, *, version: int = 0) -> CustomersTable:
    return entity_row(CustomersTable, partition, row, Owner(id=owner_id, version=version))
