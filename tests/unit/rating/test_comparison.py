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
from tests.support.rating import definition, iss, meter, monthly, per_unit, rated, used, work

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


def test_comparison_without_changes_is_empty() -> None:
    comparison = compare(pages("1000"), pages("1000"))

    assert (comparison.changes, comparison.by_cause, comparison.difference) == ((), {}, Money("0.00"))


def test_next_version_at_another_price_is_a_matter_of_price() -> None:
    dearer = per_unit("0.06", version=2)

    assert causes(compare(pages("1000"), pages("1000", dearer))) == [(Cause.PRICE, "10.00")]


def test_price_and_quantity_are_separated_at_the_earlier_price() -> None:
    comparison = compare(pages("1000"), pages("1500", per_unit("0.06", version=2)))

    assert causes(comparison) == [(Cause.QUANTITY, "25.00"), (Cause.PRICE, "15.00")]
    assert {(str(change.before), str(change.after)) for change in comparison.changes} == {("50.00", "90.00")}


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


def test_surcharges_and_discounts_are_reported_by_description_and_the_largest_first() -> None:
    before = side(per_unit(), adjustments=(("Visita", "45.00"), ("Acordo", "-10.00")))
    after = side(per_unit(), adjustments=(("Acordo", "-10.00"), ("Cortesia", "-80.00")))

    comparison = compare(before, after)

    assert causes(comparison) == [(Cause.ADJUSTMENT, "-80.00"), (Cause.ADJUSTMENT, "-45.00")]
    assert comparison.by_cause == {Cause.ADJUSTMENT: Money("-125.00")}
    assert (comparison.before, comparison.after) == (Money("35.00"), Money("-90.00"))


def test_missing_work_is_a_change_of_quantity() -> None:
    labour = definition(category="work_order")
    busy = side(labour, items=[P1], usage=[work("2", "30.00", item_id="p1")])

    assert causes(compare(busy, side(labour, items=[P1]))) == [(Cause.QUANTITY, "-60.00")]


def test_use_of_an_item_that_came_is_a_matter_of_the_contract() -> None:
    assert causes(compare(side(per_unit()), pages("1000"))) == [(Cause.CONTRACT, "50.00")]


def test_fixed_amount_that_begins_is_caused_by_the_contract_although_agreed_before() -> None:
    rent = monthly("90.00", definition_id="def_rent", valid_from=date(2026, 1, 1))
    december = Period(date(2025, 12, 1), date(2026, 1, 1))

    comparison = compare(side(rent, items=[P1], period=december), side(rent, items=[P1]))

    assert causes(comparison) == [(Cause.CONTRACT, "90.00")]


def test_more_work_at_its_own_prices_is_a_matter_of_quantity() -> None:
    labour = definition(category="work_order")

    def hours(count: str, description: str) -> Side:
        entry = work(count, "30.00", item_id="p1", description=description)
        return side(labour, items=[P1], usage=[entry])

    assert causes(compare(hours("2", "Troca"), hours("3", "Reparo"))) == [(Cause.QUANTITY, "30.00")]


def test_other_price_where_nothing_was_used_before_is_a_matter_of_price() -> None:
    def plan(fee: str) -> ChargeDefinition:
        pricing = {"kind": "allowance", "allowance": "100", "fee": fee, "excess_price": "0.05"}
        return definition(usage_unit="page", pricing=pricing)

    assert causes(compare(pages("0", plan("10.00")), pages("50", plan("12.00")))) == [(Cause.PRICE, "2.00")]


def test_each_line_goes_by_its_own_definition() -> None:
    rent = monthly("90.00", definition_id="def_rent")
    dearer = monthly("95.00", definition_id="def_rent", version=2)

    comparison = compare(pages("1000", per_unit(), rent), pages("1200", per_unit(), dearer))

    assert causes(comparison) == [(Cause.QUANTITY, "10.00"), (Cause.PRICE, "5.00")]


@pytest.mark.parametrize(
    "given",
    [
        {"valid_from": date(2025, 6, 1)},
        {"valid_until": date(2027, 1, 1)},
        {"billing_description": "Páginas"},
        {"source_code": "legacy:7"},
    ],
)
def test_validity_wording_and_origin_of_a_definition_are_no_terms(given: dict[str, object]) -> None:
    dearer = per_unit("0.06", version=2, **given)

    assert causes(compare(pages("1000"), pages("1000", dearer))) == [(Cause.PRICE, "10.00")]


def test_catalogued_items_of_one_definition_are_compared_one_by_one() -> None:
    catalog = definition(pricing={"kind": "catalog"}, scope="contract")

    def cloud(disk: str) -> Side:
        usage = [used("10", unit=None, billing_item_id=item_id) for item_id in ("itm_1", "itm_2")]
        items = {
            item_id: CatalogItem(title, "hora", [("2025-01", Decimal(price))])  # type: ignore[list-item]
            for item_id, title, price in (("itm_1", "VM", "1.00"), ("itm_2", "Disco", disk))
        }
        return side(catalog, usage=usage, prices=items)

    (change,) = compare(cloud("0.20"), cloud("0.30")).changes

    assert (change.cause, change.description) == (Cause.PRICE, "Disco")
    assert (change.before, change.after, change.difference) == (Money("2.00"), Money("3.00"), Money("1.00"))


def test_change_says_whose_it_is_whether_an_item_s_or_the_contract_s() -> None:
    def counted(count: str) -> Side:
        return side(
            per_unit(), items=[P1], usage=[used(count), used("20", item_id="p1"), used(count, item_id="p1")]
        )

    changes = compare(counted("100"), counted("140")).changes

    assert [(change.definition_id, change.item_id, str(change.difference)) for change in changes] == [
        ("def_1", None, "2.00"),
        ("def_1", "p1", "2.00"),
    ]


def test_lines_are_compared_with_their_taxes() -> None:
    def taxed(count: str) -> Side:
        return side(per_unit(taxable=True, tax_code="iss"), usage=[used(count)], taxes=iss("10"))

    assert causes(compare(taxed("1000"), taxed("1200"))) == [(Cause.QUANTITY, "11.00")]


def test_other_tax_rate_is_a_matter_of_price() -> None:
    definitions = (
        per_unit(taxable=True, tax_code="iss"),
        monthly(definition_id="plan", taxable=True, tax_code="iss"),
    )
    before, after = (side(*definitions, usage=[used("1000")], taxes=iss(rate)) for rate in ("10", "20"))

    assert causes(compare(before, after)) == [(Cause.PRICE, "9.00"), (Cause.PRICE, "5.00")]


def test_surcharges_of_one_description_are_added_and_zero_ones_left_out() -> None:
    visits = side(adjustments=(("Visita", "45.00"), ("Visita", "15.00"), ("Nada", "0.00")))
    other = side(adjustments=(("Visita", "20.00"), ("Brinde", "0.00")))

    (change,) = compare(visits, other).changes

    assert (change.before, change.after, change.difference) == (
        Money("60.00"),
        Money("20.00"),
        Money("-40.00"),
    )


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
