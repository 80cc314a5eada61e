"""Meters: positions, replacements, roll-overs, estimates that correct themselves; and carry-over of minimums."""

from datetime import date
from decimal import Decimal

import pytest

from billing.core.errors import Refused
from billing.core.period import Period
from billing.rating.carry_over import CarryOverKind, carry
from billing.rating.meters import MeterValue, RatedMeter
from billing.rating.pricing.partial_passage import PassageMode
from billing.rating.terms import MeterInput, RatedItem
from tests.support.rating import END, JANUARY, START, amounts, codes, meter, per_unit, rated, told_again, used


def position(*readings: MeterValue, initial: str = "0", end: date = END, daily: str | None = None) -> Decimal:
    estimate = None if daily is None else Decimal(daily)
    return RatedMeter(Decimal(initial), START, readings, estimate).position(end).units


def reading(day: int, value: str, old_final: str | None = None, restarted_at: str = "0") -> MeterValue:
    final = None if old_final is None else Decimal(old_final)
    return MeterValue(date(2026, 1, day), Decimal(value), final, Decimal(restarted_at))


@pytest.mark.req("USE-04")
def test_replaced_meter_adds_what_the_old_one_had_counted() -> None:
    replaced = reading(15, "130", old_final="900", restarted_at="100")
    assert position(reading(10, "800"), replaced, initial="500") == Decimal(430)


@pytest.mark.req("USE-04")
def test_rolled_over_meter_continues_counting() -> None:
    five_digits = reading(20, "15", old_final="100000")
    assert position(reading(10, "99990"), five_digits, initial="99990") == Decimal(25)


@pytest.mark.req("USE-04")
@pytest.mark.parametrize(
    "readings",
    [
        [reading(10, "400")],
        [reading(10, "600"), reading(11, "599")],
        [reading(10, "600"), reading(12, "5", old_final="599")],
        [reading(10, "600"), reading(12, "4", old_final="601", restarted_at="5")],
    ],
    ids=[
        "below the initial value",
        "below the one before",
        "old meter ended lower",
        "new meter below its start",
    ],
)
def test_meter_does_not_run_backwards(readings: list[MeterValue]) -> None:
    with pytest.raises(Refused, match="menor que a anterior"):
        position(*readings, initial="500")


@pytest.mark.req("USE-04")
def test_readings_count_by_their_day_whatever_order_they_came_in() -> None:
    in_order = [reading(10, "600"), reading(12, "7", old_final="620"), reading(20, "90")]
    assert position(*reversed(in_order), initial="500") == position(*in_order, initial="500") == Decimal(210)


@pytest.mark.req("USE-04")
def test_old_meter_s_last_reading_comes_before_the_replacement_of_its_day() -> None:
    assert position(reading(12, "0", old_final="620"), reading(12, "620"), reading(20, "90")) == Decimal(710)


@pytest.mark.req("USE-05")
def test_day_before_the_end_leaves_one_day_to_estimate() -> None:
    assert position(reading(31, "100"), daily="7") == Decimal(107)


@pytest.mark.req("USE-05")
@pytest.mark.parametrize("daily", [None, Decimal(3)])
def test_position_without_a_reading_says_so(daily: Decimal | None) -> None:
    known = RatedMeter(Decimal(500), START, (), daily).position(END)
    assert (known.reading, known.reading_on, known.days_since_reading) == (None, None, 31)


@pytest.mark.req("USE-05")
def test_reading_dated_on_the_end_counts_and_one_after_it_does_not() -> None:
    after = [MeterValue(END, Decimal(100)), MeterValue(date(2026, 2, 2), Decimal(900))]
    assert position(*after) == Decimal(100)
    assert position(*after, end=date(2026, 2, 2)) == Decimal(900)


@pytest.mark.req("USE-05")
def test_days_after_the_last_reading_are_estimated() -> None:
    assert position(reading(21, "1100"), daily="60") == Decimal(1100 + 11 * 60)
    assert position(daily="60") == Decimal(31 * 60)
    assert position(MeterValue(END, Decimal(5)), daily="60") == Decimal(5)


@pytest.mark.req("USE-05", "CHG-03")
def test_estimate_of_the_definition_bills_and_says_so_and_the_reading_trues_it_up() -> None:
    estimated = per_unit("1", usage_unit="km", estimated_usage=True, daily_estimate="60")
    first = rated(estimated, meters=[MeterInput("v", "km", since=START)])
    assert amounts(first) == [("usage", "v", "1860.00")]
    assert first.meter_positions[0].is_estimated
    later = rated(
        estimated,
        period=Period(END, date(2026, 3, 1)),
        meters=[
            MeterInput(
                "v",
                "km",
                readings=[MeterValue(date(2026, 3, 1), Decimal(1500))],
                billed_before=first.meter_positions[0].units,
                since=START,
            )
        ],
    )
    assert amounts(later) == [("usage", "v", "-360.00")]
    assert not later.meter_positions[0].is_estimated


@pytest.mark.req("USE-05")
def test_estimates_without_any_reading_continue_from_what_was_billed() -> None:
    estimated = per_unit("1", usage_unit="km", estimated_usage=True, daily_estimate="10")
    rating = rated(estimated, meters=[MeterInput("v", "km", billed_before=Decimal(280))])
    assert amounts(rating) == [("usage", "v", "310.00")]
    assert rating.meter_positions[0].units == Decimal(590)


@pytest.mark.req("USE-05")
def test_over_estimate_credits_past_minimum_and_limits() -> None:
    limited = per_unit("1", parameters={"minimum_quantity": "100", "minimum_charge": "50.00"})
    rating = rated(limited, meters=[meter((20, "1500"), billed_before=Decimal(1700))])
    assert amounts(rating) == [("usage", "p1", "-200.00")]
    assert told_again(rating.lines)


@pytest.mark.req("CLO-05")
def test_meter_without_reading_in_the_period_is_an_issue() -> None:
    rating = rated(per_unit(), meters=[meter((1, "100"), billed_before=Decimal(100))])
    assert codes(rating) == ["rating.reading_missing"]
    assert codes(rated(per_unit(), meters=[meter((2, "100"))])) == []


@pytest.mark.req("CLO-05")
def test_meter_that_no_definition_rates_is_an_issue() -> None:
    rating = rated(per_unit(usage_unit="km"), meters=[meter((31, "100"))])
    assert (amounts(rating), codes(rating)) == ([], ["rating.usage_without_definition"])


@pytest.mark.req("CHG-03")
def test_initial_value_of_the_definition_counts_if_the_meter_has_none() -> None:
    initial = per_unit("1", initial_meter_value="900")
    readings = [MeterValue(END, Decimal(1000))]
    assert amounts(rated(initial, meters=[MeterInput("p1", "page", readings=readings)])) == [
        ("usage", "p1", "100.00")
    ]
    own = MeterInput("p1", "page", Decimal(990), readings)
    assert amounts(rated(initial, meters=[own])) == [("usage", "p1", "10.00")]


@pytest.mark.req("CHG-05")
def test_manual_minimum_of_2000_km_stores_200_of_1800_and_bills_2100_for_2300() -> None:
    stored = carry(Decimal(1800), Decimal(2000), Decimal(0))
    assert (stored.billed, stored.balance) == (Decimal(2000), Decimal(200))
    taken = carry(Decimal(2300), Decimal(2000), stored.balance)
    assert (taken.billed, taken.balance) == (Decimal(2100), Decimal(0))


KM = {"usage_unit": "km", "parameters": {"minimum_quantity": "2000"}}


def km(quantity: str) -> MeterInput:
    return meter((31, quantity), item_id="v", unit="km")


@pytest.mark.req("CHG-05")
def test_carry_over_is_a_ledger_of_movements() -> None:
    definition = per_unit("1", carry_over=True, **KM)
    rating = rated(definition, meters=[km("1800")])
    (stored,) = rating.carry_over_movements
    assert (stored.kind, stored.units, stored.balance) == (CarryOverKind.STORED, Decimal(200), Decimal(200))
    assert amounts(rating) == [("usage", "v", "2000.00")]
    rating = rated(definition, meters=[km("2150")], carry_over={("def_1", "v"): Decimal(200)})
    (taken,) = rating.carry_over_movements
    assert (taken.kind, taken.units, taken.balance) == (CarryOverKind.TAKEN, Decimal(-150), Decimal(50))
    assert amounts(rating) == [("usage", "v", "2000.00")]
    assert told_again(rating.lines)


@pytest.mark.req("CHG-05")
def test_without_the_option_the_minimum_is_billed_and_nothing_stored() -> None:
    rating = rated(per_unit("1", **KM), meters=[km("1800")], carry_over={("def_1", "v"): Decimal(500)})
    assert (amounts(rating), rating.carry_over_movements) == ([("usage", "v", "2000.00")], ())
    assert amounts(rated(per_unit("1", **KM), meters=[km("2150")])) == [("usage", "v", "2150.00")]


@pytest.mark.req("CHG-05")
def test_carry_over_does_not_move_on_estimates() -> None:
    definition = per_unit("1", carry_over=True, estimated_usage=True, daily_estimate="10", **KM)
    rating = rated(definition, meters=[MeterInput("v", "km")], carry_over={("def_1", "v"): Decimal(70)})
    assert (amounts(rating), rating.carry_over_movements) == ([("usage", "v", "2000.00")], ())


@pytest.mark.req("CHG-05")
def test_minimum_of_a_partial_period_is_prorated_to_a_whole_unit() -> None:
    rating = rated(
        per_unit("1", carry_over=True, **KM), active=Period(date(2026, 1, 20), END), meters=[km("700")]
    )
    (stored,) = rating.carry_over_movements
    assert amounts(rating) == [("usage", "v", "774.00")]
    assert stored.units == Decimal(74)


@pytest.mark.req("CHG-05")
def test_store_is_lost_at_the_contracts_end_after_it_was_used() -> None:
    rating = rated(
        per_unit("1", carry_over=True, **KM),
        meters=[km("2050")],
        carry_over={("def_1", "v"): Decimal(200), ("def_9", None): Decimal(3)},
        contract_end=END,
    )
    assert [(m.kind, m.units, m.balance) for m in rating.carry_over_movements] == [
        (CarryOverKind.TAKEN, Decimal(-50), Decimal(150)),
        (CarryOverKind.LOST, Decimal(-150), Decimal(0)),
        (CarryOverKind.LOST, Decimal(-3), Decimal(0)),
    ]


@pytest.mark.req("CHG-05", "CHG-08")
def test_minimum_is_billed_without_any_use() -> None:
    rating = rated(per_unit("1", **KM), items=[RatedItem("v", "Caminhão")])
    assert amounts(rating) == [("usage", "v", "2000.00")]


ALLOWANCE = {"kind": "allowance", "allowance": "3100", "fee": "310.00", "excess_price": "0.05"}


@pytest.mark.req("CLO-05")
@pytest.mark.parametrize(
    ("mode", "fee", "issues"),
    [
        (None, "120.00", ["rating.partial_passage"]),
        (PassageMode.PRO_RATA, "120.00", []),
        (PassageMode.FULL, "310.00", []),
    ],
)
def test_item_that_joined_within_the_period_waits_for_a_choice(
    mode: PassageMode | None, fee: str, issues: list[str]
) -> None:
    item = RatedItem("p1", "Impressora", active=Period(date(2026, 1, 20), END), partial_passage=mode)
    rating = rated(per_unit(pricing=ALLOWANCE), items=[item], meters=[meter((31, "1200"))])
    assert (amounts(rating), codes(rating)) == ([("allowance_fee", "p1", fee)], issues)


@pytest.mark.req("CTR-13")
def test_item_that_was_there_all_the_contracts_days_is_prorated_without_a_question() -> None:
    joined = Period(date(2026, 1, 20), END)
    rating = rated(
        per_unit(pricing=ALLOWANCE),
        active=joined,
        items=[RatedItem("p1", "Impressora", active=JANUARY)],
        meters=[meter((31, "1300"))],
    )
    assert amounts(rating) == [("allowance_fee", "p1", "120.00"), ("excess", "p1", "5.00")]
    assert codes(rating) == []


@pytest.mark.req("CLO-05")
def test_quantity_above_the_last_band_without_excess_price_is_an_issue() -> None:
    bands = {"kind": "flat_bands", "tiers": [{"up_to": "1000", "fee": "100.00"}]}
    rating = rated(per_unit(pricing=bands), meters=[meter((31, "1001"))])
    assert (amounts(rating), codes(rating)) == (
        [("allowance_fee", "p1", "100.00")],
        ["rating.above_last_band"],
    )
    priced = rated(per_unit(pricing={**bands, "excess_price": "0.06"}), meters=[meter((31, "1500"))])
    assert (amounts(priced), codes(priced)) == (
        [("allowance_fee", "p1", "100.00"), ("excess", "p1", "30.00")],
        [],
    )


@pytest.mark.req("USE-04")
def test_meter_and_usage_entries_of_one_item_make_one_line() -> None:
    rating = rated(
        per_unit("1"), meters=[meter((31, "100"))], usage=[used("7", item_id="p1"), used("3", item_id="p1")]
    )
    assert amounts(rating) == [("usage", "p1", "110.00")]
    assert told_again(rating.lines)
