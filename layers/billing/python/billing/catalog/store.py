"""Billing items, one partition a tenant: a catalog is hundreds of rows, and every closing reads it whole."""

from billing.catalog.model import BillingItem
from billing.core.errors import NotFound
from billing.core.table import Table, entity_row, find, meta, rows_in


class CatalogTable(Table):
    Meta = meta("catalog")


def item_row(tenant_id: str, item: BillingItem) -> CatalogTable:
    return entity_row(CatalogTable, f"{tenant_id}#items", f"item#{item.id}", item)


def get(tenant_id: str, item_id: str) -> BillingItem:
    """Raises NotFound."""
    item = find(CatalogTable, f"{tenant_id}#items", f"item#{item_id}", BillingItem)
    if item is None:
        raise NotFound("item.missing", "O item de faturamento não existe.")
    return item


def items(tenant_id: str) -> list[BillingItem]:
    return list(rows_in(CatalogTable, f"{tenant_id}#items", "item#", BillingItem))
