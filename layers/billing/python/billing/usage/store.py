"""Usage entries and readings in their customer's partition; the marker of a finalised month beside them.

tenant#cus_...       entry#2026-03#use_...           a usage entry
tenant#cus_...       finalised#2026-03               the month is finalised for the customer
tenant#cus_...       reading#eqp_...#unit#2026-03-31 a reading
tenant#cus_...       readings#eqp_...                the version of all readings of an item
tenant#cus_...       stray#eqp_...                   an item in no contract whose readings monitoring sent
tenant#cus_...       transaction#con_...#2026-03-10#txn_...   by the day on which it is billed
tenant#cus_...       billed_until#con_...            the first day that is not frozen of a contract with items
tenant#cus_...       arrivals#con_...                stamped by what arrives for a contract or an item with an end
tenant#bills#source  bill#2026-03                    a utility bill
tenant#bills#source  taken#2026-03#clo_...           a frozen closing that was billed with it; stamped: taken#2026-03
tenant#event#use_... event                           an event, so that it counts once
"""

from collections.abc import Iterable
from datetime import date

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.core.errors import NotFound
from billing.core.ids import derived_id, shard_of
from billing.core.period import Month
from billing.core.table import Aggregate, Table, entity_row, find, find_many, meta, rows_in
from billing.usage.model import CountedEvent, MeteredEvent, UsageEntry
from billing.usage.readings import MeterDay, Reading, StrayItem
from billing.usage.transactions import BilledUntil, Transaction

ITEM_SHARDS = 8
"""A billing item's usage entries are sharded by customer: a popular item is in most entries of a month."""


class ByItem(GlobalSecondaryIndex["UsageTable"]):
    """Usage entries of a billing item by month, sharded by customer."""

    class Meta:
        index_name = "by_item"
        projection = KeysOnlyProjection()

    item_key = UnicodeAttribute(hash_key=True)
    item_sort = UnicodeAttribute(range_key=True)


class UsageTable(Table):
    Meta = meta("usage")

    item_key = UnicodeAttribute(null=True)
    item_sort = UnicodeAttribute(null=True)
    by_item = ByItem()


class ReadingsMark(Aggregate):
    """The version of an item's readings. Each new reading creates the next version, so that of two writers who
    checked against the same readings only the first succeeds (USE-04)."""


class Arrivals(Aggregate):
    """Its version changes with each stamp and means nothing else."""


class Finalised(Aggregate):
    """The month's usage can no longer change."""

    month: Month


def entry_id(event_key: str) -> str:
    """The id of an event's usage entry, the same each time the event is sent."""
    return derived_id("use", "event", event_key)


def entry_row(tenant_id: str, entry: UsageEntry) -> UsageTable:
    shard = shard_of(entry.customer_id, ITEM_SHARDS)
    return entity_row(
        UsageTable,
        partition_of(tenant_id, entry.customer_id),
        f"entry#{entry.month}#{entry.id}",
        entry,
        item_key=f"{tenant_id}#{entry.billing_item_id}#s{shard:02d}",
        item_sort=f"{entry.month}#{entry.customer_id}#{entry.id}",
    )


def get_entry(tenant_id: str, customer_id: str, month: Month, usage_id: str) -> UsageEntry:
    """Raises NotFound."""
    partition = partition_of(tenant_id, customer_id)
    entry = find(UsageTable, partition, f"entry#{month}#{usage_id}", UsageEntry)
    if entry is None:
        raise NotFound("usage.missing", "O lançamento não existe.")
    return entry


def entries(tenant_id: str, customer_id: str, month: Month) -> list[UsageEntry]:
    """All usage entries of a customer in a month."""
    return list(rows_in(UsageTable, partition_of(tenant_id, customer_id), f"entry#{month}#", UsageEntry))


def entries_of_item(
    tenant_id: str, item_id: str, since: Month | None, until: Month | None
) -> list[tuple[str, Month]]:
    """Customer and month of the oldest usage entry in each shard, from `since` on and before `until`; the index may
    lag slightly."""
    places = []
    for shard in range(ITEM_SHARDS):
        condition = ByItem.item_sort.between(since or "0", until or "9")
        for row in UsageTable.by_item.query(f"{tenant_id}#{item_id}#s{shard:02d}", condition, limit=1):
            _, month, _ = row.row.split("#")
            places.append((row.partition.removeprefix(f"{tenant_id}#"), Month(month)))
    return places


def finalised_row(tenant_id: str, customer_id: str, month: Month, *, version: int = 0) -> UsageTable:
    """The marker, written in the transaction that freezes and deleted (version 1) in the one that unfreezes."""
    marker = Finalised(month=month, version=version)
    return entity_row(UsageTable, *finalised_key(tenant_id, customer_id, month), marker)


def finalised_key(tenant_id: str, customer_id: str, month: Month) -> tuple[str, str]:
    return partition_of(tenant_id, customer_id), f"finalised#{month}"


def finalised_months(tenant_id: str, customer_months: Iterable[tuple[str, Month]]) -> set[tuple[str, Month]]:
    """Those of the customers' months that are finalised."""
    keys = {
        finalised_key(tenant_id, customer, month): (customer, month) for customer, month in customer_months
    }
    return {keys[key] for key in find_many(UsageTable, keys, Finalised)}


def transaction_row(tenant_id: str, transaction: Transaction) -> UsageTable:
    row = f"transaction#{transaction.contract_id}#{transaction.bill_on}#{transaction.id}"
    return entity_row(UsageTable, partition_of(tenant_id, transaction.customer_id), row, transaction)


def transactions(
    tenant_id: str, customer_id: str, contract_id: str, start: date, end: date
) -> list[Transaction]:
    """A contract's transactions that are billed in [start, end), in the order of those days."""
    prefix = f"transaction#{contract_id}#"
    rows = UsageTable.query(
        partition_of(tenant_id, customer_id),
        UsageTable.row.between(f"{prefix}{start}", f"{prefix}{end}"),  # rows of `end` are longer, so after it
        consistent_read=True,
    )
    return [row.load(Transaction) for row in rows]


def billed_until_key(tenant_id: str, customer_id: str, contract_id: str) -> tuple[str, str]:
    return partition_of(tenant_id, customer_id), f"billed_until#{contract_id}"


def billed_until(
    tenant_id: str, customer_contracts: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], BilledUntil]:
    """The day up to which contracts, as (customer, contract), are frozen; those never frozen are absent."""
    keys = {billed_until_key(tenant_id, *pair): pair for pair in customer_contracts}
    return {keys[key]: until for key, until in find_many(UsageTable, keys, BilledUntil).items()}


def find_billed_until(tenant_id: str, customer_id: str, contract_id: str) -> BilledUntil | None:
    return find(UsageTable, *billed_until_key(tenant_id, customer_id, contract_id), BilledUntil)


def billed_until_row(tenant_id: str, customer_id: str, contract_id: str, until: BilledUntil) -> UsageTable:
    """For the transaction that freezes or unfreezes: concurrent imports fail."""
    return entity_row(UsageTable, *billed_until_key(tenant_id, customer_id, contract_id), until)


def arrivals_key(tenant_id: str, customer_id: str, contract_id: str) -> tuple[str, str]:
    return partition_of(tenant_id, customer_id), f"arrivals#{contract_id}"


def arrivals_row(partition: str, row: str, version: int) -> UsageTable:
    return entity_row(UsageTable, partition, row, Arrivals(version=version))


def arrivals_version(partition: str, row: str) -> int:
    """0 if nothing was stamped yet; must be read before the usage."""
    arrivals = find(UsageTable, partition, row, Arrivals)
    return 0 if arrivals is None else arrivals.version


def entries_from(tenant_id: str, customer_id: str, month: Month) -> list[UsageEntry]:
    """All usage entries of a customer from a month on."""
    rows = UsageTable.query(
        partition_of(tenant_id, customer_id),
        UsageTable.row.between(f"entry#{month}#", "entry#~"),
        consistent_read=True,
    )
    return [row.load(UsageEntry) for row in rows]


def event_row(tenant_id: str, event: MeteredEvent, source: str | None) -> UsageTable:
    counted = CountedEvent(content=event.to_map(), source=source)
    return entity_row(UsageTable, *_event_key(tenant_id, event.event_key), counted)


def counted_events(tenant_id: str, event_keys: Iterable[str]) -> dict[str, CountedEvent]:
    """The counted events, by key."""
    keys = {_event_key(tenant_id, key): key for key in event_keys}
    return {keys[row]: event for row, event in find_many(UsageTable, keys, CountedEvent).items()}


def _event_key(tenant_id: str, event_key: str) -> tuple[str, str]:
    return f"{tenant_id}#event#{entry_id(event_key)}", "event"


def reading_row(tenant_id: str, reading: Reading) -> UsageTable:
    partition = partition_of(tenant_id, reading.customer_id)
    return entity_row(UsageTable, partition, _row_of(reading), reading)


def get_reading(tenant_id: str, customer_id: str, meter_day: MeterDay) -> Reading:
    """Raises NotFound."""
    reading = find(UsageTable, partition_of(tenant_id, customer_id), _row_of(meter_day), Reading)
    if reading is None:
        raise NotFound("reading.missing", "A leitura não existe.")
    return reading


def stray_row(tenant_id: str, reading: Reading) -> UsageTable:
    stray = StrayItem(item_id=reading.item_id, unit=reading.unit, read_on=reading.on)
    return entity_row(
        UsageTable, partition_of(tenant_id, reading.customer_id), f"stray#{reading.item_id}", stray
    )


def stray_items(tenant_id: str, customer_id: str) -> list[StrayItem]:
    """Including those added to a contract since."""
    return list(rows_in(UsageTable, partition_of(tenant_id, customer_id), "stray#", StrayItem))


def readings_versions(tenant_id: str, customer_id: str, item_ids: Iterable[str]) -> dict[str, int]:
    """By item, 0 if there are none yet; must be read before the readings."""
    keys = {_mark_key(tenant_id, customer_id, item_id): item_id for item_id in item_ids}
    marks = find_many(UsageTable, keys, ReadingsMark)
    return {item_id: marks[key].version if key in marks else 0 for key, item_id in keys.items()}


def readings_mark_row(tenant_id: str, customer_id: str, item_id: str, version: int) -> UsageTable:
    """For the transaction that writes readings that were checked against those of `version`."""
    return entity_row(UsageTable, *_mark_key(tenant_id, customer_id, item_id), ReadingsMark(version=version))


def _mark_key(tenant_id: str, customer_id: str, item_id: str) -> tuple[str, str]:
    return partition_of(tenant_id, customer_id), f"readings#{item_id}"


def _row_of(meter_day: MeterDay) -> str:
    return f"reading#{meter_day.item_id}#{meter_day.unit}#{meter_day.on}"


def readings(tenant_id: str, customer_id: str, item_id: str, unit: str) -> list[Reading]:
    """A meter's readings, oldest first."""
    prefix = f"reading#{item_id}#{unit}#"
    return list(rows_in(UsageTable, partition_of(tenant_id, customer_id), prefix, Reading))


def partition_of(tenant_id: str, customer_id: str) -> str:
    return f"{tenant_id}#{customer_id}"
