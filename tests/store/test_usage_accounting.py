"""Each accepted usage row is billed once or waits for a closing that will bill it, whatever arrives during a run
(CLO-11)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from billing.access.call import Call
from billing.closings import service as closing_service
from billing.closings import store as closings
from billing.closings import unfreezing
from billing.closings.model import FreezeRequest
from billing.contracts import service as contracts
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract, Why
from billing.contracts.store import contract_row
from billing.core.errors import BillingError, Refused
from billing.core.money import ZERO, Money
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.invoicing.invariants import Finding
from billing.usage import metering, utility_bills
from billing.usage import service as usage
from billing.usage.bills import NewUtilityBill, find_bill
from billing.usage.model import NewUsageEntry, UsageEntry
from billing.usage.readings import NewReading
from billing.usage.work import count_transactions
from infra.local import audit, usage_audit
from tests.support import made
from tests.support.aws import InProcessAws, in_process_aws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, on, put, read, sell
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH,
    MARCH_1,
    PRINTER,
    TENANT,
    brokered,
    contract,
    printing,
)
from tests.support.cutting import meanwhile
from tests.support.tables import create_tables

APRIL_1, MAY_1 = date(2026, 4, 1), date(2026, 5, 1)
WORK = {"definition_id": "def_work", "valid_from": "2025-01-01", "category": "work_order"}
CLOUD_CUSTOMER, WORK_CUSTOMER, BUILDING_CUSTOMER = CUSTOMERS = ("cus_0003", "cus_0002", "cus_0001")
BUILDING = "Edifício Aurora"
pytestmark = pytest.mark.req("CLO-11", "PLT-04", "BEY-10")


@dataclass
class Ledger:
    """What was accepted, in money: each usage entry and each work order has a price of its own."""

    accepted: dict[str, Money] = field(default_factory=dict)
    number: int = 0

    def _next(self) -> int:
        self.number += 1
        return self.number

    def enter_usage(self, month: Month, day: date) -> None:
        number = self._next()
        new = NewUsageEntry(month=month, billing_item_id="itm_0001", quantity=number)
        try:
            entry = usage.add_entry(on(day, hour=20), CLOUD_CUSTOMER, new)
        except BillingError:
            return
        self.accepted[entry.id] = Money.from_cents(100 * number)

    def meter(self, month: Month, day: date) -> None:
        number = self._next()
        event = {
            "event_key": f"vm-{number}",
            "customer_id": CLOUD_CUSTOMER,
            "month": month,
            "billing_item_id": "itm_0001",
            "quantity": str(number),
        }
        report = usage.count_events(on(day, hour=20), [(1, event)], pytest.fail).report()
        if report.accepted:
            self.accepted[f"vm-{number}"] = Money.from_cents(100 * number)

    def work(self, used_on: date, day: date) -> None:
        number = self._next()
        event = {
            "event_key": f"os-{number}",
            "customer_id": WORK_CUSTOMER,
            "item_id": "eqp_0001",
            "on": used_on,
            "category": "work_order",
            "subcategory": "labour",
            "quantity": "1",
            "unit_price": str(number),
        }
        report = count_transactions(on(day, hour=20), [(1, event)], pytest.fail).report()
        if report.accepted:
            self.accepted[f"os-{number}"] = Money.from_cents(100 * number)

    def file(self, month: Month, day: date) -> None:
        """A file's line, whose chunk is processed twice."""
        number = self._next()
        event = {
            "event_key": f"file-{number}",
            "customer_id": CLOUD_CUSTOMER,
            "month": month,
            "billing_item_id": "itm_0001",
            "quantity": str(number),
        }
        for _ in range(2):
            outcome = usage.count_events(on(day, hour=20), [(number, event)], pytest.fail, "imp_1")
        if outcome.report().accepted:
            self.accepted[f"file-{number}"] = Money.from_cents(100 * number)

    def bill(self, month: Month, day: date) -> None:
        """A bill for a building with one tenant, who pays it in full: received, or corrected if it already exists."""
        amount = Money.from_cents(100 * self._next())
        new = NewUtilityBill(source=BUILDING, month=month, amount=amount)
        there = find_bill(TENANT, BUILDING, month)
        if there is not None:
            with suppress(BillingError):
                utility_bills.correct(on(day, hour=20), there.version, new)
                self.accepted[f"bill-{month}"] = amount
            return
        report = utility_bills.count_bills(on(day, hour=20), [(1, new)], pytest.fail).report()
        if report.accepted:
            self.accepted[f"bill-{month}"] = amount

    @property
    def total(self) -> Money:
        return Money.sum(self.accepted.values())


def base(call: Call, **changes: object) -> tuple[Contract, Contract]:
    for number in (2, 3):
        made.keep(call, customer_row(TENANT, made.customer(number)))
    sell(price="1.00")
    item = {**PRINTER, "meters": []}
    return (
        begin(brokered(CLOUD_CUSTOMER, **changes)),
        begin(printing(WORK_CUSTOMER, items=[item], definitions=[WORK], **changes)),
    )


def tenant_of_the_building() -> Contract:
    energy = {
        "definition_id": "def_energy",
        "valid_from": "2025-01-01",
        "category": "energy",
        "scope": "contract",
        "energy": {"utility_bill_source": BUILDING},
    }
    return contract(BUILDING_CUSTOMER, mode="closing", definitions=[energy])


def billed() -> Money:
    """The lines of the frozen closings."""
    return Money.sum(
        line.amount
        for customer in CUSTOMERS
        for closing in closings.closings_of(TENANT, customer)
        if closing.is_frozen
        for line in closings.figures(TENANT, customer, closing.id, closing.pages).lines
        if line.billed
    )


def audited() -> Iterator[Finding]:
    return usage_audit.findings(audit.usage_books(TENANT))


@contextmanager
def during(aws: InProcessAws, arrivals: dict[int, list[Callable[[], None]]]) -> Iterator[None]:
    """Inside the block, each arrival happens before the write of its number."""
    with ExitStack() as stack:
        for point, actions in arrivals.items():
            for action in actions:
                stack.enter_context(meanwhile(aws, point, action))
        yield


@pytest.mark.parametrize(("months_due", "point"), [(n, p) for n in (1, 2, 3) for p in range(2 * n + 4)])
def test_usage_of_the_oldest_month_that_arrives_during_a_run_is_billed(
    aws: InProcessAws, call: Call, months_due: int, point: int
) -> None:
    base(call)
    day = date(2026, 1 + months_due, 1)
    ledger = Ledger()

    def arrive() -> None:
        ledger.enter_usage(JANUARY, day)
        ledger.meter(JANUARY, day)
        ledger.work(date(2026, 1, 15), day)

    files = MemoryFiles()
    with during(aws, {point: [arrive]}):
        close_all(day, files)
    for later in range(1, 3):
        close_all(date(2026, 1 + months_due + later, 1), files)

    assert ledger.accepted
    assert billed() == ledger.total
    assert list(audited()) == []


@pytest.mark.req("BEY-10")
def test_audit_finds_usage_that_is_lost_taken_twice_or_in_no_line(aws: InProcessAws, call: Call) -> None:
    base(call)
    ledger = Ledger()
    ledger.enter_usage(JANUARY, FEBRUARY_1)
    ledger.work(date(2026, 1, 15), FEBRUARY_1)
    ledger.enter_usage(FEBRUARY, FEBRUARY_1)
    close_all(FEBRUARY_1, MemoryFiles())
    assert list(audited()) == []
    books = audit.usage_books(TENANT)
    taken, rules = books.taken(), []
    assert len(taken) == 2

    for usage_id, (closing,) in taken.items():
        figures = books.figures[closing.id]
        others = tuple(counted_id for counted_id in figures.usage_ids if counted_id != usage_id)
        forgotten = {**books.figures, closing.id: figures._replace(usage_ids=others, usage_months=())}
        rules += [finding.rule for finding in usage_audit.findings(replace(books, figures=forgotten))]
        unbilled = {**books.figures, closing.id: figures._replace(lines=())}
        rules += [finding.rule for finding in usage_audit.findings(replace(books, figures=unbilled))]
        twin = closing.evolve(id=f"{closing.id}x")
        twice = {**books.figures, twin.id: figures}
        again = replace(books, figures=twice, closings=[*books.closings, twin])
        rules += [finding.rule for finding in usage_audit.findings(again)]

    assert {"usage_lost", "usage_line", "usage_twice"} <= set(rules)


@dataclass(frozen=True)
class Event:
    """Something that others do at a write of a run: usage of a month arrives, or a person freezes or unfreezes."""

    point: int
    kind: str
    month: Month
    today: date
    """By the clock of the person who does it, which may have been set back."""


MONTHS = (JANUARY, FEBRUARY, MARCH)
EVENTS = st.builds(
    Event,
    point=st.integers(0, 30),
    kind=st.sampled_from(("entry", "meter", "file", "work", "bill", "bill", "freeze", "unfreeze")),
    month=st.sampled_from(MONTHS),
    today=st.sampled_from((date(2026, 3, 15), APRIL_1, date(2026, 4, 2))),
)


def happen(ledger: Ledger, event: Event) -> None:
    match event.kind:
        case "entry":
            ledger.enter_usage(event.month, event.today)
        case "meter":
            ledger.meter(event.month, event.today)
        case "file":
            ledger.file(event.month, event.today)
        case "work":
            ledger.work(event.month.day(15), event.today)
        case "bill":
            ledger.bill(event.month, event.today)
        case by_hand:
            _by_hand(by_hand, event)


def _by_hand(act: str, event: Event) -> None:
    for customer in CUSTOMERS:
        try:
            closing = closing_of(customer, event.month)
            if act == "unfreeze":
                unfreezing.unfreeze(on(event.today), customer, closing.id, closing.version)
            else:
                request = FreezeRequest(confirm=True)
                closing_service.freeze(on(event.today), customer, closing.id, closing.version, request)
        except (BillingError, ValueError):
            pass  # not begun yet, not to be frozen, or the run came first


@settings(max_examples=15, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(
    events=st.lists(EVENTS, min_size=1, max_size=8),
    ends_on=st.sampled_from((None, MARCH_1, date(2026, 4, 1))),
    runs=st.lists(st.sampled_from((FEBRUARY_1, MARCH_1, APRIL_1)), min_size=1, max_size=3),
)
def test_all_that_is_accepted_is_billed_once(
    events: list[Event], ends_on: date | None, runs: list[date]
) -> None:
    """`runs` has runs in any order, as when a clock is changed."""
    ledger, files = Ledger(), MemoryFiles()
    with in_process_aws() as aws:
        create_tables()
        base(on(MARCH_1), **({} if ends_on is None else {"ends_on": ends_on}))
        begin(tenant_of_the_building())
        ledger.enter_usage(JANUARY, MARCH_1)
        ledger.work(date(2026, 1, 10), MARCH_1)
        arrivals: dict[int, list[Callable[[], None]]] = {}
        for event in events:
            arrivals.setdefault(event.point, []).append(lambda event=event: happen(ledger, event))
        with during(aws, arrivals):
            for day in runs:
                close_all(day, files)
        for day in (APRIL_1, MAY_1, date(2026, 6, 1)):
            close_all(day, files)
        _settle(files)

        assert billed() == ledger.total
        assert ledger.total > ZERO
        assert list(audited()) == []


def _settle(files: MemoryFiles) -> None:
    """What waits for a person is frozen, oldest first; each makes the next."""
    for customer in CUSTOMERS:
        for month in (*MONTHS, Month("2026-04")):
            for closing in closings.closings_of(TENANT, customer):
                if Month.of(closing.period.start) == month and not closing.is_frozen:
                    request = FreezeRequest(confirm=True)
                    closing_service.freeze(on(MAY_1), customer, closing.id, closing.version, request)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as raised:
        act()
    return [reason.code for reason in raised.value.reasons]


def entered(month: Month, day: date = MAY_1, quantity: int = 1) -> UsageEntry:
    new = NewUsageEntry(month=month, billing_item_id="itm_0001", quantity=Decimal(quantity))
    return usage.add_entry(on(day, hour=20), CLOUD_CUSTOMER, new)


def metered(month: Month, day: date = MAY_1) -> list[str]:
    """The reasons for which an event is refused."""
    event = {
        "event_key": f"vm-{month}-{day}",
        "customer_id": CLOUD_CUSTOMER,
        "month": month,
        "billing_item_id": "itm_0001",
        "quantity": "1",
    }
    report = usage.count_events(on(day, hour=20), [(1, event)], pytest.fail).report()
    return [reason.code for line in report.refused for reason in line.reasons]


@pytest.mark.req("USE-01", "USE-03")
def test_usage_that_no_contract_would_bill_is_refused(aws: InProcessAws, call: Call) -> None:
    """The contract is in force from 20 January until the end of March."""
    made.keep(call, customer_row(TENANT, made.customer(3)))
    sell(price="1.00")
    assert refused(lambda: entered(JANUARY)) == ["usage.no_contract"]
    put(contract_row(TENANT, brokered(CLOUD_CUSTOMER, ends_on=APRIL_1)))
    assert refused(lambda: entered(JANUARY)) == ["usage.no_contract"]  # it awaits activation
    closing_service.activate(on(date(2026, 1, 20)), CLOUD_CUSTOMER, "con_0003", 1, date(2026, 1, 20))

    assert refused(lambda: entered(Month("2025-12"))) == ["usage.no_contract"]
    assert entered(JANUARY).month == JANUARY
    assert entered(MARCH).month == MARCH
    assert refused(lambda: entered(Month("2026-04"))) == ["usage.no_contract"]
    assert metered(Month("2025-12")) == metered(Month("2026-04")) == ["usage.no_contract"]
    assert metered(MARCH) == []
    assert usage.open_months(on(MAY_1), CLOUD_CUSTOMER).months == (MARCH, FEBRUARY, JANUARY)


@pytest.mark.req("USE-03")
def test_usage_after_the_last_freeze_is_refused(aws: InProcessAws, call: Call) -> None:
    base(call, ends_on=MARCH_1)
    close_all(MARCH_1, MemoryFiles())

    assert metered(JANUARY) == metered(FEBRUARY) == ["usage.contract_closed"]
    assert refused(lambda: entered(FEBRUARY)) == ["usage.finalised"]


@pytest.mark.parametrize("point", range(6))
def test_what_arrives_or_goes_while_the_last_closing_freezes_is_seen(
    aws: InProcessAws, call: Call, point: int
) -> None:
    base(call, ends_on=FEBRUARY_1)
    ledger = Ledger()
    gone = entered(JANUARY, FEBRUARY_1, 64)

    def arrive() -> None:
        ledger.enter_usage(JANUARY, FEBRUARY_1)
        ledger.work(date(2026, 1, 15), FEBRUARY_1)
        with suppress(BillingError):
            usage.remove(on(FEBRUARY_1), CLOUD_CUSTOMER, JANUARY, gone.id, gone.version)
            gone_amounts.clear()

    gone_amounts = [Money("64.00")]
    with meanwhile(aws, point, arrive):
        close_all(FEBRUARY_1, MemoryFiles())

    assert all(closing_of(customer_id, JANUARY).is_frozen for customer_id in (CLOUD_CUSTOMER, WORK_CUSTOMER))
    assert billed() == ledger.total + Money.sum(gone_amounts)


@pytest.mark.req("CTR-03")
def test_usage_past_a_cancellation_of_the_past_waits_at_the_last_closing(
    aws: InProcessAws, call: Call
) -> None:
    cloud, _ = base(call)
    entered(MARCH, APRIL_1)
    close_all(FEBRUARY_1, MemoryFiles())
    why = Why(on=date(2026, 1, 20), reason="Mudou de fornecedor")
    closing_service.cancel(on(APRIL_1), CLOUD_CUSTOMER, cloud.id, cloud.version, why)

    close_all(APRIL_1, MemoryFiles())
    last = closing_of(CLOUD_CUSTOMER, FEBRUARY)
    assert (last.is_frozen, last.pending) == (False, {"rating.usage_outside_period": 1})
    figures = closings.figures(TENANT, CLOUD_CUSTOMER, last.id, last.pages)
    assert [issue.title[:17] for issue in figures.issues] == ["Uso de 01/03/2026"]

    request = FreezeRequest(confirm=True)
    frozen = closing_service.freeze(on(APRIL_1), CLOUD_CUSTOMER, last.id, last.version, request)
    assert (frozen.successor_id, refused(lambda: entered(MARCH))) == (
        None,
        ["usage.no_contract", "usage.finalised"],
    )


@pytest.mark.req("USE-07")
def test_transactions_of_days_frozen_before_the_contract_had_items_are_billed(
    aws: InProcessAws, call: Call
) -> None:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    contract = begin(printing(WORK_CUSTOMER, items=[], definitions=[WORK]))
    close_all(MARCH_1, MemoryFiles())
    item = ContractItem.model_validate({**PRINTER, "meters": []})
    contracts.put_item(on(MARCH_1), WORK_CUSTOMER, contract.id, contract.version, item)
    ledger = Ledger()
    ledger.work(date(2026, 1, 15), MARCH_1)
    ledger.work(date(2026, 3, 1), MARCH_1)

    close_all(APRIL_1, MemoryFiles())
    march = closing_of(WORK_CUSTOMER, MARCH)
    assert billed() == ledger.total == Money("3.00")
    unfrozen = unfreezing.unfreeze(on(APRIL_1), WORK_CUSTOMER, march.id, march.version)
    again = closing_service.freeze(
        on(APRIL_1), WORK_CUSTOMER, unfrozen.id, unfrozen.version, FreezeRequest(confirm=True)
    )
    assert again.total == ledger.total


@pytest.mark.req("USE-04")
@pytest.mark.parametrize("ends", ["item", "contract"])
def test_reading_after_the_last_freeze_with_the_item_is_refused(
    aws: InProcessAws, call: Call, ends: str
) -> None:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    left = {**PRINTER, "left_on": "2026-01-20"}
    begin(
        printing(WORK_CUSTOMER, items=[left])
        if ends == "item"
        else printing(WORK_CUSTOMER, ends_on=FEBRUARY_1)
    )
    reading = NewReading(item_id="eqp_0001", unit="page_mono", on=date(2026, 1, 20), value=Decimal(9000))
    metering.record(on(FEBRUARY_1), WORK_CUSTOMER, reading)
    closing = closing_of(WORK_CUSTOMER, JANUARY)
    frozen = closing_service.freeze(
        on(FEBRUARY_1), WORK_CUSTOMER, closing.id, closing.version, FreezeRequest(confirm=True)
    )
    later = reading.evolve(on=date(2026, 1, 19), value=Decimal(8000))
    assert refused(lambda: metering.record(on(FEBRUARY_1), WORK_CUSTOMER, later)) == ["reading.closed"]

    unfreezing.unfreeze(on(FEBRUARY_1), WORK_CUSTOMER, frozen.id, frozen.version)
    assert metering.record(on(FEBRUARY_1), WORK_CUSTOMER, later).value == 8000


@pytest.mark.req("USE-04")
@pytest.mark.parametrize("point", range(5))
def test_reading_that_comes_while_the_last_closing_freezes_is_billed_or_refused(
    aws: InProcessAws, call: Call, point: int
) -> None:
    made.keep(call, customer_row(TENANT, made.customer(2)))
    begin(printing(WORK_CUSTOMER, ends_on=FEBRUARY_1))
    put_reading = NewReading(item_id="eqp_0001", unit="page_mono", on=date(2026, 1, 15), value=Decimal(1100))
    metering.record(on(FEBRUARY_1), WORK_CUSTOMER, put_reading)
    taken: list[bool] = []

    def arrive() -> None:
        reading = put_reading.evolve(on=date(2026, 1, 31), value=Decimal(9000))
        with suppress(Refused):
            metering.record(on(FEBRUARY_1), WORK_CUSTOMER, reading)
            taken.append(True)

    with meanwhile(aws, point, arrive):
        close_all(FEBRUARY_1, MemoryFiles())

    assert list(audited()) == []
    closing = closing_of(WORK_CUSTOMER, JANUARY)
    (counter,) = closings.figures(TENANT, WORK_CUSTOMER, closing.id, closing.pages).counters
    assert (closing.is_frozen, str(counter.units)) == (True, "8000" if taken else "100")


@pytest.mark.req("BEY-10", "USE-04")
@pytest.mark.parametrize(
    ("day", "rules"),
    [(date(2026, 1, 31), ["reading_lost"]), (FEBRUARY_1, ["reading_lost"]), (date(2026, 2, 2), [])],
)
def test_audit_finds_a_reading_that_the_last_closing_did_not_bill(
    aws: InProcessAws, call: Call, day: date, rules: list[str]
) -> None:
    """A counter reading on the day after the last one still counts the last day's use; a later one does not belong to
    the contract."""
    made.keep(call, customer_row(TENANT, made.customer(2)))
    begin(printing(WORK_CUSTOMER, ends_on=FEBRUARY_1))
    read(WORK_CUSTOMER, "1100", date(2026, 1, 15))
    close_all(FEBRUARY_1, MemoryFiles())
    assert list(audited()) == []

    read(WORK_CUSTOMER, "9000", day)  # as no service stores it any more
    assert [finding.rule for finding in audited()] == rules


@pytest.mark.req("BEY-10", "CLO-06")
def test_audit_proves_what_the_issues_that_a_person_passed_over_do_not_leave_out(
    aws: InProcessAws, call: Call
) -> None:
    """An item without a price stays unbilled, as its issue said; never more than was used, and nothing of other
    issues."""
    base(call)
    entered(JANUARY, FEBRUARY_1, 7)
    sell("itm_0002", since=FEBRUARY)  # without a price in January
    new = NewUsageEntry(month=JANUARY, billing_item_id="itm_0002", quantity=Decimal(3))
    usage.add_entry(on(FEBRUARY_1, hour=20), CLOUD_CUSTOMER, new)
    closing = closing_of(CLOUD_CUSTOMER, JANUARY)
    frozen = closing_service.freeze(
        on(FEBRUARY_1), CLOUD_CUSTOMER, closing.id, closing.version, FreezeRequest(confirm=True)
    )
    assert frozen.pending == {"rating.price_missing": 1}
    assert list(audited()) == []

    books = audit.usage_books(TENANT)
    figures = books.figures[frozen.id]
    twice = figures._replace(lines=(*figures.lines, *figures.lines))
    others = figures._replace(issues=tuple(i.evolve(code="closing.item_silent") for i in figures.issues))
    for spoilt in (twice, others):
        again = replace(books, figures={**books.figures, frozen.id: spoilt})
        assert {finding.rule for finding in usage_audit.findings(again)} == {"usage_line"}
