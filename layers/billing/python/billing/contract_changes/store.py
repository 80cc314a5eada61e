"""Changes of contracts, in their customer's partition of the contracts table.

tenant#cus_...          change#cch_...    a whole change
tenant#open_changes     change#con_...    points to the contract's change that is being carried out
"""

from collections.abc import Iterator

from billing.contract_changes.model import ContractTermsChange, OpenChange
from billing.contracts.store import ContractsTable
from billing.core.errors import NotFound
from billing.core.table import entity_row, find, rows_in


def change_row(tenant_id: str, change: ContractTermsChange) -> ContractsTable:
    return entity_row(ContractsTable, f"{tenant_id}#{change.customer_id}", f"change#{change.id}", change)


def open_row(tenant_id: str, change: ContractTermsChange, version: int = 0) -> ContractsTable:
    opened = OpenChange(customer_id=change.customer_id, change_id=change.id, asked_at=change.asked_at)
    row = entity_row(ContractsTable, _open(tenant_id), f"change#{change.contract_id}", opened)
    row.version = version
    return row


def find_change(tenant_id: str, customer_id: str, change_id: str) -> ContractTermsChange | None:
    return find(ContractsTable, f"{tenant_id}#{customer_id}", f"change#{change_id}", ContractTermsChange)


def get_change(tenant_id: str, customer_id: str, change_id: str) -> ContractTermsChange:
    """Raises NotFound."""
    change = find_change(tenant_id, customer_id, change_id)
    if change is None:
        raise NotFound("change.missing", "A troca não existe.")
    return change


def changes_of(tenant_id: str, customer_id: str, contract_id: str) -> list[ContractTermsChange]:
    """A contract's changes, newest first."""
    changes = rows_in(ContractsTable, f"{tenant_id}#{customer_id}", "change#", ContractTermsChange)
    own = [change for change in changes if change.contract_id == contract_id]
    return sorted(own, key=lambda change: change.asked_at, reverse=True)


def open_changes(tenant_id: str) -> Iterator[OpenChange]:
    return rows_in(ContractsTable, _open(tenant_id), "change#", OpenChange)


def find_open(tenant_id: str, contract_id: str) -> OpenChange | None:
    return find(ContractsTable, _open(tenant_id), f"change#{contract_id}", OpenChange)


def _open(tenant_id: str) -> str:
    return f"{tenant_id}#open_changes"
