"""How fast contracts are rated, with explanations on: lines per second and core, a contract of 1,000 items, a base in
chunks.

`python -m tests.bench.bench_rating` prints the table; `make bench` collects `measure()`. CPU time, not wall time: the
median of repeated runs, and the best one, which is the cost of the code on an otherwise idle core.
"""

import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from billing.core.period import Month, Period
from billing.rating.definition import Category, ChargeDefinition
from billing.rating.engine import rate
from billing.rating.meters import MeterValue
from billing.rating.terms import CatalogItem, MeterInput, RatedItem, RatingInput, UsageQuantity

PERIOD = Period.of_month(Month("2026-03"))
END = PERIOD.end
SINCE = date(2025, 1, 1)
CONTRACTS = 120
CHUNK = 200
REPEATS = 15
CATALOG = {"vm": CatalogItem("Máquina virtual", "hour", [(Month("2025-01"), Decimal("0.1875"))])}


def definition(contract: int, name: str, **fields: Any) -> ChargeDefinition:
    return ChargeDefinition.model_validate(
        {"definition_id": f"def_{contract:04d}{name}", "valid_from": SINCE, "category": "usage", **fields}
    )


def mixed_definitions(contract: int) -> list[ChargeDefinition]:
    """Ten definitions on three levels: a plan, fixed costs, four models of use, catalogue, work orders, two levels."""
    tiers = [
        {"up_to": "1000", "unit_amount": "0.05"},
        {"up_to": "5000", "unit_amount": "0.04"},
        {"unit_amount": "0.03"},
    ]
    return [
        definition(
            contract,
            "plan",
            subcategory="monthly",
            scope="contract",
            pricing={"kind": "flat", "amount": "99.90"},
        ),
        definition(
            contract,
            "fix",
            subcategory="monthly",
            pricing={"kind": "flat", "amount": "50.00", "fixed_cost": True},
        ),
        definition(
            contract,
            "mono",
            subcategory="mono",
            usage_unit="page_mono",
            pricing={"kind": "allowance", "allowance": "2000", "fee": "100.00", "excess_price": "0.05"},
        ),
        definition(
            contract,
            "colour",
            subcategory="colour",
            usage_unit="page_colour",
            pricing={"kind": "graduated", "tiers": tiers},
        ),
        definition(
            contract,
            "km",
            subcategory="km",
            usage_unit="km",
            carry_over=True,
            parameters={"minimum_quantity": "2000", "post_adjust_percent": "3.5"},
            pricing={"kind": "per_unit", "unit_price": "1.15"},
        ),
        definition(contract, "cat", pricing={"kind": "catalog"}),
        definition(
            contract,
            "cost",
            category="work_order",
            parameters={"pre_adjust_percent": "10", "maximum_charge": "900"},
        ),
        definition(contract, "tools", category="work_order", subcategory="tools", bill=False),
        definition(
            contract,
            "fee",
            category="work_order",
            subcategory="stock_items",
            level="subcategory",
            only_if_positive=True,
            parameters={"transaction_adjustment": "50"},
        ),
        definition(
            contract, "rent", category="work_order", level="category", parameters={"free_up_to": "250"}
        ),
    ]


def mixed_contract(number: int) -> RatingInput:
    items = [f"eqp_{number:04d}{index}" for index in range(3)]
    return RatingInput(
        PERIOD,
        definitions=mixed_definitions(number),
        items=[RatedItem(item_id, f"Equipamento {item_id}") for item_id in items],
        meters=[meter for index, item_id in enumerate(items) for meter in meters_of(item_id, number + index)],
        usage=[entry for index, item_id in enumerate(items) for entry in usage_of(item_id, number + index)],
        prices=CATALOG,
    )


def meters_of(item_id: str, seed: int) -> list[MeterInput]:
    return [
        MeterInput(item_id, unit, Decimal(1000), [MeterValue(END, Decimal(1000 + size + seed % 700))])
        for unit, size in (("page_mono", 2400), ("page_colour", 1500), ("km", 1800))
    ]


def usage_of(item_id: str, seed: int) -> list[UsageQuantity]:
    def work(subcategory: str, day: int, cost: str) -> UsageQuantity:
        return UsageQuantity(
            item_id,
            "hour",
            Decimal(2 + seed % 3),
            Decimal(cost),
            Category.WORK_ORDER,
            subcategory,
            None,
            date(2026, 3, day),
            usage_id=f"use_{item_id}{subcategory}{day}",
        )

    usage_entries = [
        UsageQuantity(
            item_id,
            None,
            Decimal("36.5"),
            None,
            Category.USAGE,
            "all",
            "vm",
            date(2026, 3, day),
            usage_id=f"use_{item_id}{day}",
        )
        for day in (3, 17)
    ]
    return [
        work("labour", 4, "80"),
        work("stock_items", 5, "55.50"),
        work("tools", 6, "12"),
        work("services", 9, "120"),
        *usage_entries,
    ]


def large_contract(items: int) -> RatingInput:
    """A print contract: a fixed cost, a mono allowance and its excess for each printer, so three lines per item."""
    ids = [f"eqp_{index:04d}" for index in range(items)]
    return RatingInput(
        PERIOD,
        definitions=mixed_definitions(1)[:3],
        items=[RatedItem(item_id, "Impressora") for item_id in ids],
        meters=[meter for index, item_id in enumerate(ids) for meter in meters_of(item_id, index)[:1]],
    )


def measure() -> dict[str, dict[str, Any]]:
    base = [mixed_contract(number) for number in range(CONTRACTS)]
    large = large_contract(1000)
    lines = sum(len(rate(terms).lines) for terms in base)
    of_base = cpu_times(lambda: rate_one_after_another(base))
    of_large = cpu_times(lambda: rate(large))
    return {
        "rating_lines_per_s": {
            "median": round(lines / median(of_base)),
            "best": round(lines / min(of_base)),
            "unit": "lines/s",
        },
        "contract_1000_items_ms": {
            "median": round(1000 * median(of_large), 1),
            "best": round(1000 * min(of_large), 1),
            "unit": "ms",
        },
        "rating_chunks_peak_mb": {"median": round(peak_of_chunks(), 1), "unit": "MB"},
    }


def rate_one_after_another(base: list[RatingInput]) -> None:
    """As a closing does: a contract's lines are stored and released before the next contract."""
    for terms in base:
        rate(terms)


def cpu_times(work: Callable[[], object]) -> list[float]:
    """Seconds of CPU of repeated runs, after one that warms up."""
    work()
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return taken


def peak_of_chunks(chunks: int = 3) -> float:
    """The most memory, in MB, of contracts rated in chunks: all of a chunk's contracts and all their lines at once.

    A chunk's memory is released before the next one, so this is what a base of any size needs in addition to the
    program.
    """
    tracemalloc.start()
    for first in range(0, chunks * CHUNK, CHUNK):
        rate_chunk(first)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1_000_000


def rate_chunk(first: int) -> int:
    ratings = [rate(terms) for terms in [mixed_contract(first + number) for number in range(CHUNK)]]
    return sum(len(rating.lines) for rating in ratings)


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:<28}{figure['median']:>12} {figure['unit']:<8} best {figure.get('best', '-')}")
