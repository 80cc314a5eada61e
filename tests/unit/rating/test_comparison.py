"""Two periods compared: every difference has its cause, and they sum to the difference of the totals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.money import Money
from billing.core.period import Period
from billing.rating.comparison import Cause, Comparison, Side, compare
from billing.rating.definition import ChargeDefinition
from billing.rating.terms import CatalogItem, RatedItem
from tests.support.rating import definition, meter, monthly, per_unit, rated, used, work

pytestmark = pytest.mark.req("CHG-10")
P1 = RatedItem("p1", "Impressora")


def side(
    *definitions: ChargeDefinition, adjustments: tuple[tuple[str, str], ...] = (), **terms: object
) -> Side:
    rating = rated(*definitions, **terms)
    return Side(
        lines=rating.lines,
        definitions=definitions,
        items={item.item_id for item in terms.get("items", ())},  # type: ignore[attr-defined]
        adjustments=[(description, Money(amount)) for description, amount in adjustments],
    )


def pages(count: str, *definitions: ChargeDefinition) -> Side:
    return side(*(definitions or (per_unit("0.05"),)), items=[P1], meters=[meter((31, count))])


def causes(comparison: Comparison) -> list[tuple[Cause, str]]:
    return [(change.cause, str(change.difference)) for change in comparison.changes]


def test_same_terms_used_more_are_a_matter_of_quantity() -> None:
    assert causes(compare(pages("1000"), pages("1500"))) == [(Cause.QUANTITY, "25.00")]


def test_nothing_changed_is_nothing_to_tell() -> None:
    comparison = compare(pages("1000"), pages("1000"))

    assert (comparison.changes, comparison.by_cause, comparison.difference) == ((), {}, Money("0.00"))


def test_next_version_at_another_price_is_a_matter_of_price() -> None:
    dearer = per_unit("0.06", version=2)

    assert causes(compare(pages("1000"), pages("1000", dearer))) == [(Cause.PRICE, "10.00")]


def test_price_and_quantity_are_told_apart_at_the_price_of_before() -> None:
    comparison = compare(pages("1000"), pages("1500", per_unit("0.06", version=2)))

    assert causes(comparison) == [(Cause.QUANTITY, "25.00"), (Cause.PRICE, "15.00")]
    assert {(str(each.before), str(each.after)) for each in comparison.changes} == {("50.00", "90.00")}


def test_other_parameters_are_a_matter_of_the_contract() -> None:
    with_minimum = per_unit("0.05", version=2, parameters={"minimum_charge": "80.00"})

    assert causes(compare(pages("1000"), pages("1000", with_minimum))) == [(Cause.CONTRACT, "30.00")]


def test_catalog_price_moves_without_the_definition() -> None:
    catalog = definition(pricing={"kind": "catalog"}, scope="contract")

    def cloud(price: str) -> Side:
        entry = used("10", unit=None, billing_item_id="itm_1")
        item = CatalogItem("VM", "hora", [("2025-01", Decimal(price))])  # type: ignore[list-item]
        return side(catalog, usage=[entry], prices={"itm_1": item})

    assert causes(compare(cloud("1.00"), cloud("1.10"))) == [(Cause.PRICE, "1.00")]


def test_item_and_definition_that_come_or_go_are_a_matter_of_the_contract() -> None:
    rent = monthly("90.00", definition_id="def_rent")
    alone = side(rent, items=[P1])
    both = side(rent, items=[P1, RatedItem("p2", "Outra")])

    assert causes(compare(alone, both)) == [(Cause.CONTRACT, "90.00")]
    assert causes(compare(both, alone)) == [(Cause.CONTRACT, "-90.00")]
    assert causes(compare(side(items=[P1]), alone)) == [(Cause.CONTRACT, "90.00")]


def test_days_in_force_are_a_matter_of_the_contract() -> None:
    rent = monthly("90.00", definition_id="def_rent")
    part = side(rent, items=[P1], active=Period(date(2026, 1, 16), date(2026, 2, 1)))

    assert causes(compare(part, side(rent, items=[P1]))) == [(Cause.CONTRACT, "43.55")]


def test_work_that_was_not_there_before_is_a_matter_of_quantity() -> None:
    labour = definition(category="work_order")
    busy = side(labour, items=[P1], usage=[work("2", "30.00", item_id="p1")])

    assert causes(compare(side(labour, items=[P1]), busy)) == [(Cause.QUANTITY, "60.00")]


def test_surcharges_and_discounts_are_told_by_description_and_the_largest_first() -> None:
    before = side(per_unit(), adjustments=(("Visita", "45.00"), ("Acordo", "-10.00")))
    after = side(per_unit(), adjustments=(("Acordo", "-10.00"), ("Cortesia", "-80.00")))

    comparison = compare(before, after)

    assert causes(comparison) == [(Cause.ADJUSTMENT, "-80.00"), (Cause.ADJUSTMENT, "-45.00")]
    assert comparison.by_cause == {Cause.ADJUSTMENT: Money("-125.00")}


PRICES = st.decimals("0", "9", places=4).map(str)
USE = st.tuples(PRICES, st.integers(0, 9999), st.integers(1, 2), st.booleans())


@given(USE, USE)
def test_differences_sum_to_the_difference_of_the_totals(
    one: tuple[str, int, int, bool], two: tuple[str, int, int, bool]
) -> None:
    def of(price: str, count: int, version: int, has_rent: bool) -> Side:
        definitions = [per_unit(price, version=version)]
        if has_rent:
            definitions.append(monthly(definition_id="def_rent"))
        return pages(str(count), *definitions)

    before, after = of(*one), of(*two)
    comparison = compare(before, after)

    assert Money.sum(change.difference for change in comparison.changes) == after.total - before.total
    assert Money.sum(comparison.by_cause.values()) == comparison.difference
