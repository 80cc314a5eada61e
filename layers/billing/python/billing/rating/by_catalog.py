"""Catalogued items: quantity x the price in the month of use, one line per billing item, item and price (CAT-01, CLO-09)."""

from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter

from billing.catalog.prices import price_in_force
from billing.core.errors import Refused
from billing.core.period import Month
from billing.rating import transaction
from billing.rating.explanation import ZERO, Trail
from billing.rating.gathering import Gathering, Groups
from billing.rating.matching import Series
from billing.rating.pricing import catalog
from billing.rating.run import RatingRun
from billing.rating.terms import UsageQuantity
from billing.rating.transaction import TAKE

_on = attrgetter("on")


def rate_catalog(run: RatingRun, series: Series, groups: Groups) -> None:
    used = groups.get(series.definition_id, {})
    by_version = {dated.ruling.version: dated for dated in series.versions}
    for (item_id, version), gathering in sorted(used.items(), key=lambda use: (use[0][0] or "", use[0][1])):
        dated = by_version[version]
        part = dated.within(run.active)
        assert part is not None
        ruling = dated.ruling
        for (billing_item_id, price), (quantity, count, month, first_on) in _by_price(run, gathering).items():
            item = run.terms.prices[billing_item_id]
            trail = Trail()
            trail.set_quantity(TAKE, ("quantity", quantity, f"usage:{count}"))
            transaction.at_least(trail, ruling.minimum_quantity)
            catalog.price(trail, price, f"catalog {billing_item_id} {month}")
            transaction.apply(trail, ruling.adjustments)
            run.add(
                ruling,
                trail,
                transaction.close(trail),
                "usage",
                item_id,
                part,
                discriminator=f"{billing_item_id}@{month}",
                description=item.description,
                unit=item.unit,
                taxed_on=min(part.start, first_on),
            )


def _by_price(
    run: RatingRun, gathering: Gathering
) -> dict[tuple[str, Decimal], tuple[Decimal, int, Month, date]]:
    """Quantity, number of entries, first month and first day by billing item and price, in that order."""
    by_month: dict[tuple[str, int, int], list[UsageQuantity]] = {}
    for entry in gathering.entries:
        assert entry.billing_item_id is not None
        by_month.setdefault((entry.billing_item_id, entry.on.year, entry.on.month), []).append(entry)
    by_price: dict[tuple[str, Decimal], tuple[Decimal, int, Month, date]] = {}
    for used, entries in sorted(by_month.items(), key=itemgetter(0)):
        billing_item_id = used[0]
        known = run.prices.get(used)
        if known is None:
            month = Month.of(entries[0].on)
            price = _price(run, billing_item_id, month, entries[0].item_id)
            if price is None:
                continue
            known = run.prices[used] = (price, month)
        price, month = known
        quantity = sum([entry.quantity for entry in entries], ZERO)
        on = min(map(_on, entries))
        before, count, first, first_on = by_price.get((billing_item_id, price), (ZERO, 0, month, on))
        by_price[billing_item_id, price] = (before + quantity, count + len(entries), first, first_on)
    return by_price


def _price(run: RatingRun, billing_item_id: str, month: Month, item_id: str | None) -> Decimal | None:
    item = run.terms.prices.get(billing_item_id)
    if item is not None:
        try:
            return price_in_force(item.prices, month)
        except Refused as refused:
            run.issue("rating.price_missing", f"{item.description}: {refused.title}", item_id)
            return None
    run.issue(
        "rating.price_missing",
        "O item de faturamento do encargo não está mais no catálogo. Escolha outro na definição do encargo.",
        item_id,
    )
    return None
