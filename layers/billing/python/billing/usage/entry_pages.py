"""A customer's launches of a month, page by page."""

from billing.core.errors import InvalidInput
from billing.core.page import Page, decode_cursor, encode_cursor
from billing.core.period import Month
from billing.usage.model import UsageEntry
from billing.usage.store import UsageTable, partition_of


def page_of_entries(
    tenant_id: str, customer_id: str, month: Month, *, limit: int, cursor: str | None
) -> Page[UsageEntry]:
    partition, prefix = partition_of(tenant_id, customer_id), f"entry#{month}#"
    start = decode_cursor(cursor, tenant_id)
    if start is not None and (
        start["partition"] != {"S": partition} or not start["row"]["S"].startswith(prefix)
    ):
        raise InvalidInput("page.cursor", "Cursor inválido. Recomece a lista.")
    found = UsageTable.query(
        partition,
        UsageTable.row.startswith(prefix),
        consistent_read=True,
        limit=limit,
        last_evaluated_key=start,
    )
    items = tuple(row.load(UsageEntry) for row in found)
    return Page[UsageEntry](items=items, next_cursor=encode_cursor(found.last_evaluated_key))
