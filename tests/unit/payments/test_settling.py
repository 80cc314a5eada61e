"""Settlement by hand and its reversal, on entities."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.access.call import Actor, Call
from billing.core.errors import Refused, Severity
from billing.core.money import ZERO, Money
from billing.invoicing.charge import OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus, LockKind
from billing.payments import settling
from billing.payments.model import Method, Reversal, Settlement
from billing.payments.reversing import ReversalRequest, of_account, of_day, of_target, restored
from billing.payments.settings import SettingsData
from billing.payments.settling import Credited, SettledByHand, SettlementByHand, settled_by_hand
from tests.support.invoices import invoice

ACCOUNTS = SettingsData(discount_ledger_account="3.1.09", surcharge_ledger_account="3.1.10")
ITAU = Credited("pro_itau", "com_alfa", "acc_itau")
ON = date(2026, 3, 5)
TWO = [{"customer_id": "cus_ana0", "invoice_id": f"inv_ana{n}"} for n in (0, 1)]


def request(**changes: Any) -> SettlementByHand:
    fields = {
        "invoices": [{"customer_id": "cus_ana0", "invoice_id": "inv_ana0"}],
        "method": "other",
        "settled_on": ON,
        "justification": "Pago no balcão",
        **changes,
    }
    return SettlementByHand.model_validate(fields)


def by_hand(call: Call, owed: Invoice, credited: Credited | None = None, **changes: Any) -> SettledByHand:
    return settled_by_hand(call, owed, request(**changes), credited, ACCOUNTS)


@pytest.mark.req("INV-08")
def test_without_an_amount_the_whole_is_settled_and_nothing_is_added(call: Call) -> None:
    made = by_hand(call, invoice(amount=Money("100.00")))

    assert made.adjustment is None
    assert (made.invoice.status, made.invoice.paid, made.invoice.settled_on) == (
        InvoiceStatus.SETTLED,
        Money("100.00"),
        ON,
    )
    assert made.settlement.received == made.settlement.principal == Money("100.00")


@pytest.mark.parametrize(
    ("amount", "description", "difference", "ledger_account"),
    [
        ("99.99", "Desconto na liquidação", "-0.01", "3.1.09"),
        ("100.01", "Acréscimo na liquidação", "0.01", "3.1.10"),
    ],
)
@pytest.mark.req("INV-08")
def test_another_amount_adds_a_charge_for_the_difference(
    call: Call, amount: str, description: str, difference: str, ledger_account: str
) -> None:
    made = by_hand(call, invoice(amount=Money("100.00")), amount=amount)

    charge = made.adjustment
    assert charge is not None
    assert (charge.description, charge.amount, charge.ledger_account, charge.status) == (
        description,
        Money(difference),
        ledger_account,
        ChargeStatus.BILLED,
    )
    assert (made.invoice.amount, made.invoice.balance) == (Money(amount), ZERO)
    assert made.invoice.charge_ids == ("chg_ana0", charge.id)
    assert made.settlement.adjustment_charge_id == charge.id


PRO_RATA = {
    "amount": Money("34.84"),
    "discount": OnTimeDiscount(amount=Money("32.00"), until=date(2026, 3, 5)),
}
WHOLE = {**PRO_RATA, "discount": OnTimeDiscount(amount=Money("34.84"), until=date(2026, 3, 5))}


@pytest.mark.parametrize(
    ("owed", "on", "amount", "received", "discount"),
    [
        (PRO_RATA, date(2026, 3, 4), None, "2.84", "32.00"),
        (PRO_RATA, date(2026, 3, 5), None, "2.84", "32.00"),
        (PRO_RATA, date(2026, 3, 6), None, "34.84", "0.00"),
        (PRO_RATA, date(2026, 3, 5), "2.84", "2.84", "32.00"),
        (PRO_RATA, date(2026, 3, 5), "34.84", "34.84", "0.00"),
        ({**PRO_RATA, "rebate": Money("1.00")}, date(2026, 3, 5), None, "1.84", "33.00"),
        ({**PRO_RATA, "rebate": Money("1.00")}, date(2026, 3, 6), None, "33.84", "1.00"),
        ({**PRO_RATA, "discount": None, "rebate": Money("1.00")}, date(2026, 3, 6), None, "33.84", "1.00"),
        (WHOLE, date(2026, 3, 5), None, "0.00", "34.84"),
        (WHOLE, date(2026, 3, 5), "0.00", "0.00", "34.84"),
        (WHOLE, date(2026, 3, 6), None, "34.84", "0.00"),
    ],
)
@pytest.mark.req("CTR-12", "CTR-13", "INV-08", "INV-18")
def test_paid_on_time_receives_less_and_the_invoice_keeps_its_amount(
    call: Call, owed: dict[str, Any], on: date, amount: str | None, received: str, discount: str
) -> None:
    before = invoice(**owed)

    made = by_hand(call, before, settled_on=on, amount=amount)

    settlement = made.settlement
    assert (settlement.received, settlement.discount) == (Money(received), Money(discount))
    assert settlement.principal == made.invoice.amount == made.invoice.paid == Money("34.84")
    assert (made.invoice.status, made.adjustment) == (InvoiceStatus.SETTLED, None)
    assert restored(made.invoice, settlement, None) == before


@pytest.mark.req("CTR-13", "PAY-02")
def test_nothing_is_received_only_where_the_discount_leaves_nothing(call: Call) -> None:
    for owed, on in ((PRO_RATA, date(2026, 3, 5)), (WHOLE, date(2026, 3, 6))):
        with pytest.raises(Refused) as refused:
            by_hand(call, invoice(**owed), settled_on=on, amount="0.00")
        assert refused.value.code == "settlement.amount"


@pytest.mark.req("INV-08", "CTR-12")
def test_amount_other_than_the_on_time_one_adjusts_the_invoice(call: Call) -> None:
    made = by_hand(call, invoice(**PRO_RATA), settled_on=date(2026, 3, 5), amount="30.00")

    assert made.adjustment is not None
    assert (made.adjustment.amount, made.invoice.amount) == (Money("-4.84"), Money("30.00"))
    assert (made.settlement.received, made.settlement.discount) == (Money("30.00"), ZERO)


@pytest.mark.req("CTR-13", "INV-19")
def test_no_credit_of_the_bank_is_waited_for_where_nothing_was_received(call: Call) -> None:
    made = by_hand(call, invoice(**WHOLE), ITAU, method="profile", profile_id="pro_itau")

    assert (made.invoice.status, made.invoice.locks) == (InvoiceStatus.SETTLED, ())
    assert not made.settlement.is_expected


@pytest.mark.req("INV-19")
def test_only_settlement_by_the_profile_waits_for_reconciliation(call: Call) -> None:
    by_profile = by_hand(call, invoice(), ITAU, method="profile", profile_id="pro_itau")
    by_other = by_hand(call, invoice())

    (lock,) = by_profile.invoice.locks
    assert (lock.kind, lock.cause) == (LockKind.AWAITING_RECONCILIATION, by_profile.settlement.id)
    assert by_profile.settlement.is_expected
    assert (by_other.invoice.locks, by_other.settlement.is_expected) == ((), False)
    assert by_other.settlement.account_id is None


@pytest.mark.req("INV-08")
def test_settlement_of_nothing_is_refused(call: Call) -> None:
    for amount in ("0.00", "-0.01"):
        with pytest.raises(Refused) as refused:
            by_hand(call, invoice(amount=Money("100.00")), amount=amount)
        assert refused.value.code == "settlement.amount"


cents = st.integers(1, 10**9)


@given(owed=cents, paid=st.none() | cents, by_profile=st.booleans())
@pytest.mark.req("INV-09", "INV-18")
def test_reversing_restores_the_invoice(owed: int, paid: int | None, by_profile: bool) -> None:
    before = invoice(amount=Money.from_cents(owed), version=3)
    made = by_hand(
        Call.unattended("ten_alfa", Actor("usr_ana"), datetime(2026, 3, 10, 15, tzinfo=UTC)),
        before,
        ITAU if by_profile else None,
        method="profile" if by_profile else "other",
        amount=None if paid is None else Money.from_cents(paid),
    )

    assert made.invoice.amount == made.settlement.received == made.invoice.paid
    assert restored(made.invoice, made.settlement, made.adjustment) == before


@given(parts=st.lists(cents, min_size=1, max_size=5), last=st.integers(0, 4))
@pytest.mark.req("INV-09")
def test_reversing_one_of_several_receipts_leaves_the_others(parts: list[int], last: int) -> None:
    owed = invoice(amount=Money.from_cents(sum(parts)))
    received = owed
    for part in parts:
        received = received.received(Money.from_cents(part), ON)
    undone = parts[last % len(parts)]

    left = received.reversed(Money.from_cents(undone))

    assert received.status is InvoiceStatus.SETTLED
    assert (left.status, left.balance, left.settled_on) == (
        InvoiceStatus.OPEN,
        Money.from_cents(undone),
        None,
    )


@pytest.mark.req("INV-09")
def test_reversal_of_a_partial_receipt_leaves_a_suspended_invoice_suspended() -> None:
    partly = invoice(amount=Money("100.00")).received(Money("40.00"), ON).suspended()

    assert partly.reversed(Money("40.00")).status is InvoiceStatus.SUSPENDED


def a_settlement(**changes: Any) -> Settlement:
    fields = {
        "id": "set_0001",
        "customer_id": "cus_ana0",
        "company_id": "com_alfa",
        "invoice_id": "inv_ana0",
        "method": Method.PROFILE,
        "principal": Money("100.00"),
        "received": Money("100.00"),
        "settled_on": ON,
        "account_id": "acc_itau",
        "profile_id": "pro_itau",
        "source": "usr_ana",
        **changes,
    }
    return Settlement.model_validate(fields)


TODAY = date(2026, 3, 10)


@pytest.mark.req("INV-09")
@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (date(2026, 3, 4), ["reversal.date"]),
        (ON, []),
        (date(2026, 3, 6), []),
        (TODAY, []),
        (date(2026, 3, 11), ["reversal.date"]),
    ],
)
def test_reversal_is_dated_from_the_settlement_until_today(on: date, codes: list[str]) -> None:
    assert [reason.code for reason in of_day(a_settlement(), on, TODAY)] == codes


@pytest.mark.req("INV-09")
def test_settlement_of_today_is_reversed_today() -> None:
    assert of_day(a_settlement(settled_on=TODAY), TODAY, TODAY) == []


@pytest.mark.req("INV-08")
@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"settled_on": date(2026, 3, 9)}, []),
        ({"settled_on": TODAY}, []),
        ({"settled_on": date(2026, 3, 11)}, ["settlement.future"]),
        ({"amount": "90.00"}, []),
        ({"amount": "90.00", "invoices": TWO}, ["settlement.amount_of_many"]),
        ({"invoices": TWO}, []),
    ],
)
def test_settlement_is_dated_until_today_and_an_amount_is_for_one_invoice(
    call: Call, changes: dict[str, Any], codes: list[str]
) -> None:
    refusals: list[str] = []
    try:
        assert settling._checked(call, request(**changes)) is None
    except Refused as refused:
        refusals = [reason.code for reason in refused.reasons]
    assert refusals == codes


@pytest.mark.req("INV-08")
@pytest.mark.parametrize(
    ("issued_on", "codes"),
    [(date(2026, 3, 4), []), (ON, []), (date(2026, 3, 6), ["settlement.before_issue"])],
)
def test_settlement_before_the_issue_needs_confirmation_and_one_on_its_day_does_not(
    issued_on: date, codes: list[str]
) -> None:
    reasons = settling._of_invoice(invoice(issued_on=issued_on), request(), None)
    assert [reason.code for reason in reasons] == codes


@pytest.mark.parametrize(
    ("settled_in", "leaves", "answer"),
    [
        ("acc_itau", None, None),
        ("acc_itau", "acc_itau", None),
        ("acc_itau", "acc_cofre", ("reversal.other_account", Severity.ASKS)),
        (None, None, None),
        (None, "acc_cofre", ("reversal.no_account", Severity.BLOCKS)),
    ],
)
@pytest.mark.req("INV-09")
def test_another_account_needs_confirmation_and_other_methods_have_none(
    settled_in: str | None, leaves: str | None, answer: tuple[str, Severity] | None
) -> None:
    reasons = of_account(a_settlement(account_id=settled_in), leaves)

    assert [(r.code, r.severity) for r in reasons] == ([] if answer is None else [answer])


@pytest.mark.parametrize(
    ("changes", "leaves", "target", "codes"),
    [
        ({}, None, None, []),
        ({}, None, "acc_cofre", []),
        ({}, "acc_cofre", "acc_itau", []),
        ({}, None, "acc_itau", ["reversal.same_account"]),
        ({}, "acc_cofre", "acc_cofre", ["reversal.same_account"]),
        ({"account_id": None}, None, "acc_cofre", ["reversal.no_target"]),
        ({"reconciled": False}, None, "acc_cofre", ["reversal.no_target"]),
    ],
)
@pytest.mark.req("INV-09")
def test_reversal_goes_to_another_account_only_where_money_came_in(
    changes: dict[str, Any], leaves: str | None, target: str | None, codes: list[str]
) -> None:
    settlement = a_settlement(**{"reconciled": True, **changes})

    assert [r.code for r in of_target(settlement, leaves, target)] == codes


@pytest.mark.req("BNK-08")
def test_settlement_is_matched_once_and_not_before_its_date(call: Call) -> None:
    expected = a_settlement()
    undone = Reversal(on=ON, reason="Engano", actor_id="usr_ana", at=call.now)

    matched = expected.matched(date(2026, 3, 6))

    assert (matched.is_expected, matched.moved_on) == (False, date(2026, 3, 6))
    for refused, on, codes in (
        (matched, ON, ["settlement.not_expected"]),
        (expected.reversed(undone), ON, ["settlement.not_expected"]),
        (a_settlement(method=Method.OTHER), ON, ["settlement.not_expected"]),
        (matched, date(2026, 3, 4), ["settlement.not_expected", "settlement.credit_date"]),
    ):
        with pytest.raises(Refused) as raised:
            refused.matched(on)
        assert [reason.code for reason in raised.value.reasons] == codes


def test_reversal_asks_for_a_reason() -> None:
    fields = {"customer_id": "c", "invoice_id": "i", "settlement_id": "s", "on": "2026-03-10", "reason": " "}

    with pytest.raises(ValueError, match="reason"):
        ReversalRequest.model_validate(fields)
