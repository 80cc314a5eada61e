"""What the audit of a cloud finds in books that do not add up."""

from datetime import date
from typing import Any

import pytest

from billing.bank_files.model import OccurrenceOutcome, OccurrenceRow
from billing.banking.occurrences import OccurrenceKind
from billing.core.money import Money
from billing.payments.model import CashMovement, MovementKind
from infra.local.audit import Books, received

UNDATED = OccurrenceRow(
    id="occ_0001",
    return_id="ret_0001",
    line_number=2,
    kind=OccurrenceKind.SETTLED,
    movement_text="Liquidação",
    nosso_numero="00000001",
    paid=Money("100.00"),
    outcome=OccurrenceOutcome.HELD,
    message="sem data",
    raw=(),
)
RECEIPT = CashMovement(
    id="mov_0001",
    account_id="acc_itau",
    kind=MovementKind.RECEIPT,
    on=date(2026, 3, 18),
    amount=Money("100.00"),
    source="occ_0001",
)


def books(line: OccurrenceRow, *movements: CashMovement) -> Books:
    nothing: dict[str, Any] = {name: [] for name in ("series", "invoices", "settlements", "held", "returns")}
    return Books("ten_alfa", lines=[line], movements=[*movements], profiles={}, **nothing)


@pytest.mark.req("BNK-05", "PAY-08")
@pytest.mark.parametrize(
    ("audited", "rules"),
    [
        (books(UNDATED), []),
        (books(UNDATED.evolve(outcome=OccurrenceOutcome.APPLIED)), ["undated"]),
        (books(UNDATED, RECEIPT), ["undated"]),
    ],
    ids=["held", "not held", "entered"],
)
def test_payment_without_a_date_is_held_and_entered_nowhere(audited: Books, rules: list[str]) -> None:
    assert [finding.rule for finding in received(audited)] == rules
