"""Periods, what rating receives for them, and what one closing passes on to the next."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.closings import figures as kept
from billing.closings.computing import compute
from billing.closings.figures import Accrued, Figures, MinimumBalance, PeriodCounter
from billing.closings.model import start
from billing.closings.schedule import closing_month, period_from, usage_months
from billing.closings.terms import Gathered, terms
from billing.contracts.model import Contract
from billing.core.money import Money
from billing.core.period import Month, Period
from billing.rating.definition import Category
from billing.rating.meters import MeterValue
from billing.rating.terms import UsageQuantity
from tests.support.contracts import FEBRUARY_1, JANUARY, MARCH_1, MONO, PLAN, PRINTER, contract, printing

PERIOD = Period.of_month(JANUARY)
JANUARY_1 = date(2026, 1, 1)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
cut_offs = st.integers(1, 31)


def printer(**changes: Any) -> Contract:
    return printing(**changes).activate(JANUARY_1)


def amounts(contract: Contract, period: Period, gathered: Gathered | None = None) -> list[str]:
    figures = compute(contract, start(contract, period), gathered or Gathered(), period.end)
    return [str(line.amount) for line in figures.lines]


@given(days, cut_offs)
@pytest.mark.req("CLO-01", "CLO-12")
def test_periods_follow_each_other_without_gap_and_end_on_the_cut_off(day: date, cut_off: int) -> None:
    first = period_from(day, cut_off)
    second = period_from(first.end, cut_off)

    assert day in first
    assert second.start == first.end
    assert second == closing_month(second.start, cut_off)
    assert first.end == Month.of(first.end).day(cut_off)


@given(days, cut_offs)
@pytest.mark.req("USE-01", "CLO-12")
def test_closings_in_a_row_bill_every_month_of_usage_once(day: date, cut_off: int) -> None:
    period, billed = period_from(day, cut_off), []
    for _ in range(14):
        billed += list(usage_months(period, cut_off))
        period = period_from(period.end, cut_off)

    assert billed == [billed[0].plus(number) for number in range(14)]


@pytest.mark.req("CLO-08")
def test_closing_that_includes_the_remaining_days_bills_both_months_usage() -> None:
    assert list(usage_months(Period(date(2026, 1, 11), MARCH_1), 1)) == ["2026-01", "2026-02"]


@pytest.mark.req("CTR-13", "CLO-08")
@pytest.mark.parametrize(
    ("period", "amount"),
    [
        (PERIOD, "90.00"),
        (Period(date(2026, 1, 20), FEBRUARY_1), "34.84"),  # 12 of 31 days
        (Period(JANUARY_1, date(2026, 1, 11)), "29.03"),  # 10 of 31
        (Period(date(2026, 1, 11), MARCH_1), "150.97"),  # 21 of 31, and February
    ],
)
def test_plan_is_billed_for_the_days_of_the_closing(period: Period, amount: str) -> None:
    assert amounts(contract().activate(JANUARY_1), period) == [amount]


@pytest.mark.req("CTR-03")
def test_cancelled_contract_pays_until_its_end_and_nothing_after() -> None:
    ending = contract(ends_on="2026-01-11").activate(JANUARY_1)

    assert amounts(ending, PERIOD) == ["29.03"]
    assert amounts(ending, Period(FEBRUARY_1, MARCH_1)) == []
    assert terms(contract(), PERIOD) is None  # not activated


def readings(*values: tuple[date, int]) -> Gathered:
    listed = [MeterValue(day, Decimal(value)) for day, value in values]
    return Gathered(readings={("eqp_0001", "page_mono"): listed})


@pytest.mark.req("CLO-12", "CLO-03")
def test_next_closing_bills_from_the_final_counter_on() -> None:
    both = readings((FEBRUARY_1, 7000), (MARCH_1, 13000))
    january = compute(printer(), start(printer(), PERIOD), both, FEBRUARY_1)
    february = Period(FEBRUARY_1, MARCH_1)
    carried = Gathered(opening=january, readings=both.readings)

    (counter,) = january.counters
    assert (counter.units_before, counter.units) == (Decimal(0), Decimal(6000))
    assert amounts(printer(definitions=[MONO]), february, carried) == ["275.00", "50.00"]


@pytest.mark.req("CLO-12", "USE-05")
def test_estimate_is_trued_up_once_from_the_last_billed_position() -> None:
    estimated = printer(
        definitions=[
            {
                **MONO,
                "pricing": {"kind": "per_unit", "unit_price": "0.10"},
                "estimated_usage": True,
                "daily_estimate": "10",
            }
        ]
    )
    january = compute(estimated, start(estimated, PERIOD), Gathered(), FEBRUARY_1)
    read = readings((MARCH_1, 1500))

    assert [(c.units, c.is_estimated) for c in january.counters] == [(Decimal(310), True)]
    assert amounts(
        estimated, Period(FEBRUARY_1, MARCH_1), Gathered(opening=january, readings=read.readings)
    ) == ["19.00"]


@pytest.mark.req("CLO-12")
def test_counter_of_an_item_that_is_away_stays_where_it_was() -> None:
    away = printer(items=[{**PRINTER, "left_on": "2026-02-01"}])
    opening = Figures(
        counters=(
            PeriodCounter(
                item_id="eqp_0001",
                unit="page_mono",
                units_before=Decimal(0),
                units=Decimal(6000),
                is_estimated=False,
                days_since_reading=0,
            ),
        )
    )
    february = Period(FEBRUARY_1, MARCH_1)

    figures = compute(away, start(away, february), Gathered(opening=opening), MARCH_1)

    assert figures.counters == opening.counters


CARRIED = {
    **MONO,
    "pricing": {"kind": "per_unit", "unit_price": "0.10"},
    "parameters": {"minimum_quantity": "2000"},
    "carry_over": True,
}


@pytest.mark.req("CHG-05", "CLO-12")
def test_minimum_that_nobody_used_offsets_the_next_month() -> None:
    made = printer(definitions=[CARRIED])
    both = readings((FEBRUARY_1, 2800), (MARCH_1, 4950))
    january = compute(made, start(made, PERIOD), both, FEBRUARY_1)

    assert january.balances == (
        MinimumBalance(definition_id="def_mono", item_id="eqp_0001", units=Decimal(200)),
    )
    assert amounts(made, Period(FEBRUARY_1, MARCH_1), Gathered(opening=january, readings=both.readings)) == [
        "200.00"
    ]


RUNNING = {
    "definition_id": "def_blocks",
    "valid_from": "2025-01-01",
    "category": "usage",
    "subcategory": "requests",
    "usage_unit": "request",
    "scope": "contract",
    "pricing": {
        "kind": "blocks",
        "mode": "delta",
        "blocks": [{"size": "100", "max": 5, "price": "10.00"}, {"size": "100", "max": -1, "price": "5.00"}],
    },
}


@pytest.mark.req("CHG-08", "CLO-12")
def test_blocks_of_a_running_total_continue_from_what_was_billed() -> None:
    made = contract(definitions=[RUNNING]).activate(JANUARY_1)

    def used(quantity: int, opening: Figures | None = None) -> Gathered:
        entry = UsageQuantity(
            None, "request", Decimal(quantity), None, Category.USAGE, "requests", None, FEBRUARY_1
        )
        return Gathered(opening=opening or Figures(), usage=[entry])

    first = Period(FEBRUARY_1, MARCH_1)
    february = compute(made, start(made, first), used(400), MARCH_1)
    again = compute(made, start(made, first), used(300, february), MARCH_1)

    assert february.accrued == (
        Accrued(definition_id="def_blocks", quantity=Decimal(400), amount=Money("40.00")),
    )
    assert [str(line.amount) for line in again.lines] == ["20.00"]
    assert [(accrual.quantity, accrual.amount) for accrual in again.accrued] == [
        (Decimal(700), Money("60.00"))
    ]


@pytest.mark.req("CLO-03")
def test_pages_hold_everything_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LINES_A_PAGE", 2)
    several = [{**PLAN, "definition_id": f"def_{number}"} for number in range(5)]
    made = contract(definitions=several).activate(JANUARY_1)
    figures = compute(made, start(made, PERIOD), Gathered(), FEBRUARY_1)

    assert [len(page.lines) for page in figures.pages()] == [2, 2, 1]
    assert Figures.of(figures.pages()) == figures
    assert Figures().pages() == []


@pytest.mark.req("PLT-04")
def test_equal_figures_have_equal_hashes() -> None:
    made = printer()
    one, same = (compute(made, start(made, PERIOD), readings((FEBRUARY_1, 7000)), FEBRUARY_1) for _ in "ab")
    other = compute(made, start(made, PERIOD), readings((FEBRUARY_1, 7001)), FEBRUARY_1)

    assert one.content_hash == same.content_hash != other.content_hash
