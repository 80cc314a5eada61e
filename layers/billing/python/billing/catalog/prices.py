"""Prices by month (CAT-01): the price of a usage month is the latest whose start of validity is not after it.

>>> price_in_force([(Month("2026-01"), Decimal("10.00")), (Month("2026-03"), Decimal("12.50"))], Month("2026-02"))
Decimal('10.00')
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from billing.core.errors import Refused
from billing.core.period import Month

Start = TypeVar("Start", Month, date)


def price_in_force(prices: Iterable[tuple[Month, Decimal]], month: Month) -> Decimal:
    """The unit price of a usage month, in BRL. Raises Refused for a month before the first price."""
    entry = in_force(prices, month)
    if entry is None:
        raise Refused(
            "catalog.no_price_in_force",
            f"Item de faturamento sem valor unitário em {month.format_br()}: cadastre um preço com vigência até este mês.",
        )
    return entry[1]


def in_force(history: Iterable[tuple[Start, Decimal]], at: Start) -> tuple[Start, Decimal] | None:
    """The latest entry of a dated history that has begun; None before the first."""
    begun = [(start, value) for start, value in history if start <= at]
    return max(begun, key=lambda dated: dated[0]) if begun else None
