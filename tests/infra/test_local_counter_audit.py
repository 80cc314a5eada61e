"""What the audit finds in counters that do not add up."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.core.money import Money
from billing.counter.means import ByMeans
from billing.counter.receipt import CounterReceipt, ReceiptLine, ReceiptReversal
from billing.counter.session import CashSession
from billing.payments.model import Method, Reversal, Settlement
from infra.local.counter_audit import CounterBooks, findings

AT = datetime(2026, 3, 10, 15, tzinfo=UTC)
TEN = ByMeans(cash=Money("10.00"))
LINE = ReceiptLine(
    invoice_id="inv_0001", settlement_id="set_0001", number=7, description="Plano", due_on=date(2026, 3, 10),
    amount=Money("10.00"), received=Money("10.00"),
)  # fmt: skip
RECEIPT = CounterReceipt(
    id="rcp_0001", number=1, company_id="com_alfa", customer_id="cus_ana0", session_id="ses_0001", account_id="acc_box",
    lines=(LINE,), total=Money("10.00"), paid=ByMeans(cash=Money("15.00")), change=Money("5.00"), operator_id="usr_rita",
    made_on=date(2026, 3, 10), at=AT,
)  # fmt: skip
SETTLEMENT = Settlement(
    id="set_0001", customer_id="cus_ana0", company_id="com_alfa", invoice_id="inv_0001", method=Method.COUNTER,
    principal=Money("10.00"), received=Money("10.00"), settled_on=date(2026, 3, 10), source="usr_rita", receipt_id="rcp_0001",
)  # fmt: skip
SESSION = CashSession(
    id="ses_0001", account_id="acc_box", company_id="com_alfa", opened_by="usr_rita", opened_at=AT,
    opening_cash=Money("50.00"), received=TEN,
)  # fmt: skip
UNDONE = ReceiptReversal(
    on=date(2026, 3, 10), reason="Engano", session_id="ses_0001", actor_id="usr_rita", at=AT
)
SETTLEMENT_UNDONE = Reversal(on=date(2026, 3, 10), reason="Engano", actor_id="usr_rita", at=AT)


def books(**changes: Any) -> CounterBooks:
    whole = {"receipts": [RECEIPT], "sessions": [SESSION], "settlements": [SETTLEMENT]}
    return CounterBooks(**{**whole, **changes})


@pytest.mark.req("BEY-10", "PAY-02", "PAY-09")
@pytest.mark.parametrize(
    ("kept", "rules"),
    [
        (books(), []),
        (books(receipts=[RECEIPT.evolve(total=Money("9.99"))]), ["sum_of_receipt"]),
        (books(receipts=[RECEIPT.evolve(change=Money("4.99"))]), ["sum_of_receipt", "drawer"]),
        (books(settlements=[]), ["settlement_of_receipt"]),
        (books(settlements=[SETTLEMENT.evolve(received=Money("10.01"))]), ["settlement_of_receipt"]),
        (books(settlements=[SETTLEMENT.evolve(reversal=SETTLEMENT_UNDONE)]), ["reversal_of_receipt"]),
        (books(settlements=[SETTLEMENT, SETTLEMENT.evolve(id="set_0002")]), ["without_receipt"]),
        (books(sessions=[SESSION.evolve(received=ByMeans(cash=Money("10.01")))]), ["drawer"]),
        (books(sessions=[SESSION.evolve(received=ByMeans(pix=Money("10.00")))]), ["drawer"]),
        (books(receipts=[RECEIPT.evolve(number=2)]), ["receipt_numbers"]),
        (
            books(
                receipts=[RECEIPT.evolve(reversal=UNDONE)],
                settlements=[SETTLEMENT.evolve(reversal=SETTLEMENT_UNDONE)],
                sessions=[SESSION.evolve(given_back=TEN)],
            ),
            [],
        ),
        (
            books(
                receipts=[RECEIPT.evolve(reversal=UNDONE)],
                settlements=[SETTLEMENT.evolve(reversal=SETTLEMENT_UNDONE)],
            ),
            ["drawer"],
        ),
    ],
    ids=[
        "whole", "total", "change", "no settlement", "settlement", "settlement reversed", "settlement alone", "drawer",
        "means", "number", "reversed", "not given back",
    ],
)  # fmt: skip
def test_counter_that_does_not_add_up_is_found(kept: CounterBooks, rules: list[str]) -> None:
    assert [finding.rule for finding in findings(kept)] == rules
