"""Billing items (CAT-01..03) and tax codes (CHG-03) over HTTP."""

from operator import attrgetter
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from billing.access.model import Permission
from billing.audit.history import History, Recorded
from billing.catalog import service, store, tax_codes
from billing.catalog.model import ONLY_PRICE_CHANGES, BillingItem, NewBillingItem, Price
from billing.catalog.tax_codes import NewTaxCode, TaxCode, TaxRate
from billing.contracts.uses import reasons_to_keep_tax_code, reasons_to_leave_tax_code
from billing.core.errors import Refusal, Refused
from billing.core.page import Page, part_of
from billing.core.period import Day, Month
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor, read_as
from billing.usage.service import reasons_to_keep_price, reasons_to_leave_price

api = Api("catalog")
handler = api.handle
TAXES = ["Códigos tributários"]


@api.get("/items", summary="Lista os itens de faturamento", tags=["Itens de cobrança"])
def list_billing_items(cursor: ListCursor = None) -> Page[BillingItem]:
    call = api.call(Permission.CATALOG_READ)
    part, following = part_of(f"{call.tenant_id}#items", list(store.items(call.tenant_id)), cursor)
    return Page[BillingItem](items=part, next_cursor=following)


@api.post("/items", status_code=201, summary="Cria um item de faturamento", tags=["Itens de cobrança"])
def add_billing_item(item: NewBillingItem) -> BillingItem:
    call = api.call(Permission.CATALOG_WRITE)
    return service.add(call, item)


@api.get("/items/<item_id>", summary="Lê um item de faturamento", tags=["Itens de cobrança"])
def get_billing_item(item_id: str) -> BillingItem:
    call = api.call(Permission.CATALOG_READ)
    return store.get(call.tenant_id, item_id)


@api.get("/items/<item_id>/history", summary="Tudo o que aconteceu com um item", tags=["Itens de cobrança"])
def get_item_history(item_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CATALOG_READ)
    item = store.get(call.tenant_id, item_id)
    return history_page(call, Recorded.of(item, store.item_row(call.tenant_id, item)), cursor)


@api.patch(
    "/items/<item_id>", summary="Altera valor unitário e início da vigência", tags=["Itens de cobrança"]
)
def price_billing_item(
    item_id: str,
    change: Annotated[dict[str, Any], Body(examples=[{"valid_from": "2026-04", "unit_price": "0.1990"}])],
) -> BillingItem:
    call = api.call(Permission.CATALOG_WRITE)
    if not set(change) <= set(Price.model_fields):
        raise Refused.because([Refusal("item.only_price_changes", ONLY_PRICE_CHANGES)])
    return service.price(call, item_id, api.if_match, read_as(Price, change), reasons_to_leave_price)


@api.delete("/items/<item_id>/prices/<month>", summary="Exclui um valor", tags=["Itens de cobrança"])
def remove_item_price(item_id: str, month: Annotated[Month, Path()]) -> BillingItem:
    call = api.call(Permission.CATALOG_WRITE)
    return service.remove_price(call, item_id, api.if_match, month, reasons_to_keep_price)


@api.get("/tax-codes", summary="Lista os códigos tributários", tags=TAXES)
def list_tax_codes(cursor: ListCursor = None) -> Page[TaxCode]:
    call = api.call(Permission.CATALOG_READ)
    codes = list(tax_codes.tax_codes(call.tenant_id))
    part, following = part_of(f"{call.tenant_id}#tax-codes", codes, cursor, key=attrgetter("code"))
    return Page[TaxCode](items=part, next_cursor=following)


@api.post("/tax-codes", status_code=201, summary="Cria um código tributário", tags=TAXES)
def add_tax_code(tax_code: NewTaxCode) -> TaxCode:
    call = api.call(Permission.CATALOG_WRITE)
    return tax_codes.add(call, tax_code)


@api.get("/tax-codes/<code>", summary="Lê um código tributário", tags=TAXES)
def get_tax_code(code: str) -> TaxCode:
    call = api.call(Permission.CATALOG_READ)
    return tax_codes.get(call.tenant_id, code)


@api.get("/tax-codes/<code>/history", summary="Tudo o que aconteceu com um código tributário", tags=TAXES)
def get_tax_code_history(code: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CATALOG_READ)
    kept = tax_codes.get(call.tenant_id, code)
    return history_page(call, Recorded.of(kept, tax_codes.tax_code_row(call.tenant_id, kept)), cursor)


@api.patch("/tax-codes/<code>", summary="Inclui ou altera a alíquota de uma vigência", tags=TAXES)
def rate_tax_code(code: str, rate: TaxRate) -> TaxCode:
    call = api.call(Permission.CATALOG_WRITE)
    return tax_codes.set_rate(call, code, api.if_match, rate, reasons_to_leave_tax_code)


@api.delete(
    "/tax-codes/<code>/rates/<valid_from>",
    summary="Exclui uma alíquota; com a última, o código",
    tags=TAXES,
)
def remove_tax_rate(code: str, valid_from: Annotated[Day, Path()]) -> TaxCode:
    call = api.call(Permission.CATALOG_WRITE)
    return tax_codes.remove_rate(
        call, code, api.if_match, valid_from, reasons_to_leave_tax_code, reasons_to_keep_tax_code
    )
