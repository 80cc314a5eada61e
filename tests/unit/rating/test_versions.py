"""Versions and parts at their edges: what begins where another ends, and which of several definitions is the most
specific."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing.core.period import Period
from billing.rating.terms import RatedItem
from tests.support.rating import (
    END,
    START,
    amounts,
    definition,
    meter,
    monthly,
    per_unit,
    rated,
    used,
    work,
)

A = RatedItem("A", "Máquina A")
FEE = {"kind": "allowance", "allowance": "3100", "fee": "31.00", "excess_price": "1"}


def day(number: int) -> date:
    return date(2026, 1, number)


def partly(item_id: str, start: int, end: int) -> RatedItem:
    return RatedItem(item_id, "Máquina", active=Period(day(start), day(end)))


@pytest.mark.req("CTR-07")
def test_three_versions_of_a_month_each_have_their_days() -> None:
    rents = [
        monthly(amount, version=version, valid_from=start)
        for version, amount, start in (
            (1, "31.00", date(2025, 1, 1)),
            (2, "62.00", day(11)),
            (3, "93.00", day(21)),
        )
    ]
    assert [amount for _, _, amount in amounts(rated(*rents))] == ["10.00", "20.00", "33.00"]


@pytest.mark.req("CTR-07")
def test_version_that_does_not_fall_in_an_item_s_part_has_no_line_of_it() -> None:
    rents = [monthly("31.00", valid_until=day(15)), monthly("62.00", version=2, valid_from=day(15))]
    rating = rated(*rents, items=[partly("A", 1, 15), partly("b", 15, 17)])
    assert amounts(rating) == [("recurring", "A", "14.00"), ("recurring", "b", "4.00")]


@pytest.mark.req("CTR-07")
def test_version_that_ended_when_the_period_begins_rules_nothing() -> None:
    of_contract = monthly("31.00", scope="contract", valid_until=START)
    of_items = monthly("62.00", version=2, valid_from=START)
    assert amounts(rated(of_contract, of_items, items=[A])) == [("recurring", "A", "62.00")]


@pytest.mark.req("CHG-01")
def test_version_that_begins_when_the_period_ends_rules_nothing() -> None:
    def farewell(amount: str, **fields: Any) -> Any:
        pricing = {"kind": "flat", "amount": amount}
        return definition(category="one_time", subcategory="end", pricing=pricing, **fields)

    rating = rated(farewell("70.00"), farewell("80.00", version=2, valid_from=END), contract_end=END)
    assert amounts(rating) == [("one_time", None, "70.00")]


@pytest.mark.req("CLO-05")
def test_items_that_were_there_in_different_parts_pay_each_its_own() -> None:
    items = [partly("A", 1, 21), partly("b", 1, 11)]
    rating = rated(
        monthly("31.00", definition_id="rent"), per_unit(definition_id="fee", pricing=FEE), items=items
    )
    assert [(item_id, amount) for _, item_id, amount in amounts(rating)] == [
        ("A", "20.00"),
        ("b", "10.00"),
        ("A", "20.00"),
        ("b", "10.00"),
    ]


@pytest.mark.req("CHG-02")
@pytest.mark.parametrize(("start", "end", "header"), [(START, day(11), "21.00"), (day(22), END, "21.00")])
def test_item_s_own_definition_may_begin_or_end_with_the_period(start: date, end: date, header: str) -> None:
    own = monthly("310.00", definition_id="own", item_id="A", valid_from=start, valid_until=end)
    rating = rated(monthly("31.00", definition_id="header"), own, items=[A])
    assert amounts(rating) == [("recurring", "A", header), ("recurring", "A", "100.00")]


@pytest.mark.req("CHG-02")
def test_definition_of_a_wider_unit_goes_before_one_of_any_unit() -> None:
    rating = rated(
        per_unit("1", definition_id="a_any", usage_unit=None),
        per_unit("2", definition_id="b_page"),
        usage=[used("3", unit="page_mono")],
    )
    assert amounts(rating) == [("usage", None, "6.00")]


@pytest.mark.req("CHG-02")
def test_item_s_own_goes_before_an_equally_exact_one_of_the_header() -> None:
    rating = rated(
        definition(
            "a_header", category="work_order", occupation_type="x", parameters={"maximum_charge": "1.00"}
        ),
        definition("z_own", category="work_order", labour_level="1", item_id="A"),
        usage=[work("2", "30", attributes={"labour_level": "1", "occupation_type": "x"}, item_id="A")],
        items=[A],
    )
    assert amounts(rating) == [("transaction", "A", "60.00")]


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize(
    ("own", "wording", "expected"),
    [
        ("Troca de rolo", "Serviços técnicos", "Troca de rolo"),
        (None, "Serviços técnicos", "Serviços técnicos"),
        (None, None, "Mão de obra"),
    ],
)
def test_line_keeps_the_transaction_s_own_description(
    own: str | None, wording: str | None, expected: str
) -> None:
    worded = definition(category="work_order", billing_description=wording)
    (line,) = rated(worded, usage=[work("1", "30", description=own)]).lines
    assert line.description == expected


@pytest.mark.req("USE-05")
def test_given_daily_use_estimates_nothing_until_enabled() -> None:
    pages = per_unit("1", daily_estimate="60")
    rating = rated(pages, meters=[meter((21, "100"))])
    assert [line.quantity for line in rating.lines] == [Decimal(100)]


@pytest.mark.req("CLO-11")
def test_late_use_is_counted_under_the_version_that_is_in_force_now() -> None:
    pages = [per_unit("1", valid_until=START), per_unit("2", version=2, valid_from=START)]
    late = used("3", on=date(2025, 12, 30), is_late=True)
    assert amounts(rated(*pages, usage=[late])) == [("usage", None, "6.00")]


@pytest.mark.req("CLO-11")
def test_late_work_of_the_first_day_is_of_that_day_s_version() -> None:
    def labour(price: str, **fields: Any) -> Any:
        return definition(category="work_order", pricing={"kind": "per_unit", "unit_price": price}, **fields)

    versions = [labour("1", valid_until=START), labour("2", version=2, valid_from=START)]
    late = [work("1", None, on=on, is_late=True, usage_id=str(on)) for on in (date(2025, 12, 30), START)]
    assert [amount for _, _, amount in amounts(rated(*versions, usage=late))] == ["1.00", "2.00"]
