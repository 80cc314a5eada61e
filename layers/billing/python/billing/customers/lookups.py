"""How registrations are found: by document, e-mail, code, name, or newest first; their look-up rows move with them."""

from pydantic import Field

from billing.audit.changes import Changes
from billing.core.br.text import search_key
from billing.core.page import Page, encode_cursor, start_of
from billing.core.table import Aggregate, entity_row, find, find_many, rows_in
from billing.customers.model import Customer
from billing.customers.store import Owner, get_many, list_of, owner_row
from billing.customers.table import ByName, CustomersTable

Key = tuple[str, str]
"""A partition and a row."""


class LastCode(Aggregate):
    """The last registration code that the tenant used."""

    code: int = Field(default=0, ge=0)


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
    """Registrations whose name begins with `prefix`, ignoring case and accents, sorted by name."""
    key = f"{tenant_id}#names"
    hits = CustomersTable.by_name.query(
        key,
        ByName.name_sort.startswith(search_key(prefix)),
        limit=limit,
        last_evaluated_key=start_of(cursor, tenant_id, "name_key", key),
    )
    rows = [(row.partition, row.row) for row in hits]
    return _page(rows, encode_cursor(hits.last_evaluated_key))


def registrations(
    tenant_id: str, *, is_active: bool, limit: int, cursor: str | None = None
) -> Page[Customer]:
    """Active or inactive registrations, newest first (CUS-03)."""
    key = list_of(tenant_id, is_active=is_active)
    hits = CustomersTable.by_registration.query(
        key,
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start_of(cursor, tenant_id, "registration_key", key),
    )
    rows = [(row.partition, row.row) for row in hits]
    return _page(rows, encode_cursor(hits.last_evaluated_key))


def last_code(tenant_id: str) -> LastCode:
    code = find(CustomersTable, f"{tenant_id}#customers", "codes", LastCode)
    return LastCode() if code is None else code


def last_code_row(tenant_id: str, last: LastCode) -> CustomersTable:
    return entity_row(CustomersTable, f"{tenant_id}#customers", "codes", last)


def document_owner(tenant_id: str, document: str) -> str | None:
    """The active registration with this document."""
    owner = find(CustomersTable, f"{tenant_id}#document#{document}", "of#active", Owner)
    return None if owner is None else owner.id


def move_lookups(changes: Changes, tenant_id: str, before: Customer | None, after: Customer) -> None:
    """Put the new rows by which `after` is found, and delete the old ones of `before`; the transaction fails with
    Conflict if another active registration has the document."""
    old = set() if before is None else _lookups(tenant_id, before)
    new = _lookups(tenant_id, after)
    for partition, row in sorted(new - old):
        changes.include(owner_row(partition, row, after.id))
    for partition, row in sorted(old - new):
        changes.drop(owner_row(partition, row, after.id, version=1))


def _lookups(tenant_id: str, customer: Customer) -> set[Key]:
    keys = {(f"{tenant_id}#code#{customer.code}", "of")}
    keys |= {(f"{tenant_id}#email#{email}", f"of#{customer.id}") for email in customer.emails}
    if customer.document is not None:
        state = "of#active" if customer.is_active else f"of#inactive#{customer.id}"
        keys.add((f"{tenant_id}#document#{customer.document}", state))
    return keys


def _page(rows: list[Key], next_cursor: str | None) -> Page[Customer]:
    customers = find_many(CustomersTable, rows, Customer)
    items = tuple(customers[key] for key in rows if key in customers)
    return Page[Customer](items=items, next_cursor=next_cursor)
