"""The computed figures of a closing: explained lines, pending issues and what the next closing starts from.

They are kept in pages beside the closing, so that no row comes near DynamoDB's limit of 400 KB. The closing keeps
their number and hash: figures that come out the same are not written again.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from billing.core.entity import Entity
from billing.core.ids import content_hash
from billing.core.money import Money, Quantity
from billing.core.period import Month
from billing.rating.carry_over import CarryOverKind
from billing.rating.lines import RatedLine

T = TypeVar("T")

LINES_A_PAGE = 50
"""An explained line is 1 to 3 KB."""
SMALL_A_PAGE = 200
"""Issues, counters, balances and usage entries: below 0.5 KB each."""


class PendingIssue(Entity):
    """Pendência (CLO-05): o que uma pessoa deve resolver antes do congelamento, nas palavras que os usuários leem."""

    code: str
    title: str
    remedy: str
    item_id: str | None = None
    item: str | None = None
    """Como os usuários chamam o item."""


class PeriodCounter(Entity):
    """A meter's units since its start in the contract, before and after the period (CLO-03, CLO-12)."""

    item_id: str
    unit: str
    units_before: Quantity
    units: Quantity
    is_estimated: bool
    days_since_reading: int


class MinimumBalance(Entity):
    """Units that a minimum billed and nobody used: later use takes from them (CHG-05)."""

    definition_id: str
    item_id: str | None = None
    units: Quantity


class Carried(Entity):
    """A movement of those units in the period; the sum of all movements is the balance."""

    definition_id: str
    item_id: str | None = None
    kind: CarryOverKind
    units: Quantity
    balance: Quantity


class Accrued(Entity):
    """What a definition with blocks of a running total has billed."""

    definition_id: str
    item_id: str | None = None
    quantity: Quantity
    amount: Money


class TakenBill(Entity):
    """A utility bill as the closing knew it: the version that was billed, 0 if there was none."""

    source: str
    month: Month
    version: int


class FiguresPage(Entity):
    """A part of the figures; the lists are split over the pages in order."""

    lines: tuple[RatedLine, ...] = ()
    issues: tuple[PendingIssue, ...] = ()
    counters: tuple[PeriodCounter, ...] = ()
    balances: tuple[MinimumBalance, ...] = ()
    carried: tuple[Carried, ...] = ()
    accrued: tuple[Accrued, ...] = ()
    usage_months: tuple[Month, ...] = ()
    """The months whose usage entries were billed here."""
    usage_ids: tuple[str, ...] = ()
    """The usage entries and transactions billed here and by no other closing: this is what keeps usage from being
    billed twice or never (CLO-11)."""
    usage_before: tuple[str, ...] = ()
    """Usage entries of these months that the closing of an earlier part of the month billed."""
    bills: tuple[TakenBill, ...] = ()
    """The utility bills that its charges depend on: once frozen, they cannot change (CLO-11)."""


class Figures(NamedTuple):
    lines: tuple[RatedLine, ...] = ()
    issues: tuple[PendingIssue, ...] = ()
    counters: tuple[PeriodCounter, ...] = ()
    balances: tuple[MinimumBalance, ...] = ()
    carried: tuple[Carried, ...] = ()
    accrued: tuple[Accrued, ...] = ()
    usage_months: tuple[Month, ...] = ()
    usage_ids: tuple[str, ...] = ()
    usage_before: tuple[str, ...] = ()
    bills: tuple[TakenBill, ...] = ()

    @classmethod
    def of(cls, pages: Iterable[FiguresPage]) -> "Figures":
        """The figures from all pages, in order."""
        listed = list(pages)
        return cls(
            **{
                name: tuple(part for page in listed for part in getattr(page, name))
                for name in FiguresPage.model_fields
            }
        )

    @property
    def carries(self) -> bool:
        """Whether the next closing starts from any of it."""
        return bool(self.counters or self.balances or self.accrued or self.usage_months or self.usage_ids)

    @property
    def content_hash(self) -> str:
        maps = [page.to_map() for page in self.pages()]
        for stored in maps:
            for newer in ("usage_before", "bills"):
                if not stored[newer]:
                    del stored[newer]  # so that figures from before this field existed keep their stored hash
        return content_hash(json.dumps(maps, sort_keys=True).encode())

    def pages(self) -> list[FiguresPage]:
        cut = {
            name: _cut(getattr(self, name), LINES_A_PAGE if name == "lines" else SMALL_A_PAGE)
            for name in FiguresPage.model_fields
        }
        return [
            FiguresPage(**dict(zip(cut, parts, strict=True)))
            for parts in zip_longest(*cut.values(), fillvalue=())
        ]


def _cut(parts: Sequence[T], size: int) -> list[tuple[T, ...]]:
    return [tuple(parts[start : start + size]) for start in range(0, len(parts), size)]
