"""Amounts that would make no sense at zero."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from billing.bank_files.instruction import InstructionWish
from billing.core.money import AboveZero

pytestmark = pytest.mark.req("SEC-06")

_ABOVE_ZERO: TypeAdapter[Any] = TypeAdapter(AboveZero)


@pytest.mark.parametrize("text", ["-0.01", "0.00"])
def test_zero_and_negative_amounts_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        _ABOVE_ZERO.validate_python(text)


def test_a_cent_is_taken() -> None:
    assert str(_ABOVE_ZERO.validate_python("0.01")) == "0.01"


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_instruction_to_grant_zero_is_refused(amount: str) -> None:
    for wish in (
        {"movement": "grant_rebate", "rebate": amount},
        {"movement": "grant_discount", "discount": {"amount": amount, "until": date(2026, 4, 20)}},
    ):
        with pytest.raises(ValidationError):
            InstructionWish.model_validate(wish)
