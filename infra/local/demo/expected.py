"""What the story must come to, computed here from what was agreed and used, without the product's own rating.

Each function is the arithmetic that a clerk would do on paper; the story compares, and a wrong total makes it fail.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from infra.local.demo.base import CLOUD_ITEMS, COLOUR, CONTRACT_FIXED, MONO, PRINTER_FIXED

_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def plan(price: Decimal, days: int, period_days: int) -> Decimal:
    return cents(price * days / period_days)


def printing(pages: Sequence[tuple[int, int]]) -> Decimal:
    """`pages` are (mono, colour) of each printer: each has its own mono allowance, and all share one for colour."""
    total = Decimal(CONTRACT_FIXED) + len(pages) * Decimal(PRINTER_FIXED) + Decimal(COLOUR["fee"])
    for mono, _ in pages:
        total += Decimal(MONO["fee"]) + _excess(mono, MONO)
    return total + _excess(sum(colour for _, colour in pages), COLOUR)


def cloud(quantities: Sequence[Decimal]) -> Decimal:
    """One quantity for each item of the catalog, in the catalog's order."""
    return sum(
        (
            cents(quantity * Decimal(price))
            for quantity, (*_, price) in zip(quantities, CLOUD_ITEMS, strict=True)
        ),
        Decimal(0),
    )


def _excess(units: int, terms: dict[str, str]) -> Decimal:
    return cents(max(0, units - int(terms["allowance"])) * Decimal(terms["excess_price"]))
