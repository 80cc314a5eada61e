"""Prices by month (CAT-01): the price of a usage month is the latest whose start of validity is not after it.

>>> price_in_force([(Month("2026-01"), Decimal("10.00")), (Month("2026-03"), Decimal("12.50"))], Month("2026-02"))
Decimal('10.00')
"""

from collections.abc import Iterable
from decimal import Decimal

from billing.core.errors import Refused
from billing.core.period import Month


def price_in_force(prices: Iterable[tuple[Month, Decimal]], month: Month) -> Decimal:
    """The unit price of a usage month, in BRL; Refused for a month before the first price."""
    begun = [(start, price) for start, price in prices if start <= month]
    if not begun:
        raise Refused(
            "catalog.no_price_in_force",
            f"Item de faturamento sem valor unitário em {month.format_br()}: cadastre um preço com vigência até este mês.",
        )
    return max(begun, key=lambda each: each[0])[1]
