"""Whole counts, amounts that money can hold, and the messages about others."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from billing.core.errors import Refused
from billing.core.money import Money
from billing.rating.exact import to_cents
from billing.rating.levels import level_line
from billing.rating.transaction import Parameters
from tests.support.rating import definition


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
