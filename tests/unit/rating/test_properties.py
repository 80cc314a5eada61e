"""What holds for every amount, quantity, cut and order."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.core.money import Money
from billing.core.period import Period
from billing.rating.carry_over import carry
from billing.rating.engine import rate
from billing.rating.lines import RatedLine
from billing.rating.meters import MeterValue, RatedMeter, bill
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.blocks import Blocks
from billing.rating.pricing.graduated import Graduated
from billing.rating.pricing.models import amount_of
from billing.rating.pricing.shared_allowance import shared
from billing.rating.proration import prorate, prorate_days, split_exactly, unused_credit
from billing.rating.terms import CatalogItem, MeterInput, RatedItem, RatingInput, UsageQuantity
from tests.support.rating import (
    END,
    JANUARY,
    START,
    definition,
    iss,
    monthly,
    per_unit,
    rated,
    told_again,
    used,
    work,
)

few = settings(max_examples=30, deadline=None)
fewer = settings(max_examples=12, deadline=None)  # of the whole engine

cents = st.integers(-(10**9), 10**9).map(Money.from_cents)
owed = st.integers(0, 10**9).map(Money.from_cents)
quantities = st.integers(0, 10**10).map(lambda units: Decimal(units).scaleb(-3))
prices = st.integers(0, 10**8).map(lambda units: Decimal(units).scaleb(-6))
days_of_january = st.integers(1, 30).map(lambda day: START + timedelta(days=day))


@pytest.mark.req("CHG-08")
@few
@given(st.lists(quantities, min_size=1, max_size=20), owed, prices, quantities)
def test_shares_of_a_pool_sum_to_its_cost(
    uses: list[Decimal], fee: Money, price: Decimal, allowance: Decimal
) -> None:
    total, shares = shared(uses, Allowance(allowance=allowance, fee=fee, excess_price=price, shared=True))
    assert Money.sum(shares) == total
    assert all(share.cents >= 0 for share in shares)


@pytest.mark.req("CHG-08")
@few
@given(
    st.lists(st.tuples(st.integers(1, 10**6), prices, owed), min_size=1, max_size=5), quantities, quantities
)
def test_graduated_never_falls_as_the_quantity_rises(
    steps: list[tuple[int, Decimal, Money]], one: Decimal, other: Decimal
) -> None:
    tiers, end = [], Decimal(0)
    for size, unit, flat in steps:
        end += size
        tiers.append({"up_to": end, "unit_amount": unit, "flat": flat})
    tiers[-1]["up_to"] = None
    model = Graduated.model_validate({"tiers": tiers})
    less, more = sorted((one, other))
    assert amount_of(model, less) <= amount_of(model, more)


@pytest.mark.req("CTR-06", "CTR-07")
@few
@given(cents, days_of_january)
def test_two_parts_of_a_period_prorate_to_the_whole_within_a_cent_and_exactly_when_split(
    amount: Money, cut: date
) -> None:
    first, last = Period(START, cut), Period(cut, END)
    parts = prorate(amount, first, JANUARY).amount + prorate(amount, last, JANUARY).amount
    assert abs((parts - amount).cents) <= 1
    assert Money.sum(split_exactly(amount, JANUARY, [cut])) == amount
    assert prorate(amount, first, JANUARY).amount + unused_credit(amount, first, JANUARY) == amount


@few
@given(cents, st.integers(0, 400), st.integers(1, 400))
def test_prorated_amount_is_the_nearest_cent(amount: Money, days: int, period_days: int) -> None:
    exact = Fraction(amount.decimal) * days / period_days
    assert abs(Fraction(prorate_days(amount, days, period_days).decimal) - exact) <= Fraction(1, 200)


@pytest.mark.req("CHG-05")
@few
@given(st.lists(quantities, max_size=20), quantities)
def test_carry_over_bills_the_greater_of_use_and_minimum_less_what_the_store_gave(
    uses: list[Decimal], minimum: Decimal
) -> None:
    store, given_back, billed = Decimal(0), Decimal(0), Decimal(0)
    for use in uses:
        outcome = carry(use, minimum, store)
        assert outcome.balance >= 0
        given_back += max(store - outcome.balance, Decimal(0))
        billed += outcome.billed
        store = outcome.balance
    assert billed == sum((max(use, minimum) for use in uses), Decimal(0)) - given_back


@st.composite
def a_meter(draw: st.DrawFn) -> RatedMeter:
    steps = draw(st.lists(st.integers(0, 5000), max_size=6))
    days = sorted(draw(st.lists(st.integers(1, 31), min_size=len(steps), max_size=len(steps))))
    value, readings = Decimal(100), []
    for day, step in zip(days, steps, strict=True):
        value += step
        readings.append(MeterValue(START + timedelta(days=day), value))
    daily = draw(st.none() | st.integers(0, 100).map(Decimal))
    return RatedMeter(Decimal(100), START, draw(st.permutations(readings)), daily)


@pytest.mark.req("USE-05", "CLO-08")
@few
@given(a_meter(), st.lists(days_of_january, max_size=5))
def test_any_partial_closings_bill_a_meter_the_same_in_all(meter: RatedMeter, cuts: Sequence[date]) -> None:
    before = Decimal(0)
    total = Decimal(0)
    for end in [*sorted(set(cuts)), END]:
        now = bill(meter, end, before)
        total, before = total + now.units, now.position.units
    assert total == meter.position(END).units


@pytest.mark.req("CHG-08", "CLO-08")
@few
@given(st.lists(quantities, min_size=1, max_size=8))
def test_any_partial_closings_bill_running_blocks_the_same_in_all(uses: list[Decimal]) -> None:
    blocks = [{"size": "7", "max": "9", "price": "1.255"}, {"size": "100", "max": "-1", "price": "3.3"}]
    model = Blocks.model_validate({"mode": "delta", "blocks": blocks})
    total, billed = Decimal(0), Money("0.00")
    for use in uses:
        total += use
        billed += amount_of(model, total, already_billed=billed)
    assert billed == amount_of(Blocks.model_validate({"blocks": blocks}), total)


DEFINITIONS = [
    monthly("99.90", definition_id="plan", scope="contract", taxable=True, tax_code="iss"),
    monthly("31.00", definition_id="own", item_id="p1", valid_from="2026-01-11"),
    monthly("50.00", definition_id="fixed"),
    per_unit(
        "0.035", definition_id="page", parameters={"post_adjust_percent": "3.5", "minimum_charge": "4.00"}
    ),
    per_unit(
        definition_id="colour",
        usage_unit="page_colour",
        pricing={
            "kind": "allowance",
            "allowance": "20",
            "fee": "10.00",
            "excess_price": "0.333",
            "shared": True,
        },
    ),
    per_unit(
        "1.15", definition_id="km", usage_unit="km", carry_over=True, parameters={"minimum_quantity": "60"}
    ),
    per_unit(
        definition_id="pix",
        usage_unit="brl",
        pricing={"kind": "percentage", "rate_percent": "2.99", "free_events": 2},
    ),
    definition("vm", pricing={"kind": "catalog"}),
    definition(
        "cost", category="work_order", parameters={"pre_adjust_percent": "10", "maximum_charge": "900.00"}
    ),
    definition("fee", category="work_order", level="category", parameters={"free_up_to": "250.00"}),
]
PRICES = {"vm": CatalogItem("VM", "hour", [])}


@st.composite
def an_entry(draw: st.DrawFn) -> UsageQuantity:
    quantity = str(draw(st.integers(0, 500_000).map(lambda units: Decimal(units).scaleb(-3))))
    day, item_id = draw(st.integers(1, 31)), draw(st.sampled_from(["p1", "p2"]))
    if draw(st.booleans()):
        return work(quantity, "12.345", day=day, item_id=item_id)
    return used(quantity, day, item_id, unit=draw(st.sampled_from(["page", "page_colour", "km", "brl"])))


usage_entries = st.lists(an_entry(), max_size=8)


def terms(usage: Sequence[UsageQuantity], seed: int = 0) -> RatingInput:
    """The same facts, given in a different order for each seed."""
    shuffled = Random(seed)
    items = [RatedItem("p1", "Um"), RatedItem("p2", "Dois", active=Period(date(2026, 1, 5), END))]
    readings = [MeterValue(START + timedelta(days=day), Decimal(10 * day)) for day in (7, 14, 29)]
    meters = [
        MeterInput(item, unit, Decimal(0), tuple(shuffled.sample(readings, 3)))
        for item in ("p1", "p2")
        for unit in ("page", "km")
    ]
    return RatingInput(
        JANUARY,
        definitions=shuffled.sample(DEFINITIONS, len(DEFINITIONS)),
        items=shuffled.sample(items, len(items)),
        usage=shuffled.sample(list(usage), len(usage)),
        meters=shuffled.sample(meters, len(meters)),
        prices=PRICES,
        taxes=iss("2.79"),
    )


@pytest.mark.req("CHG-09", "BEY-09")
@fewer
@given(usage_entries)
def test_explanation_replayed_is_the_line_and_survives_being_stored(usage: list[UsageQuantity]) -> None:
    lines = rate(terms(usage)).lines
    assert told_again(lines)
    stored = [RatedLine.from_map(line.to_map()) for line in lines]
    assert stored == list(lines)
    assert told_again(stored)


@pytest.mark.req("USE-03", "CHG-09")
@fewer
@given(usage_entries, st.integers(1, 10**6))
def test_order_of_arrival_changes_nothing(usage: list[UsageQuantity], seed: int) -> None:
    assert rate(terms(usage, seed)) == rate(terms(usage))


@pytest.mark.req("CHG-04")
@fewer
@given(usage_entries)
def test_quantity_of_zero_changes_nothing(usage: list[UsageQuantity]) -> None:
    nothing = [used("0", item_id="p1"), used("0", unit="km", item_id="p2"), work("0", "50", item_id="p1")]
    assert rate(terms([*usage, *nothing])) == rate(terms(usage))


@pytest.mark.req("CLO-04")
@fewer
@given(usage_entries)
def test_total_is_the_sum_of_its_billed_lines_with_their_taxes(usage: list[UsageQuantity]) -> None:
    rating = rate(terms(usage))
    taxes = [line.tax for line in rating.lines if line.tax is not None]
    assert rating.total == Money.sum([line.amount for line in rating.lines] + taxes)


@pytest.mark.req("CHG-02")
@fewer
@given(usage_entries)
def test_partial_closings_of_single_transactions_bill_the_same_in_all(usage: list[UsageQuantity]) -> None:
    cost = definition("cost", category="work_order", parameters={"pre_adjust_percent": "10"})
    only_work = [entry for entry in usage if entry.unit_price is not None]
    cut = date(2026, 1, 15)
    parts = [
        rated(cost, usage=[entry for entry in only_work if entry.on in part], active=part).total
        for part in (Period(START, cut), Period(cut, END))
    ]
    assert Money.sum(parts) == rated(cost, usage=only_work).total
