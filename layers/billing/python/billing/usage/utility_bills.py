"""Utility bills taken in and corrected (USE-07)."""

from collections.abc import Iterable, Sequence
from typing import Any

from billing.access.call import Call
from billing.audit.batches import BatchAnswer
from billing.audit.changes import Changes
from billing.core.errors import Conflict, Refusal
from billing.core.table import require_version
from billing.usage.actions import UtilityBillAction
from billing.usage.bills import NewUtilityBill, UtilityBill, bill_row, get_bill
from billing.usage.imports import FieldError, Line, Outcome, answer, read_lines


def correct(call: Call, version: int, new: NewUtilityBill) -> UtilityBill:
    """Mend a bill; closings that are frozen stay as they are. Raises NotFound, PreconditionFailed."""
    before = require_version(get_bill(call.tenant_id, new.source, new.month), version)
    after = before.evolve(amount=new.amount, consumption=new.consumption, area=new.area)
    changes = Changes(call)
    changes.put(bill_row(call.tenant_id, after), UtilityBillAction.CORRECTED, before=before, after=after)
    return changes.commit_answering(after)


def import_bills(
    call: Call, raw: Sequence[NewUtilityBill | dict[str, Any]], field_error: FieldError
) -> BatchAnswer:
    return answer(call, count_bills(call, enumerate(raw, start=1), field_error))


def count_bills(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> Outcome[NewUtilityBill]:
    """What becomes of numbered lines: an equal bill is known, another of the same source and month is refused."""
    outcome: Outcome[NewUtilityBill] = Outcome()
    for line in read_lines(NewUtilityBill, numbered, outcome, field_error, source):
        bill = UtilityBill(**dict(line.event), import_source=line.source)
        changes = Changes(call)
        changes.put(bill_row(call.tenant_id, bill), UtilityBillAction.IMPORTED)
        try:
            changes.commit()
        except Conflict:
            _meet(line, get_bill(call.tenant_id, bill.source, bill.month), outcome)
        else:
            outcome.accept([line])
    return outcome


def _meet(line: Line[NewUtilityBill], there: UtilityBill, outcome: Outcome[NewUtilityBill]) -> None:
    if any(getattr(there, name) != value for name, value in dict(line.event).items()):
        message = "Já há uma conta desta origem e mês com outros valores. Corrija a que existe."
        outcome.refuse(line.number, [Refusal("utility_bill.exists", message, field="month")])
    elif line.source is not None and there.import_source == line.source:
        outcome.accept([line])  # by an attempt before, whose report was lost
    else:
        outcome.know(line)
