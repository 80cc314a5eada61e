"""A tenant's companies, in its partition of the customers' table."""

from collections.abc import Collection

from billing.audit.changes import Changes
from billing.core.errors import NotFound
from billing.core.names import Source
from billing.core.table import entity_row, find, rows_in
from billing.customers.company import Company
from billing.customers.store import Owner, owner_row
from billing.customers.table import CustomersTable


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


def names(tenant_id: str, ids: Collection[str]) -> dict[str, str]:
    return {company.id: company.trade_name for company in companies(tenant_id) if company.id in ids}


NAMES = Source("com_", names)


def move_cnpj(changes: Changes, tenant_id: str, before: Company | None, after: Company) -> None:
    """Like `lookups.move_lookups`: no two companies of a tenant have the same CNPJ."""
    if before is not None and before.cnpj == after.cnpj:
        return
    partition = f"{tenant_id}#companies"
    changes.include(owner_row(partition, f"cnpj#{after.cnpj}", after.id))
    if before is not None:
        changes.drop(owner_row(partition, f"cnpj#{before.cnpj}", after.id, version=1))


def cnpj_owner(tenant_id: str, cnpj: str) -> str | None:
    """The company that has this CNPJ."""
    owner = find(CustomersTable, f"{tenant_id}#companies", f"cnpj#{cnpj}", Owner)
    return None if owner is None else owner.id
