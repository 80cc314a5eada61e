"""Numbers of invoices and of boletos, taken in blocks: no gap, no repeat, and no counter write per invoice (INV-17).

One transaction advances the counters of the series and of each payment profile, and keeps the block: which invoices, in
order, have its numbers. Every invoice in a block gets written: a re-run reads the blocks of its chunk first, and an
abandoned block (its run was cancelled, its command cut off) stays open for the company's next run to complete.

    tenant#owner#blocks          chunk#000000#000     the block of a chunk's round (owner: the run or command)
    tenant#com_...#open_blocks   block#owner#000000#000  what a block is written from, until all of it is written
    tenant#com_...#series#1      counter              the next invoice number
    tenant#com_...#series#1      block#000000000001   where the block that starts with this number is
    tenant#pro_...#titles        counter              the next number of the profile's range
    tenant#pro_...#titles        block#0000...0001    where the block that starts with this nosso número is
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Self

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import Conflict
from billing.core.table import Aggregate, Table, entity_row, find, rows_in
from billing.invoicing.actions import NumberAction
from billing.invoicing.store import InvoicingTable

NOSSO_NUMERO_WIDTH = 20
OPEN = "block#"


class NumberCounter(Aggregate):
    """The next number of a sequence."""

    next: int = Field(ge=1)


class Titles(Entity):
    """The invoices of a block that have boletos of one profile: `count` of them, from position `start` on."""

    profile_id: str
    start: int
    count: int
    first_number: int
    first_nosso_numero: str
    """As in the bank's files, without the check digit; consecutive numbers differ by one."""


class NumberBlock(Aggregate):
    """Numbers `first`, `first` + 1... for `invoices`, which are "customer_id/invoice_id"."""

    owner: str
    chunk: int
    round: int
    company_id: str
    series: str
    first: int
    invoices: tuple[str, ...]
    titles: tuple[Titles, ...] = ()

    @property
    def key(self) -> "BlockKey":
        return BlockKey(owner=self.owner, chunk=self.chunk, round=self.round)

    def title_number(self, position: int) -> int | None:
        """The number in its profile's range of the invoice at `position`; None for one without boleto."""
        for titles in self.titles:
            if titles.start <= position < titles.start + titles.count:
                return titles.first_number + position - titles.start
        return None


class BlockKey(Entity):
    """Where a block is."""

    owner: str
    chunk: int
    round: int

    @property
    def row(self) -> str:
        """The row key of its open block, which is also what a manifest carries."""
        return f"{OPEN}{self.owner}#{self.chunk:06d}#{self.round:03d}"

    @classmethod
    def read(cls, row: str) -> Self:
        owner, chunk, round_ = row.removeprefix(OPEN).split("#")
        return cls(owner=owner, chunk=int(chunk), round=int(round_))


class OpenBlock(Aggregate):
    """A block whose invoices are not all written yet."""

    key: BlockKey
    issued_on: date
    groups: tuple[str, ...] = ()
    """What `Group.read` reads; a run has them in its manifest instead."""


def blocks(tenant_id: str, owner: str, chunk: int) -> list[NumberBlock]:
    """The blocks taken by a chunk, in order."""
    return list(rows_in(InvoicingTable, _blocks_of(tenant_id, owner), f"chunk#{chunk:06d}#", NumberBlock))


def series_counter(tenant_id: str, company_id: str, series: str) -> NumberCounter:
    counter = find(InvoicingTable, _series_of(tenant_id, company_id, series), "counter", NumberCounter)
    return counter or NumberCounter(next=1)


def titles_counter(tenant_id: str, profile_id: str, first: int) -> NumberCounter:
    """`first` is where the profile's range begins."""
    counter = find(InvoicingTable, _titles_of(tenant_id, profile_id), "counter", NumberCounter)
    return counter or NumberCounter(next=first)


def take(
    call: Call,
    block: NumberBlock,
    numbers: NumberCounter,
    titles: Sequence[tuple[Titles, NumberCounter]],
    opened: OpenBlock,
) -> None:
    """Take the block's numbers and leave it open, in one transaction.

    Raises Conflict when a counter moved or the round exists.
    """
    tenant = call.tenant_id
    series = _series_of(tenant, block.company_id, block.series)
    where = block.key
    changes = Changes(call)
    changes.put(
        entity_row(InvoicingTable, _blocks_of(tenant, block.owner), _row_of(where), block), NumberAction.TAKEN
    )
    changes.include(entity_row(InvoicingTable, _open_of(tenant, block.company_id), where.row, opened))
    moved = numbers.evolve(next=block.first + len(block.invoices))
    changes.include(entity_row(InvoicingTable, series, "counter", moved))
    changes.include(entity_row(InvoicingTable, series, f"block#{block.first:012d}", where))
    for title, counter in titles:
        profile = _titles_of(tenant, title.profile_id)
        moved = counter.evolve(next=title.first_number + title.count)
        changes.include(entity_row(InvoicingTable, profile, "counter", moved))
        first = title.first_nosso_numero.zfill(NOSSO_NUMERO_WIDTH)
        changes.include(entity_row(InvoicingTable, profile, f"block#{first}", where))
    changes.commit()


def get(tenant_id: str, key: BlockKey) -> NumberBlock:
    block = find(InvoicingTable, _blocks_of(tenant_id, key.owner), _row_of(key), NumberBlock)
    assert block is not None, "a block's key is put with the block"
    return block


def open_blocks(tenant_id: str, company_id: str) -> list[OpenBlock]:
    """The company's blocks that are being written now or were never completed."""
    return list(rows_in(InvoicingTable, _open_of(tenant_id, company_id), OPEN, OpenBlock))


def find_open(tenant_id: str, company_id: str, key: BlockKey) -> OpenBlock | None:
    return find(InvoicingTable, _open_of(tenant_id, company_id), key.row, OpenBlock)


def close(call: Call, company_id: str, key: BlockKey) -> None:
    """Close the block: everything in it is written."""
    changes = Changes(call)
    changes.drop(_open_row(call.tenant_id, company_id, key))
    with suppress(Conflict):  # a concurrent writer closed it
        changes.commit()


def _open_row(tenant_id: str, company_id: str, key: BlockKey) -> Table:
    """As it is put with its block: it never changes."""
    return InvoicingTable(_open_of(tenant_id, company_id), key.row, version=1)


def find_by_nosso_numero(tenant_id: str, profile_id: str, nosso_numero: str) -> tuple[str, str] | None:
    """(customer, invoice) whose boleto has this number; digits without the check digit, with or without leading
    zeros."""
    partition = _titles_of(tenant_id, profile_id)
    if not (nosso_numero.isascii() and nosso_numero.isdigit()) or len(nosso_numero) > NOSSO_NUMERO_WIDTH:
        return None
    block = _block_before(tenant_id, partition, f"block#{nosso_numero.zfill(NOSSO_NUMERO_WIDTH)}")
    for titles in block.titles if block is not None else ():
        position = int(nosso_numero) - int(titles.first_nosso_numero)
        if titles.profile_id == profile_id and 0 <= position < titles.count:
            assert block is not None
            return _split(block.invoices[titles.start + position])
    return None


def series_blocks(tenant_id: str, company_id: str, series: str) -> list[NumberBlock]:
    """All blocks of a series, by number: what the audit of numbers walks."""
    keys = rows_in(InvoicingTable, _series_of(tenant_id, company_id, series), "block#", BlockKey)
    return [get(tenant_id, key) for key in keys]


def series_in(partition: str) -> tuple[str, str] | None:
    """(company, series) whose numbers are kept in a partition; None for other partitions."""
    before, marked, series = partition.partition("#series#")
    return (before.rpartition("#")[2], series) if marked else None


def _block_before(tenant_id: str, partition: str, row: str) -> NumberBlock | None:
    rows = InvoicingTable.query(
        partition,
        InvoicingTable.row.between("block#", row),
        consistent_read=True,
        scan_index_forward=False,
        limit=1,
    )
    key = next((item.load(BlockKey) for item in rows), None)
    return None if key is None else get(tenant_id, key)


def _split(key: str) -> tuple[str, str]:
    customer_id, _, invoice_id = key.partition("/")
    return customer_id, invoice_id


def _blocks_of(tenant_id: str, owner: str) -> str:
    return f"{tenant_id}#{owner}#blocks"


def _row_of(key: BlockKey) -> str:
    return f"chunk#{key.chunk:06d}#{key.round:03d}"


def _series_of(tenant_id: str, company_id: str, series: str) -> str:
    return f"{tenant_id}#{company_id}#series#{series}"


def _open_of(tenant_id: str, company_id: str) -> str:
    return f"{tenant_id}#{company_id}#open_blocks"


def _titles_of(tenant_id: str, profile_id: str) -> str:
    return f"{tenant_id}#{profile_id}#titles"
