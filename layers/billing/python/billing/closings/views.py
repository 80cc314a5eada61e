"""Closings on the screen: the timeline, a month's list with its total, one closing in detail, and the reason for each
amount (CLO-02, CLO-03, CLO-09, CHG-09)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from billing.access.call import Call
from billing.closings import carry_over, store
from billing.closings.carry_over import CarryOverRow
from billing.closings.figures import FiguresPage, PendingIssue, PeriodCounter
from billing.closings.lines import Line, explained
from billing.closings.model import Closing
from billing.closings.offers import ClosingOffer, of_closing
from billing.closings.states import ClosingStatus
from billing.closings.store import ClosingOfMonth
from billing.contracts import store as contracts
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.errors import InvalidInput
from billing.core.money import Money, Quantity, UnitPrice
from billing.core.names import with_names
from billing.core.page import Page, cursor_at, number_in, part_of, place_in
from billing.core.period import Month, Period
from billing.customers import store as customers
from billing.customers.company_store import companies
from billing.rating.exact import Number
from billing.rating.lines import RatedLine, unit_price_of
from billing.rating.pricing.allowance import Allowance
from billing.rating.units import written

LONGEST_TIMELINE = 24
PAGE = 50
NOT_COMPUTED = "ainda não calculado"


class TimelineMonth(Entity):
    month: Month
    closings: int
    """Fechamentos iniciados no mês."""
    total: Money
    """O que foi calculado deles."""
    frozen: int
    """Quantos já estão congelados."""
    pending: int
    """Quantos têm pendências."""


class Timeline(Entity):
    months: tuple[TimelineMonth, ...]


class ClosingFilter(NamedTuple):
    company_id: str | None = None
    customer_id: str | None = None
    contract_id: str | None = None
    pending: bool | None = None
    """Only with issues, or only without."""

    def takes(self, closing: ClosingOfMonth) -> bool:
        return (
            self.customer_id in {None, closing.customer_id}
            and self.contract_id in {None, closing.contract_id}
            and self.pending in {None, closing.pending > 0}
        )


class ClosingSummary(Entity):
    id: str
    customer_id: str
    customer: str
    contract_id: str
    contract_title: str
    period: Period
    status: ClosingStatus
    status_label: str
    pending: int
    computed_at: datetime | None = None
    due: Money
    """Valor total devido; 0.00 enquanto não calculado."""
    due_label: str
    """O valor por extenso, ou “ainda não calculado”."""
    charged: Money | None = None
    """Valor total cobrado, depois de finalizada."""
    issued_on: date | None = None
    """Data em que a cobrança foi registrada."""
    situation: str
    """“Cobrar” enquanto não congelado; depois, “Finalizada”."""
    actions: tuple[ClosingOffer, ...] = ()


class MonthOfClosings(Entity):
    """Uma página dos fechamentos de um mês, com a contagem e o total de tudo o que o filtro abrange."""

    month: Month
    count: int
    total: Money
    items: tuple[ClosingSummary, ...]
    next_cursor: str | None = None


class MeterOfItem(Entity):
    unit: str
    initial: Quantity
    """Contador inicial."""
    final: Quantity
    """Contador final; estimado onde não há leitura."""
    is_estimated: bool


class Production(Entity):
    """O que uma definição cobra pelo uso de um item."""

    description: str
    quantity: Quantity | None = None
    allowance: Quantity | None = None
    """Franquia."""
    excess: Quantity | None = None
    """Excedente."""
    unit_price: UnitPrice | None = None
    """R$ por unidade; de uma franquia, por unidade excedente. Ausente onde não há um preço só, como em faixas."""
    amount: Money


class ItemOfClosing(Entity):
    item_id: str
    description: str
    location: str | None = None
    meters: tuple[MeterOfItem, ...]
    production: tuple[Production, ...]
    fixed_cost: Money


class FixedCost(Entity):
    description: str
    amount: Money


class ClosingDetail(Closing):
    """O fechamento com seus itens, custos fixos e pendências; as linhas são lidas à parte."""

    customer: str
    status_label: str
    total_label: str
    """O total por extenso, ou “ainda não calculado”."""
    items: tuple[ItemOfClosing, ...]
    contract_production: tuple[Production, ...]
    fixed_costs: tuple[FixedCost, ...]
    carry_over: tuple[CarryOverRow, ...]
    """Os movimentos do saldo de mínimo no período."""
    issues: tuple[PendingIssue, ...]
    actions: tuple[ClosingOffer, ...] = ()


def timeline(call: Call, first: Month, last: Month, criteria: ClosingFilter) -> Timeline:
    """What was started in each month, of what the filter takes. Raises InvalidInput for more than two years."""
    months = [first]
    while months[-1] < last and len(months) <= LONGEST_TIMELINE:
        months.append(months[-1].plus(1))
    if first > last or len(months) > LONGEST_TIMELINE:
        raise InvalidInput(
            "closings.timeline", f"O mês final vem depois do inicial, até {LONGEST_TIMELINE} meses."
        )
    return Timeline(months=tuple(_month(month, _taken(call, month, None, criteria)) for month in months))


def _month(month: Month, started: list[ClosingOfMonth]) -> TimelineMonth:
    return TimelineMonth(
        month=month,
        closings=len(started),
        total=Money.sum(closing.total for closing in started),
        frozen=sum(closing.status is ClosingStatus.FROZEN for closing in started),
        pending=sum(closing.pending > 0 for closing in started),
    )


def month_of_closings(
    call: Call,
    month: Month,
    status: ClosingStatus | None,
    cursor: str | None,
    criteria: ClosingFilter,
) -> MonthOfClosings:
    """The closings that started in a month."""
    listed = sorted(_taken(call, month, status, criteria), key=_place)
    of_filter = "#".join("" if one is None else str(one) for one in criteria)
    this = f"{call.tenant_id}#closings#{month}#{of_filter}#{status or ''}"
    after = place_in(this, cursor)
    following = listed if after is None else [closing for closing in listed if _place(closing) > after]
    page = following[:PAGE]
    return MonthOfClosings(
        month=month,
        count=len(listed),
        total=Money.sum(closing.total for closing in listed),
        items=_summaries(
            call,
            store.get_many(call.tenant_id, [(closing.customer_id, closing.closing_id) for closing in page]),
        ),
        next_cursor=cursor_at(this, _place(page[-1])) if len(following) > PAGE else None,
    )


def _taken(
    call: Call, month: Month, status: ClosingStatus | None, criteria: ClosingFilter
) -> list[ClosingOfMonth]:
    wanted = (company for company in _companies(call) if criteria.company_id in {None, company})
    return [
        closing
        for company in wanted
        for closing in _started_in(call, company, month, status)
        if criteria.takes(closing)
    ]


def _started_in(
    call: Call, company_id: str, month: Month, status: ClosingStatus | None
) -> list[ClosingOfMonth]:
    """A company's closings, in the state that people read: an open one whose period has ended is processed."""
    if status not in {ClosingStatus.OPEN, ClosingStatus.PROCESSED}:
        return store.started_in(call.tenant_id, company_id, month, status)
    still_open = store.started_in(call.tenant_id, company_id, month, ClosingStatus.OPEN)
    over = (
        {closing.closing_id for closing in store.live_until(call.tenant_id, call.today)}
        if still_open
        else set()
    )
    if status is ClosingStatus.OPEN:
        return [closing for closing in still_open if closing.closing_id not in over]
    processed = store.started_in(call.tenant_id, company_id, month, status)
    return [*processed, *(closing for closing in still_open if closing.closing_id in over)]


def of_customer(call: Call, customer_id: str, cursor: str | None = None) -> Page[ClosingSummary]:
    """All of a customer's closings with the companies that the caller works for, the newest first."""
    customers.get(call.tenant_id, customer_id)
    closings = store.closings_of(call.tenant_id, customer_id)
    mine = [closing for closing in closings if call.works_for(closing.company_id)]
    part, following = part_of(f"{call.tenant_id}#closings#{customer_id}", mine, cursor)
    page = Page[ClosingSummary](items=_summaries(call, part), next_cursor=following)
    return with_names(call.tenant_id, page, contracts.plans_of(customer_id))


def detail(call: Call, customer_id: str, closing_id: str) -> ClosingDetail:
    closing = store.get_for(call, customer_id, closing_id)
    contract = contracts.get(call.tenant_id, customer_id, closing.contract_id)
    figures = store.figures(call.tenant_id, customer_id, closing.id, closing.pages)
    lines = [line for line in figures.lines if line.billed]
    return ClosingDetail(
        **{**dict(closing), "status": closing.status_on(call.today)},
        customer=customers.get(call.tenant_id, customer_id).name,
        status_label=closing.status_on(call.today).label,
        total_label=NOT_COMPUTED if closing.computed_at is None else closing.total.format_br(),
        items=_items(contract, lines, figures.counters),
        contract_production=_production(contract, [line for line in lines if line.item_id is None]),
        fixed_costs=tuple(
            FixedCost(description=line.description, amount=_with_tax(line))
            for line in lines
            if line.kind == "fixed" and line.item_id is None
        ),
        carry_over=carry_over.rows(contract, closing, figures.carried),
        issues=figures.issues,
        actions=of_closing(call.permissions, closing, call.today),
    )


def lines(call: Call, customer_id: str, closing_id: str, cursor: str | None) -> Page[Line]:
    """One page of lines, each with its arithmetic in words."""
    closing = store.get_for(call, customer_id, closing_id)
    this = f"{call.tenant_id}#lines#{closing.id}"
    number = number_in(this, cursor)
    kept = (
        store.page(call.tenant_id, customer_id, closing.id, number)
        if number < closing.pages
        else FiguresPage()
    )
    return Page[Line](
        items=tuple(explained(line) for line in kept.lines),
        next_cursor=cursor_at(this, number + 1) if number + 1 < closing.pages else None,
    )


def _companies(call: Call) -> tuple[str, ...]:
    return call.scope.company_ids(lambda: (company.id for company in companies(call.tenant_id)))


def _summaries(call: Call, closings: Sequence[Closing]) -> tuple[ClosingSummary, ...]:
    people = customers.get_many(call.tenant_id, [closing.customer_id for closing in closings])
    names = {person.id: person.name for person in people}
    return tuple(
        ClosingSummary(
            id=closing.id,
            customer_id=closing.customer_id,
            customer=names.get(closing.customer_id, ""),
            contract_id=closing.contract_id,
            contract_title=closing.contract_title,
            period=closing.period,
            status=closing.status_on(call.today),
            status_label=closing.status_on(call.today).label,
            pending=sum(closing.pending.values()),
            computed_at=closing.computed_at,
            due=closing.due,
            due_label=NOT_COMPUTED if closing.computed_at is None else closing.due.format_br(),
            charged=closing.total if closing.is_frozen else None,
            issued_on=closing.frozen_on,
            situation="Finalizada" if closing.is_frozen else "Cobrar",
            actions=of_closing(call.permissions, closing, call.today),
        )
        for closing in closings
    )


def _items(
    contract: Contract, rated: list[RatedLine], counters: tuple[PeriodCounter, ...]
) -> tuple[ItemOfClosing, ...]:
    by_item: dict[str, list[RatedLine]] = {}
    for line in rated:
        by_item.setdefault(line.item_id or "", []).append(line)
    of_item: dict[str, list[PeriodCounter]] = {}
    for counter in counters:
        of_item.setdefault(counter.item_id, []).append(counter)
    return tuple(
        ItemOfClosing(
            item_id=item.id,
            description=item.description,
            location=item.location,
            meters=tuple(_meter(item, counter) for counter in of_item.get(item.id, ())),
            production=_production(contract, by_item.get(item.id, [])),
            fixed_cost=Money.sum(
                _with_tax(line) for line in by_item.get(item.id, ()) if line.kind == "fixed"
            ),
        )
        for item in contract.items
        if item.id in by_item or item.id in of_item
    )


def _meter(item: ContractItem, counter: PeriodCounter) -> MeterOfItem:
    """What the counter would show if it had never been replaced."""
    meter = item.meter(counter.unit)
    initial = meter.initial if meter is not None else Decimal(0)
    return MeterOfItem(
        unit=written(counter.unit) or counter.unit,
        initial=initial + counter.units_before,
        final=initial + counter.units,
        is_estimated=counter.is_estimated,
    )


def _production(contract: Contract, rated: list[RatedLine]) -> tuple[Production, ...]:
    """The lines that are not fixed costs, one row for each definition, in their order."""
    by_definition: dict[str, list[RatedLine]] = {}
    for line in rated:
        if line.kind != "fixed":
            by_definition.setdefault(line.definition_id, []).append(line)
    allowances = {
        definition.definition_id: definition.pricing.allowance
        for definition in contract.definitions
        if isinstance(definition.pricing, Allowance)
    }
    return tuple(
        Production(
            description=first.description,
            quantity=_decimal(first.quantity),
            allowance=allowances.get(first.definition_id),
            excess=next((_decimal(line.quantity) for line in of_one if line.kind == "excess"), None),
            unit_price=unit_price_of(of_one),
            amount=Money.sum(_with_tax(line) for line in of_one),
        )
        for first, *_ in by_definition.values()
        for of_one in [by_definition[first.definition_id]]
    )


def _decimal(quantity: Number | None) -> Decimal | None:
    """For reading: a fraction rounded to six places; the line itself keeps it exact."""
    if isinstance(quantity, Fraction):
        return round(Decimal(quantity.numerator) / Decimal(quantity.denominator), 6)
    return quantity


def _with_tax(line: RatedLine) -> Money:
    return line.amount if line.tax is None else line.amount + line.tax


def _place(listed: ClosingOfMonth) -> str:
    return f"{listed.status}#{listed.closing_id}"
