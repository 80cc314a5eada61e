"""The businesses of the story, all rated by the same engine: plans, print contracts, catalogued items, work orders."""

from datetime import date
from decimal import Decimal

import pytest

from billing.core.money import Money
from billing.core.period import Month, Period
from billing.rating.definition import Category, ChargeDefinition
from billing.rating.engine import rate
from billing.rating.lines import RatedLine, Rating
from billing.rating.meters import MeterValue
from billing.rating.replay import replay
from billing.rating.terms import CatalogItem, MeterInput, RatedItem, RatingInput, UsageQuantity

JANUARY = Period.of_month(Month("2026-01"))
FEBRUARY_1 = date(2026, 2, 1)


def definition(definition_id: str, **fields: object) -> ChargeDefinition:
    given = {"definition_id": definition_id, "valid_from": date(2025, 1, 1), "category": "usage", **fields}
    return ChargeDefinition.model_validate(given)


PLAN = definition(
    "plan",
    subcategory="monthly",
    scope="contract",
    pricing={"kind": "flat", "amount": "90.00"},
    billing_description="Internet 100 Mega",
)
MONO = definition(
    "mono",
    subcategory="mono",
    usage_unit="page_mono",
    pricing={"kind": "allowance", "allowance": "2000", "fee": "100.00", "excess_price": "0.05"},
)
COLOUR = definition(
    "colour",
    subcategory="colour",
    usage_unit="page_colour",
    pricing={
        "kind": "allowance",
        "allowance": "500",
        "fee": "100.00",
        "excess_price": "0.20",
        "shared": True,
    },
)
PRINTER_FIXED = definition(
    "printer", subcategory="monthly", pricing={"kind": "flat", "amount": "50.00", "fixed_cost": True}
)
CONTRACT_FIXED = definition(
    "contract",
    subcategory="monthly",
    scope="contract",
    pricing={"kind": "flat", "amount": "120.00", "fixed_cost": True},
)


def rows(rating: Rating) -> list[tuple[str, str | None, str, str]]:
    return sorted((line.kind, line.item_id, line.description, str(line.amount)) for line in rating.lines)  # type: ignore[type-var]


def told_again(line: RatedLine) -> bool:
    again = replay(line.explanation)
    return (again.amount, again.tax, again.explanation) == (line.amount, line.tax, line.explanation)


@pytest.mark.req("CTR-13", "CON-07")
def test_plan_of_a_customer_who_joins_on_the_20th_is_prorated_to_real_days() -> None:
    rating = rate(RatingInput(JANUARY, active=Period(date(2026, 1, 20), FEBRUARY_1), definitions=[PLAN]))
    assert rows(rating) == [("recurring", None, "Internet 100 Mega", "34.84")]
    assert rating.total == Money("34.84")


@pytest.mark.req("CTR-14", "CHG-08", "CLO-04")
def test_print_contract_bills_fee_excess_shared_colour_and_fixed_costs() -> None:
    rating = rate(
        RatingInput(
            JANUARY,
            definitions=[MONO, COLOUR, PRINTER_FIXED, CONTRACT_FIXED],
            items=[RatedItem("p1", "HP da recepção"), RatedItem("p2", "Ricoh")],
            meters=[
                MeterInput("p1", "page_mono", Decimal(1000), [MeterValue(FEBRUARY_1, Decimal(3500))]),
                MeterInput("p1", "page_colour", Decimal(0), [MeterValue(FEBRUARY_1, Decimal(300))]),
                MeterInput("p2", "page_colour", Decimal(0), [MeterValue(FEBRUARY_1, Decimal(250))]),
            ],
        )
    )
    assert {(line.kind, line.item_id, str(line.amount)) for line in rating.lines} == {
        ("fixed", None, "120.00"),
        ("fixed", "p1", "50.00"),
        ("fixed", "p2", "50.00"),
        ("allowance_fee", "p1", "100.00"),
        ("excess", "p1", "25.00"),
        ("shared_allowance", "p1", "60.00"),
        ("shared_allowance", "p2", "50.00"),
    }
    assert rating.total == Money("455.00")
    assert rating.issues == ()
    assert {(p.item_id, p.unit, p.units) for p in rating.meter_positions} == {
        ("p1", "page_mono", Decimal(2500)),
        ("p1", "page_colour", Decimal(300)),
        ("p2", "page_colour", Decimal(250)),
    }


def entered(billing_item_id: str, quantity: str, day: int = 5) -> UsageQuantity:
    on = date(2026, 1, day)
    return UsageQuantity(None, None, Decimal(quantity), None, Category.USAGE, "all", billing_item_id, on)


CATALOGUED = definition("catalog", pricing={"kind": "catalog"})
VM = CatalogItem("Máquina virtual", "hour", [(Month("2025-01"), Decimal("0.1875"))])


@pytest.mark.req("CAT-01", "USE-01")
def test_usage_entries_of_one_item_make_one_line_at_the_price_of_the_month() -> None:
    usage = [entered("vm", "500"), entered("vm", "230", day=9)]
    rating = rate(RatingInput(JANUARY, definitions=[CATALOGUED], usage=usage, prices={"vm": VM}))
    assert rows(rating) == [("usage", None, "Máquina virtual", "136.88")]
    assert rating.lines[0].quantity == Decimal(730)
    assert rating.lines[0].unit == "hour"


@pytest.mark.req("CAT-01")
def test_usage_before_the_first_price_is_an_issue_and_the_rest_is_billed() -> None:
    disk = CatalogItem("Disco", "gb", [(Month("2026-02"), Decimal("41.99"))])
    usage = [entered("vm", "730"), entered("disk", "1")]
    rating = rate(
        RatingInput(JANUARY, definitions=[CATALOGUED], usage=usage, prices={"vm": VM, "disk": disk})
    )
    assert rating.total == Money("136.88")
    assert [issue.code for issue in rating.issues] == ["rating.price_missing"]


def work(subcategory: str, quantity: str, cost: str) -> UsageQuantity:
    on = date(2026, 1, 10)
    return UsageQuantity(
        "os", "hour", Decimal(quantity), Decimal(cost), Category.WORK_ORDER, subcategory, None, on
    )


@pytest.mark.req("CHG-01", "CHG-02", "CHG-09")
def test_fee_on_materials_and_first_250_inside_the_rent_are_lines_of_their_own() -> None:
    rating = rate(
        RatingInput(
            JANUARY,
            items=[RatedItem("os", "OS 17")],
            definitions=[
                definition("cost", category="work_order"),
                definition(
                    "fee",
                    category="work_order",
                    subcategory="stock_items",
                    level="subcategory",
                    only_if_positive=True,
                    parameters={"transaction_adjustment": "50"},
                ),
                definition("rent", category="work_order", level="category", parameters={"free_up_to": "250"}),
            ],
            usage=[
                work("labour", "3", "80"),
                work("stock_items", "2", "55.50"),
                work("stock_items", "1", "19.99"),
            ],
        )
    )
    assert [(line.kind, str(line.amount)) for line in rating.lines] == [
        ("transaction", "240.00"),
        ("transaction", "19.99"),
        ("transaction", "111.00"),
        ("level", "50.00"),
        ("level", "-250.00"),
    ]
    assert rating.total == Money("170.99")
    assert all(told_again(line) for line in rating.lines)


@pytest.mark.req("CTR-07", "CHG-08", "CLO-05")
def test_pool_of_a_part_of_the_month_bills_its_prorated_fee_and_the_use_beyond_it() -> None:
    rating = rate(
        RatingInput(
            JANUARY,
            active=Period(date(2026, 1, 20), FEBRUARY_1),
            definitions=[COLOUR],
            items=[RatedItem("p1", "HP da recepção")],
            meters=[MeterInput("p1", "page_colour", Decimal(0), [MeterValue(FEBRUARY_1, Decimal(300))])],
        )
    )
    assert [str(line.amount) for line in rating.lines] == ["59.91"]  # R(100 x 12/31) + (300 - 194) x 0.20
