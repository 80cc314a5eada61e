"""One transaction, the levels above it, and the pricing models: the steps, their order, and what is skipped."""

from decimal import Decimal
from typing import Any

import pytest

from billing.core.errors import Refused
from billing.core.money import Money
from billing.rating.levels import level_line
from billing.rating.pricing.allowance import Allowance
from billing.rating.pricing.blocks import Blocks
from billing.rating.pricing.flat_bands import FlatBands, band_of
from billing.rating.pricing.graduated import Graduated
from billing.rating.pricing.minimum_commitment import MinimumCommitment, true_up
from billing.rating.pricing.models import ByQuantity, amount_of, percentage_of
from billing.rating.pricing.package import Package
from billing.rating.pricing.partial_passage import Passage
from billing.rating.pricing.per_unit import PerUnit
from billing.rating.pricing.percentage import Percentage
from billing.rating.pricing.shared_allowance import shared
from billing.rating.pricing.volume import Volume
from billing.rating.rounding import Rounding, rounded
from billing.rating.transaction import Parameters, transaction


def line(quantity: str, price: str, **parameters: str) -> str:
    return str(transaction(Decimal(quantity), Decimal(price), Parameters.model_validate(parameters)))


@pytest.mark.req("CHG-04")
def test_manual_order_10_by_30_with_every_adjustment_is_346_75() -> None:
    given = {
        "pre_adjust_percent": "10",
        "unit_price_adjustment": "2",
        "transaction_adjustment": "15",
        "post_adjust_percent": "-5",
    }
    assert line("10", "30", **given) == "346.75"


@pytest.mark.req("CHG-03", "CHG-04")
def test_manual_first_100_of_work_order_charges_are_free() -> None:
    assert line("1", "340", free_up_to="100.00") == "240.00"
    assert line("1", "100", free_up_to="100.00") == "0.00"


@pytest.mark.req("CHG-04")
def test_percentages_apply_to_what_comes_before_them_and_nothing_after() -> None:
    assert line("10", "10", pre_adjust_percent="10", unit_price_adjustment="1") == "120.00"
    assert line("10", "10", unit_price_adjustment="1", post_adjust_percent="10") == "121.00"


@pytest.mark.req("CHG-04")
def test_free_up_to_comes_before_the_minimum_and_the_maximum_last() -> None:
    assert line("1", "120", free_up_to="100.00", minimum_charge="50.00") == "50.00"
    assert line("1", "500", free_up_to="100.00", minimum_charge="50.00", maximum_charge="300.00") == "300.00"


@pytest.mark.req("CHG-04")
def test_credit_skips_minimum_quantity_free_up_to_and_limits_but_not_the_percentages() -> None:
    given = {
        "minimum_quantity": "5",
        "free_up_to": "10.00",
        "minimum_charge": "1.00",
        "maximum_charge": "2.00",
    }
    assert line("-3", "10", **given) == "-30.00"
    assert line("-3", "10", post_adjust_percent="10", **given) == "-33.00"


@pytest.mark.req("CHG-04")
def test_minimum_quantity_bills_a_quantity_of_zero() -> None:
    assert line("0", "20", minimum_quantity="5") == "100.00"


@pytest.mark.req("CHG-03")
def test_minimum_above_maximum_is_refused_also_when_rated() -> None:
    unchecked = Parameters.model_construct(minimum_charge=Money("2.00"), maximum_charge=Money("1.00"))
    with pytest.raises(Refused) as refused:
        transaction(Decimal(1), Decimal(1), unchecked)
    assert refused.value.code == "rating.minimum_above_maximum"
    assert refused.value.title == "Encargo mínimo maior que o Encargo máximo"


@pytest.mark.req("CHG-04")
def test_line_is_rounded_once_and_half_away_from_zero() -> None:
    assert line("3", "0.335") == "1.01"
    assert line("-3", "0.335") == "-1.01"
    assert line("1", "0.004", unit_price_adjustment="0.001") == "0.01"


def test_product_wider_than_28_digits_is_exact() -> None:
    assert line("1", "812345437500.0024999999", pre_adjust_percent="-74.999999") == "203086367498.45"
    assert (
        line("0.000001", "0.0000000001", transaction_adjustment="0.01", pre_adjust_percent="-100") == "0.01"
    )


def test_amount_beyond_13_digits_is_refused() -> None:
    with pytest.raises(Refused, match="13 dígitos"):
        transaction(Decimal(10) ** 9, Decimal(10) ** 5)


def level(below: str, *, only_if_positive: bool = False, **parameters: str) -> str:
    return str(
        level_line(Money(below), Parameters.model_validate(parameters), only_if_positive=only_if_positive)
    )


@pytest.mark.req("CHG-02")
def test_manual_fee_of_50_on_issued_materials_and_none_without() -> None:
    assert level("820.00", transaction_adjustment="50.00", only_if_positive=True) == "50.00"
    assert level("0.00", transaction_adjustment="50.00", only_if_positive=True) == "0.00"
    assert level("0.00", transaction_adjustment="50.00") == "50.00"


@pytest.mark.req("CHG-02")
def test_manual_first_250_of_work_order_costs_are_inside_the_rent() -> None:
    assert level("420.99", free_up_to="250.00") == "-250.00"
    assert level("180.00", free_up_to="250.00") == "-180.00"


@pytest.mark.req("CHG-02")
def test_manual_two_percent_on_all_fuel() -> None:
    assert level("1234.56", post_adjust_percent="2") == "24.69"


@pytest.mark.req("CHG-02")
def test_level_leaves_a_credit_below_alone_and_ignores_the_steps_of_the_quantity() -> None:
    assert level("-30.00", minimum_charge="10.00") == "0.00"
    assert level("100.00", minimum_quantity="5", unit_price_adjustment="3") == "0.00"


TIERS = [{"up_to": "10", "unit_amount": "2", "flat": "1.00"}, {"unit_amount": "1", "flat": "5.00"}]
BLOCKS = [{"size": "10", "max": "2", "price": "3"}, {"size": "5", "max": "1", "price": "1"}]

MODELS: dict[str, tuple[ByQuantity | Allowance | FlatBands, dict[str, str]]] = {
    "per unit": (PerUnit(unit_price=Decimal("0.5")), {"0": "0.00", "3": "1.50", "-3": "-1.50"}),
    "graduated": (
        Graduated.model_validate({"tiers": TIERS}),
        {"0": "1.00", "10": "21.00", "10.000001": "26.00", "12": "28.00", "-2": "-4.00"},
    ),
    "volume": (
        Volume.model_validate({"tiers": TIERS}),
        {"0": "1.00", "10": "21.00", "10.01": "15.01", "12": "17.00", "-2": "-4.00"},
    ),
    "package": (
        Package.model_validate({"size": "10", "unit_price": "3", "free_units": "5"}),
        {"5": "0.00", "5.000001": "3.00", "15": "3.00", "15.1": "6.00", "-7": "0.00"},
    ),
    "blocks, all tiers": (
        Blocks.model_validate({"blocks": BLOCKS}),
        {"0": "0.00", "1": "3.00", "20": "6.00", "21": "7.00", "25": "7.00", "31": "9.00", "-1": "0.00"},
    ),
    "blocks, top tier": (
        Blocks.model_validate({"mode": "top_tier", "blocks": BLOCKS}),
        {"0": "0.00", "20": "6.00", "20.1": "5.00", "26": "6.00", "-1": "0.00"},
    ),
    "allowance": (
        Allowance.model_validate({"allowance": "100", "fee": "10.00", "excess_price": "0.335"}),
        {"0": "10.00", "100": "10.00", "103": "11.01", "-3": "8.99"},
    ),
    "bands with excess": (
        FlatBands.model_validate({"tiers": [{"up_to": "10", "fee": "5.00"}], "excess_price": "0.335"}),
        {"0": "5.00", "10": "5.00", "13": "6.01"},
    ),
    "bands without excess": (
        FlatBands.model_validate({"tiers": [{"up_to": "10", "fee": "5.00"}]}),
        {"11": "5.00"},
    ),
}


@pytest.mark.req("CHG-08")
@pytest.mark.parametrize(
    ("model", "quantity", "amount"),
    [(model, quantity, amount) for model, given in MODELS.values() for quantity, amount in given.items()],
    ids=[f"{name} {quantity}" for name, (_, given) in MODELS.items() for quantity in given],
)
def test_model_prices_a_quantity(model: Any, quantity: str, amount: str) -> None:
    assert str(amount_of(model, Decimal(quantity))) == amount


@pytest.mark.req("CHG-08")
def test_graduated_rounds_each_tier() -> None:
    tiers = [{"up_to": "1", "unit_amount": "0.005"}, {"unit_amount": "0.005"}]
    assert amount_of(Graduated.model_validate({"tiers": tiers}), Decimal(2)) == Money("0.02")


@pytest.mark.req("CHG-08")
def test_running_blocks_bill_the_difference_and_give_back_what_was_too_much() -> None:
    model = Blocks.model_validate({"mode": "delta", "blocks": BLOCKS})
    assert amount_of(model, Decimal(11), already_billed=Money("3.00")) == Money("3.00")
    assert amount_of(model, Decimal(0), already_billed=Money("3.00")) == Money("-3.00")


@pytest.mark.req("CLO-05", "CHG-08")
def test_partial_passage_shortens_fee_and_allowance_to_a_whole_unit_and_not_the_excess_price() -> None:
    model = Allowance.model_validate({"allowance": "100", "fee": "10.00", "excess_price": "1"})
    assert amount_of(model, Decimal(52), passage=Passage(16, 31)) == Money("5.16")
    assert amount_of(model, Decimal(53), passage=Passage(16, 31)) == Money("6.16")
    half = Allowance.model_validate({"allowance": "5", "fee": "10.00", "excess_price": "1"})
    assert amount_of(half, Decimal(4), passage=Passage(15, 30)) == Money("6.00")


def test_bands_of_a_partial_passage_are_shorter() -> None:
    model = FlatBands.model_validate(
        {"tiers": [{"up_to": "100", "fee": "10.00"}, {"up_to": "200", "fee": "30.00"}]}
    )
    assert band_of(Decimal(50), model, Passage(15, 30)) == model.tiers[0]
    assert band_of(Decimal(51), model, Passage(15, 30)) == model.tiers[1]
    assert band_of(Decimal(101), model, Passage(15, 30)) is None


@pytest.mark.req("CHG-08")
def test_nobody_used_a_shared_allowance_equal_parts_pay_the_fee() -> None:
    model = Allowance(allowance=Decimal(10), fee=Money("10.00"), excess_price=Decimal(1), shared=True)
    total, shares = shared([Decimal(0)] * 3, model)
    assert (total, shares) == (Money("10.00"), [Money("3.33"), Money("3.33"), Money("3.34")])


@pytest.mark.req("BEY-07")
def test_commitment_is_trued_up_and_never_below_zero() -> None:
    model = MinimumCommitment(minimum=Money("10.00"))
    assert true_up(model, Money("8.00"), Passage(25, 28)) == Money("0.93")
    assert true_up(model, Money("10.01")) == Money("0.00")


def share(events: list[str], **given: Any) -> str:
    model = Percentage.model_validate({"rate_percent": "10", **given})
    return str(percentage_of(model, [Decimal(event) for event in events]))


@pytest.mark.req("CHG-08")
def test_percentage_of_events() -> None:
    assert share(["10", "20"]) == "3.00"
    assert share(["10", "20"], flat="1.00") == "5.00"
    assert share(["10", "20"], flat="1.00", max="2.50") == "4.50"
    assert share(["10", "20"], max="0.00") == "0.00"
    assert share(["0.04", "0.04"]) == "0.01"


@pytest.mark.req("CHG-08")
def test_event_is_free_while_both_free_events_and_free_amount_last() -> None:
    assert share(["10", "10", "10"], free_events=2) == "1.00"
    assert share(["10", "10", "10"], free_amount="15.00") == "1.50"
    assert share(["10", "10", "10"], free_amount="20.00") == "1.00"
    assert share(["10", "10", "10"], free_events=1, free_amount="25.00") == "2.00"
    assert share(["10", "10", "10"], free_events=3, free_amount="25.00") == "0.50"
    assert share(["10", "10"], free_events=0, free_amount="100.00") == "2.00"
    assert share(["10", "10"], free_events=5, free_amount="0.00") == "2.00"


@pytest.mark.parametrize(
    ("amount", "rounding", "cents"),
    [
        ("2.665", Rounding.HALF_UP, "2.67"),
        ("2.665", Rounding.HALF_EVEN, "2.66"),
        ("-2.665", Rounding.HALF_EVEN, "-2.66"),
        ("2.669", Rounding.TRUNCATE, "2.66"),
        ("-2.669", Rounding.TRUNCATE, "-2.66"),
    ],
)
def test_rounding_to_the_cent(amount: str, rounding: Rounding, cents: str) -> None:
    assert str(rounded(Decimal(amount), rounding)) == cents
