"""Utility bills (contas de serviço público): what a source was charged in a month, to be shared by area or percentage
(CHG-06, USE-07). One bill a source and month; several customers share it."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from pydantic import Field, field_validator

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import Conflict, NotFound, Refusal
from billing.core.money import ZERO, Money, Quantity
from billing.core.period import Month
from billing.core.table import Aggregate, entity_row, find, require_version, rows_in
from billing.rating import terms
from billing.usage.imports import FieldError, ImportReport, Line, Outcome, answer, read_lines
from billing.usage.store import UsageTable

SOURCE = r"^[^#/\s][^#/]*$"


class NewUtilityBill(Entity):
    """What a bill says."""

    source: str = Field(max_length=60, pattern=SOURCE, examples=["Edifício Aurora - energia"])
    """Origem da conta, como as definições de encargos a chamam."""
    month: Month
    """Mês de consumo."""
    amount: Money = Field(examples=["1830.40"])
    consumption: Annotated[Quantity, Field(ge=0)] | None = Field(default=None, examples=["2450"])
    """Consumo faturado, na unidade da conta."""
    area: Annotated[Quantity, Field(gt=0)] | None = Field(default=None, examples=["3200"])
    """Área total da origem, em m², para o rateio por área."""

    @field_validator("amount")
    @classmethod
    def _is_not_negative(cls, amount: Money) -> Money:
        if amount < ZERO:
            raise ValueError("o valor da conta não é negativo")
        return amount


class UtilityBill(NewUtilityBill, Aggregate):
    """Conta de serviço público."""

    import_source: str | None = None
    """Importação e linha de onde veio."""

    def for_rating(self) -> terms.UtilityBill:
        return terms.UtilityBill(self.amount, self.consumption, self.area)


def correct(call: Call, version: int, new: NewUtilityBill) -> UtilityBill:
    """Mend a bill; closings that are frozen stay as they are. Raises NotFound, PreconditionFailed."""
    before = require_version(get(call.tenant_id, new.source, new.month), version)
    after = before.evolve(amount=new.amount, consumption=new.consumption, area=new.area)
    changes = Changes(call)
    changes.put(bill_row(call.tenant_id, after), "utility_bill.corrected", before=before, after=after)
    return changes.commit_answering(after)


def import_bills(
    call: Call, raw: Sequence[NewUtilityBill | dict[str, Any]], field_error: FieldError
) -> ImportReport:
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
        changes.put(bill_row(call.tenant_id, bill), "utility_bill.imported")
        try:
            changes.commit()
        except Conflict:
            _meet(line, get(call.tenant_id, bill.source, bill.month), outcome)
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


def bill_row(tenant_id: str, bill: UtilityBill) -> UsageTable:
    return entity_row(UsageTable, _partition(tenant_id, bill.source), f"bill#{bill.month}", bill)


def find_bill(tenant_id: str, source: str, month: Month) -> UtilityBill | None:
    return find(UsageTable, _partition(tenant_id, source), f"bill#{month}", UtilityBill)


def get(tenant_id: str, source: str, month: Month) -> UtilityBill:
    """Raises NotFound."""
    bill = find_bill(tenant_id, source, month)
    if bill is None:
        raise NotFound("utility_bill.missing", "A conta de serviço público não existe.")
    return bill


def bills_of(tenant_id: str, source: str) -> list[UtilityBill]:
    """A source's bills, the newest first."""
    return list(rows_in(UsageTable, _partition(tenant_id, source), "bill#", UtilityBill, newest_first=True))


def _partition(tenant_id: str, source: str) -> str:
    return f"{tenant_id}#bills#{source}"
