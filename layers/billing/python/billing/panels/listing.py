"""Lists over all customers: a filter, totals of everything that matches it, and one page in a chosen order.

    found = read_list(call, files, INVOICES, where, sort="due_on", limit=50, cursor=None)

Totals and order come from the states of the rows, which are seconds behind. The rows on the page are then read again by
the caller of `read_list`, so that nobody decides on an old figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.ids import content_hash
from billing.core.money import Money
from billing.core.page import cursor_at, number_in
from billing.projections.engine import Engine

MOST = 200
"""Rows of one page."""

Key = tuple[str, str]
"""Customer and id."""


class CustomerName(Entity):
    """O cliente de uma linha, como as pessoas o reconhecem."""

    id: str
    code: int
    name: str
    city: str | None = None


class Where:
    """Conditions that must all hold, and their parameters; a value of None adds no condition."""

    def __init__(self) -> None:
        self._conditions: list[str] = ["true"]
        self.parameters: list[Any] = []

    @property
    def sql(self) -> str:
        return " AND ".join(self._conditions)

    def add(self, condition: str, *values: Any) -> "Where":
        self._conditions.append(condition)
        self.parameters += values
        return self

    def equal(self, column: str, value: Any) -> "Where":
        return self if value is None else self.add(f"{column} = ?", value)

    def one_of(self, column: str, values: Sequence[str] | None) -> "Where":
        return self if not values else self.add(f"{column} IN (SELECT unnest(?))", list(values))

    def between(self, column: str, first: date | int | None, last: date | int | None) -> "Where":
        """Both ends included."""
        if first is not None:
            self.add(f"{column} >= ?", first)
        return self if last is None else self.add(f"{column} <= ?", last)

    def containing(self, column: str, text: str | None) -> "Where":
        """Anywhere in the column, whose values are without case and accents."""
        return self if text is None else self.add(f"contains({column}, ?)", text)

    def within(self, call: Call, column: str = "company_id") -> "Where":
        """Only the caller's companies (SEC-02)."""
        return self if call.scope.ids is None else self.one_of(column, sorted(call.scope.ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSource:
    """What a list is made of."""

    kinds: tuple[str, ...]
    source: str
    """The FROM clause, with the row's kind as `row` and its customer as `customer`."""
    key: str = "row.customer_id, row.id"
    totals: str = "0"
    """Sums over the whole filter, selected after the count."""
    orders: dict[str, str]
    """How the list can be sorted; no two rows tie in any order, so that pages neither repeat nor skip a row."""


@dataclass(frozen=True, slots=True)
class ListPage:
    keys: list[Key]
    customers: dict[str, CustomerName]
    """The customers of the page's rows, by id."""
    count: int
    sums: tuple[Any, ...]
    next_cursor: str | None


def read_list(
    call: Call,
    files: Files,
    listed: ListSource,
    where: Where,
    *,
    sort: str,
    limit: int,
    cursor: str | None,
    of_totals: Sequence[Any] = (),
) -> ListPage:
    """`of_totals` are the parameters of the sums. Raises InvalidInput for a cursor from another filter or order."""
    parameters = where.parameters
    question = content_hash(f"{listed.source}|{where.sql}|{parameters}|{sort}".encode())[:16]
    this = f"{call.tenant_id}#list#{question}"
    start = number_in(this, cursor)
    with Engine(files, call.tenant_id, listed.kinds) as engine:
        ((count, *sums),) = engine.rows(
            f"SELECT count(*), {listed.totals} FROM {listed.source} WHERE {where.sql}",
            [*of_totals, *parameters],
        )
        page = engine.rows(
            f"SELECT {listed.key}, customer.id, customer.code, customer.name, customer.city FROM {listed.source}"
            f" WHERE {where.sql} ORDER BY {listed.orders[sort]} LIMIT ? OFFSET ?",
            [*parameters, limit, start],
        )
    named = {
        customer_id: CustomerName(id=customer_id, code=code, name=name, city=city)
        for _, _, customer_id, code, name, city in page
        if customer_id is not None
    }
    more = start + len(page) < count
    return ListPage(
        keys=[(customer_id, row_id) for customer_id, row_id, *_ in page],
        customers=named,
        count=count,
        sums=tuple(sums),
        next_cursor=cursor_at(this, start + len(page)) if more and page else None,
    )


def money(cents: int | None) -> Money:
    """A sum of cents; SQL gives None for a sum over no rows."""
    return Money.from_cents(int(cents or 0))
