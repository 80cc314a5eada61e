"""Which definition rates what, on which days; period, one-time, energy and level lines of the whole engine."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.core.money import Money
from billing.core.period import Month, Period
from billing.rating.definition import Category
from billing.rating.lines import Rating
from billing.rating.meters import MeterValue
from billing.rating.terms import CatalogItem, MeterInput, RatedBill, RatedItem, RunningTotal
from tests.support.rating import (
    END,
    JANUARY,
    START,
    amounts,
    codes,
    definition,
    iss,
    meter,
    monthly,
    per_unit,
    rated,
    told_again,
    used,
    work,
)

ITEMS = [RatedItem("p1", "Impressora 1"), RatedItem("p2", "Impressora 2")]
FROM_20 = Period(date(2026, 1, 20), END)


def both(quantity: str = "10") -> list[Any]:
    return [used(quantity, item_id="p1"), used(quantity, item_id="p2")]


@pytest.mark.req("CHG-02")
def test_items_definition_replaces_the_headers_of_the_same_key_for_that_item_only() -> None:
    own = per_unit("2", definition_id="def_own", item_id="p1")
    assert amounts(rated(per_unit("1"), own, items=ITEMS, usage=both())) == [
        ("usage", "p2", "10.00"),
        ("usage", "p1", "20.00"),
    ]


@pytest.mark.req("CHG-02")
def test_items_definition_of_another_unit_leaves_the_headers_in_force() -> None:
    own = per_unit("2", definition_id="def_own", item_id="p1", usage_unit="km")
    assert amounts(rated(per_unit("1"), own, items=ITEMS, usage=both())) == [
        ("usage", "p1", "10.00"),
        ("usage", "p2", "10.00"),
    ]


@pytest.mark.req("CHG-02")
def test_items_definition_rules_its_own_days_and_the_header_the_others() -> None:
    own = monthly(
        "62.00", definition_id="def_own", item_id="p1", valid_from="2026-01-11", valid_until="2026-01-21"
    )
    assert amounts(rated(monthly("31.00"), own, items=ITEMS[:1])) == [
        ("recurring", "p1", "10.00"),
        ("recurring", "p1", "11.00"),
        ("recurring", "p1", "20.00"),
    ]
    usage = [
        used("1", day=10, item_id="p1"),
        used("1", day=15, item_id="p1"),
        used("1", day=25, item_id="p1"),
    ]
    own_use = per_unit(
        "5", definition_id="def_own", item_id="p1", valid_from="2026-01-11", valid_until="2026-01-21"
    )
    assert amounts(rated(per_unit("1"), own_use, items=ITEMS[:1], usage=usage)) == [
        ("usage", "p1", "2.00"),
        ("usage", "p1", "5.00"),
    ]


@pytest.mark.req("CHG-02")
def test_everything_but_the_tools_is_billed_by_an_exception() -> None:
    everything = definition("def_all", category="work_order")
    tools = definition("def_tools", category="work_order", subcategory="tools", bill=False)
    rating = rated(everything, tools, usage=[work("1", "80"), work("1", "12", "tools")])
    assert amounts(rating) == [("transaction", None, "80.00")]
    assert [(line.subcategory, line.billed) for line in rating.lines] == [("labour", True), ("tools", False)]
    assert rating.total == Money("80.00")


@pytest.mark.req("CHG-03", "USE-07")
def test_filters_of_work_orders_rate_the_exception_of_a_level_or_an_occupation() -> None:
    usual = definition("def_a", category="work_order")
    senior = definition(
        "def_b", category="work_order", labour_level="3", parameters={"post_adjust_percent": "50"}
    )
    expert = definition(
        "def_c",
        category="work_order",
        labour_level="3",
        occupation_type="x",
        parameters={"post_adjust_percent": "100"},
    )
    usage = [
        work("1", "10", usage_id="use_1"),
        work("1", "10", attributes={"labour_level": "3"}, usage_id="use_2"),
        work("1", "10", attributes={"labour_level": "3", "occupation_type": "x"}, usage_id="use_3"),
        work("1", "10", attributes={"occupation_type": "x"}, usage_id="use_4"),
    ]
    rating = rated(usual, senior, expert, usage=usage)
    assert [line.definition_id for line in rating.lines] == ["def_a", "def_b", "def_c", "def_a"]


@pytest.mark.req("CHG-02")
def test_narrower_unit_rates_before_the_wider_one() -> None:
    pages = per_unit("1", definition_id="def_a")
    colour = per_unit("3", definition_id="def_b", usage_unit="page_colour")
    rating = rated(
        pages,
        colour,
        meters=[meter((31, "10"), unit="page_mono"), meter((31, "10"), unit="page_colour")],
    )
    assert amounts(rating) == [("usage", "p1", "10.00"), ("usage", "p1", "30.00")]


@pytest.mark.req("CHG-08", "CTR-14")
def test_header_definition_leaves_alone_an_item_whose_meters_count_something_else() -> None:
    fee = per_unit(
        usage_unit="page_colour",
        pricing={"kind": "allowance", "allowance": "10", "fee": "5.00", "excess_price": "1"},
    )
    rating = rated(fee, items=ITEMS, meters=[meter((31, "9"), unit="page_mono")])
    assert amounts(rating) == [("allowance_fee", "p2", "5.00")]


@pytest.mark.req("CHG-03")
def test_price_change_inside_a_period_splits_it_at_the_day() -> None:
    before = per_unit("1", valid_until="2026-01-16")
    after = per_unit("2", version=2, valid_from="2026-01-16")
    usage = [used("3", day=15), used("3", day=16)]
    rating = rated(after, before, usage=usage)
    assert amounts(rating) == [("usage", None, "3.00"), ("usage", None, "6.00")]
    assert [line.explanation.version for line in rating.lines] == [1, 2]
    by_meter = rated(before, after, meters=[meter((16, "100"), (31, "180"))])
    assert amounts(by_meter) == [("usage", "p1", "100.00"), ("usage", "p1", "160.00")]
    assert by_meter.meter_positions[0].units == Decimal(180)


@pytest.mark.req("CHG-03")
def test_next_version_ends_the_one_before_it() -> None:
    rating = rated(monthly("31.00"), monthly("62.00", version=2, valid_from="2026-01-11"))
    assert amounts(rating) == [("recurring", None, "10.00"), ("recurring", None, "42.00")]
    same_day = rated(monthly("31.00"), monthly("62.00", version=2))
    assert amounts(same_day) == [("recurring", None, "62.00")]


def test_definition_out_of_force_rates_nothing() -> None:
    assert (
        amounts(rated(monthly(valid_until="2026-01-01"), monthly(definition_id="x", valid_from="2026-02-01")))
        == []
    )


def test_lines_have_ids_of_their_own_and_the_same_in_every_run() -> None:
    terms = {"items": ITEMS, "usage": [work("1", "10", item_id="p1"), work("1", "10", item_id="p1"), *both()]}
    given = [
        monthly("31.00"),
        monthly("62.00", version=2, valid_from="2026-01-11"),
        per_unit("1", definition_id="u"),
    ]
    costs = definition("w", category="work_order")
    rating = rated(*given, costs, **terms)
    ids = [line.line_id for line in rating.lines]
    assert len(ids) == len(set(ids)) == 8
    assert ids == [line.line_id for line in rated(costs, *reversed(given), **terms).lines]


@pytest.mark.parametrize(
    ("frequency", "amount", "unit"),
    [
        ("hourly", "744.00", "hour"),
        ("daily", "31.00", "day"),
        ("weekly", "4.43", "week"),
        ("monthly", "1.00", "month"),
        ("quarterly", "0.33", "quarter"),
        ("yearly", "0.08", "year"),
    ],
)
@pytest.mark.req("CHG-01")
def test_period_charges_bill_as_many_periods_as_the_month_has(frequency: str, amount: str, unit: str) -> None:
    rating = rated(monthly("1", frequency))
    assert amounts(rating) == [("recurring", None, amount)]
    assert rating.lines[0].unit == unit
    assert told_again(rating.lines)


@pytest.mark.req("CTR-06", "CTR-13")
def test_part_of_a_month_by_real_days_or_by_months_of_thirty() -> None:
    assert amounts(rated(monthly(), active=FROM_20)) == [("recurring", None, "34.84")]
    assert amounts(rated(monthly(basis="thirty_360"), active=FROM_20)) == [("recurring", None, "33.00")]
    assert amounts(rated(monthly("90.00", "yearly"), active=FROM_20)) == [("recurring", None, "2.90")]


@pytest.mark.req("CLO-08")
def test_early_freeze_and_the_merged_rest_bill_months_from_cut_off_to_cut_off() -> None:
    frozen = rated(monthly(), period=Period(date(2026, 3, 5), date(2026, 3, 20)), cut_off_day=5)
    merged = rated(monthly(), period=Period(date(2026, 3, 20), date(2026, 5, 5)), cut_off_day=5)
    assert amounts(frozen) == [("recurring", None, "43.55")]
    assert amounts(merged) == [("recurring", None, "136.45")]
    assert frozen.lines[0].line_id != merged.lines[0].line_id


@pytest.mark.req("CLO-08", "CHG-02")
def test_days_around_an_items_own_price_count_by_closing_months_too() -> None:
    """20/03 to 05/04 is 16 of 31 days, 05/04 to 10/04 and 20/04 to 05/05 are 20 of 30: 48.00 + 62.00."""
    model = {"kind": "allowance", "allowance": "100", "fee": "93.00", "excess_price": "1"}
    shared = definition("def_all", usage_unit="page", pricing=model)
    own = per_unit(
        "5", definition_id="def_own", item_id="p1", valid_from="2026-04-10", valid_until="2026-04-20"
    )
    merged = Period(date(2026, 3, 20), date(2026, 5, 5))
    rating = rated(shared, own, items=[RatedItem("p1", "P1")], period=merged, cut_off_day=5)
    assert amounts(rating) == [("allowance_fee", "p1", "110.00")]
    assert told_again(rating.lines)


@pytest.mark.req("CHG-02")
def test_fixed_cost_of_each_item_and_of_the_contract_once() -> None:
    per_item = definition(
        "a", subcategory="monthly", pricing={"kind": "flat", "amount": "50", "fixed_cost": True}
    )
    once = monthly("120.00", definition_id="b", scope="contract")
    left = RatedItem("p3", "Saiu", active=Period(date(2025, 12, 1), START))
    assert amounts(rated(per_item, once, items=[*ITEMS, left])) == [
        ("fixed", "p1", "50.00"),
        ("fixed", "p2", "50.00"),
        ("recurring", None, "120.00"),
    ]


def one_time(subcategory: str, **fields: Any) -> Any:
    pricing = {"kind": "flat", "amount": "200.00"}
    return definition(category="one_time", subcategory=subcategory, pricing=pricing, **fields)


@pytest.mark.req("CHG-01")
@pytest.mark.parametrize(
    ("subcategory", "fields", "terms", "billed"),
    [
        ("start", {"valid_from": "2026-01-15"}, {}, True),
        ("start", {"valid_from": "2025-12-31"}, {}, False),
        ("start", {"valid_from": "2025-01-01"}, {"contract_start": date(2026, 1, 1)}, True),
        ("start", {"valid_from": "2025-01-01"}, {"contract_start": date(2025, 12, 31)}, False),
        ("end", {}, {"contract_end": END}, True),
        ("end", {}, {"contract_end": date(2026, 2, 2)}, False),
        ("end", {}, {"contract_end": START}, False),
        ("end", {}, {}, False),
    ],
)
def test_one_time_charge_is_billed_once_at_the_contracts_start_or_end(
    subcategory: str,
    fields: dict[str, Any],
    terms: dict[str, Any],
    billed: bool,
) -> None:
    expected = [("one_time", None, "200.00")] if billed else []
    assert amounts(rated(one_time(subcategory, **fields), **terms)) == expected


@pytest.mark.req("CHG-01")
def test_one_time_charge_changed_later_is_not_billed_again() -> None:
    first = one_time("start", valid_from="2025-06-01")
    changed = one_time("start", version=2, valid_from="2026-01-10")
    assert amounts(rated(first, changed)) == []
    assert amounts(rated(first, changed, contract_start=date(2025, 6, 1))) == []


@pytest.mark.req("CHG-01", "CLO-07")
def test_partial_closings_do_not_bill_a_one_time_charge_again_when_it_changes_between_them() -> None:
    first = one_time("start", valid_from="2026-01-01")
    changed = one_time("start", version=2, valid_from="2026-01-10")
    terms: dict[str, Any] = {"contract_start": START}
    before, after = Period(START, date(2026, 1, 10)), Period(date(2026, 1, 10), END)
    assert amounts(rated(first, changed, active=before, **terms)) == [("one_time", None, "200.00")]
    assert amounts(rated(first, changed, active=after, **terms)) == []


@pytest.mark.req("CHG-01")
def test_one_time_charge_that_was_corrected_before_the_contract_began_is_billed() -> None:
    corrected = one_time("start", version=2, valid_from="2026-01-10")
    assert amounts(rated(corrected, contract_start=date(2026, 1, 10))) == [("one_time", None, "200.00")]
    assert amounts(rated(corrected, contract_start=date(2026, 1, 20))) == [("one_time", None, "200.00")]


FEE = definition(
    "def_fee",
    category="fuel",
    level="subcategory",
    subcategory="diesel",
    parameters={"post_adjust_percent": "2"},
)
FUEL = definition("def_fuel", category="fuel")


def fuel(quantity: str, price: str, kind: str = "diesel", **fields: Any) -> Any:
    return work(quantity, price, kind, category=Category.FUEL, unit="litre", **fields)


@pytest.mark.req("CHG-02")
def test_level_sums_only_its_subcategory_and_only_what_is_billed() -> None:
    silent = definition("def_off", category="fuel", subcategory="arla", bill=False)
    everything = definition(
        "def_all", category="fuel", level="category", parameters={"post_adjust_percent": "10"}
    )
    rating = rated(
        FUEL,
        FEE,
        silent,
        everything,
        usage=[fuel("10", "5"), fuel("1", "30", "gasolina"), fuel("1", "99", "arla")],
    )
    levels = {line.definition_id: str(line.amount) for line in rating.lines if line.kind == "level"}
    assert levels == {"def_fee": "1.00", "def_all": "8.10"}
    assert rating.total == Money("89.10")


@pytest.mark.req("CHG-02")
def test_level_of_the_header_is_for_each_item_by_itself_or_for_the_contract_once() -> None:
    usage = [fuel("1", "100", item_id="p1"), fuel("1", "300", item_id="p2")]
    rent = {"category": "fuel", "level": "category", "parameters": {"free_up_to": "250.00"}}
    per_item = rated(FUEL, definition("def_l", **rent), items=ITEMS, usage=usage)
    assert [a for a in amounts(per_item) if a[0] == "level"] == [
        ("level", "p1", "-100.00"),
        ("level", "p2", "-250.00"),
    ]
    once = rated(FUEL, definition("def_l", scope="contract", **rent), items=ITEMS, usage=usage)
    assert [a for a in amounts(once) if a[0] == "level"] == [("level", None, "-250.00")]


@pytest.mark.req("CHG-02")
def test_items_level_definition_replaces_the_headers_for_its_lines() -> None:
    usage = [fuel("1", "100", item_id="p1"), fuel("1", "300", item_id="p2")]
    rent = {"category": "fuel", "level": "category"}
    header = definition("def_h", parameters={"free_up_to": "250.00"}, **rent)
    own = definition("def_o", item_id="p1", parameters={"transaction_adjustment": "7.00"}, **rent)
    levels = [a for a in amounts(rated(FUEL, header, own, items=ITEMS, usage=usage)) if a[0] == "level"]
    assert levels == [("level", "p2", "-250.00"), ("level", "p1", "7.00")]


@pytest.mark.req("CHG-02")
def test_levels_fee_is_added_once_although_the_items_own_comes_between_its_days() -> None:
    fee = {"category": "fuel", "level": "category"}
    header = definition("def_h", parameters={"transaction_adjustment": "50.00"}, **fee)
    own = definition(
        "def_o",
        item_id="p1",
        valid_from="2026-01-11",
        valid_until="2026-01-21",
        parameters={"transaction_adjustment": "7.00"},
        **fee,
    )
    usage = [fuel("1", "100", item_id="p1", day=5), fuel("1", "10", item_id="p1", day=15)]
    rating = rated(FUEL, header, own, items=ITEMS[:1], usage=usage)
    assert [a for a in amounts(rating) if a[0] == "level"] == [
        ("level", "p1", "50.00"),
        ("level", "p1", "7.00"),
    ]


@pytest.mark.req("BEY-07")
def test_minimum_commitment_bills_what_is_missing_pro_rata() -> None:
    commitment = definition(
        "def_c",
        level="category",
        scope="contract",
        pricing={"kind": "minimum_commitment", "minimum": "310.00"},
    )
    rating = rated(per_unit("1"), commitment, usage=[used("100", day=25)], active=FROM_20)
    assert amounts(rating) == [("usage", None, "100.00"), ("true_up", None, "20.00")]
    assert told_again(rating.lines)
    assert amounts(rated(per_unit("1"), commitment, usage=[used("311")])) == [("usage", None, "311.00")]


@pytest.mark.req("CHG-03")
def test_tax_of_each_line_is_on_top_and_outside_the_levels() -> None:
    taxed = per_unit("0.55", taxable=True, tax_code="iss")
    rating = rated(taxed, usage=[used("101")], taxes=iss("23"))
    assert (rating.amount, rating.tax, rating.total) == (Money("55.55"), Money("12.78"), Money("68.33"))
    assert told_again(rating.lines)
    unknown = rated(taxed, usage=[used("101")], taxes=iss("23", since=date(2026, 1, 2)))
    assert (unknown.total, codes(unknown)) == (Money("55.55"), ["rating.tax_code_unknown"])
    assert [issue.message for issue in unknown.issues] == ["Código tributário iss sem alíquota em 01/01/2026"]


@pytest.mark.req("CHG-03")
def test_tax_rate_is_that_of_the_first_day_of_the_line() -> None:
    rates = {"iss": [(date(2026, 1, 20), Decimal(5)), (date(2025, 12, 20), Decimal(2))]}
    plan = monthly("310.00", definition_id="plan", taxable=True, tax_code="iss", valid_until=FROM_20.start)
    renewed = monthly(
        "310.00", definition_id="plan", taxable=True, tax_code="iss", version=2, valid_from=FROM_20.start
    )
    orders = definition("orders", category="work_order", taxable=True, tax_code="iss")
    rating = rated(
        plan, renewed, orders, usage=[work("1", "100", day=19), work("1", "100", day=20)], taxes=rates
    )
    assert [(str(line.amount), str(line.tax)) for line in rating.lines] == [
        ("100.00", "2.00"),
        ("100.00", "5.00"),
        ("190.00", "3.80"),
        ("120.00", "6.00"),
    ]
    sources = {step.inputs[0].source for line in rating.lines for step in line.explanation.steps[-1:]}
    assert sources == {"tax iss 2025-12-20", "tax iss 2026-01-20"}
    assert told_again(rating.lines)


def energy(pricing: dict[str, str] | None = None, **terms: Any) -> Any:
    return definition(
        category="energy", subcategory="electricity", usage_unit="kwh", pricing=pricing, energy=terms
    )


BILL = {"building": RatedBill(Money("1000.00"), Decimal(3000), Decimal(300))}
STORE = [RatedItem("loja", "Loja", area=Decimal(100))]
KWH = [meter((31, "450"), item_id="loja", unit="kwh")]
RATE = {"kind": "per_unit", "unit_price": "0.80"}


@pytest.mark.req("CHG-06")
@pytest.mark.parametrize(
    ("given", "meters", "amount"),
    [
        (energy(RATE, sub_metering=True), KWH, "360.00"),
        (energy(RATE, sub_metering=True, billing_percentage="50"), KWH, "180.00"),
        (energy(sub_metering=True, utility_bill_source="building"), KWH, "150.00"),
        (energy(use_occupied_area=True, utility_bill_source="building"), [], "333.33"),
        (energy(RATE, use_occupied_area=True, utility_bill_source="building"), [], "800.00"),
        (energy(billing_percentage="12.5", utility_bill_source="building"), [], "125.00"),
        (energy(RATE, billing_percentage="12.5", utility_bill_source="building"), [], "300.00"),
        (energy(utility_bill_source="building"), [], "1000.00"),
    ],
    ids=[
        "own rate",
        "share of own meter",
        "bill's rate",
        "area",
        "area at own rate",
        "percent",
        "percent at own rate",
        "whole",
    ],
)
def test_energy_is_rate_times_consumption_times_share_rounded_once(
    given: Any, meters: Sequence[Any], amount: str
) -> None:
    rating = rated(given, items=STORE, meters=meters, utility_bills=BILL)
    assert (amounts(rating), codes(rating)) == ([("energy", "loja", amount)], [])
    assert told_again(rating.lines)


@pytest.mark.req("CHG-06")
@pytest.mark.parametrize(
    ("given", "items", "bills", "code"),
    [
        (energy(utility_bill_source="other"), STORE, BILL, "rating.utility_bill_missing"),
        (
            energy(use_occupied_area=True, utility_bill_source="building"),
            ITEMS[:1],
            BILL,
            "rating.area_missing",
        ),
        (
            energy(RATE, utility_bill_source="building"),
            STORE,
            {"building": RatedBill(Money("9.00"))},
            "rating.consumption_missing",
        ),
    ],
)
def test_energy_that_lacks_its_bill_its_area_or_its_consumption_is_an_issue(
    given: Any, items: Any, bills: Any, code: str
) -> None:
    rating = rated(given, items=items, utility_bills=bills)
    assert (amounts(rating), codes(rating)) == ([], [code])


@pytest.mark.req("CHG-06", "CHG-03")
def test_energy_at_the_bill_s_rate_is_adjusted_exactly() -> None:
    dearer = energy(sub_metering=True, utility_bill_source="building").evolve(
        parameters={"post_adjust_percent": "10", "maximum_charge": "164.99"}
    )
    rating = rated(dearer, items=STORE, meters=KWH, utility_bills=BILL)
    assert amounts(rating) == [("energy", "loja", "164.99")]
    assert rating.lines[0].explanation.steps[-3].after == Decimal(165)


@pytest.mark.req("CHG-06")
def test_share_of_a_bill_is_prorated_for_a_part_of_the_period() -> None:
    rating = rated(energy(utility_bill_source="building"), items=STORE, utility_bills=BILL, active=FROM_20)
    assert amounts(rating) == [("energy", "loja", "387.10")]


MERGED = Period(date(2026, 3, 20), date(2026, 5, 5))
"""What was left of the closing month from 05/03 to 05/04, and the month after it."""
OF_MARCH, OF_APRIL = ("building", Month("2026-03")), ("building", Month("2026-04"))
TWO_BILLS = {
    OF_MARCH: RatedBill(Money("310.00"), Decimal(100), Decimal(300)),
    OF_APRIL: RatedBill(Money("200.00"), Decimal(100), Decimal(400)),
}


@pytest.mark.req("CHG-06", "CLO-08")
def test_merged_days_share_each_month_s_bill_for_the_days_of_its_month() -> None:
    """16 of the 31 days of March's bill, and the whole of April's."""
    by_bill = energy(utility_bill_source="building")
    rating = rated(by_bill, items=STORE, utility_bills=TWO_BILLS, period=MERGED, cut_off_day=5)
    assert amounts(rating) == [("energy", "loja", "160.00"), ("energy", "loja", "200.00")]
    assert len({line.line_id for line in rating.lines}) == 2
    assert told_again(rating.lines)


@pytest.mark.req("CHG-06", "CLO-08")
def test_sub_meter_of_merged_days_takes_the_rate_of_both_bills_together() -> None:
    by_rate = energy(sub_metering=True, utility_bill_source="building")
    at = MeterInput("loja", "kwh", Decimal(10), [MeterValue(date(2026, 5, 1), Decimal(110))])
    rating = rated(by_rate, items=STORE, meters=[at], utility_bills=TWO_BILLS, period=MERGED, cut_off_day=5)
    assert amounts(rating) == [("energy", "loja", "255.00")]  # 100 of 200, of 510.00


@pytest.mark.req("CHG-06", "CLO-08")
@pytest.mark.parametrize(("there", "lines"), [(OF_MARCH, ["160.00"]), (OF_APRIL, ["200.00"])])
def test_merged_days_wait_for_the_bill_of_each_month(there: tuple[str, Month], lines: list[str]) -> None:
    bills = {there: TWO_BILLS[there]}
    by_bill = energy(utility_bill_source="building")
    rating = rated(by_bill, items=STORE, utility_bills=bills, period=MERGED, cut_off_day=5)
    assert [amount for _, _, amount in amounts(rating)] == lines
    assert codes(rating) == ["rating.utility_bill_missing"]


def missing(rating: Rating) -> tuple[list[tuple[str, str | None, str]], list[str]]:
    return amounts(rating), codes(rating)


@pytest.mark.req("CHG-02")
def test_what_cannot_be_rated_is_an_issue_and_the_rest_is_billed() -> None:
    good = used("100", item_id="p1")
    assert missing(rated(per_unit("1"), items=ITEMS, usage=[good, used("1", item_id="p9")])) == (
        [("usage", "p1", "100.00")],
        ["rating.item_not_in_contract"],
    )
    assert missing(rated(per_unit("1"), usage=[used("1", unit="km")])) == (
        [],
        ["rating.usage_without_definition"],
    )
    assert missing(rated(definition(category="work_order"), usage=[work("1", None)])) == (
        [],
        ["rating.unit_price_missing"],
    )
    unknown = used("1", billing_item_id="bi_9", unit=None)
    assert missing(rated(definition(pricing={"kind": "catalog"}), usage=[unknown])) == (
        [],
        ["rating.price_missing"],
    )


@pytest.mark.req("CLO-11")
def test_use_outside_the_active_days_waits_and_late_use_is_rated_at_its_own_month() -> None:
    early = used("1", day=5)
    assert missing(rated(per_unit("1"), usage=[early], active=FROM_20)) == (
        [],
        ["rating.usage_outside_period"],
    )
    prices = {
        "vm": CatalogItem("VM", "hour", [(Month("2025-01"), Decimal(1)), (Month("2026-01"), Decimal(2))])
    }
    late = used("3", on=date(2025, 12, 30), is_late=True, billing_item_id="vm", unit=None)
    now = used("3", billing_item_id="vm", unit=None)
    rating = rated(definition(pricing={"kind": "catalog"}), usage=[now, late], prices=prices)
    assert amounts(rating) == [("usage", None, "3.00"), ("usage", None, "6.00")]


@pytest.mark.req("CHG-08")
def test_blocks_of_a_running_total_bill_the_difference() -> None:
    blocks = {"kind": "blocks", "mode": "delta", "blocks": [{"size": "100", "max": "10", "price": "1"}]}
    before = {("def_1", None): RunningTotal(Decimal(130), Money("2.00"))}
    rating = rated(per_unit(pricing=blocks), usage=[used("271")], running_totals=before)
    assert amounts(rating) == [("usage", None, "3.00")]
    assert told_again(rating.lines)


@pytest.mark.req("CHG-03", "CHG-08")
def test_adjustments_of_an_allowance_act_on_fee_and_excess_as_a_line_of_their_own() -> None:
    model = {"kind": "allowance", "allowance": "100", "fee": "10.00", "excess_price": "1"}
    rating = rated(per_unit(pricing=model, parameters={"post_adjust_percent": "10"}), usage=[used("105")])
    assert amounts(rating) == [
        ("allowance_fee", None, "10.00"),
        ("excess", None, "5.00"),
        ("adjustment", None, "1.50"),
    ]
    assert told_again(rating.lines)


@pytest.mark.req("CHG-08")
def test_percentage_of_events_keeps_their_order_in_time() -> None:
    model = {"kind": "percentage", "rate_percent": "10", "free_amount": "15.00"}
    pix = [used("30", day=9, unit="brl"), used("10", day=2, unit="brl"), used("10", day=5, unit="brl")]
    rating = rated(per_unit(usage_unit="brl", pricing=model), usage=pix)
    assert amounts(rating) == [("usage", None, "3.50")]
    assert rating.lines[0].quantity == Decimal(3)


@pytest.mark.req("CHG-08")
def test_metered_quantity_is_one_event_of_a_percentage() -> None:
    share = definition(usage_unit="page", pricing={"kind": "percentage", "rate_percent": "10"})
    rating = rated(share, items=ITEMS, meters=[meter((20, "150"))], usage=[used("50", item_id="p1")])
    assert amounts(rating) == [("usage", "p1", "20.00")]
    assert told_again(rating.lines)


@pytest.mark.req("CLO-11", "USE-07")
def test_late_work_is_rated_by_the_version_of_its_day_or_by_todays_where_there_was_none() -> None:
    def labour(cost: str, **fields: Any) -> Any:
        return per_unit(cost, category="work_order", usage_unit=None, subcategory="labour", **fields)

    before = labour("10", valid_from=date(2025, 12, 10), valid_until=START)
    late = [
        work("1", None, on=date(2025, 12, day), is_late=True, usage_id=f"os-{day}", item_id=item)
        for day, item in ((9, "p1"), (10, "p1"), (31, "left"))
    ]
    rating = rated(before, labour("20", version=2, valid_from=START), usage=late, items=ITEMS)

    assert [(line.item_id, str(line.amount), line.explanation.version) for line in rating.lines] == [
        ("p1", "20.00", 2),
        ("p1", "10.00", 1),
        ("left", "10.00", 1),
    ]
    only_now = rated(labour("20", valid_from=START), usage=late[:1], items=ITEMS)
    assert amounts(only_now) == [("transaction", "p1", "20.00")]


@pytest.mark.req("CHG-08", "CTR-14")
def test_shared_allowance_pools_mono_and_colour_of_all_items() -> None:
    model = {"kind": "allowance", "allowance": "500", "fee": "100.00", "excess_price": "0.20", "shared": True}
    rating = rated(
        per_unit(pricing=model),
        items=ITEMS,
        meters=[
            meter((31, "200"), unit="page_mono"),
            meter((31, "100"), unit="page_colour"),
            meter((31, "250"), item_id="p2", unit="page_mono"),
        ],
    )
    assert amounts(rating) == [
        ("shared_allowance", "p1", "20.00"),
        ("shared_allowance", "p1", "40.00"),
        ("shared_allowance", "p2", "50.00"),
    ]
    assert told_again(rating.lines)
    unused = rated(per_unit(pricing=model), items=ITEMS)
    assert amounts(unused) == [("shared_allowance", "p1", "50.00"), ("shared_allowance", "p2", "50.00")]


def test_contract_that_was_never_active_in_the_period_bills_nothing_of_its_items() -> None:
    gone = RatedItem("p1", "Impressora", active=Period(date(2025, 1, 1), START))
    rating = rated(per_unit("1"), items=[gone], meters=[meter((10, "5"))])
    assert missing(rating) == ([], [])
    assert JANUARY.days == 31
