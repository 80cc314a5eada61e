"""Catalog commands: load, decide, store."""

from collections.abc import Callable

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.catalog import store
from billing.catalog.actions import ItemAction
from billing.catalog.model import BillingItem, NewBillingItem, Price
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.period import Month
from billing.core.table import require_version


def add(call: Call, new: NewBillingItem) -> BillingItem:
    item = BillingItem(
        id=new_id("itm"),
        name=new.name,
        product=new.product,
        unit=new.unit,
        prices=(Price(valid_from=new.valid_from, unit_price=new.unit_price),),
    )
    changes = Changes(call)
    changes.put(store.item_row(call.tenant_id, item), ItemAction.ADDED)
    return changes.commit_answering(item)


LinkedUsage = Callable[[Call, str, Month | None, Month | None], list[Refusal]]
"""Why an item's price stays: its usage in the months from the first up to but not including the second. Passed in,
because usage is a layer above."""
UsedByOthers = Callable[[Call, str], list[Refusal]]
"""Why a caller who does not work for every company that bills the item may not change its price; passed in likewise."""


def price(call: Call, item_id: str, version: int, new: Price, used_by_others: UsedByOthers) -> BillingItem:
    """Raises PreconditionFailed if someone changed the item since `version`, Refused if a company that the caller does
    not work for bills it."""
    before = require_version(store.get(call.tenant_id, item_id), version)
    item = before.priced(new)
    reasons = used_by_others(call, item_id)
    if reasons:
        raise Refused.because(reasons)
    changes = Changes(call)
    changes.put(store.item_row(call.tenant_id, item), ItemAction.PRICED, before=before, after=item)
    return changes.commit_answering(item)


def remove_price(
    call: Call, item_id: str, version: int, month: Month, linked_usage: LinkedUsage
) -> BillingItem:
    """Remove the price, and with its last price the item (CAT-03). Raises Refused with every reason."""
    before = require_version(store.get(call.tenant_id, item_id), version)
    item = before.without_price(month, linked_usage(call, item_id, *before.months_of_price(month)))
    changes = Changes(call)
    if item.prices:
        changes.put(store.item_row(call.tenant_id, item), ItemAction.PRICE_REMOVED, before=before, after=item)
    else:
        changes.delete(store.item_row(call.tenant_id, before), ItemAction.REMOVED, before=before)
    return changes.commit_answering(item)
