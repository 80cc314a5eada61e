"""Simulation (CHG-10, BEY-01, BEY-11): what a saved or drafted contract would charge in any months; nothing is kept.

Gathers and computes as closings do, on closings that are never kept. A saved contract continues from its latest
frozen closing before the requested months; a draft counts as in force in all of them, with the real readings and
usage of the customer whose items it names.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from billing.access.call import Call
from billing.closings import model, store
from billing.closings.computing import compute
from billing.closings.figures import Figures, PendingIssue, PeriodCounter
from billing.closings.gathering import Gatherer
from billing.closings.lines import Line, explained
from billing.closings.model import Adjustment, Closing
from billing.closings.schedule import closing_month, period_from, usage_months
from billing.closings.totals import ClosingTotals, closing_totals
from billing.contracts import store as contracts
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract, NewContract
from billing.contracts.states import ContractState
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.ids import ID_PATTERN
from billing.core.money import Money
from billing.core.period import Month, Period, closing_period
from billing.customers.table import require_customer
from billing.rating.comparison import Comparison, Side, compare
from billing.rating.meters import RatedMeter
from billing.usage import store as usage

MOST_MONTHS = 24
MOST_AHEAD = 24
"""How many months ahead of today's: a month is simulated after all those between it and the last frozen one."""
MOST_LINES = 400
"""The most lines in an answer, which may have 6 MB; an explanation has up to 3 KB."""
DRAFT_ID = "con_draft"


class SimulationRequest(Entity):
    """Um contrato guardado, ou um rascunho sobre o consumo real do cliente."""

    customer_id: str = Field(pattern=ID_PATTERN)
    contract_id: str | None = Field(default=None, pattern=ID_PATTERN)
    draft: NewContract | None = Field(default=None, validate_default=True)
    month: Month | None = None
    """Mês em que o período simulado começa; ausente, o último que terminou."""
    months: int = Field(default=1, ge=1, le=MOST_MONTHS)
    """Quantos meses, contados até `month`."""
    compare_with: Month | None = None
    """Com que mês o período é comparado; ausente, com o anterior."""

    @field_validator("draft")
    @classmethod
    def _one_of_both(cls, draft: NewContract | None, info: ValidationInfo) -> NewContract | None:
        if (draft is None) == (info.data.get("contract_id") is None):
            raise PydanticCustomError("simulation.contract", "Informe o contrato ou o rascunho, um dos dois.")
        return draft


class SimulatedPeriod(Entity):
    period: Period
    totals: ClosingTotals
    total: Money
    credit: Money


class Simulation(Entity):
    """O que seria cobrado, e o que muda em relação a outro período."""

    contract_title: str
    periods: tuple[SimulatedPeriod, ...]
    """Do mais antigo ao mais novo."""
    lines: tuple[Line, ...]
    """As linhas do período mais novo, as maiores primeiro, cada uma com o cálculo."""
    line_count: int
    issues: tuple[PendingIssue, ...]
    comparison: Comparison


class Simulated(NamedTuple):
    """One period of one contract, computed and not kept."""

    contract: Contract
    period: Period
    figures: Figures
    adjustments: Sequence[Adjustment] = ()

    @property
    def totals(self) -> ClosingTotals:
        return closing_totals(self.figures.lines, (adjustment.signed for adjustment in self.adjustments))

    @property
    def side(self) -> Side:
        present = {item.id for item in self.contract.items if item.in_contract(self.period) is not None}
        return Side(
            lines=self.figures.lines,
            definitions=self.contract.definitions_in(self.period),
            items=present,
            adjustments=[(adjustment.description, adjustment.signed) for adjustment in self.adjustments],
        )


def simulate(call: Call, request: SimulationRequest) -> Simulation:
    """Raises NotFound, Forbidden, and Refused if the data cannot be rated."""
    gatherer = Gatherer(call.tenant_id)
    cut_off_day = 1 if request.draft is None else request.draft.cut_off_day
    if request.contract_id is not None:
        kept = contracts.get_for(call, request.customer_id, request.contract_id)
        cut_off_day = kept.cut_off_day
    month = request.month or Month.of(closing_month(call.today, cut_off_day).start).plus(-1)
    wanted = [month.plus(-back) for back in range(request.months)]
    other = request.compare_with or month.plus(-1)
    require_near(call.today, month, other)
    if request.contract_id is not None:
        simulated = of_kept(gatherer, kept, {*wanted, other})
    else:
        assert request.draft is not None
        simulated = _of_draft(call, gatherer, request.customer_id, request.draft, {*wanted, other})
    newest = simulated[month]
    shown = sorted(newest.figures.lines, key=lambda line: (-abs(line.amount.cents), line.line_id))
    return Simulation(
        contract_title=newest.contract.title,
        periods=tuple(_summary(simulated[month_wanted]) for month_wanted in sorted(wanted)),
        lines=tuple(explained(line) for line in shown[:MOST_LINES]),
        line_count=len(shown),
        issues=newest.figures.issues,
        comparison=compare(simulated[other].side, newest.side),
    )


def require_near(today: date, *months: Month) -> None:
    """Raises Refused for a month too far ahead: all months before it would have to be computed."""
    last = Month.of(today).plus(MOST_AHEAD)
    if any(month > last for month in months):
        message = f"A simulação vai até {last.format_br()}, {MOST_AHEAD} meses depois de hoje."
        raise Refused.because([Refusal("simulation.too_far", message, field="month")])


def of_kept(gatherer: Gatherer, contract: Contract, months: Iterable[Month]) -> dict[Month, Simulated]:
    """A saved contract's months, starting from what its frozen closings carried over."""
    kept = [
        closing
        for closing in store.closings_of(gatherer.tenant_id, contract.customer_id)
        if closing.contract_id == contract.id
    ]
    return {month: _of_kept(gatherer, contract, kept, month) for month in months}


def _of_kept(gatherer: Gatherer, contract: Contract, kept: Sequence[Closing], month: Month) -> Simulated:
    """`kept` has the newest first."""
    period = closing_period(month, contract.cut_off_day)
    began = contract.activated_on
    if began is None or period.end <= began:
        return Simulated(contract, period, Figures())
    frozen = next(
        (earlier for earlier in kept if earlier.is_frozen and earlier.period.end <= period.start), None
    )
    opening, start = Figures(), began
    if frozen is not None:
        opening = store.figures(gatherer.tenant_id, contract.customer_id, frozen.id, frozen.pages)
        start = frozen.period.end
    while start < period.start:
        before = _to(period_from(start, contract.cut_off_day), period.start)
        opening, start = _computed(gatherer, contract, before, opening, kept), before.end
    figures = _computed(gatherer, contract, _to(Period(start, period.end), period.end), opening, kept)
    adjustments = [
        adjustment for closing in kept if closing.period.start in period for adjustment in closing.adjustments
    ]
    return Simulated(contract, period, figures, adjustments)


def _to(period: Period, end: date) -> Period:
    return Period(period.start, min(period.end, end))


def _computed(
    gatherer: Gatherer, contract: Contract, period: Period, opening: Figures, kept: Iterable[Closing]
) -> Figures:
    """Computed as a closing of the period would be; months billed by the contract's own closings are its own."""
    mine: set[Month] = set()
    for closing in kept:
        if closing.is_frozen and closing.period.start in period:
            billed = store.figures(gatherer.tenant_id, contract.customer_id, closing.id, closing.pages)
            mine.update(billed.usage_months)
    closing = model.start(contract, period)
    gathered = gatherer.gather_from(opening, contract, closing, mine)
    return compute(contract, closing, gathered, period.end)


def _of_draft(
    call: Call, gatherer: Gatherer, customer_id: str, draft: NewContract, months: Iterable[Month]
) -> dict[Month, Simulated]:
    call.require_company(draft.company_id)
    require_customer(call.tenant_id, customer_id)
    periods = {month: closing_period(month, draft.cut_off_day) for month in sorted(months)}
    contract = _as_if_signed(call.tenant_id, customer_id, draft, min(periods.values()).start)
    gatherer.work_of = [agreed.id for agreed in contracts.contracts_for(call, customer_id)]
    simulated: dict[Month, Simulated] = {}
    for month, period in periods.items():
        opening = Figures(counters=_counters(call.tenant_id, contract, period.start))
        closing = model.start(contract, period)
        mine = list(usage_months(period, contract.cut_off_day))
        gathered = gatherer.gather_from(opening, contract, closing, mine)
        simulated[month] = Simulated(contract, period, compute(contract, closing, gathered, period.end))
    return simulated


def _as_if_signed(tenant_id: str, customer_id: str, draft: NewContract, since: date) -> Contract:
    """The draft as if in force, with all its items and first versions, from the first simulated day."""
    first = {d.definition_id: d.version for d in sorted(draft.definitions, key=lambda d: -d.version)}
    definitions = tuple(
        definition.evolve(valid_from=min(definition.valid_from, since))
        if definition.version == first[definition.definition_id]
        else definition
        for definition in draft.definitions
    )
    items = tuple(_as_if_there(tenant_id, customer_id, item, since) for item in draft.items)
    return Contract.model_validate(
        {
            **dict(draft),
            "starts_on": min(draft.starts_on, since),
            "items": items,
            "definitions": definitions,
            "id": DRAFT_ID,
            "number": 1,
            "customer_id": customer_id,
            "state": ContractState.ACTIVE,
            "activated_on": since,
        }
    )


def _as_if_there(tenant_id: str, customer_id: str, item: ContractItem, since: date) -> ContractItem:
    """The item as if in the contract since then, its meters counting from their oldest reading if that is lower."""
    meters = []
    for meter in item.meters:
        known = usage.readings(tenant_id, customer_id, item.id, meter.unit)
        meters.append(meter.evolve(initial=min([meter.initial, *(reading.value for reading in known[:1])])))
    return item.evolve(joined_on=min(item.joined_on, since), meters=tuple(meters))


def _counters(tenant_id: str, contract: Contract, start: date) -> tuple[PeriodCounter, ...]:
    """What the meters had counted when the period began, which is not billed in it."""
    counters = []
    for item in contract.items:
        for meter in item.meters:
            known = usage.readings(tenant_id, contract.customer_id, item.id, meter.unit)
            readings = [reading.for_rating() for reading in known]
            units = RatedMeter(meter.initial, start, readings).position(start).units
            counters.append(
                PeriodCounter(
                    item_id=item.id,
                    unit=meter.unit,
                    units_before=units,
                    units=units,
                    is_estimated=False,
                    days_since_reading=0,
                )
            )
    return tuple(counters)


def _summary(simulated: Simulated) -> SimulatedPeriod:
    totals = simulated.totals
    return SimulatedPeriod(period=simulated.period, totals=totals, total=totals.total, credit=totals.credit)
