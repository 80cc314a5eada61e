"""Billing items over HTTP (CAT-01..03)."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path

from billing.access.model import Permission
from billing.catalog import service, store
from billing.catalog.model import ONLY_PRICE_CHANGES, BillingItem, NewBillingItem, Price
from billing.core.errors import Refusal, Refused
from billing.core.page import Page
from billing.core.period import Month
from billing.entry.http import Api
from billing.usage.service import reasons_to_keep_price

api = Api("catalog")
handler = api.handle


@api.get("/items", summary="Lista os itens de faturamento", tags=["Itens de cobrança"])
def list_items() -> Page[BillingItem]:
    call = api.call(Permission.CATALOG_READ)
    return Page[BillingItem](items=tuple(store.items(call.tenant_id)))


@api.post("/items", status_code=201, summary="Cria um item de faturamento", tags=["Itens de cobrança"])
def add_item(item: NewBillingItem) -> BillingItem:
    call = api.call(Permission.CATALOG_WRITE)
    return service.add(call, item)


@api.get("/items/<item_id>", summary="Lê um item de faturamento", tags=["Itens de cobrança"])
def get_item(item_id: str) -> BillingItem:
    call = api.call(Permission.CATALOG_READ)
    return store.get(call.tenant_id, item_id)


@api.patch(
    "/items/<item_id>", summary="Altera valor unitário e início da vigência", tags=["Itens de cobrança"]
)
def price_item(item_id: str, change: dict[str, Any]) -> BillingItem:
    call = api.call(Permission.CATALOG_WRITE)
    if set(change) != set(Price.model_fields):
        raise Refused.because([Refusal("item.only_price_changes", ONLY_PRICE_CHANGES)])
    return service.price(call, item_id, api.if_match, Price.model_validate(change))


@api.delete("/items/<item_id>/prices/<month>", summary="Exclui um valor", tags=["Itens de cobrança"])
def remove_price(item_id: str, month: Annotated[Month, Path()]) -> BillingItem:
    call = api.call(Permission.CATALOG_WRITE)
    return service.remove_price(call, item_id, api.if_match, month, reasons_to_keep_price)
