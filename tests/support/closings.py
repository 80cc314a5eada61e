"""Contracts stored, used and closed: what a base of closings needs, and the run's tasks in the order of its machine."""

from datetime import UTC, date, datetime
from decimal import Decimal

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import Scope
from billing.catalog.model import BillingItem, Price
from billing.catalog.store import item_row
from billing.closings import closing_run, service
from billing.closings.model import Closing
from billing.closings.starting import ClosingsRequest, start_closings
from billing.closings.store import closings_of
from billing.contracts.model import Contract
from billing.contracts.store import contract_row
from billing.core.clock import FixedClock
from billing.core.files import Files
from billing.core.period import Month
from billing.core.table import Table, Writes
from billing.invoicing.charge import Charge
from billing.invoicing.states import ChargeStatus
from billing.invoicing.store import charges_of
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import Run, RunEvent
from billing.usage.model import UsageEntry
from billing.usage.readings import Reading
from billing.usage.store import entry_row, reading_row
from tests.support.billing import NoProcesses
from tests.support.contracts import JANUARY, TENANT
from tests.support.tasks import in_task


def at(day: date, hour: int = 12) -> datetime:
    """An hour of the day in São Paulo."""
    return datetime(day.year, day.month, day.day, hour + 3, tzinfo=UTC)


def on(day: date, actor_id: str = "usr_ana", hour: int = 12) -> Call:
    clock = FixedClock(at(day, hour))
    return Call(TENANT, Actor(actor_id), Scope.of("com_alfa"), frozenset(Permission), clock)


def put(*rows: Table) -> None:
    for row in rows:
        writes = Writes()
        writes.put(row)
        writes.commit()


def begin(made: Contract, day: date | None = None) -> Contract:
    """Stored and activated, with its first closing."""
    put(contract_row(TENANT, made))
    day = day or made.starts_on
    return service.activate(on(day), made.customer_id, made.id, 1, day)


def read(customer_id: str, value: str, day: date, item_id: str = "eqp_0001") -> None:
    put(
        reading_row(
            TENANT,
            Reading(
                id=f"rea_{item_id[4:]}{day:%Y%m%d}",
                customer_id=customer_id,
                item_id=item_id,
                unit="page_mono",
                on=day,
                value=Decimal(value),
                origin="by_hand",
            ),
        )
    )


def sell(item_id: str = "itm_0001", price: str = "0.1875", since: Month = JANUARY) -> None:
    item = BillingItem(
        id=item_id,
        name="Máquina virtual",
        product="Nuvem",
        unit="hora",
        prices=(Price(valid_from=since, unit_price=Decimal(price)),),
    )
    put(item_row(TENANT, item))


def enter_usage(
    customer_id: str, month: Month, quantity: str, usage_id: str, entered_at: datetime | None = None
) -> None:
    entry = UsageEntry(
        id=usage_id,
        customer_id=customer_id,
        month=month,
        billing_item_id="itm_0001",
        quantity=Decimal(quantity),
        entered_at=entered_at or at(month.first_day),
    )
    put(entry_row(TENANT, entry))


def close_all(day: date, files: Files, hour: int = 1) -> Run:
    """Start, plan, each chunk, check: what the monthly closing does."""
    run = start_closings(on(day, hour=hour), NoProcesses(), ClosingsRequest())
    walk(RunEvent(tenant_id=TENANT, run_id=run.id), files)
    return run_rows.get(TENANT, run.id)


def walk(event: RunEvent, files: Files) -> None:
    planned = runs.plan(in_task(event, files), closing_run.plan_closings)
    for chunk in planned["chunks"]:  # type: ignore[attr-defined]
        runs.work(in_task(event.evolve(chunk=chunk), files), closing_run.close_chunk)
    runs.check(in_task(event, files))


def closing_of(customer_id: str, month: Month) -> Closing:
    """The customer's closing that starts in the month."""
    (closing,) = (c for c in closings_of(TENANT, customer_id) if Month.of(c.period.start) == month)
    return closing


def table_of(customer_id: str) -> list[tuple[str, str, str, str]]:
    """A customer's live charges as people compare them, oldest first: reference, due date, description, amount."""
    made = [charge for charge in charges_of(TENANT, customer_id) if charge.status is not ChargeStatus.REMOVED]
    return [
        _row(charge)
        for charge in sorted(made, key=lambda charge: (charge.reference, charge.title, charge.id))
    ]


def _row(charge: Charge) -> tuple[str, str, str, str]:
    return (
        charge.reference.format_br(),
        f"{charge.due_on:%d/%m/%Y}",
        charge.title,
        str(charge.amount),
    )
