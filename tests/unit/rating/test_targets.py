"""Whose line it is and on which days: items and the contract itself, parts between other definitions, order of lines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.core.money import Money
from billing.core.period import Period
from billing.rating.definition import Category, ChargeDefinition
from billing.rating.lines import Rating
from billing.rating.terms import CatalogItem, RatedBill, RatedItem
from tests.support.rating import (
    END,
    START,
    amounts,
    codes,
    definition,
    meter,
    monthly,
    per_unit,
    rated,
    used,
    work,
)

A = RatedItem("A", "Máquina A")
B = RatedItem("b", "Máquina B")
FEE = {"kind": "allowance", "allowance": "3100", "fee": "31.00", "excess_price": "1"}


def day(number: int) -> date:
    return date(2026, 1, number)


def level(name: str, fee: str, category: str = "work_order", **fields: Any) -> ChargeDefinition:
    given = {"category": category, "level": "category", "parameters": {"transaction_adjustment": fee}}
    return definition(name, **{**given, **fields})


def level_lines(rating: Rating) -> list[tuple[str, str | None, str]]:
    return [
        (line.definition_id, line.item_id, str(line.amount)) for line in rating.lines if line.kind == "level"
    ]


def orders(rating: Rating) -> list[str | None]:
    return [line.item_id for line in rating.lines]


@pytest.mark.req("CHG-02", "CLO-05")
def test_days_between_an_item_s_own_definitions_are_one_line_of_the_header() -> None:
    header = per_unit(definition_id="header", pricing=FEE)
    own = [
        per_unit("1", definition_id=f"own{start}", item_id="A", valid_from=day(start), valid_until=day(end))
        for start, end in ((10, 15), (20, 25))
    ]
    fees = [
        level("fee", "5", "usage", only_if_positive=True),
        level("fee", "7", "usage", only_if_positive=True, version=2, valid_from=day(26)),
    ]

    rating = rated(header, *own, *fees, items=[A])

    assert amounts(rating) == [("allowance_fee", "A", "21.00"), ("level", "A", "7.00")]
    assert rating.lines[0].line_id == rated(header, items=[A]).lines[0].line_id


@pytest.mark.req("CHG-02", "CLO-05")
def test_item_that_is_not_in_the_period_keeps_no_other_from_its_lines() -> None:
    gone = RatedItem("0", "Devolvida", active=Period(START, day(5)))
    rating = rated(
        per_unit(definition_id="pages", pricing=FEE),
        monthly("90.00", definition_id="rent"),
        level("fee", "5", "usage"),
        items=[gone, A],
        active=Period(day(10), END),
    )
    assert [item_id for _, item_id, _ in amounts(rating)] == ["A", "A", "A"]


@pytest.mark.req("CTR-07")
def test_version_without_use_keeps_no_later_one_from_its_line() -> None:
    versions = [per_unit("1", valid_until=day(15)), per_unit("2", version=2, valid_from=day(15))]
    assert amounts(rated(*versions, usage=[used("3", 20)])) == [("usage", None, "6.00")]


@pytest.mark.req("CHG-02")
def test_lines_come_in_the_order_of_items_the_contract_s_own_first() -> None:
    usage = [used("3", item_id="b"), used("1"), used("2", item_id="A")]
    assert orders(rated(per_unit("1"), usage=usage)) == [None, "A", "b"]
    assert orders(rated(per_unit("1"), usage=usage, items=[A, B])) == ["A", "b", None]

    catalogued = [used(entry.quantity, item_id=entry.item_id, billing_item_id="vm") for entry in usage]
    prices = {"vm": CatalogItem("VM", "hour", [("2025-01", Decimal(3))])}  # type: ignore[list-item]
    catalog = definition(pricing={"kind": "catalog"})
    assert orders(rated(catalog, usage=catalogued, items=[A, B], prices=prices)) == [None, "A", "b"]

    energy = definition(
        category="energy",
        subcategory="electricity",
        usage_unit="kwh",
        pricing={"kind": "per_unit", "unit_price": "1"},
        energy={"sub_metering": True},
    )
    read = [
        used(
            entry.quantity,
            item_id=entry.item_id,
            unit="kwh",
            category=Category.ENERGY,
            subcategory="electricity",
        )
        for entry in usage
    ]
    assert orders(rated(energy, usage=read, items=[A, B])) == [None, "A", "b"]


@pytest.mark.req("CLO-05")
def test_issues_come_by_item_too() -> None:
    usage = [used("1", 20, "A"), used("1", 10, "b"), used("1", 20)]
    rating = rated(per_unit("1"), usage=usage, items=[A, B], active=Period(START, day(5)))
    assert [(issue.item_id, issue.message[7:9]) for issue in rating.issues] == [
        (None, "20"),
        ("A", "20"),
        ("b", "10"),
    ]


@pytest.mark.req("CHG-05")
def test_stores_are_lost_by_definition_and_item() -> None:
    stores = {("def_1", "A"): Decimal(5), ("def_1", None): Decimal(3), ("def_0", "b"): Decimal(1)}
    lost = rated(carry_over=stores, contract_end=END).carry_over_movements
    assert [(loss.definition_id, loss.item_id, str(loss.units)) for loss in lost] == [
        ("def_0", "b", "-1"),
        ("def_1", None, "-3"),
        ("def_1", "A", "-5"),
    ]


@pytest.mark.req("CHG-02", "CHG-03")
def test_transactions_come_by_item_and_price_where_they_have_no_id() -> None:
    at_a_price = definition(category="work_order", pricing={"kind": "per_unit", "unit_price": "5"})
    usage = [
        work("1", "0.5", item_id="A", description="custo 0,50"),
        work("1", None, item_id="A", description="sem custo"),
        work("1", "9"),
    ]
    rating = rated(at_a_price, level("fee", "1"), usage=usage, items=[A])
    assert [(line.item_id, line.description) for line in rating.lines[:3]] == [
        (None, "Mão de obra"),
        ("A", "sem custo"),
        ("A", "custo 0,50"),
    ]
    assert level_lines(rating) == [("fee", None, "1.00"), ("fee", "A", "1.00")]


@pytest.mark.req("USE-07")
def test_transactions_that_share_an_id_are_distinguished() -> None:
    usage = [work("2", "30", usage_id="use_1"), work("1", "30", usage_id="use_1")]
    rating = rated(definition(category="work_order"), usage=usage)
    assert [amount for _, _, amount in amounts(rating)] == ["60.00", "30.00"]
    assert len({line.line_id for line in rating.lines}) == 2


@pytest.mark.req("CHG-08")
def test_events_of_a_day_come_by_item_the_contract_s_own_first() -> None:
    by_value = per_unit(
        pricing={"kind": "percentage", "rate_percent": "10", "free_events": 1},
        usage_unit="brl",
        scope="contract",
    )
    usage = [used("20", item_id="A", unit="brl"), used("10", unit="brl")]
    assert amounts(rated(by_value, usage=usage, items=[A])) == [("usage", None, "2.00")]


@pytest.mark.req("CHG-08")
def test_usage_without_a_price_is_a_line_of_zero() -> None:
    assert amounts(rated(per_unit("0"), usage=[used("5")])) == [("usage", None, "0.00")]


@pytest.mark.req("CHG-08")
def test_shared_allowance_of_a_contract_without_items_is_the_contract_s() -> None:
    shared = per_unit(pricing={**FEE, "shared": True})
    assert amounts(rated(shared)) == [("shared_allowance", None, "31.00")]


@pytest.mark.req("CHG-02")
def test_item_s_own_level_adjusts_its_lines_on_its_days_and_the_header_s_the_others() -> None:
    own = level("own", "20", item_id="A", valid_from=day(10), valid_until=day(20), only_if_positive=True)
    header = level("header", "50", only_if_positive=True)
    usage = [
        work("1", "30", item_id=item_id, usage_id=f"use_{item_id}{on}", on=day(on))
        for item_id, on in (("A", 5), ("A", 12), ("b", 12))
    ]
    rating = rated(definition(category="work_order"), header, own, usage=usage, items=[A, B])
    assert level_lines(rating) == [("header", "A", "50.00"), ("header", "b", "50.00"), ("own", "A", "20.00")]

    always = level("own", "20", item_id="A")
    rating = rated(
        definition(category="work_order"), level("header", "50"), always, usage=usage, items=[A, B]
    )
    assert level_lines(rating) == [("header", "b", "50.00"), ("own", "A", "20.00")]


@pytest.mark.req("CHG-02")
def test_levels_leave_lines_of_other_categories_alone() -> None:
    rating = rated(
        definition("orders", category="work_order"),
        definition("sales", category="sales"),
        level("fee", "5", level="subcategory", subcategory="labour"),
        level("tip", "7", "sales"),
        usage=[work("1", "30"), work("1", "40", subcategory="all", category=Category.SALES)],
    )
    assert level_lines(rating) == [("fee", None, "5.00"), ("tip", None, "7.00")]


@pytest.mark.req("CHG-02")
def test_level_of_the_narrower_unit_goes_before_the_wider_one() -> None:
    rating = rated(
        per_unit("1"),
        level("a_wide", "5", "usage", usage_unit="page", only_if_positive=True),
        level("b_narrow", "7", "usage", usage_unit="page_mono", only_if_positive=True),
        usage=[used("3", unit="page_mono")],
        items=[],
    )
    narrow = rated(
        per_unit("1", usage_unit="page_mono"),
        level("a_wide", "5", "usage", usage_unit="page", only_if_positive=True),
        level("b_narrow", "7", "usage", usage_unit="page_mono", only_if_positive=True),
        usage=[used("3", unit="page_mono")],
    )
    assert level_lines(rating) == [("a_wide", None, "5.00")]
    assert level_lines(narrow) == [("b_narrow", None, "7.00")]


@pytest.mark.req("BEY-07")
@pytest.mark.parametrize(
    ("conditional", "price", "true_ups"),
    [(False, "0", ["100.00"]), (True, "0", []), (True, "0.01", ["99.99"]), (False, "0.01", ["99.99"])],
)
def test_commitment_is_due_without_use_unless_it_is_conditional(
    conditional: bool, price: str, true_ups: list[str]
) -> None:
    commitment = level(
        "least",
        "0",
        "usage",
        parameters={},
        only_if_positive=conditional,
        pricing={"kind": "minimum_commitment", "minimum": "100.00"},
    )
    rating = rated(per_unit(price), commitment, usage=[used("1")])
    assert [amount for kind, _, amount in amounts(rating) if kind == "true_up"] == true_ups


@pytest.mark.req("CHG-01", "CHG-03")
def test_period_charge_has_its_adjustments_too() -> None:
    rent = monthly("90.00", parameters={"post_adjust_percent": "10"})
    assert amounts(rated(rent)) == [("recurring", None, "99.00")]


@pytest.mark.req("CLO-08", "CTR-07")
def test_part_of_a_closing_month_counts_by_its_real_days_whatever_the_plan_s_basis() -> None:
    part = Period(START, day(16))
    rent = monthly("93.00", basis="thirty_360")
    assert amounts(rated(rent, period=part, cut_off_day=1)) == [("recurring", None, "45.00")]


@pytest.mark.req("CHG-01")
def test_one_time_charge_that_is_added_later_is_billed_when_it_begins() -> None:
    setup = definition(
        category="one_time",
        subcategory="start",
        valid_from=day(10),
        pricing={"kind": "flat", "amount": "70.00"},
    )
    assert amounts(rated(setup, contract_start=date(2025, 3, 1))) == [("one_time", None, "70.00")]


ENERGY = {"category": "energy", "subcategory": "electricity", "usage_unit": "kwh"}
RATE = {"kind": "per_unit", "unit_price": "0.80"}
BUILDING = {"utility_bill_source": "building"}


@pytest.mark.req("CHG-06", "CHG-02")
def test_item_s_own_energy_definition_leaves_the_header_the_other_days() -> None:
    header = definition("header", **ENERGY, energy=BUILDING)
    own = definition(
        "own", **ENERGY, item_id="A", pricing=RATE, energy={"sub_metering": True}, valid_from=day(20)
    )
    rating = rated(header, own, items=[A], utility_bills={"building": RatedBill(Money("310.00"))})
    assert amounts(rating) == [("energy", "A", "190.00")]


@pytest.mark.req("CHG-06")
@pytest.mark.parametrize(
    ("terms", "bills", "code"),
    [
        ({**BUILDING}, {}, "rating.utility_bill_missing"),
        (
            {**BUILDING, "use_occupied_area": True},
            {"building": RatedBill(Money("1.00"), Decimal(5))},
            "rating.area_missing",
        ),
    ],
)
def test_energy_at_its_own_rate_still_needs_the_bill_and_its_area(
    terms: dict[str, Any], bills: dict[str, RatedBill], code: str
) -> None:
    shop = RatedItem("A", "Loja", area=Decimal(10))
    rating = rated(definition(**ENERGY, pricing=RATE, energy=terms), items=[shop], utility_bills=bills)
    assert (amounts(rating), codes(rating)) == ([], [code])


@pytest.mark.req("CHG-06", "CHG-03")
def test_energy_has_its_minimum_quantity() -> None:
    least = definition(
        **ENERGY, pricing=RATE, energy={"sub_metering": True}, parameters={"minimum_quantity": "500"}
    )
    rating = rated(least, items=[A], meters=[meter((31, "450"), item_id="A", unit="kwh")])
    assert amounts(rating) == [("energy", "A", "400.00")]


@pytest.mark.req("CHG-06")
def test_energy_shared_by_a_bill_takes_no_meter() -> None:
    shared = definition(**ENERGY, pricing=RATE, energy=BUILDING)
    rating = rated(
        shared,
        items=[A],
        meters=[meter((31, "450"), item_id="A", unit="kwh")],
        utility_bills={"building": RatedBill(Money("1.00"), Decimal(100))},
    )
    assert (amounts(rating), codes(rating)) == (
        [("energy", "A", "80.00")],
        ["rating.usage_without_definition"],
    )


@pytest.mark.req("USE-04", "CHG-02")
def test_meter_goes_by_the_narrower_unit_on_its_days_and_by_the_wider_before_and_after() -> None:
    narrow = per_unit(
        "2", definition_id="narrow", usage_unit="page_mono", valid_from=day(10), valid_until=day(20)
    )
    mono = meter((10, "100"), (20, "300"), (31, "310"), item_id="A", unit="page_mono")
    rating = rated(per_unit("1", definition_id="wide"), narrow, items=[A], meters=[mono])
    assert {line.definition_id: str(line.amount) for line in rating.lines} == {
        "wide": "110.00",
        "narrow": "400.00",
    }


@pytest.mark.req("USE-04", "CLO-05")
def test_meter_counts_to_the_end_of_its_item_s_own_part() -> None:
    items = [
        RatedItem(name, "Máquina", active=Period(START, day(end))) for name, end in (("A", 20), ("b", 10))
    ]
    meters = [meter((10, "100"), (20, "150"), (31, "190"), item_id=item.item_id) for item in items]
    assert amounts(rated(per_unit("1"), items=items, meters=meters)) == [
        ("usage", "A", "150.00"),
        ("usage", "b", "100.00"),
    ]


@pytest.mark.req("USE-01")
@pytest.mark.parametrize(("on", "is_counted"), [(10, True), (19, True), (20, False), (9, False)])
def test_use_counts_from_the_first_day_to_the_day_before_the_end(on: int, is_counted: bool) -> None:
    rating = rated(per_unit("1"), usage=[used("3", on)], active=Period(day(10), day(20)))
    assert codes(rating) == ([] if is_counted else ["rating.usage_outside_period"])
    assert amounts(rating) == ([("usage", None, "3.00")] if is_counted else [])


@pytest.mark.req("CHG-08")
def test_pool_has_usage_entries_meters_and_the_unused_quantity() -> None:
    shared = per_unit(pricing={**FEE, "shared": True})
    usage = [used("10", item_id="A", unit="page_mono"), used("90")]
    rating = rated(shared, items=[A], usage=usage, meters=[meter((31, "100"), item_id="A", unit="page_mono")])
    assert [(line.item_id, line.quantity, str(line.amount)) for line in rating.lines] == [
        (None, Decimal(90), "13.95"),
        ("A", Decimal(110), "17.05"),
    ]


@pytest.mark.req("CHG-08")
def test_event_of_zero_quantity_costs_its_flat_amount() -> None:
    by_value = per_unit(
        pricing={"kind": "percentage", "rate_percent": "10", "flat": "1.00"}, usage_unit="brl"
    )
    assert amounts(rated(by_value, usage=[used("0", unit="brl")])) == [("usage", None, "1.00")]
