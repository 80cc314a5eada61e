"""One line for each work-order, sales or fuel transaction, at its cost or its fixed sales price (USE-07)."""

from operator import itemgetter

from billing.core.period import Month
from billing.rating import transaction
from billing.rating.definition import SUBCATEGORIES
from billing.rating.explanation import Trail
from billing.rating.gathering import Chooser
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.ruling import Ruling
from billing.rating.run import RatingRun
from billing.rating.terms import UsageQuantity
from billing.rating.transaction import TAKE, UNIT_PRICE


def rate_transactions(run: RatingRun, chooser: Chooser, transactions: list[UsageQuantity]) -> None:
    """Ordered by day and id, whatever order they came in; identical ones without an id are distinguished by a number."""
    ordered = sorted(zip(map(_order, transactions), transactions, strict=True), key=itemgetter(0))
    before: tuple[object, ...] = ()
    number = 0
    for order, entry in ordered:
        chosen = chooser.ruling_of(entry)
        if chosen is None:
            continue
        number = number + 1 if order == before else 1
        before = order
        _line(run, chosen, entry, f"{entry.usage_id or order}#{number}")


def _order(entry: UsageQuantity) -> tuple[object, ...]:
    """By day and id; without an id, by content."""
    if entry.usage_id:
        return (entry.on, entry.usage_id)
    return (
        entry.on,
        entry.usage_id,
        entry.item_id or "",
        entry.category,
        entry.subcategory,
        entry.quantity,
        entry.unit_price or 0,
        tuple(sorted(entry.attributes.items())),
    )


def _subcategory_title(entry: UsageQuantity) -> str:
    titles = SUBCATEGORIES[entry.category] or {}
    return titles.get(entry.subcategory, entry.subcategory)


def _line(run: RatingRun, ruling: Ruling, entry: UsageQuantity, discriminator: str) -> None:
    price, source = entry.unit_price, "transaction"
    if ruling.pricing is not None:
        assert type(ruling.pricing) is PerUnit
        price, source = ruling.pricing.unit_price, "definition"
    if price is None:
        run.issue(
            "rating.unit_price_missing",
            f"Transação de {entry.on:%d/%m/%Y} sem custo nem preço: informe o valor unitário.",
            entry.item_id,
        )
        return
    trail = Trail()
    trail.set_quantity(TAKE, ("quantity", entry.quantity, f"usage {entry.usage_id}"))
    transaction.at_least(trail, ruling.minimum_quantity)
    trail.set_amount(UNIT_PRICE, ("unit_price", price, source))
    transaction.apply(trail, ruling.adjustments)
    run.add(
        ruling,
        trail,
        transaction.close(trail),
        "transaction",
        entry.item_id,
        run.day(entry.on),
        discriminator=discriminator,
        subcategory=entry.subcategory,
        description=entry.description or ruling.billing_description or _subcategory_title(entry),
        label=f" (uso de {Month.of(entry.on).format_br()})" if entry.is_late else "",
        unit=entry.unit,
        attributes=entry.attributes,
    )
