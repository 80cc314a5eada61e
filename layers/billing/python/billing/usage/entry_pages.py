"""A customer's usage entries of a month, page by page."""

from billing.core.page import Page, encode_cursor, start_of
from billing.core.period import Month
from billing.usage.model import UsageEntry
from billing.usage.store import UsageTable, partition_of


def page_of_entries(
    tenant_id: str, customer_id: str, month: Month, *, limit: int, cursor: str | None
) -> Page[UsageEntry]:
    partition, prefix = partition_of(tenant_id, customer_id), f"entry#{month}#"
    rows = UsageTable.query(
        partition,
        UsageTable.row.startswith(prefix),
        consistent_read=True,
        limit=limit,
        last_evaluated_key=start_of(cursor, tenant_id, "partition", partition, prefix),
    )
    items = tuple(row.load(UsageEntry) for row in rows)
    return Page[UsageEntry](items=items, next_cursor=encode_cursor(rows.last_evaluated_key))
