"""Closings and their pages, in their customer's partition.

    tenant#cus_...    closing#clo_...       a closing; while something is left to do, in the index by_end
    tenant#cus_...    page#clo_...#0000     a part of its lines and figures

Both indexes are KEYS_ONLY. by_end has one row per contract, so it needs few shards and no dates in them. The sort key
of by_month has state, total, pending issues and contract, so the timeline and a filter's count and total need not read
any closing (CLO-02).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.access.call import Call
from billing.audit.changes import history
from billing.audit.history import Recorded
from billing.closings.figures import Figures, FiguresPage
from billing.closings.model import Closing
from billing.closings.states import ClosingStatus
from billing.contracts.model import Contract
from billing.contracts.service import Frozen
from billing.core.errors import NotFound
from billing.core.ids import shard_of
from billing.core.money import Money
from billing.core.period import Month
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in

SHARDS = 4
"""Index partitions of one tenant's live closings, and of one company's month. Fixed: changing it would move rows."""


class ByEnd(GlobalSecondaryIndex["ClosingsTable"]):
    """Closings that are not frozen: tenant#live#shard, period's end#closing."""

    class Meta:
        index_name = "by_end"
        projection = KeysOnlyProjection()

    end_key = UnicodeAttribute(hash_key=True)
    end_sort = UnicodeAttribute(range_key=True)


class ByMonth(GlobalSecondaryIndex["ClosingsTable"]):
    """By the month in which the period starts: tenant#company#month#shard, status#closing#total in cents#pending
    issues#contract."""

    class Meta:
        index_name = "by_month"
        projection = KeysOnlyProjection()

    month_key = UnicodeAttribute(hash_key=True)
    month_sort = UnicodeAttribute(range_key=True)


class ClosingsTable(Table):
    Meta = meta("closings")

    end_key = UnicodeAttribute(null=True)
    end_sort = UnicodeAttribute(null=True)
    month_key = UnicodeAttribute(null=True)
    month_sort = UnicodeAttribute(null=True)
    by_end = ByEnd()
    by_month = ByMonth()


class ClosingOfMonth(NamedTuple):
    """A closing as the index by_month has it."""

    customer_id: str
    closing_id: str
    status: ClosingStatus
    total: Money
    pending: int
    """How many issues hold it back."""
    contract_id: str


class Live(NamedTuple):
    """A closing as the index by_end has it."""

    customer_id: str
    closing_id: str
    company_id: str

    @property
    def key(self) -> str:
        """Its key in a run's manifest."""
        return f"{self.customer_id}/{self.closing_id}"


def closing_row(tenant_id: str, closing: Closing) -> ClosingsTable:
    shard = f"s{shard_of(closing.customer_id, SHARDS):02d}"
    is_due = closing.status in {ClosingStatus.OPEN, ClosingStatus.PROCESSED} or closing.charges_left
    month = Month.of(closing.period.start)
    return entity_row(
        ClosingsTable,
        _partition(tenant_id, closing.customer_id),
        f"closing#{closing.id}",
        closing,
        end_key=f"{tenant_id}#live#{shard}" if is_due else None,
        end_sort=f"{closing.period.end}#{closing.company_id}#{closing.id}" if is_due else None,
        month_key=f"{tenant_id}#{closing.company_id}#{month}#{shard}",
        month_sort=f"{closing.status}#{closing.id}#{closing.total.cents}"
        f"#{sum(closing.pending.values())}#{closing.contract_id}",
    )


def find_closing(tenant_id: str, customer_id: str, closing_id: str) -> Closing | None:
    return find(ClosingsTable, _partition(tenant_id, customer_id), f"closing#{closing_id}", Closing)


def get(tenant_id: str, customer_id: str, closing_id: str) -> Closing:
    """Raises NotFound."""
    closing = find_closing(tenant_id, customer_id, closing_id)
    if closing is None:
        raise NotFound("closing.missing", "O fechamento não existe.")
    return closing


def get_for(call: Call, customer_id: str, closing_id: str) -> Closing:
    """Raises NotFound, and Forbidden if the caller does not work for the contract's company."""
    closing = get(call.tenant_id, customer_id, closing_id)
    call.require_company(closing.company_id)
    return closing


def history_of(call: Call, customer_id: str, closing_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    get_for(call, customer_id, closing_id)
    partition = _partition(call.tenant_id, customer_id)
    return Recorded(Closing, history(ClosingsTable, partition, f"closing#{closing_id}"))


def get_many(tenant_id: str, keys: Iterable[tuple[str, str]]) -> list[Closing]:
    """Closings of (customer, closing) pairs, in their order; those that do not exist are absent."""
    rows = [(_partition(tenant_id, customer), f"closing#{closing}") for customer, closing in keys]
    closings = find_many(ClosingsTable, rows, Closing)
    return [closings[row] for row in rows if row in closings]


def closings_of(tenant_id: str, customer_id: str) -> list[Closing]:
    """All of a customer's closings, the newest period first."""
    closings = rows_in(ClosingsTable, _partition(tenant_id, customer_id), "closing#", Closing)
    return sorted(closings, key=lambda closing: (closing.period.start, closing.id), reverse=True)


def frozen(tenant_id: str, contract: Contract) -> Frozen:
    """The day up to which the contract's closings are frozen."""
    closings = [
        closing
        for closing in closings_of(tenant_id, contract.customer_id)
        if closing.contract_id == contract.id
    ]
    until = max((closing.period.end for closing in closings if closing.is_frozen), default=None)
    live = [closing for closing in closings if not closing.is_frozen]
    following = min(live, key=lambda closing: closing.period.start, default=None)
    if following is None:
        return Frozen(until, None)
    key = (_partition(tenant_id, following.customer_id), f"closing#{following.id}")
    return Frozen(until, (ClosingsTable, *key, following.version))


def page_rows(tenant_id: str, closing: Closing, figures: Figures) -> list[ClosingsTable]:
    partition = _partition(tenant_id, closing.customer_id)
    return [
        entity_row(ClosingsTable, partition, _page(closing.id, number), part)
        for number, part in enumerate(figures.pages())
    ]


def figures(tenant_id: str, customer_id: str, closing_id: str, pages: int) -> Figures:
    """The figures in the closing's first `pages` pages; any further pages are from an earlier, longer computation."""
    if pages == 1:
        return Figures.of([page(tenant_id, customer_id, closing_id, 0)])
    partition = _partition(tenant_id, customer_id)
    keys = [(partition, _page(closing_id, number)) for number in range(pages)]
    by_key = find_many(ClosingsTable, keys, FiguresPage) if keys else {}
    return Figures.of(by_key[key] for key in keys)


def page(tenant_id: str, customer_id: str, closing_id: str, number: int) -> FiguresPage:
    """One page of a closing's figures; empty if there is none."""
    figures_page = find(
        ClosingsTable, _partition(tenant_id, customer_id), _page(closing_id, number), FiguresPage
    )
    return FiguresPage() if figures_page is None else figures_page


def live_until(tenant_id: str, on: date) -> Iterator[Live]:
    """Every unfrozen closing that has ended by `on`, from the index alone, oldest first within each shard."""
    for shard in range(SHARDS):
        rows = ClosingsTable.by_end.query(
            f"{tenant_id}#live#s{shard:02d}", ByEnd.end_sort <= f"{on}$"
        )  # "$" follows "#", so every closing that ends on that day is included
        for row in rows:
            _, company_id, closing_id = str(row.end_sort).split("#")
            yield Live(_customer(row), closing_id, company_id)


def started_in(
    tenant_id: str, company_id: str, month: Month, status: ClosingStatus | None = None
) -> list[ClosingOfMonth]:
    """A company's closings that started in a month, from the index, ordered by state and id."""
    condition = None if status is None else ByMonth.month_sort.startswith(f"{status}#")
    listings = [
        _of_month(tenant_id, row)
        for key in _month_keys(tenant_id, company_id, month)
        for row in ClosingsTable.by_month.query(key, condition)
    ]
    return sorted(listings, key=lambda listed: (listed.status, listed.closing_id))


def _of_month(tenant_id: str, row: ClosingsTable) -> ClosingOfMonth:
    """Rows written before December 2026 end with the total; what they lack is read from the closing itself."""
    state, closing_id, cents, *further = str(row.month_sort).split("#")
    if further:
        pending, contract_id = int(further[0]), further[1]
    else:
        closing = get(tenant_id, _customer(row), closing_id)
        pending, contract_id = sum(closing.pending.values()), closing.contract_id
    total = Money.from_cents(int(cents))
    return ClosingOfMonth(_customer(row), closing_id, ClosingStatus(state), total, pending, contract_id)


def _month_keys(tenant_id: str, company_id: str, month: Month) -> list[str]:
    return [f"{tenant_id}#{company_id}#{month}#s{shard:02d}" for shard in range(SHARDS)]


def _customer(row: Table) -> str:
    return str(row.partition).rpartition("#")[2]


def _page(closing_id: str, number: int) -> str:
    return f"page#{closing_id}#{number:04d}"


def _partition(tenant_id: str, customer_id: str) -> str:
    return f"{tenant_id}#{customer_id}"
