"""Held receipts waiting for a decision, from all months, oldest first (PAY-08)."""

from billing.access.call import Call
from billing.core.files import Files
from billing.core.page import Page
from billing.core.period import Month
from billing.core.table import find_many
from billing.panels.listing import ListSource, Where, read_list
from billing.payments.model import HeldReceipt
from billing.payments.store import PaymentsTable, held_key

OPEN = ListSource(
    kinds=("held", "customer"),
    source="held AS row LEFT JOIN customer ON customer.id = row.customer_id",
    key="CAST(row.paid_on AS VARCHAR), row.id",
    orders={"paid_on": "row.paid_on, row.id"},
)


def open_receipts(call: Call, files: Files, *, limit: int, cursor: str | None = None) -> Page[HeldReceipt]:
    """Held receipts of the caller's companies, without those decided a moment ago. Raises InvalidInput for a cursor
    from another list."""
    where = Where().within(call, "row.company_id").add("row.resolution IS NULL")
    page = read_list(call, files, OPEN, where, sort="paid_on", limit=limit, cursor=cursor)
    keys = [held_key(call.tenant_id, Month(paid_on[:7]), receipt_id) for paid_on, receipt_id in page.keys]
    there = find_many(PaymentsTable, keys, HeldReceipt)
    items = (receipt for key in keys if (receipt := there.get(key)) is not None and not receipt.resolution)
    return Page[HeldReceipt](items=tuple(items), next_cursor=page.next_cursor)
