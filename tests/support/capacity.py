"""The cost of a request on DynamoDB, from the sizes of items: the emulator's own figures are too low for queries.

Sizes and units are those of the Developer Guide, "DynamoDB item sizes and formats" and "Provisioned capacity mode": a
write unit is 1 KB, twice that in a transaction; a read unit is 4 KB read consistently, half for an eventually
consistent read; an index entry that is added, removed or moved is a write of its own.
"""

from collections.abc import Mapping
from functools import cache
from math import ceil
from typing import Any

from billing.entry.tables import ALL_TABLES

Item = Mapping[str, Mapping[str, Any]]

_TABLES = {table.Meta.table_name: table for table in ALL_TABLES}


def size_of(item: Item) -> int:
    """Bytes of an item: names and values."""
    return sum(len(name.encode()) + _value(value) for name, value in item.items())


def _value(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(str(content).encode())
        case "N":
            return ceil(len(str(content).lstrip("-")) / 2) + 1
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _value(part) for part in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value(part) for name, part in content.items())
        case _:
            raise ValueError(kind)


class Meter:
    """Write and read units of the requests shown to it, and the current items."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str, str], Item] = {}
        self.write_units = 0.0
        self.read_units = 0.0

    def see(self, operation: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        match operation:
            case "PutItem":
                self._put(request["TableName"], request["Item"], 1)
            case "TransactWriteItems":
                for action in request["TransactItems"]:
                    self._act(action)
            case "GetItem":
                self._read([answer.get("Item", {})], 1.0 if request.get("ConsistentRead") else 0.5)
            case "BatchGetItem":
                for table, table_request in request["RequestItems"].items():
                    items = answer["Responses"].get(table, [])
                    missing = len(table_request["Keys"]) - len(items)
                    weight = 1.0 if table_request.get("ConsistentRead") else 0.5
                    self._read([*items, *[{}] * missing], weight)
            case "Query":
                together = sum(size_of(item) for item in answer["Items"])
                self.read_units += max(1, ceil(together / 4096)) * (
                    1.0 if request.get("ConsistentRead") else 0.5
                )
            case _:
                pass

    def _act(self, action: Mapping[str, Any]) -> None:
        ((verb, what),) = action.items()
        match verb:
            case "Put":
                self._put(what["TableName"], what["Item"], 2)
            case "Delete":
                key = (what["TableName"], what["Key"]["partition"]["S"], what["Key"]["row"]["S"])
                self._write(key, None, 2)
            case _:
                self.write_units += 2

    def _put(self, table: str, item: Item, weight: int) -> None:
        self._write((table, item["partition"]["S"], item["row"]["S"]), item, weight)

    def _write(self, key: tuple[str, str, str], after: Item | None, weight: int) -> None:
        before = self.items.pop(key, {})
        if after is not None:
            self.items[key] = after
        largest = max(size_of(before), size_of(after or {}))
        self.write_units += max(1, ceil(largest / 1024)) * weight
        for index in _indexes(key[0]):
            old, new = _entry(before, index), _entry(after or {}, index)
            if old != new:
                self.write_units += (old is not None) + (new is not None)

    def _read(self, items: list[Item], weight: float) -> None:
        self.read_units += sum(max(1, ceil(size_of(item) / 4096)) for item in items) * weight


@cache
def _indexes(table: str) -> list[tuple[str, ...]]:
    """The key attributes of each index of a table."""
    indexes = _TABLES[table]._indexes.values()
    return [tuple(key["AttributeName"] for key in index._get_schema()["key_schema"]) for index in indexes]


def _entry(item: Item, index: tuple[str, ...]) -> tuple[str, ...] | None:
    if not all(name in item for name in index):
        return None
    return tuple(str(item[name]) for name in index)
