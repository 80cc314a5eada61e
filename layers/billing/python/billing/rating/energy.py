"""Energy and shared utility bills (CHG-06): charged rate x consumption x share, rounded once.

    share        billing % / 100, or item area / source area; the whole if neither is set
    consumption  the sub-meter's, or the bill's
    rate         the definition's; blank: the bill's amount over its consumption, kept exact

>>> from billing.core.money import Money
>>> utility_share(Money("1000.00"), item_area=Decimal(100), source_area=Decimal(300))
Money('333.33')
"""

from decimal import Decimal
from fractions import Fraction

from billing.core.money import Money
from billing.rating import brazilian
from billing.rating.exact import exactly, to_cents
from billing.rating.explanation import AMOUNT, QUANTITY, Rule, Trail


@exactly
def utility_share(
    bill: Money,
    *,
    percent: Decimal | None = None,
    item_area: Decimal | None = None,
    source_area: Decimal | None = None,
) -> Money:
    """The item's share of a bill's amount, by percentage or by area; ValueError if neither is complete."""
    trail = Trail()
    bill_amount(trail, bill)
    if percent is not None:
        share_of_amount_by_percent(trail, percent)
    elif item_area is not None and source_area:
        share_of_amount_by_area(trail, item_area, source_area)
    else:
        raise ValueError("a share needs a percentage, or the item's and the source's areas")
    return to_cents(trail.amount)


def bill_consumption(trail: Trail, consumption: Decimal, source: str) -> None:
    trail.set_quantity(BILL_CONSUMPTION, ("consumption", consumption, source))


def bill_amount(trail: Trail, bill: Money, source: str = "utility bill") -> None:
    trail.set_amount(BILL_AMOUNT, ("bill", bill.decimal, source))


def bill_rate(trail: Trail, bill: Money, consumption: Decimal, source: str) -> None:
    """The consumption at the bill's own rate, amount / consumption, never rounded."""
    rate = Fraction(bill.decimal) / Fraction(consumption)
    trail.set_amount(BILL_RATE, ("rate", rate, source))


def share_of_amount_by_percent(trail: Trail, percent: Decimal) -> None:
    trail.set_amount(AMOUNT_PERCENT, ("percent", percent, "definition"))


def share_of_amount_by_area(trail: Trail, item_area: Decimal, source_area: Decimal) -> None:
    trail.set_amount(
        AMOUNT_AREA, ("item_area", item_area, "item"), ("source_area", source_area, "utility bill")
    )


def share_of_consumption_by_percent(trail: Trail, percent: Decimal) -> None:
    trail.set_quantity(CONSUMPTION_PERCENT, ("percent", percent, "definition"))


def share_of_consumption_by_area(trail: Trail, item_area: Decimal, source_area: Decimal) -> None:
    trail.set_quantity(
        CONSUMPTION_AREA,
        ("item_area", item_area, "item"),
        ("source_area", source_area, "utility bill"),
    )


BILL_CONSUMPTION = Rule(
    "bill_consumption",
    QUANTITY,
    lambda _q, _a, consumption: consumption,
    lambda s, unit: f"consumo da conta: {brazilian.units(s.after, unit)}",
)
BILL_AMOUNT = Rule(
    "bill_amount",
    AMOUNT,
    lambda _q, _a, bill: bill,
    lambda s, _unit: f"conta de {brazilian.amount(s.after)}",
)
BILL_RATE = Rule(
    "bill_rate",
    AMOUNT,
    lambda q, _a, rate: Fraction(q) * Fraction(rate),
    lambda s, _unit: f"× tarifa da conta {brazilian.price(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
AMOUNT_PERCENT = Rule(
    "amount_percent",
    AMOUNT,
    lambda _q, a, percent: a * percent / 100,
    lambda s, _unit: f"× {brazilian.percent(s.inputs[0].value)} = {brazilian.amount(s.after)}",
)
AMOUNT_AREA = Rule(
    "amount_area",
    AMOUNT,
    lambda _q, a, item, source: Fraction(a) * Fraction(item) / Fraction(source),
    lambda s, _unit: (
        f"× área de {brazilian.plain(s.value('item_area'))} em {brazilian.plain(s.value('source_area'))} m²"
        f" = {brazilian.amount(s.after)}"
    ),
)
CONSUMPTION_PERCENT = Rule(
    "consumption_percent",
    QUANTITY,
    lambda q, _a, percent: q * percent / 100,
    lambda s, unit: f"× {brazilian.percent(s.inputs[0].value)} = {brazilian.units(s.after, unit)}",
)
CONSUMPTION_AREA = Rule(
    "consumption_area",
    QUANTITY,
    lambda q, _a, item, source: Fraction(q) * Fraction(item) / Fraction(source),
    lambda s, unit: (
        f"× área de {brazilian.plain(s.value('item_area'))} em {brazilian.plain(s.value('source_area'))} m²"
        f" = {brazilian.units(s.after, unit)}"
    ),
)
RULES = (
    BILL_CONSUMPTION,
    BILL_AMOUNT,
    BILL_RATE,
    AMOUNT_PERCENT,
    AMOUNT_AREA,
    CONSUMPTION_PERCENT,
    CONSUMPTION_AREA,
)
