"""Exact numbers only, and what is said to whoever brings others, or too large ones."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from billing.core.errors import Refused
from billing.core.money import Money
from billing.rating.carry_over import carry
from billing.rating.energy import utility_share
from billing.rating.exact import to_cents
from billing.rating.levels import level_line
from billing.rating.pricing.models import percentage_of
from billing.rating.pricing.percentage import Percentage
from billing.rating.transaction import Parameters
from tests.support.rating import definition

EVENTS = Percentage.model_validate({"rate_percent": "2"})


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize(
    "enter",
    [
        lambda: carry(1.0, Decimal(2), Decimal(0)),  # type: ignore[arg-type]
        lambda: utility_share(Money("10.00"), percent=2.5),  # type: ignore[arg-type]
        lambda: percentage_of(EVENTS, [Decimal(1), 2.5]),  # type: ignore[list-item]
    ],
)
def test_float_is_refused_wherever_it_stands_and_the_reason_is_said(enter: Callable[[], Any]) -> None:
    with pytest.raises(TypeError) as refused:
        enter()
    assert str(refused.value) == "números são exatos (Decimal ou texto), nunca float"


@pytest.mark.req("CHG-04")
@pytest.mark.parametrize("count", [2.0, True])
def test_count_is_a_whole_number(count: object) -> None:
    pricing = {"kind": "percentage", "rate_percent": "1", "free_events": count}
    with pytest.raises(ValidationError) as refused:
        definition(usage_unit="brl", pricing=pricing)
    (fault,) = refused.value.errors()
    assert fault["msg"] == "Value error, número inteiro: sem ponto decimal"


@pytest.mark.req("CHG-04")
def test_amount_has_13_digits_before_the_point_at_most() -> None:
    assert str(to_cents(Decimal("9999999999999.994"))) == "9999999999999.99"
    for amount in ("9999999999999.995", "-10000000000000"):
        with pytest.raises(Refused) as refused:
            to_cents(Decimal(amount))
        assert refused.value.code == "rating.amount_too_large"
        assert refused.value.title == (
            "O valor calculado passa de 13 dígitos: confira a quantidade e o preço."
        )


@pytest.mark.req("CHG-02")
def test_level_adds_to_nothing_unless_it_is_conditional() -> None:
    fee = Parameters(transaction_adjustment=Money("50.00"))
    assert level_line(Money("0.00"), fee) == Money("50.00")
    assert level_line(Money("0.00"), fee, only_if_positive=True) == Money("0.00")
