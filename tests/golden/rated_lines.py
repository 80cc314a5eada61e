"""Whole contracts, rated and explained: every line with its steps, inputs and sources, every issue, movement and
position.

The expected text is in `rating_lines/`, one file per contract. `python -m tests.golden.rated_lines` writes the files
again: read the difference before you commit it, because each changed line is a line that customers would see changed.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.core.money import Money
from billing.core.period import Month, Period
from billing.rating.definition import Category
from billing.rating.engine import rate
from billing.rating.lines import RatedLine, Rating
from billing.rating.meters import MeterValue
from billing.rating.pricing.partial_passage import PassageMode
from billing.rating.rendering import tell, tell_line
from billing.rating.terms import (
    CatalogItem,
    MeterInput,
    RatedBill,
    RatedItem,
    RatingInput,
    RunningTotal,
    UsageQuantity,
)
from tests.support.rating import JANUARY, definition, iss, meter, monthly, per_unit, used, work

FOLDER = Path(__file__).parent / "rating_lines"
FROM_20 = Period(date(2026, 1, 20), date(2026, 2, 1))
TIERS = [{"up_to": "100", "unit_amount": "0.50", "flat": "10.00"}, {"unit_amount": "0.40"}]


def print_contract() -> RatingInput:
    """Meters: allowances, bands, tiers, minimum and carry-over, estimates, replaced meters, partial passages."""
    mono = {"kind": "allowance", "allowance": "1000", "fee": "100.00", "excess_price": "0.05"}
    bands = {"kind": "flat_bands", "tiers": [{"up_to": "100", "fee": "30"}, {"up_to": "200", "fee": "50"}]}
    return RatingInput(
        JANUARY,
        definitions=[
            definition("mono", usage_unit="page_mono", pricing=mono, billing_description="Mono"),
            definition(
                "large",
                usage_unit="page_large",
                pricing={**bands, "excess_price": "0.30"},
                parameters={"post_adjust_percent": "10"},
            ),
            definition("scan", usage_unit="scan", pricing=bands, parameters={"post_adjust_percent": "-10"}),
            definition("colour", usage_unit="page_colour", pricing={"kind": "graduated", "tiers": TIERS}),
            definition(
                "page",
                usage_unit="page",
                pricing={"kind": "volume", "tiers": TIERS},
                parameters={"unit_price_adjustment": "-0.01"},
            ),
            per_unit(
                "1.15",
                definition_id="km",
                usage_unit="km",
                carry_over=True,
                parameters={"minimum_quantity": "2000", "post_adjust_percent": "3.5"},
            ),
            per_unit(
                "2",
                definition_id="hour",
                usage_unit="hour",
                estimated_usage=True,
                daily_estimate="3",
                initial_meter_value="50",
                taxable=True,
                tax_code="iss",
            ),
            monthly(
                "50.00", definition_id="fixed", billing_description="Aluguel", taxable=True, tax_code="none"
            ),
        ],
        items=[
            RatedItem("p1", "Recepção"),
            RatedItem("p2", "Oficina", active=FROM_20, partial_passage=PassageMode.PRO_RATA),
            RatedItem("p3", "Diretoria", active=FROM_20, partial_passage=PassageMode.FULL),
            RatedItem("p4", "Loja", active=FROM_20),
        ],
        meters=[
            *(meter((32 - 1, "1500"), item_id=item, unit="page_mono") for item in ("p1", "p2", "p3", "p4")),
            meter((20, "150"), item_id="p1", unit="page_large"),
            meter((20, "130"), item_id="p2", unit="page_large"),
            meter((20, "260"), item_id="p1", unit="scan"),
            meter((20, "90"), item_id="p2", unit="scan"),
            meter((20, "250"), item_id="p1", unit="page_colour"),
            meter((20, "50"), item_id="p2", unit="page_colour", billed_before=Decimal(60)),
            meter((5, "20"), (31, "130"), item_id="p1", unit="page"),
            meter((31, "2300"), item_id="p1", unit="km", initial="100"),
            meter((31, "900"), item_id="p2", unit="km"),
            MeterInput("p1", "hour", None, [MeterValue(date(2026, 1, 11), Decimal(120))], Decimal(10)),
            MeterInput("p2", "hour", Decimal(7), [], Decimal(4), Decimal(1), date(2026, 1, 25)),
            MeterInput(
                "p3", "hour", readings=[MeterValue(date(2026, 1, 21), Decimal(80), Decimal(70), Decimal(30))]
            ),
            MeterInput("p3", "page_colour"),
            MeterInput("p1", "kg", readings=[MeterValue(date(2026, 1, 5), Decimal(3))]),
        ],
        carry_over={("km", "p1"): Decimal(150)},
        taxes=iss("5"),
    )


def work_orders() -> RatingInput:
    """Transactions one by one, filters, exceptions, both levels, a commitment, and what cannot be rated."""
    every = {
        "minimum_quantity": "2",
        "pre_adjust_percent": "10",
        "unit_price_adjustment": "1.5",
        "transaction_adjustment": "7.00",
        "post_adjust_percent": "-5",
        "free_up_to": "20.00",
        "minimum_charge": "30.00",
        "maximum_charge": "300.00",
    }
    order: dict[str, Any] = {"category": "work_order"}
    return RatingInput(
        JANUARY,
        definitions=[
            definition("all", **order),
            definition("labour", **order, subcategory="labour", parameters=every),
            definition(
                "senior", **order, subcategory="labour", labour_level="senior", billing_description="Sênior"
            ),
            definition("tools", **order, subcategory="tools", bill=False),
            definition(
                "own", **order, subcategory="services", item_id="b", parameters={"maximum_charge": "99"}
            ),
            definition(
                "stock",
                **order,
                subcategory="stock_items",
                level="subcategory",
                only_if_positive=True,
                parameters={"transaction_adjustment": "50"},
            ),
            definition(
                "seniors",
                **order,
                subcategory="labour",
                level="subcategory",
                labour_level="senior",
                parameters={"pre_adjust_percent": "20"},
            ),
            definition(
                "services",
                **order,
                subcategory="services",
                level="subcategory",
                parameters={"transaction_adjustment": "1"},
            ),
            definition(
                "services_own",
                **order,
                subcategory="services",
                level="subcategory",
                item_id="b",
                valid_from=date(2026, 1, 23),
                parameters={"transaction_adjustment": "2"},
            ),
            definition("cat", **order, level="category", parameters={"free_up_to": "250"}),
            definition(
                "commitment",
                **order,
                level="category",
                usage_unit="hour",
                scope="contract",
                pricing={"kind": "minimum_commitment", "minimum": "3000.00"},
            ),
            definition("fuel", category="fuel", pricing={"kind": "per_unit", "unit_price": "6.199"}),
        ],
        items=[RatedItem("a", "Máquina A"), RatedItem("b", "Máquina B", active=FROM_20)],
        usage=[
            work("1", "80", item_id="a", usage_id="u1"),
            work("3", "80", item_id="a", usage_id="u2", day=11, attributes={"labour_level": "senior"}),
            work("10", "90", item_id="a", description="Mão de obra extra"),
            work("-1", "90", item_id="a", day=12),
            work("2", "55.55", "stock_items", item_id="b", day=21),
            work("1", "12", "tools", item_id="a"),
            work("4", "33", "services", item_id="b", day=25),
            work("4", "33", "services", item_id="b", day=25),
            work("5", "10", "services", item_id="b", day=9),
            work("5", None, "services", item_id="a"),
            work("1", "70", "services", item_id="a"),
            work("1", "40", "services", item_id="b", day=22),
            work("1", "10", item_id="gone"),
            work("0", "10", item_id="a"),
            used("12.5", 7, "a", category=Category.FUEL, subcategory="diesel", unit="litre", usage_id="f1"),
            used("1", 7, "a", category=Category.SALES, subcategory="parts", unit="unit"),
            used("1", 7, "a", unit=None, subcategory="x"),
        ],
    )


def cloud() -> RatingInput:
    """Catalogued use, packages, blocks, percentages, and late entries."""
    block = [{"size": "10", "max": 2, "price": "5"}, {"size": "5", "max": -1, "price": "2"}]
    prices = [(Month("2025-12"), Decimal("0.10")), (Month("2026-01"), Decimal("0.12"))]

    def vm(quantity: str, billing_item_id: str = "vm", **fields: Any) -> UsageQuantity:
        return used(quantity, **{"unit": None, "billing_item_id": billing_item_id, "item_id": "t", **fields})

    def blocks(name: str, unit: str) -> Any:
        return definition(name, usage_unit=unit, pricing={"kind": "blocks", "mode": name, "blocks": block})

    return RatingInput(
        JANUARY,
        definitions=[
            definition(
                "cat",
                pricing={"kind": "catalog"},
                parameters={"minimum_quantity": "5", "post_adjust_percent": "3"},
            ),
            blocks("all_tiers", "gb"),
            blocks("top_tier", "tb"),
            blocks("delta", "request"),
            definition(
                "pack",
                usage_unit="event",
                pricing={"kind": "package", "size": "100", "unit_price": "9", "free_units": "50"},
            ),
            definition(
                "card",
                usage_unit="brl",
                pricing={
                    "kind": "percentage",
                    "rate_percent": "2.5",
                    "flat": "0.30",
                    "free_events": "1",
                    "free_amount": "150",
                    "min": "1.00",
                    "max": "9.00",
                },
            ),
            definition(
                "floor",
                usage_unit="user",
                pricing={"kind": "per_unit", "unit_price": "0.01"},
                parameters={"minimum_charge": "15.00"},
            ),
        ],
        items=[RatedItem("u", "Outro time"), RatedItem("t", "Time")],
        usage=[
            vm("8", item_id="u"),
            vm("10.5"),
            vm("2", day=20),
            vm("3", on=date(2025, 12, 30), is_late=True),
            vm("1", "disk"),
            vm("4", "net"),
            vm("6", "net", on=date(2025, 12, 15), is_late=True),
            vm("1", "old", on=date(2025, 11, 30), is_late=True),
            vm("1", on=date(2025, 12, 30)),
            used("37", unit="gb", item_id="t"),
            used("26", unit="tb", item_id="t"),
            used("12", unit="request", item_id="t"),
            used("-3", unit="request", item_id="t"),
            used("251", unit="event", item_id="t"),
            *(
                used(value, day, "t", unit="brl", usage_id=value)
                for day, value in ((3, "100"), (4, "90"), (5, "10"))
            ),
            used("900", 6, "t", unit="brl"),
        ],
        prices={
            "vm": CatalogItem("Máquina virtual", "hour", prices),
            "old": CatalogItem("Antigo", "unit", prices),
            "net": CatalogItem("Rede", "gb", [(Month("2025-01"), Decimal("0.5"))]),
        },
        running_totals={("delta", "t"): RunningTotal(Decimal(22), Money("12.00"))},
    )


BILLED = Month.of(JANUARY.start)


def building() -> RatingInput:
    """Energy: the contract's own meters and shares of a utility bill, by percentage and area, and what is missing."""

    def energy(name: str, price: str | None = None, **terms: Any) -> Any:
        pricing = None if price is None else {"kind": "per_unit", "unit_price": price}
        return definition(
            name, category="energy", subcategory=name, item_id=name, pricing=pricing, energy=terms
        )

    return RatingInput(
        JANUARY,
        active=FROM_20,
        definitions=[
            energy("metered", "0.95", sub_metering=True),
            energy("at_bill", sub_metering=True, utility_bill_source="light", billing_percentage="50"),
            energy("percent", utility_bill_source="light", billing_percentage="12.5"),
            energy("area", utility_bill_source="light", use_occupied_area=True),
            energy("area_priced", "1.10", utility_bill_source="light", use_occupied_area=True),
            energy("no_area", utility_bill_source="light", use_occupied_area=True),
            energy("no_bill", utility_bill_source="gas"),
            energy("no_use", "1", utility_bill_source="water"),
            energy("no_rate", sub_metering=True, utility_bill_source="water"),
        ],
        items=[
            *(
                RatedItem(name, name)
                for name in ("metered", "at_bill", "percent", "no_area", "no_bill", "no_use", "no_rate")
            ),
            RatedItem("area", "Sala 1", Decimal(30)),
            RatedItem("area_priced", "Sala 2", Decimal("45.5")),
        ],
        meters=[
            *(
                meter((30, "310"), item_id=name, unit="kwh", initial="10")
                for name in ("metered", "at_bill", "no_rate")
            ),
        ],
        utility_bills={
            ("light", BILLED): RatedBill(Money("1234.56"), Decimal(1500), Decimal(300)),
            ("water", BILLED): RatedBill(Money("90.00")),
        },
    )


def condominium() -> RatingInput:
    """Energy of the header: each unit of the building has its share, in order, and what belongs to the contract."""

    def energy(name: str, scope: str = "item", **terms: Any) -> Any:
        return definition(name, category="energy", subcategory=name, scope=scope, energy=terms)

    meters = [meter((30, "40"), item_id=item_id, unit="m3") for item_id in ("z", "gone", "a")]
    return RatingInput(
        JANUARY,
        active=FROM_20,
        definitions=[
            energy("light", utility_bill_source="light", billing_percentage="10"),
            energy("gas", utility_bill_source="gas", use_occupied_area=True, sub_metering=True),
            energy("lobby", "contract", utility_bill_source="light"),
            energy("nameless"),
            definition(
                "water",
                category="energy",
                usage_unit="m3",
                subcategory="water",
                item_id="z",
                pricing={"kind": "per_unit", "unit_price": "5"},
                energy={"sub_metering": True},
            ),
            definition(
                "sewer",
                category="energy",
                subcategory="sewer",
                item_id="a",
                usage_unit="m3",
                pricing={"kind": "per_unit", "unit_price": "7"},
                energy={"sub_metering": True, "use_occupied_area": True, "utility_bill_source": "none"},
                parameters={"minimum_quantity": "50"},
            ),
        ],
        items=[
            RatedItem("z", "Sala Z", Decimal(20)),
            RatedItem("past", "Sala que saiu", active=Period(JANUARY.start, date(2026, 1, 10))),
            RatedItem("a", "Sala A", Decimal(10), active=Period(date(2026, 1, 25), JANUARY.end)),
        ],
        usage=[
            used("3", 26, item, category=Category.ENERGY, subcategory="gas", unit="m3") for item in ("z", "a")
        ],
        meters=meters,
        utility_bills={
            ("light", BILLED): RatedBill(Money("500.00")),
            ("gas", BILLED): RatedBill(Money("80.00"), Decimal(64), Decimal(40)),
        },
    )


def periods() -> RatingInput:
    """Hourly to yearly, both bases, one-time charges, versions, an item's own definition, the contract's end."""
    once = {"category": "one_time", "pricing": {"kind": "flat", "amount": "200"}}
    return RatingInput(
        JANUARY,
        active=Period(date(2026, 1, 6), date(2026, 1, 31)),
        definitions=[
            *(
                monthly("90", period, definition_id=period, scope="contract")
                for period in ("hourly", "daily", "weekly", "monthly", "quarterly", "yearly")
            ),
            monthly(
                "90",
                basis="thirty_360",
                definition_id="basis",
                scope="contract",
                billing_description="30/360",
            ),
            monthly("60", definition_id="items", valid_until=date(2026, 1, 16)),
            monthly("75", definition_id="items", version=2, valid_from=date(2026, 1, 16)),
            monthly(
                "10",
                definition_id="own",
                item_id="a",
                valid_from=date(2026, 1, 10),
                valid_until=date(2026, 1, 20),
            ),
            definition("start", subcategory="start", **once, parameters={"post_adjust_percent": "5"}),
            definition("end", subcategory="end", scope="contract", **once),
            per_unit(definition_id="use", parameters={"minimum_quantity": "100"}, carry_over=True),
        ],
        items=[RatedItem("a", "A"), RatedItem("b", "B", active=Period(date(2026, 1, 12), date(2026, 2, 1)))],
        carry_over={("use", "a"): Decimal(40), ("use", None): Decimal(3)},
        contract_start=date(2026, 1, 6),
        contract_end=date(2026, 1, 31),
    )


def early_freeze() -> RatingInput:
    """Merged days over two closing months: amounts by whole months from cut-off to cut-off."""
    return RatingInput(
        Period(date(2026, 1, 5), date(2026, 2, 20)),
        definitions=[
            monthly("310", definition_id="plan", scope="contract", billing_description="Plano"),
            monthly("10", "quarterly", definition_id="quarter", scope="contract"),
            definition(
                "fee",
                usage_unit="page",
                pricing={"kind": "allowance", "allowance": "100", "fee": "31", "excess_price": "1"},
                scope="contract",
            ),
        ],
        usage=[used("200")],
        cut_off_day=5,
    )


def shared_allowances() -> RatingInput:
    """A pool with use, a pool that nobody used, each adjusted as a line of its own; and a commitment for a part of the
    period."""

    def pool(name: str, unit: str, **parameters: str) -> Any:
        pricing = {
            "kind": "allowance",
            "allowance": "500",
            "fee": "100.01",
            "excess_price": "0.2",
            "shared": True,
        }
        return definition(name, usage_unit=unit, pricing=pricing, parameters=parameters)

    return RatingInput(
        JANUARY,
        active=FROM_20,
        definitions=[
            pool("pages", "page", pre_adjust_percent="10", maximum_charge="120"),
            pool("unused", "scan", transaction_adjustment="-1"),
            definition(
                "commitment",
                level="category",
                scope="contract",
                pricing={"kind": "minimum_commitment", "minimum": "500.00"},
            ),
        ],
        items=[RatedItem(item_id, item_id) for item_id in ("a", "b", "c")],
        usage=[
            used("10", 21, "a"),
            used("25", 22, "b"),
            used("-5", 23, "c"),
            used("180", 23, "b", unit="page_mono"),
        ],
        meters=[meter((25, "90"), item_id="a", unit="page_colour", billed_before=Decimal(20))],
    )


def taxes() -> RatingInput:
    """Rates that change within the period: by the days of each line, also for late usage, versions and levels; one code
    has none."""
    taxed: dict[str, Any] = {"taxable": True, "tax_code": "iss"}
    catalogued = {"kind": "catalog"}
    return RatingInput(
        JANUARY,
        definitions=[
            monthly("99.99", definition_id="plan", **taxed, scope="contract", valid_until=date(2026, 1, 15)),
            monthly(
                "99.99",
                definition_id="plan",
                **taxed,
                scope="contract",
                version=2,
                valid_from=date(2026, 1, 15),
            ),
            definition("cloud", **taxed, pricing=catalogued, scope="contract"),
            definition("orders", category="work_order", **taxed, scope="contract"),
            definition(
                "fee",
                category="work_order",
                level="category",
                **taxed,
                scope="contract",
                parameters={"transaction_adjustment": "10.10"},
            ),
            per_unit("0.0333", definition_id="page", taxable=True, tax_code="new", scope="contract"),
        ],
        usage=[
            used("7", unit=None, billing_item_id="vm"),
            used("3", unit=None, billing_item_id="vm", on=date(2025, 12, 1), is_late=True),
            work("1", "10.01", on=date(2025, 12, 31), is_late=True),
            work("1", "10.01", day=14, usage_id="before"),
            work("1", "10.01", day=15, usage_id="after"),
            used("1001"),
        ],
        prices={
            "vm": CatalogItem(
                "VM", "hora", [(Month("2025-12"), Decimal("1.15")), (Month("2026-01"), Decimal("1.25"))]
            )
        },
        taxes={
            "iss": [
                (date(2025, 1, 1), Decimal(2)),
                (date(2026, 1, 1), Decimal("2.5")),
                (date(2026, 1, 15), Decimal(5)),
            ],
            "new": [(date(2026, 1, 2), Decimal(3))],
        },
    )


CONTRACTS: dict[str, Callable[[], RatingInput]] = {
    made.__name__: made
    for made in (
        print_contract,
        work_orders,
        cloud,
        building,
        condominium,
        periods,
        early_freeze,
        shared_allowances,
        taxes,
    )
}


def text_of(rating: Rating) -> str:
    """Everything that a rating says, as text that a person can review."""
    return "\n".join(
        [
            *(row for line in rating.lines for row in _line(line)),
            *(f"issue {issue.code} [{issue.item_id}] {issue.message}" for issue in rating.issues),
            *(
                f"moved {m.definition_id} [{m.item_id}] {m.kind} {m.units} -> {m.balance} in {m.period.format_br()}"
                for m in rating.carry_over_movements
            ),
            *(
                f"meter [{p.item_id}] {p.unit}: {p.units_before} -> {p.units}, estimated {p.is_estimated},"
                f" {p.days_since_reading} days"
                for p in rating.meter_positions
            ),
            f"total {rating.amount} + {rating.tax} = {rating.total}",
            "",
        ]
    )


def _line(line: RatedLine) -> Iterator[str]:
    data = line.to_map()
    explained = data.pop("explanation")
    yield " | ".join(f"{name}={value}" for name, value in data.items())
    yield f"  {explained['definition_id']} v{explained['version']}: {tell_line(line)}"
    for step, sentence in zip(explained["steps"], tell_all(line), strict=True):
        inputs = ", ".join(
            f"{entry['name']}={entry['value']} ({entry['source']})" for entry in step["inputs"]
        )
        yield f"    {step['rule']}({inputs}): {step['before']} -> {step['after']}  {sentence}"


def tell_all(line: RatedLine) -> list[str]:
    """A sentence for each step; a rounding that changed nothing has none."""
    told_steps = iter(tell(line.explanation, line.unit))
    return [
        "-" if rule == "round" and before == after else next(told_steps)
        for rule, _, before, after in line.explanation.rows
    ]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, made in CONTRACTS.items():
        (FOLDER / f"{name}.txt").write_text(text_of(rate(made())), encoding="utf-8")


if __name__ == "__main__":
    main()
