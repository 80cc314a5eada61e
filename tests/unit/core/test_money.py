"""Money: exact, never a float, and its parts always sum to the whole."""

import copy
import json
import pickle
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from billing.core.entity import Entity
from billing.core.money import ZERO, Money, Percent, Quantity, UnitPrice

CENTS = st.integers(-(10**15) + 1, 10**15 - 1)
AMOUNTS = CENTS.map(Money.from_cents)
WEIGHTS = st.lists(
    st.one_of(
        st.integers(0, 10**6),
        st.decimals(0, 10**6, places=4),
        st.fractions(0, 10**3, max_denominator=97),
    ),
    min_size=1,
    max_size=12,
)
FLOATS = [1.0, 0.1, float("nan"), float("inf")]


class Line(Entity):
    amount: Money | None = None
    quantity: Quantity | None = None
    price: UnitPrice | None = None
    rate: Percent | None = None


# Reading and writing


@given(AMOUNTS)
def test_an_amount_reads_back_from_its_text(amount):
    assert Money(str(amount)) == amount
    assert Money.rounded(amount.decimal) == amount
    assert Line.model_validate_json(json.dumps(Line(amount=amount).to_map())).amount == amount


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1234.56", 123456), ("1234.5", 123450), ("1234", 123400), ("0.05", 5), ("-0.05", -5), ("-0.00", 0)],
)
def test_an_amount_is_text_with_a_point(text, cents):
    assert Money(text).cents == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,50",
        "1.234,56",
        "1.505",
        "1e3",
        "1_000",
        "+1",
        ".5",
        "5.",
        " 1",
        "R$ 1",
        "NaN",
        "１２",
        "9" * 14,
        "1\n",
    ],
)
def test_any_other_text_is_refused(text):
    with pytest.raises(ValueError, match="texto com ponto"):
        Money(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0", "R$ 0,00"),
        ("-0.05", "-R$ 0,05"),
        ("999.9", "R$ 999,90"),
        ("1000", "R$ 1.000,00"),
        ("-1234567.80", "-R$ 1.234.567,80"),
    ],
)
def test_a_brazilian_reads_points_between_thousands_and_a_comma_before_the_cents(text, shown):
    assert Money(text).format_br() == shown


# No float, at any entry


@pytest.mark.parametrize("number", [*FLOATS, 1, True, None, Decimal(1)])
def test_money_is_not_made_from_numbers(number):
    with pytest.raises(ValueError, match="texto com ponto"):
        Money(number)


@pytest.mark.parametrize("number", [*FLOATS, True, "1", Decimal(1)])
def test_cents_are_whole(number):
    with pytest.raises(TypeError, match=r"^cents are an int$"):
        Money.from_cents(number)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: Money.rounded(1), "round a Decimal or a Fraction, never a float"),
        (lambda: Money("1.00").allocate([1, 0.5]), "weights are exact, never floats"),
        (lambda: Money("1.00").allocate([]), "a whole is split in at least one part"),
        (lambda: Money("1.00").allocate([1, -1]), "weights are not negative"),
    ],
)
def test_message_names_what_is_wrong_with_a_number(wrong, why):
    with pytest.raises((TypeError, ValueError)) as refused:
        wrong()
    assert str(refused.value) == why


def test_money_is_neither_multiplied_by_nor_compared_with_something_else():
    for wrong in (
        lambda: Money("1.00") * True,
        lambda: Money("1.00") < 2,
        lambda: Money("1.00") <= 2,
        lambda: Money("1.00") > 2,
        lambda: Money("1.00") >= 2,
    ):
        with pytest.raises(TypeError, match=r"not supported between|unsupported operand"):
            wrong()


def test_money_is_described_and_sent_as_text():
    field = TypeAdapter(Money)
    assert field.json_schema() == {
        "type": "string",
        "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$",
        "examples": ["129.90"],
        "description": "Valor em reais, com ponto decimal e duas casas.",
    }
    assert field.dump_json(field.validate_python("-0.5")) == b'"-0.50"'


@pytest.mark.parametrize(
    "operation",
    [
        Money.rounded,
        lambda number: Money("1.00") * number,
        lambda number: number * Money("1.00"),
        lambda number: Money("1.00") + number,
        lambda number: Money("1.00") - number,
        lambda number: Money("1.00") < number,
        lambda number: Money("1.00") >= number,
        lambda number: Money("1.00").allocate([1, number]),
    ],
)
def test_no_operation_takes_a_float(operation):
    for number in FLOATS:
        with pytest.raises(TypeError):
            operation(number)


def test_money_never_equals_a_float():
    for number in FLOATS:
        assert Money("1.00") != number
        assert Money.from_cents(1) != number


@pytest.mark.parametrize("field", ["amount", "quantity", "price", "rate"])
def test_no_field_takes_a_float(field):
    for number in [*FLOATS, True]:
        with pytest.raises(ValidationError) as refused:
            Line(**{field: number})
        assert "com ponto" in refused.value.errors()[0]["msg"], number


@pytest.mark.parametrize("field", ["amount", "quantity", "price", "rate"])
def test_no_json_number_with_a_fraction_is_taken(field):
    with pytest.raises(ValidationError):
        Line.model_validate_json(f'{{"{field}": 1.5}}')


# Decimals as text


@pytest.mark.parametrize(
    "text", ["1,5", "1e5", "1E+3", "1_000", "１２", "NaN", "Infinity", "+5", ".5", "5.", "", "1 000", "--1"]
)
def test_a_decimal_is_plain_text_with_a_point(text):
    with pytest.raises(ValidationError) as refused:
        Line(quantity=text, price=text, rate=text)
    assert {fault["loc"] for fault in refused.value.errors()} == {("quantity",), ("price",), ("rate",)}


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("0.0000000001", "0.0000000001"),
        ("0.0000000", "0.0000000"),
        (Decimal("1E+3"), "1000"),
        (7, "7"),
        ("-1.50", "-1.50"),
    ],
)
def test_a_decimal_is_sent_without_an_exponent(value, sent):
    line = Line(price=value)
    assert line.to_map() == {"price": sent}
    assert Line.model_validate(line.to_map()) == line


@given(st.decimals(-(10**12), 10**12, places=10, allow_nan=False))
def test_a_price_reads_back_from_its_text(price):
    assert Line.model_validate_json(json.dumps(Line(price=price).to_map())).price == price


@pytest.mark.parametrize(
    ("field", "text"), [("quantity", "1.1234567"), ("price", "0.12345678901"), ("rate", "0.1234567")]
)
def test_a_decimal_has_no_more_places_than_are_kept(field, text):
    with pytest.raises(ValidationError):
        Line(**{field: text})


# Rounding


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2.664", "2.66"),
        ("2.665", "2.67"),
        ("-2.665", "-2.67"),
        ("2.675", "2.68"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("0.00499999999999999999999999", "0.00"),
        ("34.83870967741935", "34.84"),
    ],
)
def test_rounding_is_half_away_from_zero(value, text):
    assert Money.rounded(Decimal(value)) == Money(text)
    assert Money.rounded(Fraction(value)) == Money(text)


@given(st.decimals(-(10**12), 10**12, allow_nan=False, places=9))
def test_rounding_a_decimal_and_its_fraction_is_the_same(value):
    rounded = Money.rounded(value)
    assert rounded == Money.rounded(Fraction(value))
    assert rounded.decimal == value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(st.fractions(-(10**9), 10**9, max_denominator=10**6))
def test_rounding_errs_by_half_a_cent_at_most_and_mirrors(value):
    rounded = Money.rounded(value)
    assert abs(Fraction(rounded.cents) - value * 100) <= Fraction(1, 2)
    assert Money.rounded(-value) == -rounded


# Splitting


@pytest.mark.req("CHG-04")
@given(AMOUNTS, WEIGHTS)
def test_parts_sum_to_the_whole_and_err_by_less_than_a_cent(whole, weights):
    parts = whole.allocate(weights)
    assert Money.sum(parts) == whole
    shares = [Fraction(weight) for weight in weights]
    if not any(shares):
        shares = [Fraction(1)] * len(weights)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part.cents - Fraction(whole.cents) * share / sum(shares)) < 1


@given(AMOUNTS, WEIGHTS)
def test_the_parts_of_a_negative_whole_mirror(whole, weights):
    assert (-whole).allocate(weights) == [-part for part in whole.allocate(weights)]


@given(AMOUNTS, WEIGHTS, st.integers(1, 1000))
def test_only_the_proportion_of_the_weights_counts(whole, weights, factor):
    shares = [Fraction(weight) for weight in weights]
    assert whole.allocate(shares) == whole.allocate([share * factor for share in shares])


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize(
    ("whole", "weights", "parts"),
    [
        ("100.00", [1, 1, 1], ["33.33", "33.33", "33.34"]),
        ("-100.00", [1, 1, 1], ["-33.33", "-33.33", "-33.34"]),
        ("0.02", [1, 1, 1], ["0.00", "0.01", "0.01"]),
        ("0.05", [0, 0], ["0.02", "0.03"]),
        ("10.00", [0, 1], ["0.00", "10.00"]),
        ("10.00", [2, 1], ["6.67", "3.33"]),
        ("0.00", [1, 2], ["0.00", "0.00"]),
        ("10.01", [Decimal("0.65"), Decimal("3.00"), Decimal("1.00")], ["1.40", "6.46", "2.15"]),
    ],
)
def test_cents_left_over_go_to_the_largest_remainders_ties_from_the_last(whole, weights, parts):
    assert Money(whole).allocate(weights) == [Money(part) for part in parts]


def test_weights_may_be_walked_only_once():
    assert Money("1.00").allocate(weight for weight in [1, 1]) == [Money("0.50"), Money("0.50")]


@pytest.mark.parametrize(
    ("weights", "error"),
    [([], ValueError), ([1, -1], ValueError), (["1"], TypeError), ([Decimal("NaN")], ValueError)],
)
def test_weights_that_mean_nothing_are_refused(weights, error):
    with pytest.raises(error):
        Money("1.00").allocate(weights)


# Arithmetic


@given(AMOUNTS, AMOUNTS)
def test_sums_and_differences_are_exact(one, other):
    assert (one + other).cents == one.cents + other.cents
    assert one + other - other == one
    assert (one < other) == (one.cents < other.cents)
    assert (one <= other) == (one.cents <= other.cents)
    assert (one > other) == (one.cents > other.cents)
    assert (one >= one, one > one, one <= one, one < one) == (True, False, True, False)  # noqa: PLR0124
    assert (one == other) == (hash(one) == hash(other))


@given(AMOUNTS, st.integers(-1000, 1000))
def test_times_a_whole_number_is_exact(amount, times):
    assert amount * times == times * amount == Money.from_cents(amount.cents * times)
    assert abs(amount).cents == abs(amount.cents)
    assert bool(amount) == (amount != ZERO)


def test_a_sum_of_nothing_is_zero():
    assert Money.sum([]) == ZERO
    assert (str(ZERO), str(-ZERO), str(Money.from_cents(-1))) == ("0.00", "0.00", "-0.01")


def test_money_is_immutable():
    with pytest.raises(AttributeError):
        Money("1.00").cents = 5


@given(AMOUNTS)
def test_a_copy_is_the_same_amount(amount):
    assert pickle.loads(pickle.dumps(amount)) == copy.deepcopy(amount) == amount
