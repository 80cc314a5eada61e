"""Rules at their edges: the first and the last day, zero, one unit less, the turn of the year."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from billing.core.errors import Refused
from billing.core.money import Money
from billing.core.period import Period
from billing.rating import brazilian
from billing.rating.carry_over import CarryOverKind, movement
from billing.rating.definition import Category, ChargeDefinition, Level
from billing.rating.energy import utility_share
from billing.rating.explanation import Trail
from billing.rating.lines import RatedLine
from billing.rating.meters import MeterValue, RatedMeter
from billing.rating.pricing.blocks import Blocks
from billing.rating.pricing.blocks import price as price_blocks
from billing.rating.pricing.flat_bands import FlatBands
from billing.rating.pricing.models import amount_of, percentage_of
from billing.rating.pricing.partial_passage import Passage
from billing.rating.pricing.percentage import Percentage
from billing.rating.proration import Basis, days_over, months_of, split_exactly, unused_credit
from billing.rating.rendering import tell
from billing.rating.rounding import Rounding, rounded
from billing.rating.terms import CatalogItem, RatedBill, RatedItem
from billing.rating.transaction import TAKE
from billing.rating.units import written
from tests.support.rating import (
    JANUARY,
    amounts,
    codes,
    definition,
    monthly,
    per_unit,
    rated,
    told_again,
    used,
)

BLOCKS = [{"size": "10", "max": 2, "price": "5"}, {"size": "5", "max": -1, "price": "2"}]


@pytest.mark.req("CHG-02")
@pytest.mark.parametrize(("day", "is_replaced"), [(9, False), (10, True), (19, True), (20, False)])
def test_item_is_out_of_the_headers_catalogue_on_the_days_of_its_own_definition(
    day: int, is_replaced: bool
) -> None:
    header = definition("header", pricing={"kind": "catalog"})
    own = per_unit(
        definition_id="own",
        item_id="p1",
        usage_unit=None,
        valid_from=date(2026, 1, 10),
        valid_until=date(2026, 1, 20),
    )
    rating = rated(
        header,
        own,
        items=[RatedItem("p1", "Máquina")],
        usage=[used("2", day, "p1", billing_item_id="vm")],
        prices={"vm": CatalogItem("VM", "hour", [("2025-01", Decimal(3))])},  # type: ignore[list-item]
    )
    assert codes(rating) == (["rating.usage_without_definition"] if is_replaced else [])
    assert amounts(rating) == ([] if is_replaced else [("usage", "p1", "6.00")])


@pytest.mark.req("USE-04")
def test_reading_below_the_one_before_is_refused_with_its_day() -> None:
    readings = [MeterValue(date(2026, 1, 5), Decimal(20)), MeterValue(date(2026, 1, 9), Decimal(19))]
    with pytest.raises(Refused) as refused:
        RatedMeter(Decimal(0), JANUARY.start, readings).position(JANUARY.end)
    assert refused.value.code == "meter.backwards"
    assert refused.value.title == (
        "A leitura de 09/01/2026 é menor que a anterior. Corrija a leitura ou informe que o medidor foi trocado ou zerou."
    )


@pytest.mark.req("CHG-08")
@pytest.mark.parametrize(
    ("quantity", "amount"), [("0", "0.00"), ("0.5", "5.00"), ("20", "10.00"), ("20.1", "10.00")]
)
def test_a_begun_block_of_the_top_tier_is_billed_whole(quantity: str, amount: str) -> None:
    model = Blocks.model_validate({"mode": "top_tier", "blocks": BLOCKS})
    assert amount_of(model, Decimal(quantity)) == Money(amount)


@pytest.mark.req("CHG-08")
def test_first_period_of_a_running_total_has_nothing_billed_before() -> None:
    running = per_unit(pricing={"kind": "blocks", "mode": "delta", "blocks": BLOCKS})
    assert amounts(rated(running, usage=[used("21")])) == [("usage", None, "12.00")]


@pytest.mark.req("CLO-05")
@pytest.mark.parametrize(
    ("quantity", "amount"), [("50", "15.00"), ("51", "25.00"), ("100", "25.00"), ("101", "26.00")]
)
def test_half_a_passage_halves_bands_and_fees_but_not_the_price_of_the_excess(
    quantity: str, amount: str
) -> None:
    bands = [{"up_to": "100", "fee": "30.00"}, {"up_to": "200", "fee": "50.00"}]
    model = FlatBands.model_validate({"tiers": bands, "excess_price": "1"})
    assert amount_of(model, Decimal(quantity), passage=Passage(1, 2)) == Money(amount)


@pytest.mark.req("CTR-07")
def test_months_of_thirty_days_are_counted_over_the_turn_of_the_year() -> None:
    whole = Period(date(2025, 11, 20), date(2026, 2, 20))
    assert days_over(whole, whole, Basis.THIRTY_360) == (90, 90)
    assert days_over(Period(date(2025, 12, 20), date(2026, 1, 25)), whole, Basis.THIRTY_360) == (35, 90)


@pytest.mark.req("CHG-06")
@pytest.mark.parametrize("areas", [{"item_area": Decimal(10)}, {"source_area": Decimal(10)}, {}])
def test_share_by_area_needs_both_areas(areas: dict[str, Decimal]) -> None:
    with pytest.raises(
        ValueError, match=r"^a share needs a percentage, or the item's and the source's areas$"
    ):
        utility_share(Money("100.00"), **areas)


@pytest.mark.req("CHG-06")
def test_share_by_percentage() -> None:
    assert utility_share(Money("100.00"), percent=Decimal("12.5")) == Money("12.50")


@pytest.mark.req("CHG-08", "CHG-09")
@pytest.mark.parametrize(("free", "wording"), [("0", ""), ("50", ", grátis 50")])
def test_free_units_of_packages_are_explained_if_there_are_any(free: str, wording: str) -> None:
    packages = {"kind": "package", "size": "100", "unit_price": "7.00", "free_units": free}
    (line,) = rated(per_unit(pricing=packages), usage=[used("130")]).lines
    cost = "R$ 7,00" if free == "50" else "R$ 14,00"
    assert tell(line.explanation, "página")[1] == f"em pacotes de 100 página a R$ 7,0000{wording} = {cost}"


@pytest.mark.req("CHG-06", "CHG-09")
def test_consumption_of_the_bill_is_shown_in_its_unit() -> None:
    by_bill = definition(
        category="energy",
        subcategory="electricity",
        usage_unit="kwh",
        pricing={"kind": "per_unit", "unit_price": "1"},
        energy={"utility_bill_source": "building"},
    )
    (line,) = rated(by_bill, utility_bills={"building": RatedBill(Money("9.00"), Decimal(3000))}).lines
    assert tell(line.explanation, line.unit)[0] == "consumo da conta: 3.000 kWh"


@pytest.mark.req("CHG-08")
def test_floor_and_cap_of_an_event_may_be_the_same() -> None:
    model = Percentage.model_validate({"rate_percent": "2", "min": "1.00", "max": "1.00"})
    assert percentage_of(model, [Decimal(5), Decimal(500)]) == Money("2.00")


@pytest.mark.req("CTR-07")
def test_a_cut_on_the_first_or_the_last_day_cuts_nothing() -> None:
    assert split_exactly(Money("10.00"), JANUARY, [JANUARY.start, JANUARY.end]) == [Money("10.00")]


@pytest.mark.req("CTR-07", "CTR-13")
def test_credit_of_the_unused_part_counts_days_as_the_bill_did() -> None:
    used_up = Period(JANUARY.start, date(2026, 1, 16))
    assert unused_credit(Money("90.00"), used_up, JANUARY) == Money("46.45")
    assert unused_credit(Money("90.00"), used_up, JANUARY, Basis.THIRTY_360) == Money("45.00")


@pytest.mark.req("CLO-02")
def test_days_before_the_cut_off_day_are_of_the_closing_month_before() -> None:
    assert months_of(Period(date(2026, 1, 3), date(2026, 2, 5)), 5) == (33, 31)
    assert months_of(Period(date(2026, 1, 3), date(2026, 1, 5)), 5) == (2, 31)


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize(
    ("rounding", "of_half", "of_more"),
    [
        (Rounding.HALF_UP, "2.67", "2.67"),
        (Rounding.HALF_EVEN, "2.66", "2.67"),
        (Rounding.TRUNCATE, "2.66", "2.66"),
    ],
)
def test_each_rounding_at_the_half_cent_and_above(rounding: Rounding, of_half: str, of_more: str) -> None:
    assert str(rounded(Decimal("2.665"), rounding)) == of_half
    assert str(rounded(Decimal("2.667"), rounding)) == of_more
    assert str(rounded(Decimal("-2.665"), rounding)) == f"-{of_half}"


@pytest.mark.req("CHG-09")
def test_description_of_a_line_names_every_field_that_is_sent() -> None:
    text: dict[str, Any] = {"type": "string"}
    always = ["line_id", "definition_id", "category", "subcategory", "level", "description", "kind", "amount"]
    sent = TypeAdapter(RatedLine)
    assert sent.json_schema() == {
        "type": "object",
        "title": "RatedLine",
        "properties": {
            **dict.fromkeys((*always, "item_id", "quantity", "unit", "tax"), text),
            "billed": {"type": "boolean"},
            "explanation": {"type": "object", "description": "Passos do cálculo, na ordem."},
        },
        "required": [*always, "billed", "explanation"],
    }
    (line,) = rated(monthly()).lines
    assert sent.validate_python(line) is line
    assert sent.validate_json(sent.dump_json(line)) == line


@pytest.mark.req("CHG-09")
def test_numbers_are_written_in_brazilian_form() -> None:
    assert brazilian.plain(Decimal("1E-7")) == "0,0000001"
    assert [
        brazilian.price(number) for number in (Decimal(0), Decimal("-1.5"), Fraction(2, 3), Fraction(3))
    ] == [
        "R$ 0,0000",
        "-R$ 1,5000",
        "R$ 2/3",
        "R$ 3,0000",
    ]
    assert written("vm-hour") == "vm-hour"


@pytest.mark.req("CHG-05")
@pytest.mark.parametrize(
    ("balance", "kind"), [("5.5", CarryOverKind.STORED), ("4", CarryOverKind.TAKEN), ("5", None)]
)
def test_less_than_a_unit_stored_is_stored(balance: str, kind: CarryOverKind | None) -> None:
    moved = movement("def_1", "p1", JANUARY, Decimal(5), Decimal(balance))
    assert (moved and moved.kind) == kind


@pytest.mark.req("CHG-08", "CHG-09")
@pytest.mark.parametrize(("mode", "quantity", "blocks"), [("all_tiers", "20", 1), ("top_tier", "0", 0)])
def test_explanation_without_blocks_has_no_step_for_them(mode: str, quantity: str, blocks: int) -> None:
    trail = Trail()
    trail.set_quantity(TAKE, ("quantity", Decimal(quantity), "usage"))
    price_blocks(trail, Blocks.model_validate({"mode": mode, "blocks": BLOCKS}))
    assert [row[0] for row in trail.rows] == ["quantity", *["blocks"] * blocks]


@pytest.mark.req("CHG-08", "CHG-09")
def test_limits_of_events_that_are_not_set_are_blank_in_the_explanation() -> None:
    by_value = per_unit(pricing={"kind": "percentage", "rate_percent": "2"}, usage_unit="brl")
    (line,) = rated(by_value, usage=[used("50", unit="brl")]).lines
    step = line.explanation.steps[1]
    assert (step.value("min"), step.value("max")) == ("", "")


@pytest.mark.req("CHG-08")
def test_event_that_just_fills_the_free_amount_is_free() -> None:
    model = Percentage.model_validate({"rate_percent": "2", "free_amount": "100", "flat": "1.00"})
    assert percentage_of(model, [Decimal(60), Decimal(40)]) == Money("0.00")
    assert percentage_of(model, [Decimal(60), Decimal(41)]) == Money("1.02")


@pytest.mark.req("CHG-09")
def test_line_of_more_than_28_digits_is_explained_and_replayed_exactly() -> None:
    (line,) = rated(per_unit("0.0012345678"), usage=[used("999999999999999.999999")]).lines
    assert str(line.explanation.steps[1].after) == "1234567799999.9999999987654322"
    assert told_again([line])


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize("rounding", Rounding)
def test_no_float_is_rounded(rounding: Rounding) -> None:
    with pytest.raises(TypeError):
        rounded(2.5, rounding)


@pytest.mark.req("CHG-01", "SEC-06")
@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("level", Level)
def test_definition_that_is_taken_is_read_again_the_same(category: Category, level: Level) -> None:
    """With as little as can be given, for each pricing model: a default that is not checked would be stored and never
    read."""
    priced = [
        None,
        {"kind": "flat", "amount": "5"},
        {"kind": "per_unit", "unit_price": "5"},
        {"kind": "catalog"},
    ]
    for subcategory in ({}, {"subcategory": "start"}, {"subcategory": "monthly"}):
        for pricing in priced:
            fields = {
                "definition_id": "def_0001",
                "valid_from": "2026-01-01",
                "category": category,
                "level": level,
            }
            try:
                taken = ChargeDefinition.model_validate({**fields, **subcategory, "pricing": pricing})
            except ValidationError:
                continue
            assert ChargeDefinition.model_validate(taken.to_map()) == taken
