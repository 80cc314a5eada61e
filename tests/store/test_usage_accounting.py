"""Each accepted usage row is billed once or waits for a closing that will bill it, whatever arrives during a run (CLO-11)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from billing.access.call import Call
from billing.closings import service as closing_service
from billing.closings import store as closings
from billing.closings.model import FreezeRequest
from billing.contracts.model import Contract
from billing.core.errors import BillingError
from billing.core.money import ZERO, Money
from billing.core.period import Month
from billing.customers.store import customer_row
from billing.usage import service as usage
from billing.usage.model import NewUsageEntry
from billing.usage.work import import_transactions
from tests.support import made
from tests.support.aws import InProcessAws, in_process_aws
from tests.support.billing import MemoryFiles
from tests.support.closings import begin, close_all, closing_of, on, sell
from tests.support.contracts import (
    FEBRUARY,
    FEBRUARY_1,
    JANUARY,
    MARCH,
    MARCH_1,
    PRINTER,
    TENANT,
    brokered,
    printing,
)
from tests.support.cutting import meanwhile
from tests.support.tables import create_tables

APRIL_1, MAY_1 = date(2026, 4, 1), date(2026, 5, 1)
WORK = {"definition_id": "def_work", "valid_from": "2025-01-01", "category": "work_order"}
CLOUD_CUSTOMER, WORK_CUSTOMER = "cus_0003", "cus_0002"
pytestmark = pytest.mark.req("CLO-11", "PLT-04", "BEY-10")


@dataclass
class Ledger:
    """What was accepted, in money: each launch and each work order is of a price of its own."""

    accepted: dict[str, Money] = field(default_factory=dict)
    number: int = 0

    def launch(self, month: Month, day: date) -> None:
        self.number += 1
        new = NewUsageEntry(month=month, billing_item_id="itm_0001", quantity=self.number)
        try:
            entry = usage.launch(on(day, hour=20), CLOUD_CUSTOMER, new)
        except BillingError:
            return
        self.accepted[entry.id] = Money.from_cents(100 * self.number)

    def meter(self, month: Month, day: date) -> None:
        self.number += 1
        event = {
            "event_key": f"vm-{self.number}",
            "customer_id": CLOUD_CUSTOMER,
            "month": month,
            "billing_item_id": "itm_0001",
            "quantity": str(self.number),
        }
        report = usage.import_events(on(day, hour=20), [event], lambda error: pytest.fail(str(error)))
        if report.accepted:
            self.accepted[f"vm-{self.number}"] = Money.from_cents(100 * self.number)

    def work(self, used_on: date, day: date) -> None:
        self.number += 1
        event = {
            "event_key": f"os-{self.number}",
            "customer_id": WORK_CUSTOMER,
            "item_id": "eqp_0001",
            "on": used_on,
            "category": "work_order",
            "subcategory": "labour",
            "quantity": "1",
            "unit_price": str(self.number),
        }
        report = import_transactions(on(day, hour=20), [event], lambda error: pytest.fail(str(error)))
        if report.accepted:
            self.accepted[f"os-{self.number}"] = Money.from_cents(100 * self.number)

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


def billed() -> Money:
    """The lines of the frozen closings."""
    return Money.sum(
        line.amount
        for customer in (CLOUD_CUSTOMER, WORK_CUSTOMER)
        for closing in closings.closings_of(TENANT, customer)
        if closing.is_frozen
        for line in closings.figures(TENANT, customer, closing.id, closing.pages).lines
        if line.billed
    )


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
        ledger.launch(JANUARY, day)
        ledger.meter(JANUARY, day)
        ledger.work(date(2026, 1, 15), day)

    files = MemoryFiles()
    with during(aws, {point: [arrive]}):
        close_all(day, files)
    for later in range(1, 3):
        close_all(date(2026, 1 + months_due + later, 1), files)

    assert ledger.accepted
    assert billed() == ledger.total


@dataclass(frozen=True)
class Event:
    """Something that others do at a write of a run: usage of a month arrives, or a person freezes or unfreezes."""

    point: int
    kind: str
    month: Month
    today: date
    """By the clock of who does it, which may have been moved back."""


MONTHS = (JANUARY, FEBRUARY, MARCH)
EVENTS = st.builds(
    Event,
    point=st.integers(0, 30),
    kind=st.sampled_from(("launch", "meter", "work", "freeze", "unfreeze")),
    month=st.sampled_from(MONTHS),
    today=st.sampled_from((date(2026, 3, 15), APRIL_1, date(2026, 4, 2))),
)


def happen(ledger: Ledger, event: Event) -> None:
    match event.kind:
        case "launch":
            ledger.launch(event.month, event.today)
        case "meter":
            ledger.meter(event.month, event.today)
        case "work":
            ledger.work(event.month.day(15), event.today)
        case by_hand:
            _by_hand(by_hand, event)


def _by_hand(act: str, event: Event) -> None:
    for customer in (CLOUD_CUSTOMER, WORK_CUSTOMER):
        try:
            closing = closing_of(customer, event.month)
            if act == "unfreeze":
                closing_service.unfreeze(on(event.today), customer, closing.id, closing.version)
            else:
                request = FreezeRequest(confirm=True)
                closing_service.freeze(on(event.today), customer, closing.id, closing.version, request)
        except (BillingError, ValueError):
            pass  # not begun yet, not to be frozen, or the run was first


@settings(max_examples=15, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(
    events=st.lists(EVENTS, min_size=1, max_size=8),
    ends_on=st.sampled_from((None,)),
    runs=st.lists(st.sampled_from((FEBRUARY_1, MARCH_1, APRIL_1)), min_size=1, max_size=3),
)
def test_all_that_is_accepted_is_billed_once(
    events: list[Event], ends_on: date | None, runs: list[date]
) -> None:
    """`runs` has runs in any order, as by a clock that is moved."""
    ledger, files = Ledger(), MemoryFiles()
    with in_process_aws() as aws:
        create_tables()
        base(on(MARCH_1), **({} if ends_on is None else {"ends_on": ends_on}))
        ledger.launch(JANUARY, MARCH_1)
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


def _settle(files: MemoryFiles) -> None:
    """What waits for a person is frozen, the oldest first."""
    for customer in (CLOUD_CUSTOMER, WORK_CUSTOMER):
        for closing in reversed(closings.closings_of(TENANT, customer)):
            if not closing.is_frozen and closing.period.end <= MAY_1:
                request = FreezeRequest(confirm=True)
                closing_service.freeze(on(MAY_1), customer, closing.id, closing.version, request)
