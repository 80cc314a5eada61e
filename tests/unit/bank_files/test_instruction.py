"""An instruction to the bank: the states it may reach, and what a request says."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from billing.bank_files.instruction import (
    INSTRUCTION_MOVES,
    LIVE,
    InstructionStatus,
    InstructionWish,
    TitleInstruction,
    instruction_id,
)
from billing.banking.instructions import MOVEMENT_NAMES, Movement
from billing.core.errors import Refused
from billing.core.money import Money
from billing.invoicing.charge import OnTimeDiscount

AT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def instruction(**changes: Any) -> TitleInstruction:
    fields: dict[str, Any] = {
        "id": "ins_0001",
        "movement": Movement.WRITE_OFF,
        "customer_id": "cus_ana0",
        "invoice_id": "inv_ana0",
        "number": 7,
        "company_id": "com_alfa",
        "profile_id": "pro_itau",
        "justification": "Acordo",
        "asked_by": "usr_ana",
        "asked_at": AT,
        **changes,
    }
    return TitleInstruction(**fields)


@pytest.mark.req("BNK-04")
def test_instruction_goes_from_the_queue_to_the_banks_answer() -> None:
    claimed = instruction().claimed("run_1")

    assert claimed.released() == instruction()
    assert claimed.sent().confirmed("occ_1").status is InstructionStatus.CONFIRMED
    assert claimed.confirmed("occ_1").run_id == "run_1"  # read before the claim was marked as sent
    assert claimed.sent().rejected("occ_1", ()).rejection == ()


@pytest.mark.req("BNK-04")
def test_answered_or_cancelled_instruction_does_not_change() -> None:
    assert {status for status in InstructionStatus if not INSTRUCTION_MOVES[status]} == set(
        InstructionStatus
    ) - set(LIVE)


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("status", sorted(set(InstructionStatus) - {InstructionStatus.WAITING}))
def test_only_an_instruction_that_waits_is_cancelled(status: InstructionStatus) -> None:
    with pytest.raises(Refused, match="já saiu da fila"):
        instruction(status=status).cancelled("Engano")


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("status", InstructionStatus)
def test_only_a_sent_instruction_waits_again(status: InstructionStatus) -> None:
    made = instruction(status=status)

    if status is InstructionStatus.SENT:
        assert made.to_send_again().status is InstructionStatus.WAITING
    else:
        with pytest.raises(Refused) as refused:
            made.to_send_again()
        assert refused.value.code == "instruction.not_sent"


@pytest.mark.req("BNK-04")
def test_id_depends_on_the_title_the_movement_and_its_ordinal() -> None:
    ids = {instruction_id("inv_1", movement, n) for movement in Movement for n in (1, 2)}

    assert len(ids) == 2 * len(Movement)
    assert instruction_id("inv_1", Movement.PROTEST, 1) in ids
    assert instruction_id("inv_2", Movement.PROTEST, 1) not in ids


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("movement", sorted(set(Movement) - {Movement.REGISTER}))
def test_day_rebate_and_discount_belong_only_to_their_own_instructions(movement: Movement) -> None:
    discount = OnTimeDiscount(amount=Money("1.00"), until=date(2026, 4, 1))
    given = {"due_on": date(2026, 4, 1), "rebate": Money("1.00"), "discount": discount}
    needed = {
        Movement.CHANGE_DUE_DATE: "due_on",
        Movement.GRANT_REBATE: "rebate",
        Movement.GRANT_DISCOUNT: "discount",
    }.get(movement)
    for chosen in ({}, {"due_on"}, {"rebate"}, {"discount"}, {"due_on", "rebate"}, {"rebate", "discount"}):
        wish = {"movement": movement, **{name: given[name] for name in chosen}}
        if set(chosen) == ({needed} if needed else set()):
            assert InstructionWish.model_validate(wish).movement is movement
        else:
            with pytest.raises(ValidationError):
                InstructionWish.model_validate(wish)


@pytest.mark.parametrize(("amount", "is_taken"), [("-0.01", False), ("0.00", False), ("0.01", True)])
def test_granted_discount_is_above_zero(amount: str, is_taken: bool) -> None:
    discount = OnTimeDiscount.model_construct(amount=Money(amount), until=date(2026, 4, 1))
    wish = {"movement": Movement.GRANT_DISCOUNT, "discount": discount}
    if is_taken:
        assert InstructionWish.model_validate(wish).discount == discount
        return
    with pytest.raises(ValidationError):
        InstructionWish.model_validate(wish)


def test_every_movement_has_its_name_in_portuguese() -> None:
    assert set(MOVEMENT_NAMES) == set(Movement)
    assert instruction().name == "baixa"
