"""What a change's entry keeps of its note (REP-03)."""

import pytest

from billing.access.call import Call
from billing.audit.changes import LONGEST_NOTE, Changes, history
from billing.customers.actions import CustomerAction
from billing.customers.store import CustomersTable, customer_row
from tests.support import made
from tests.support.aws import InProcessAws


@pytest.mark.req("REP-03")
@pytest.mark.parametrize(
    ("note", "kept"),
    [
        (None, None),
        ("x" * LONGEST_NOTE, "x" * LONGEST_NOTE),
        ("x" * (LONGEST_NOTE + 1), "x" * (LONGEST_NOTE - 1) + "…"),
    ],
    ids=["none", "as long as it may be", "longer"],
)
def test_note_of_a_change_is_kept_up_to_its_longest(
    aws: InProcessAws, call: Call, note: str | None, kept: str | None
) -> None:
    changes = Changes(call)
    row = changes.put(customer_row(call.tenant_id, made.customer(1)), CustomerAction.ADDED, note=note)
    changes.commit()

    assert [entry.note for entry in history(CustomersTable, row.partition, row.row)] == [kept]
