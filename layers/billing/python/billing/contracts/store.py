"""Contracts, in their customer's partition.

tenant#cus_...    contract#con_...    the contract
tenant#cus_...    number#000001       taken once: no two contracts of a customer have the same number
"""

from collections.abc import Collection, Iterable

from billing.access.call import Call
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.errors import NotFound
from billing.core.names import Source
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in


class ContractsTable(Table):
    Meta = meta("contracts")


class NumberTaken(Entity):
    contract_id: str


def contract_row(tenant_id: str, contract: Contract) -> ContractsTable:
    return entity_row(ContractsTable, *contract_key(tenant_id, contract.customer_id, contract.id), contract)


def contract_key(tenant_id: str, customer_id: str, contract_id: str) -> tuple[str, str]:
    return _partition(tenant_id, customer_id), f"contract#{contract_id}"


def number_row(tenant_id: str, contract: Contract) -> ContractsTable:
    taken = NumberTaken(contract_id=contract.id)
    row = f"number#{contract.number:06d}"
    return entity_row(ContractsTable, _partition(tenant_id, contract.customer_id), row, taken)


def get(tenant_id: str, customer_id: str, contract_id: str) -> Contract:
    """Raises NotFound."""
    contract = find(ContractsTable, *contract_key(tenant_id, customer_id, contract_id), Contract)
    if contract is None:
        raise NotFound("contract.missing", "O contrato não existe.")
    return contract


def get_for(call: Call, customer_id: str, contract_id: str) -> Contract:
    """Raises NotFound; Forbidden if the caller does not work for the contract's company."""
    contract = get(call.tenant_id, customer_id, contract_id)
    call.require_company(contract.company_id)
    return contract


def find_contracts(tenant_id: str, keys: Iterable[tuple[str, str]]) -> dict[str, Contract]:
    """Contracts by id, for (customer, contract) pairs; those that do not exist are left out."""
    rows = [(_partition(tenant_id, customer), f"contract#{contract}") for customer, contract in keys]
    return {contract.id: contract for contract in find_many(ContractsTable, rows, Contract).values()}


def contracts_of(tenant_id: str, customer_id: str) -> list[Contract]:
    """All of a customer's contracts, by number."""
    contracts = rows_in(ContractsTable, _partition(tenant_id, customer_id), "contract#", Contract)
    return sorted(contracts, key=lambda contract: contract.number)


def plans_of(customer_id: str) -> Source:
    """The names by which people know the customer's contracts (CTR-10)."""

    def names(tenant_id: str, ids: Collection[str]) -> dict[str, str]:
        contracts = find_contracts(tenant_id, [(customer_id, id_) for id_ in ids])
        return {contract.id: contract.title for contract in contracts.values()}

    return Source("con_", names)


def contracts_for(call: Call, customer_id: str) -> list[Contract]:
    """A customer's contracts with the caller's companies."""
    contracts = contracts_of(call.tenant_id, customer_id)
    return [contract for contract in contracts if call.works_for(contract.company_id)]


def _partition(tenant_id: str, customer_id: str) -> str:
    return f"{tenant_id}#{customer_id}"
