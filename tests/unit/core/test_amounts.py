"""Amounts that would mean nothing at zero."""

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from billing.bank_files.instruction import InstructionWish
from billing.core.money import AboveZero, NotZero

pytestmark = pytest.mark.req("SEC-06")


@pytest.mark.parametrize(
    ("text", "above", "not_zero"), [("-0.01", False, True), ("0.00", False, False), ("0.01", True, True)]
)
def test_amounts_on_each_side_of_zero(text: str, above: bool, not_zero: bool) -> None:
    for kind, is_taken in ((AboveZero, above), (NotZero, not_zero)):
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        if is_taken:
            assert str(adapter.validate_python(text)) == text
        else:
            with pytest.raises(ValidationError):
                adapter.validate_python(text)


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_bank_is_not_asked_to_grant_nothing(amount: str) -> None:
    for wish in (
        {"movement": "grant_rebate", "rebate": amount},
        {"movement": "grant_discount", "discount": {"amount": amount, "until": date(2026, 4, 20)}},
    ):
        with pytest.raises(ValidationError):
            InstructionWish.model_validate(wish)
