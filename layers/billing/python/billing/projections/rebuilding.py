"""States read again from the rows: of what changed on a day, and of a whole base (the first time, and as a check).

Both write the current state, so they may run beside the stream, be repeated, and start over after a crash.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain, islice

from billing.audit.changes import AUDIT_DAY_SHARDS
from billing.closings.store import ClosingsTable
from billing.contracts.store import ContractsTable
from billing.core.files import Files
from billing.core.period import Month
from billing.core.table import Table
from billing.customers.store import list_of
from billing.customers.table import CustomersTable
from billing.dispatch.store import DispatchTable
from billing.invoicing.store import InvoicingTable
from billing.payments.store import PaymentsTable, accounts, held_partition, movements_partition
from billing.projections import states
from billing.projections.kinds import (
    CHARGE,
    CLOSING,
    CONTRACT,
    CUSTOMER,
    HELD,
    INVOICE,
    KINDS,
    MESSAGE,
    MOVEMENT,
    SETTLEMENT,
)
from billing.projections.states import RowState

TABLE_OF: dict[str, type[Table]] = {
    CUSTOMER.name: CustomersTable,
    CONTRACT.name: ContractsTable,
    CHARGE.name: InvoicingTable,
    INVOICE.name: InvoicingTable,
    SETTLEMENT.name: PaymentsTable,
    MESSAGE.name: DispatchTable,
    CLOSING.name: ClosingsTable,
}
"""The table of each kind that is in the customer's partition, tenant#customer; held receipts and movements are not (`_held`, `_movements`)."""

TABLES = tuple(dict.fromkeys(TABLE_OF.values()))

HELD_MONTHS = 60
"""Five years: the limitation period for debts stated in an instrument (Código Civil, art. 206, § 5º)."""

MOVEMENT_MONTHS = 120
"""Ten years of every cash account, more than books are kept for."""

MOVED_LATELY = timedelta(days=7)
"""Movements have no audit entries: those dated in the week up to a day are read again with what changed on it."""

TOGETHER = 5000
"""Most states in one file."""


def catch_up(files: Files, tenant_id: str, day: date) -> int:
    """Store the states of everything with an audit entry of `day`, and of the movements of the week up to it; returns
    how many."""
    changed = (state for table in TABLES for state in _changed(table, tenant_id, day))
    return _keep(files, chain(changed, _movements(tenant_id, day - MOVED_LATELY, day)))


def rebuild(files: Files, tenant_id: str, today: date) -> int:
    """Store the states of all rows; returns how many."""
    return _keep(files, every_row(tenant_id, today))


def every_row(tenant_id: str, today: date) -> Iterator[RowState]:
    """All rows of the tenant's customers, receipts held in the last five years, and movements of the last ten."""
    for customer_id in customer_ids(tenant_id):
        yield from rows_of(tenant_id, customer_id)
    yield from _held(tenant_id, Month.of(today))
    yield from _movements(tenant_id, Month.of(today).plus(1 - MOVEMENT_MONTHS).first_day, today)


def customer_ids(tenant_id: str) -> Iterator[str]:
    """The ids of all registrations, active or not."""
    for is_active in (True, False):
        for row in CustomersTable.by_registration.query(list_of(tenant_id, is_active=is_active)):
            yield str(row.partition).rpartition("#")[2]


def rows_of(tenant_id: str, customer_id: str) -> Iterator[RowState]:
    """All rows of one customer that are kept as states."""
    for kind_name, table in TABLE_OF.items():
        yield from map(_state, _of_kind(table, f"{tenant_id}#{customer_id}", kind_name))


def _of_kind(table: type[Table], partition: str, kind_name: str) -> Iterable[Table]:
    return table.query(partition, table.row.startswith(KINDS[kind_name].prefix), consistent_read=True)


def _held(tenant_id: str, last: Month) -> Iterator[RowState]:
    for months in range(HELD_MONTHS):
        yield from map(
            _state, _of_kind(PaymentsTable, held_partition(tenant_id, last.plus(-months)), HELD.name)
        )


def _movements(tenant_id: str, first: date, last: date) -> Iterator[RowState]:
    """Of all cash accounts, dated from `first` to `last`, inclusive."""
    days = (first.isoformat(), last.isoformat())
    for account in accounts(tenant_id):
        month = Month.of(first)
        while month <= Month.of(last):
            rows = _of_kind(PaymentsTable, movements_partition(tenant_id, account.id, month), MOVEMENT.name)
            yield from (state for state in map(_state, rows) if days[0] <= state.entity["on"] <= days[1])
            month = month.plus(1)


def _changed(table: type[Table], tenant_id: str, day: date) -> Iterator[RowState]:
    for shard in range(AUDIT_DAY_SHARDS):
        entries = table.by_day.query(f"{tenant_id}#{day}#s{shard:02d}")
        keys = dict.fromkeys((str(entry.partition), _subject(str(entry.row))) for entry in entries)
        yield from map(_state, table.batch_get(list(keys), consistent_read=True))


def _subject(audit_row: str) -> str:
    """
    >>> _subject("audit#invoice#inv_1#000002")
    'invoice#inv_1'
    """
    return audit_row.removeprefix("audit#").rpartition("#")[0]


def _state(row: Table) -> RowState:
    return RowState(row.partition, row.row, int(row.version), row.entity)


def _keep(files: Files, row_states: Iterable[RowState]) -> int:
    rows, count = iter(row_states), 0
    while part := list(islice(rows, TOGETHER)):
        count += states.put(files, part)
    return count
