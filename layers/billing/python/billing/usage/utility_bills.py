"""Adding and correcting utility bills (USE-07)."""

from collections.abc import Iterable, Sequence
from typing import Any

from billing.access.call import Call
from billing.audit.batches import BatchAnswer
from billing.audit.changes import Changes, trying_again
from billing.core.errors import Conflict, Refusal, Refused
from billing.core.period import Month
from billing.core.table import require_version
from billing.usage import store
from billing.usage.acceptance import Guard, hold
from billing.usage.actions import UtilityBillAction
from billing.usage.bills import (
    NewUtilityBill,
    UtilityBill,
    bill_row,
    find_bill,
    get_bill,
    takers,
    takers_key,
)
from billing.usage.imports import ATTEMPTS, BatchLine, FieldError, ImportOutcome, answer, read_lines

Accepted = dict[tuple[str, Month], UtilityBill]
"""The bills that the batch's lines before have added, by source and month: a dry run does not find them stored."""

NAMED = 3
"""How many closings a refusal names; a building may have hundreds."""


def correct(call: Call, version: int, new: NewUtilityBill) -> UtilityBill:
    """Correct a bill. Raises NotFound, PreconditionFailed, and Refused if a frozen closing was billed with it."""
    return trying_again(call, lambda: _correct(call, version, new))


def _correct(call: Call, version: int, new: NewUtilityBill) -> UtilityBill:
    before = require_version(get_bill(call.tenant_id, new.source, new.month), version)
    stamp = _stamp(call.tenant_id, new)
    reasons = _reasons_against(call, new)
    if reasons:
        raise Refused.because(reasons)
    after = before.evolve(amount=new.amount, consumption=new.consumption, area=new.area)
    changes = Changes(call)
    changes.put(bill_row(call.tenant_id, after), UtilityBillAction.CORRECTED, before=before, after=after)
    hold(changes, [stamp])
    return changes.commit_answering(after)


def _stamp(tenant_id: str, new: NewUtilityBill) -> Guard:
    """Must be read before the closings that took the bill: if it is unchanged, there are no others."""
    key = takers_key(tenant_id, new.source, new.month)
    return Guard(store.UsageTable, *key, store.arrivals_version(*key))


def _reasons_against(call: Call, new: NewUtilityBill) -> list[Refusal]:
    """Refusals that name the closings frozen with the bill as it is, or without it."""
    taken = takers(call.tenant_id, new.source, new.month)
    if not taken:
        return []
    mine = [
        f"{bill.contract_title}, {bill.period.format_br()}"
        for bill in taken
        if call.works_for(bill.company_id)
    ]
    named = f" ({'; '.join(mine[:NAMED])}{'; e outros' if len(mine) > NAMED else ''})" if mine else ""
    message = (
        f"Esta origem e mês já estão em fechamento congelado{named}: descongele-o, lance ou corrija a conta e congele de novo."
        " Se não for mais possível descongelar, cobre ou credite a diferença à parte, em uma conta."
    )
    return [Refusal("utility_bill.billed", message, field="month")]


def import_bills(
    call: Call, raw: Sequence[NewUtilityBill | dict[str, Any]], field_error: FieldError
) -> BatchAnswer:
    return answer(call, count_bills(call, enumerate(raw, start=1), field_error))


def count_bills(
    call: Call,
    numbered: Iterable[tuple[int, object]],
    field_error: FieldError,
    source: str | None = None,
) -> ImportOutcome[NewUtilityBill]:
    """The results of numbered lines: an equal bill is known already, a different one for the same source and month is
    refused."""
    outcome: ImportOutcome[NewUtilityBill] = ImportOutcome()
    accepted: Accepted = {}
    for line in read_lines(NewUtilityBill, numbered, outcome, field_error, source):
        for attempt in range(ATTEMPTS):
            try:
                _count(call, line, outcome, accepted)
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                break
    return outcome


def _count(
    call: Call, line: BatchLine[NewUtilityBill], outcome: ImportOutcome[NewUtilityBill], accepted: Accepted
) -> None:
    """Raises Conflict if the bill or a closing was written meanwhile."""
    new = line.event
    month = (new.source, new.month)
    there = accepted.get(month) or find_bill(call.tenant_id, *month)
    if there is not None:
        _meet(line, there, outcome)
        return
    stamp = _stamp(call.tenant_id, new)
    reasons = _reasons_against(call, new)
    if reasons:
        outcome.refuse(line.number, reasons)
        return
    bill = UtilityBill(**dict(new), import_source=line.source)
    changes = Changes(call)
    changes.put(bill_row(call.tenant_id, bill), UtilityBillAction.IMPORTED)
    hold(changes, [stamp])
    changes.commit()
    outcome.accept([line])
    accepted[month] = bill


def _meet(
    line: BatchLine[NewUtilityBill], there: UtilityBill, outcome: ImportOutcome[NewUtilityBill]
) -> None:
    if any(getattr(there, name) != value for name, value in dict(line.event).items()):
        message = "Já há uma conta desta origem e mês com outros valores. Corrija a que existe."
        outcome.refuse(line.number, [Refusal("utility_bill.exists", message, field="month")])
    elif line.source is not None and there.import_source == line.source:
        outcome.accept([line])  # by an attempt before, whose report was lost
    else:
        outcome.know(line)
