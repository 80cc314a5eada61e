"""Billing items, one partition per tenant: a catalog has hundreds of rows, and every closing reads all of it."""

from collections.abc import Collection, Iterable

from billing.catalog.model import BillingItem
from billing.core.errors import NotFound
from billing.core.names import Source
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in


class CatalogTable(Table):
    Meta = meta("catalog")


def item_row(tenant_id: str, item: BillingItem) -> CatalogTable:
    return entity_row(CatalogTable, *item_key(tenant_id, item.id), item)


def item_key(tenant_id: str, item_id: str) -> tuple[str, str]:
    return f"{tenant_id}#items", f"item#{item_id}"


def get(tenant_id: str, item_id: str) -> BillingItem:
    """Raises NotFound."""
    item = find(CatalogTable, *item_key(tenant_id, item_id), BillingItem)
    if item is None:
        raise NotFound("item.missing", "O item de faturamento não existe.")
    return item


def get_many(tenant_id: str, item_ids: Iterable[str]) -> dict[str, BillingItem]:
    """By id; those that do not exist are left out."""
    keys = [item_key(tenant_id, item_id) for item_id in item_ids]
    return {item.id: item for item in find_many(CatalogTable, keys, BillingItem).values()}


def items(tenant_id: str) -> list[BillingItem]:
    return list(rows_in(CatalogTable, f"{tenant_id}#items", "item#", BillingItem))


def names(tenant_id: str, item_ids: Collection[str]) -> dict[str, str]:
    return {item.id: item.name for item in get_many(tenant_id, item_ids).values()}


NAMES = Source("itm_", names)
