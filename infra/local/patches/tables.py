"""DynamoDB in the local cloud: items written through to SQLite, so that nothing acknowledged is lost to `kill -9`."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import contextlib
import copy
import functools
import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from ministack.core import persistence
from ministack.core.responses import AccountRegionScopedDict
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

Table = dict[str, Any]
Item = dict[str, Any]

_METADATA = (
    "tags",
    "ttl_settings",
    "pitr_settings",
    "kinesis_destinations",
    "contributor_insights",
    "backups",
    "resource_policies",
    "exports",
    "imports",
)


class ItemFile:
    """The items of all tables in one SQLite file; a table is known by its id, which no later table of the same name
    has."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")  # survives the process, not the machine
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS items (table_id TEXT, pk TEXT, sk TEXT, item TEXT,"
            " PRIMARY KEY (table_id, pk, sk)) WITHOUT ROWID"
        )

    @contextlib.contextmanager
    def atomic(self) -> Iterator[None]:
        """All writes inside are kept, or none if the body raises or the process dies."""
        with self._lock:
            if self._database.in_transaction:
                yield
                return
            self._database.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def put(self, table_id: str, pk: str, sk: str, item: Item) -> None:
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?)",
                (table_id, pk, sk, json.dumps(item, ensure_ascii=False)),
            )

    def remove(self, table_id: str, pk: str, sk: str) -> None:
        with self._lock:
            self._database.execute(
                "DELETE FROM items WHERE table_id = ? AND pk = ? AND sk = ?", (table_id, pk, sk)
            )

    def replace(self, table_id: str, items: dict[str, dict[str, Item]]) -> None:
        """Make the table hold these items (partition key -> sort key -> item) and no others."""
        with self.atomic():
            self._database.execute("DELETE FROM items WHERE table_id = ?", (table_id,))
            for pk, partition in items.items():
                for sk, item in partition.items():
                    self.put(table_id, pk, sk, item)

    def drop_all_but(self, table_ids: Iterable[str]) -> None:
        kept = list(table_ids)
        marks = ", ".join("?" * len(kept))
        with self._lock:
            self._database.execute(f"DELETE FROM items WHERE table_id NOT IN ({marks})", kept)  # noqa: S608 - marks

    def read(self, table_id: str) -> dict[str, dict[str, Item]]:
        items: dict[str, dict[str, Item]] = defaultdict(dict)
        with self._lock:
            rows = self._database.execute("SELECT pk, sk, item FROM items WHERE table_id = ?", (table_id,))
            for pk, sk, item in rows:
                items[pk][sk] = json.loads(item)
        return items


def write_items_through(file: ItemFile) -> None:
    """Items are kept in memory and saved when the emulator stops: `kill -9` loses everything since the last clean
    stop."""
    writes = _Writes(file)
    dynamodb._set_item = writes.set_item
    dynamodb._remove_item = writes.remove_item
    dynamodb._items_replaced = writes.items_replaced
    dynamodb._emit_stream_event = writes.emit_stream_event
    dynamodb._transact_write_items = writes.all_or_nothing(dynamodb._transact_write_items)
    dynamodb._batch_write_item = writes.all_or_nothing(dynamodb._batch_write_item)
    dynamodb.get_state = _state_without_items
    dynamodb.load_persisted_state = _loading_items_from(file, dynamodb.load_persisted_state)


def save_tables_when_they_change(file: ItemFile) -> None:
    """A table created since the last save is forgotten, and one deleted since then comes back."""
    keep = functools.partial(_saving_tables, file)
    for name in ("_create_table", "_delete_table", "_update_table"):
        setattr(dynamodb, name, keep(getattr(dynamodb, name)))
    handlers = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    for action in ("create", "update", "delete"):
        handlers[action] = keep(handlers[action])


class _Writes:
    """The emulator's writes, made in memory and in the file alike, and undone in both if a transaction cannot
    finish."""

    def __init__(self, file: ItemFile) -> None:
        self._file = file
        self._set, self._remove = dynamodb._set_item, dynamodb._remove_item
        self._replaced, self._emit = dynamodb._items_replaced, dynamodb._emit_stream_event
        self._current = threading.local()

    @property
    def _open(self) -> "_Transaction | None":
        """The transaction that this thread is in."""
        return getattr(self._current, "transaction", None)

    def set_item(self, table: Table, pk: str, sk: str, item: Item) -> Item | None:
        with self._file.atomic():
            old: Item | None = self._set(table, pk, sk, item)
            if self._open:
                self._open.undo.append((table, pk, sk, old))
            self._file.put(table["TableId"], pk, sk, item)
        return old

    def remove_item(self, table: Table, pk: str, sk: str) -> Item | None:
        with self._file.atomic():
            old: Item | None = self._remove(table, pk, sk)
            if self._open:
                self._open.undo.append((table, pk, sk, old))
            self._file.remove(table["TableId"], pk, sk)
        return old

    def items_replaced(self, table: Table) -> None:
        self._replaced(table)
        self._file.replace(table["TableId"], table["items"])

    def emit_stream_event(self, *arguments: Any, **named: Any) -> None:
        """Tell the streams, but for a transaction only once it is kept."""
        if self._open:
            self._open.events.append(lambda: self._emit(*arguments, **named))
        else:
            self._emit(*arguments, **named)

    def all_or_nothing(self, operation: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def run(request: Any) -> Any:
            transaction = _Transaction()
            with self._file.atomic():
                self._current.transaction = transaction
                try:
                    response = operation(request)
                except BaseException:
                    self._undo(transaction)
                    raise
                finally:
                    self._current.transaction = None
            for emit in transaction.events:
                emit()
            return response

        return run

    def _undo(self, transaction: "_Transaction") -> None:
        for table, pk, sk, old in reversed(transaction.undo):
            if old is None:
                self._remove(table, pk, sk)
            else:
                self._set(table, pk, sk, old)


class _Transaction:
    def __init__(self) -> None:
        self.undo: list[tuple[Table, str, str, Item | None]] = []
        self.events: list[Callable[[], None]] = []


def _state_without_items() -> dict[str, Any]:
    tables = AccountRegionScopedDict()
    for scope, table in dynamodb._tables.all_items():
        described = {
            name: value for name, value in table.items() if name not in ("items", dynamodb._INDEX_MEMBERS)
        }
        tables.set_scoped(*scope, copy.deepcopy(described))
    metadata = {name: copy.deepcopy(getattr(dynamodb, f"_{name}")) for name in _METADATA}
    return {"tables": tables, **metadata}


def _loading_items_from(file: ItemFile, load: Callable[[Any], None]) -> Callable[[Any], None]:
    def load_with_items(data: Any) -> None:
        load(data)
        tables = list(dynamodb._tables.all_values())
        file.drop_all_but(table["TableId"] for table in tables)
        for table in tables:
            table["items"] = file.read(table["TableId"])
            table.pop(dynamodb._INDEX_MEMBERS, None)
            dynamodb._update_counts(table)

    return load_with_items


def _saving_tables(file: ItemFile, change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def change_and_save(*arguments: Any, **named: Any) -> Any:
        result = change(*arguments, **named)
        file.drop_all_but([table["TableId"] for table in dynamodb._tables.all_values()])
        persistence.save_state("dynamodb", dynamodb.get_state())
        return result

    return change_and_save
