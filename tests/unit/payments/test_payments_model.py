"""Cash accounts and held receipts: what their entities refuse."""

from datetime import date
from typing import Any

import pytest

from billing.access.call import Call
from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.payments.model import AccountKind, CashAccount, HeldReason, HeldReceipt, Resolution

TODAY = date(2026, 3, 10)


def account(closed_until: date | None = None) -> CashAccount:
    return CashAccount(
        id="acc_caixa",
        company_id="com_alfa",
        name="Caixa",
        kind=AccountKind.CASH_BOX,
        closed_until=closed_until,
    )


def held(**changes: Any) -> HeldReceipt:
    fields = {
        "id": "hel_0001",
        "company_id": "com_alfa",
        "profile_id": "pro_itau",
        "reason": HeldReason.OVERPAID,
        "nosso_numero": "00000007",
        "customer_id": "cus_ana0",
        "held": Money("10.00"),
        "message": "R$ 10,00 pagos a maior foram retidos.",
        "source": "occ_0001",
        **changes,
    }
    return HeldReceipt.model_validate(fields)


def refusal_codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.req("PAY-09")
def test_closed_account_takes_no_movement_up_to_its_last_closed_day() -> None:
    closed = account().closed(date(2026, 3, 9), TODAY)

    for day in (date(2026, 3, 8), date(2026, 3, 9)):
        with pytest.raises(Refused) as refused:
            closed.open_on(day)
        assert refusal_codes(refused) == ["account.closed"]
    assert closed.open_on(TODAY) == closed


@pytest.mark.req("PAY-09")
def test_account_is_closed_up_to_today_and_always_later() -> None:
    closed = account().closed(TODAY, TODAY)

    with pytest.raises(Refused) as ahead:
        account().closed(date(2026, 3, 11), TODAY)
    with pytest.raises(Refused) as again:
        closed.closed(TODAY, TODAY)

    assert refusal_codes(ahead) == ["account.closed_ahead"]
    assert refusal_codes(again) == ["account.closed_later"]


@pytest.mark.parametrize(
    ("changes", "resolution", "code"),
    [
        ({"held": ZERO, "missing": Money("1.00")}, Resolution.CREDIT, "held.no_money"),
        ({"held": ZERO, "missing": Money("1.00")}, Resolution.REFUND, "held.no_money"),
        ({}, Resolution.ACCEPTED, "held.money"),
        ({"customer_id": None}, Resolution.CREDIT, "held.no_customer"),
    ],
)
@pytest.mark.req("PAY-08")
def test_resolution_must_fit_the_held_receipt(
    call: Call, changes: dict[str, Any], resolution: Resolution, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        held(**changes).resolved(resolution, call.actor_id, call.now)

    assert refusal_codes(refused) == [code]


@pytest.mark.req("PAY-08")
def test_held_receipt_is_resolved_once(call: Call) -> None:
    decided = held().resolved(Resolution.REFUND, call.actor_id, call.now)

    assert (decided.resolution, decided.resolved_by, decided.resolved_at) == (
        Resolution.REFUND,
        "usr_ana",
        call.now,
    )
    with pytest.raises(Refused) as refused:
        decided.resolved(Resolution.CREDIT, call.actor_id, call.now)
    assert refusal_codes(refused) == ["held.resolved"]


@pytest.mark.req("PAY-09")
@pytest.mark.parametrize(
    ("until", "is_taken"), [(date(2026, 3, 7), True), (date(2026, 3, 8), False), (date(2026, 3, 9), False)]
)
def test_account_is_reopened_to_a_day_before_the_one_it_is_closed_until(until: date, is_taken: bool) -> None:
    closed = account(date(2026, 3, 8))
    if is_taken:
        assert closed.reopened(until).closed_until == until
        return
    with pytest.raises(Refused) as refused:
        closed.reopened(until)
    assert refused.value.reasons[0].code == "account.reopens_nothing"
