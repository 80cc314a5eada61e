"""Settlements by customer, movements by account and month, held receipts by tenant.

tenant#cus_...             settlement#inv_...#set_...   a settlement of an invoice
tenant#accounts            account#acc_...              an account of money
tenant#acc_...#guard07     guard                        the account as of its last closing
tenant#acc_...#2026-03     movement#2026-03-10#mov_...  a movement, in its month
tenant#held#2026-03        held#hel_...                 a receipt that waits for a decision, in its month

Each closing of an account writes all its guards, and a return's movement requires one of them to be unchanged. There
are several because transactions that require the same row make each other fail, and a return's chunks are applied in
parallel.
"""

from collections.abc import Collection, Iterator
from datetime import date

from billing.audit.changes import Changes
from billing.core.errors import NotFound
from billing.core.ids import shard_of
from billing.core.money import ZERO
from billing.core.names import Source
from billing.core.period import Month
from billing.core.table import Table, entity_row, find, meta, rows_in
from billing.payments.model import CashAccount, CashBalance, CashMovement, HeldReceipt, Settlement

GUARDS = 64
"""Few enough for a closing to fit in one transaction with them. Fixed: reducing it would leave movements unguarded."""


class PaymentsTable(Table):
    Meta = meta("payments")


def settlement_row(tenant_id: str, settlement: Settlement) -> PaymentsTable:
    partition = f"{tenant_id}#{settlement.customer_id}"
    return entity_row(
        PaymentsTable, partition, f"settlement#{settlement.invoice_id}#{settlement.id}", settlement
    )


def settlements_of(tenant_id: str, customer_id: str, invoice_id: str) -> list[Settlement]:
    """Live and reversed ones."""
    return list(rows_in(PaymentsTable, f"{tenant_id}#{customer_id}", f"settlement#{invoice_id}#", Settlement))


def settlements_of_customer(tenant_id: str, customer_id: str) -> list[Settlement]:
    """Live and reversed ones, of all invoices."""
    return list(rows_in(PaymentsTable, f"{tenant_id}#{customer_id}", "settlement#", Settlement))


def get_settlement(tenant_id: str, customer_id: str, invoice_id: str, settlement_id: str) -> Settlement:
    """Raises NotFound."""
    partition, row = f"{tenant_id}#{customer_id}", f"settlement#{invoice_id}#{settlement_id}"
    settlement = find(PaymentsTable, partition, row, Settlement)
    if settlement is None:
        raise NotFound("settlement.missing", "A liquidação não existe.")
    return settlement


def account_row(tenant_id: str, account: CashAccount) -> PaymentsTable:
    return entity_row(PaymentsTable, f"{tenant_id}#accounts", f"account#{account.id}", account)


def get_account(tenant_id: str, account_id: str) -> CashAccount:
    """Raises NotFound."""
    account = find(PaymentsTable, f"{tenant_id}#accounts", f"account#{account_id}", CashAccount)
    if account is None:
        raise NotFound("account.missing", "A conta de dinheiro não existe.")
    return account


def guard_rows(tenant_id: str, account: CashAccount) -> Iterator[PaymentsTable]:
    """Each closing overwrites them."""
    return (
        entity_row(PaymentsTable, _guard_of(tenant_id, account.id, n), "guard", account)
        for n in range(GUARDS)
    )


def guarded_account(tenant_id: str, changes: Changes, account_id: str, source: str) -> CashAccount:
    """The account for a movement of `source`, guarded against being closed before `changes` are committed. Raises
    NotFound."""
    partition = _guard_of(tenant_id, account_id, shard_of(source, GUARDS))
    closed = find(PaymentsTable, partition, "guard", CashAccount)
    if closed is not None:
        changes.require_unchanged(entity_row(PaymentsTable, partition, "guard", closed))
        return closed
    changes.require_absent(PaymentsTable, partition, "guard")
    return get_account(tenant_id, account_id)


def _guard_of(tenant_id: str, account_id: str, n: int) -> str:
    return f"{tenant_id}#{account_id}#guard{n:02d}"


def accounts(tenant_id: str) -> list[CashAccount]:
    return list(rows_in(PaymentsTable, f"{tenant_id}#accounts", "account#", CashAccount))


def names(tenant_id: str, account_ids: Collection[str]) -> dict[str, str]:
    return {account.id: account.name for account in accounts(tenant_id) if account.id in account_ids}


NAMES = Source("acc_", names)


def movement_row(tenant_id: str, movement: CashMovement) -> PaymentsTable:
    partition = movements_partition(tenant_id, movement.account_id, Month.of(movement.on))
    return entity_row(PaymentsTable, partition, f"movement#{movement.on}#{movement.id}", movement)


def movements_partition(tenant_id: str, account_id: str, month: Month) -> str:
    return f"{tenant_id}#{account_id}#{month}"


def movements(tenant_id: str, account_id: str, month: Month) -> Iterator[CashMovement]:
    return rows_in(
        PaymentsTable, movements_partition(tenant_id, account_id, month), "movement#", CashMovement
    )


def balance(tenant_id: str, account_id: str, first: date, last: date) -> CashBalance:
    """The sums of movements dated from `first` to `last`, inclusive: those made, and those expected."""
    month, moved, expected = Month.of(first), ZERO, ZERO
    while month <= Month.of(last):
        for movement in movements(tenant_id, account_id, month):
            if first <= movement.on <= last:
                moved += ZERO if movement.is_expected else movement.amount
                expected += movement.amount if movement.is_expected else ZERO
        month = month.plus(1)
    return CashBalance(account_id=account_id, first=first, last=last, moved=moved, expected=expected)


def held_partition(tenant_id: str, month: Month) -> str:
    return f"{tenant_id}#held#{month}"


def held_key(tenant_id: str, month: Month, receipt_id: str) -> tuple[str, str]:
    return held_partition(tenant_id, month), f"held#{receipt_id}"


def held_row(tenant_id: str, month: Month, receipt: HeldReceipt) -> PaymentsTable:
    return entity_row(PaymentsTable, held_partition(tenant_id, month), f"held#{receipt.id}", receipt)


def held_in(tenant_id: str, month: Month) -> list[HeldReceipt]:
    return list(rows_in(PaymentsTable, f"{tenant_id}#held#{month}", "held#", HeldReceipt))


def get_held(tenant_id: str, month: Month, receipt_id: str) -> HeldReceipt:
    """Raises NotFound."""
    receipt = find(PaymentsTable, f"{tenant_id}#held#{month}", f"held#{receipt_id}", HeldReceipt)
    if receipt is None:
        raise NotFound("held.missing", "O recebimento retido não existe.")
    return receipt
