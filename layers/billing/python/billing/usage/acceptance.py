"""Usage is accepted only if a closing will bill it, and this must still be true when it is written (CLO-11).

A row is written together with conditions: the contract that will bill it is unchanged, and its days are not frozen.
If the contract or the item has an end, the row also stamps the contract's arrivals: the last closing, after which
none looks back, freezes only if nothing has arrived since it read the usage.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from secrets import randbits
from typing import NamedTuple

from billing.audit.changes import Changes
from billing.contracts.model import BillingMode, Contract
from billing.contracts.store import ContractsTable, contract_key
from billing.core.errors import Refusal
from billing.core.period import Month, closing_period
from billing.core.table import Table
from billing.usage import store


class Guard(NamedTuple):
    """A row that must be unchanged when something that depends on it is written; version 0: absent."""

    table: type[Table]
    partition: str
    row: str
    version: int


class Stamp(NamedTuple):
    """Marks that something arrived for a contract or was removed, so its last closing must look again; or that a
    closing froze with a utility bill, so whoever corrects the bill must look again."""

    partition: str
    row: str


Condition = Guard | Stamp


def hold(changes: Changes, conditions: Iterable[Condition]) -> None:
    """Commit the changes with every stamp, only if every guarded row is unchanged."""
    for condition in dict.fromkeys(conditions):
        if isinstance(condition, Stamp):
            changes.overwrite(store.arrivals_row(*condition, randbits(48)))
        elif condition.version:
            changes.require_unchanged(
                condition.table(condition.partition, condition.row, version=condition.version)
            )
        else:
            changes.require_absent(condition.table, condition.partition, condition.row)


def unchanged(tenant_id: str, contract: Contract) -> Guard:
    """Guards for the contract with its items, prices and end."""
    return Guard(
        ContractsTable, *contract_key(tenant_id, contract.customer_id, contract.id), contract.version
    )


def stamp(tenant_id: str, contract: Contract) -> Stamp:
    return Stamp(*store.arrivals_key(tenant_id, contract.customer_id, contract.id))


def arriving(tenant_id: str, contract: Contract, *, ends_on: date | None) -> Iterator[Condition]:
    """The conditions for writing a row for the contract; `ends_on` is the first day that no closing bills, if known."""
    yield unchanged(tenant_id, contract)
    if ends_on is not None:
        yield stamp(tenant_id, contract)


def billing_month(contracts: Iterable[Contract], month: Month) -> list[Contract]:
    """The contracts that bill usage of billing items in the month: each has a closing for it."""
    return [
        contract
        for contract in contracts
        if contract.mode is BillingMode.USAGE
        and contract.in_force(closing_period(month, contract.cut_off_day)) is not None
    ]


def no_contract(month: Month) -> Refusal:
    """Refuses usage of a month that no contract bills: it would never be charged."""
    message = (
        f"Nenhum contrato por consumo do cliente vale em {month.format_br()}: o consumo nunca seria cobrado. Ative um contrato"
        " que comece até esse mês, ou confira o mês."
    )
    return Refusal("usage.no_contract", message, field="month")
