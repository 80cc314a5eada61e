"""Uso: a customer's usage of billing items, month by month (USE-06).

Only finalised months: the usage of others may still change.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from billing.access.call import Call
from billing.catalog import store as catalog
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.money import Quantity
from billing.core.period import Month
from billing.customers.table import require_customer
from billing.usage import store

MOST_ITEMS = 10
TOO_MANY_ITEMS = Refusal(
    "usage.too_many_items", "Selecione no máximo 10 itens de faturamento.", field="items"
)
"""The manual's own words."""

MONTHS = 12
"""The current month and the eleven before it."""


class UsageSeries(Entity):
    """O uso de um item de faturamento, um valor por mês do gráfico; 0 onde não houve uso."""

    billing_item_id: str
    name: str
    unit: str
    quantities: tuple[Quantity, ...]


class UsageChart(Entity):
    """O uso dos itens escolhidos nos meses com fatura finalizada, do mais antigo ao mais novo."""

    months: tuple[Month, ...]
    series: tuple[UsageSeries, ...]


def chart(call: Call, customer_id: str, item_ids: Iterable[str], last: Month | None = None) -> UsageChart:
    """Twelve months up to `last`. Raises NotFound, Refused for the eleventh item."""
    require_customer(call.tenant_id, customer_id)
    wanted = list(dict.fromkeys(item_ids))
    if len(wanted) > MOST_ITEMS:
        raise Refused.because([TOO_MANY_ITEMS])
    items = catalog.get_many(call.tenant_id, wanted)
    if len(items) < len(wanted):
        raise NotFound("item.missing", "O item de faturamento não existe.")
    end = last or Month.of(call.today)
    months_of_customer = [(customer_id, end.plus(-back)) for back in reversed(range(MONTHS))]
    finalised = store.finalised_months(call.tenant_id, months_of_customer)
    months = [month for key, month in months_of_customer if (key, month) in finalised]
    used: dict[tuple[str, Month], Decimal] = defaultdict(Decimal)
    for month in months:
        for entry in store.entries(call.tenant_id, customer_id, month):
            used[entry.billing_item_id, month] += entry.quantity
    return UsageChart(
        months=tuple(months),
        series=tuple(
            UsageSeries(
                billing_item_id=item_id,
                name=items[item_id].name,
                unit=items[item_id].unit,
                quantities=tuple(used[item_id, month] for month in months),
            )
            for item_id in wanted
        ),
    )
