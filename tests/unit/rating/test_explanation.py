"""Why this amount: explanations as data, in Portuguese, and no float at any entry point."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from pydantic import TypeAdapter

from billing.catalog.prices import price_in_force
from billing.core.entity import Entity
from billing.core.errors import Refused
from billing.core.money import Money
from billing.core.period import Month, Period
from billing.rating.carry_over import carry
from billing.rating.energy import utility_share
from billing.rating.exact import whole_units
from billing.rating.explanation import Explanation
from billing.rating.lines import RatedLine, unit_price_of
from billing.rating.meters import MeterValue
from billing.rating.pricing.models import amount_of, percentage_of
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.pricing.percentage import Percentage
from billing.rating.proration import Basis, days_over, months_of, prorate, prorate_days
from billing.rating.rendering import tell, tell_line
from billing.rating.replay import RULES, replay
from billing.rating.rounding import rounded
from billing.rating.taxes import tax_on
from billing.rating.terms import MeterInput, RatedBill, RatedItem, RatingInput, UsageQuantity
from billing.rating.transaction import transaction
from tests.support.rating import END, JANUARY, START, meter, monthly, per_unit, rated, used


def explained(line: RatedLine) -> str:
    return tell_line(line)


@pytest.mark.req("CHG-09")
def test_use_below_the_minimum_is_explained_in_portuguese() -> None:
    pages = per_unit("0.05", parameters={"minimum_quantity": "2000"})
    (line,) = rated(pages, usage=[used("1800")]).lines
    assert explained(line) == "1.800 páginas; mínimo 2.000 páginas × R$ 0,0500 = R$ 100,00"


@pytest.mark.req("CHG-09")
@pytest.mark.parametrize(("pages", "words"), [("1", "1 página"), ("2", "2 páginas")])
def test_quantity_of_one_has_its_unit_in_the_singular(pages: str, words: str) -> None:
    (line,) = rated(per_unit("0.05"), usage=[used(pages)]).lines
    assert explained(line).startswith(f"{words} × ")


@pytest.mark.req("CHG-09")
def test_every_kind_of_step_is_explained_with_its_figures() -> None:
    plan = rated(monthly(), active=Period(date(2026, 1, 20), END)).lines[0]
    assert explained(plan) == "12 de 31 dias × R$ 90,00 = R$ 34,84; arredondado: R$ 34,84"
    estimate = per_unit("1", usage_unit="km", estimated_usage=True, daily_estimate="60")
    line = rated(
        estimate, meters=[MeterInput("v", "km", readings=[MeterValue(date(2026, 1, 21), Decimal(1100))])]
    ).lines[0]
    assert explained(line) == (
        "leitura 1.100, contadas 1.100 + 11 dias estimados × 60, já faturadas 0: 1.760 km × R$ 1,0000 = R$ 1.760,00"
    )
    allowance = {"kind": "allowance", "allowance": "5000", "fee": "275.00", "excess_price": "0.05"}
    fee, excess = rated(per_unit(pricing=allowance), usage=[used("6000")]).lines
    assert explained(fee) == "6.000 páginas; franquia R$ 275,00"
    assert explained(excess) == (
        "6.000 páginas; franquia de 5.000 páginas: excedente 1.000 páginas × R$ 0,0500 = R$ 50,00"
    )


@pytest.mark.req("CHG-09")
def test_each_step_keeps_inputs_sources_and_values_before_and_after() -> None:
    pages = per_unit("0.335", version=3, parameters={"post_adjust_percent": "10"})
    (line,) = rated(pages, usage=[used("1", usage_id="use_1"), used("2", usage_id="use_2")]).lines
    assert line.explanation.version == 3
    steps = [(step.rule, str(step.before), str(step.after)) for step in line.explanation.steps]
    assert steps == [
        ("quantity", "0", "3"),
        ("unit_price", "0", "1.005"),
        ("post_adjust_percent", "1.005", "1.1055"),
        ("round", "1.1055", "1.11"),
    ]
    price = line.explanation.steps[1].inputs[0]
    assert (price.name, price.value, price.source) == ("unit_price", Decimal("0.335"), "definition")
    assert line.explanation.steps[0].inputs[0].source == "usage:2"
    assert line.explanation.steps[0].value("quantity") == Decimal(3)
    with pytest.raises(KeyError, match="price"):
        line.explanation.steps[0].value("price")


@pytest.mark.req("CHG-09", "CLO-03")
@pytest.mark.parametrize(
    ("pricing", "price"),
    [
        ({"kind": "per_unit", "unit_price": "0.05"}, Decimal("0.05")),
        ({"kind": "allowance", "allowance": "100", "fee": "9.00", "excess_price": "0.07"}, Decimal("0.07")),
        ({"kind": "graduated", "tiers": [{"up_to": "10", "unit_amount": "2"}, {"unit_amount": "1"}]}, None),
    ],
)
def test_price_per_unit_is_shown_where_there_is_one(pricing: dict[str, Any], price: Decimal | None) -> None:
    lines = rated(per_unit(pricing=pricing), usage=[used("200")]).lines
    assert lines
    assert unit_price_of(lines) == price


def test_lines_at_two_prices_have_no_price_per_unit() -> None:
    lines = [
        *rated(per_unit("0.05"), usage=[used("2")]).lines,
        *rated(per_unit("0.06"), usage=[used("2")]).lines,
    ]
    assert unit_price_of(lines) is None


def test_every_rule_has_a_name_of_its_own() -> None:
    assert all(name == rule.name for name, rule in RULES.items())
    assert {rule.sets for rule in RULES.values()} == {"quantity", "amount", "tax"}


@pytest.mark.req("BEY-09")
def test_changed_input_gives_another_line() -> None:
    (line,) = rated(per_unit("0.05"), usage=[used("1800")]).lines
    data = line.explanation.to_map()
    data["steps"][1]["inputs"][0]["value"] = "0.06"
    assert replay(Explanation.from_map(data)).amount == Money("108.00")
    data["steps"][1]["rule"] = "no_such_rule"
    with pytest.raises(KeyError):
        replay(Explanation.from_map(data))


class Holder(Entity):
    lines: tuple[RatedLine, ...] = ()


@pytest.mark.req("CHG-09", "CLO-03")
def test_entity_may_hold_lines_and_is_stored_and_sent_with_them() -> None:
    lines = rated(monthly(frequency="weekly"), per_unit("1", definition_id="u"), usage=[used("3")]).lines
    holder = Holder(lines=lines)
    stored = json.loads(json.dumps(holder.to_map()))
    assert Holder.model_validate(stored) == holder
    assert stored["lines"][0]["quantity"] == "31/7"
    assert "item_id" not in stored["lines"][0]
    schema = TypeAdapter(Holder).json_schema()
    assert schema["properties"]["lines"]["items"]["required"][0] == "line_id"


@pytest.mark.req("CHG-09")
def test_explanation_is_stored_with_plain_numbers_and_its_texts() -> None:
    tiers = [{"up_to": "10", "unit_amount": "0.0000001"}, {"unit_amount": "1"}]
    pages = per_unit(pricing={"kind": "graduated", "tiers": tiers})
    (line,) = rated(pages, usage=[used("12")]).lines
    data = json.loads(json.dumps(line.explanation.to_map()))
    given = {operand["name"]: operand["value"] for operand in data["steps"][1]["inputs"]}
    assert given == {"above": "0", "up_to": "10", "unit_amount": "0.0000001", "flat": "0"}
    assert data["steps"][2]["inputs"][1] == {"name": "up_to", "value": "", "source": "definition"}
    assert Explanation.from_map(data) == line.explanation


@pytest.mark.req("CHG-09", "CLO-03")
def test_line_is_stored_with_its_quantity_as_a_plain_number() -> None:
    (line,) = rated(per_unit("1"), usage=[used("0.0000001"), used("2.50")]).lines
    (little,) = rated(per_unit("1"), usage=[used("0.0000001")]).lines
    assert [sample.to_map()["quantity"] for sample in (line, little)] == ["2.5000001", "0.0000001"]
    assert str(RatedLine.from_map(line.to_map()).quantity) == "2.5000001"
    assert type(RatedLine.from_map(line.to_map()).quantity) is Decimal


def test_fraction_is_shown_as_it_is() -> None:
    (line,) = rated(monthly("7.00", "weekly")).lines
    assert tell(line.explanation, line.unit) == ["31/7 semanas", "× R$ 7,00 = R$ 31,00"]


FLOATS: dict[str, Callable[[], Any]] = {
    "usage quantity": lambda: replace(used("1"), quantity=1.5),  # type: ignore[arg-type]
    "usage price": lambda: used("1", unit_price=0.1),
    "reading": lambda: MeterValue(START, 1.5),  # type: ignore[arg-type]
    "old meter": lambda: MeterValue(START, Decimal(1), 9.5),  # type: ignore[arg-type]
    "new meter": lambda: MeterValue(START, Decimal(1), Decimal(9), 0.5),  # type: ignore[arg-type]
    "initial value": lambda: MeterInput("p1", "page", 0.5),  # type: ignore[arg-type]
    "billed before": lambda: meter((31, "1"), billed_before=0.5),
    "daily estimate": lambda: meter((31, "1"), daily_estimate=0.5),
    "area": lambda: RatedItem("p1", "Um", area=10.5),  # type: ignore[arg-type]
    "bill consumption": lambda: RatedBill(Money("1.00"), 10.5),  # type: ignore[arg-type]
    "bill area": lambda: RatedBill(Money("1.00"), None, 10.5),  # type: ignore[arg-type]
    "store": lambda: RatingInput(JANUARY, carry_over={("d", None): 1.5}),  # type: ignore[dict-item]
    "tax rate": lambda: RatingInput(JANUARY, taxes={"iss": [(START, 2.5)]}),  # type: ignore[dict-item]
    "transaction": lambda: transaction(1.5, Decimal(1)),  # type: ignore[arg-type]
    "model": lambda: amount_of(PerUnit(unit_price=Decimal(1)), 1.5),  # type: ignore[arg-type]
    "events": lambda: percentage_of(Percentage(rate_percent=Decimal(1)), [1.5]),  # type: ignore[list-item]
    "carry-over": lambda: carry(1.5, Decimal(1), Decimal(0)),  # type: ignore[arg-type]
    "share": lambda: utility_share(Money("1.00"), percent=1.5),  # type: ignore[arg-type]
    "tax": lambda: tax_on(Money("1.00"), 2.5),  # type: ignore[arg-type]
    "days": lambda: prorate_days(Money("1.00"), 1.5, 30),  # type: ignore[arg-type]
    "days of the period": lambda: prorate_days(Money("1.00"), 15, 30.5),  # type: ignore[arg-type]
    "rounding": lambda: rounded(1.005),
}


@pytest.mark.req("CHG-08")
@pytest.mark.parametrize("enter", FLOATS.values(), ids=FLOATS.keys())
def test_floats_are_refused_with_the_reason(enter: Callable[[], Any]) -> None:
    with pytest.raises(TypeError) as refused:
        enter()
    assert str(refused.value) == "números são exatos (Decimal ou texto), nunca float"


@pytest.mark.req("CAT-01")
def test_price_is_the_latest_that_has_begun_whatever_their_order() -> None:
    prices = [(Month("2026-03"), Decimal("7.50")), (Month("2026-01"), Decimal(10))]
    assert price_in_force(prices, Month("2026-02")) == Decimal(10)
    assert price_in_force(prices, Month("2027-01")) == Decimal("7.50")
    with pytest.raises(Refused) as refused:
        price_in_force(prices, Month("2025-12"))
    assert refused.value.code == "catalog.no_price_in_force"
    assert refused.value.title == (
        "Item de faturamento sem valor unitário em 12/2025: cadastre um preço com vigência até este mês."
    )


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), 1),
        (date(2026, 1, 30), date(2026, 2, 1), 1),
        (date(2026, 1, 1), date(2026, 1, 31), 29),
        (START, END, 30),
    ],
)
@pytest.mark.req("CTR-06")
def test_days_of_thirty_a_month(start: date, end: date, days: int) -> None:
    assert days_over(Period(start, end), JANUARY, Basis.THIRTY_360) == (days, 30)


def test_whole_period_of_thirty_360_is_whole_in_any_month() -> None:
    whole = Period(date(2026, 1, 31), date(2026, 2, 28))
    assert prorate(Money("90.00"), whole, whole, Basis.THIRTY_360).amount == Money("90.00")
    quarter = Period(date(2026, 1, 1), date(2026, 4, 1))
    assert prorate(Money("90.00"), JANUARY, quarter, Basis.THIRTY_360) == (Money("30.00"), 30, 90)


def test_part_outside_the_whole_is_a_mistake() -> None:
    with pytest.raises(ValueError, match=r"^the part lies inside the whole$"):
        days_over(Period(START, date(2026, 2, 2)), JANUARY)


@pytest.mark.req("CLO-08")
def test_months_from_cut_off_to_cut_off() -> None:
    assert months_of(Period(date(2026, 3, 20), date(2026, 5, 5)), 5) == (47, 31)
    assert months_of(Period(date(2026, 1, 31), date(2026, 3, 31)), 31) == (2, 1)
    assert months_of(Period(date(2026, 2, 1), date(2026, 2, 28)), 31) == (27, 28)


def test_whole_units_are_rounded_half_up() -> None:
    assert (whole_units(Fraction(5, 2)), whole_units(Decimal("2.49"))) == (Decimal(3), Decimal(2))


def test_items_use_without_a_price_of_its_own_is_a_plain_record() -> None:
    entry = UsageQuantity("p1", "page", Decimal(1), None, used("1").category, "all", None, START)
    assert (dict(entry.attributes), entry.usage_id, entry.is_late) == ({}, "", False)
