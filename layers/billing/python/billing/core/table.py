"""How rows are kept: one record class per table, one map per entity, one transaction per change.

A row has a partition, a row key, index keys, a version, perhaps a time to live, and one attribute that holds the
entity as a native map. Tables are created by the CDK stack and by the tests from these same classes.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import uniform
from time import sleep
from typing import Any, Generic, TypeVar

from pydantic import Field, ValidationError
from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.constants import MAP
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from billing.core.entity import Entity
from billing.core.errors import Conflict, PreconditionFailed, Refused, Transient

E = TypeVar("E", bound=Entity)
T = TypeVar("T", bound="Table")
A = TypeVar("A", bound="Aggregate")

MAX_TRANSACTION_ITEMS = 100
_WAITS = (0.05, 0.1, 0.2, 0.4)
"""The longest wait, in seconds, before each further attempt of a transaction that conflicted with another."""
"""DynamoDB, TransactWriteItems: at most 100 actions and 4 MB."""


class UnreadableRow(ValueError):
    """A stored row that does not fit its entity; `fields` says where. It holds none of the row's content."""

    def __init__(self, table: str, kind: str, error: ValidationError) -> None:
        self.fields = tuple(".".join(map(str, item["loc"])) for item in error.errors())
        super().__init__(f"a row of {table} is no {kind}: {', '.join(self.fields[:3])}")

    @property
    def refused(self) -> Refused:
        """What the clerk reads when a run leaves out the item because of this row."""
        return Refused(
            "row.unreadable",
            f"Os dados gravados deste item não podem ser lidos ({', '.join(self.fields[:3])}): estão corrompidos ou são "
            "de uma versão anterior. Avise o suporte; os demais itens foram processados.",
        )


class Aggregate(Entity):
    """An entity with a row of its own. `version` is the row's: 0 before it is first kept; If-Match names it."""

    version: int = Field(default=0, ge=0)


class EntityAttribute(Attribute[dict[str, Any]]):
    """The entity as a native map. Money and decimals are text in it; the only numbers are whole."""

    attr_type = MAP

    def serialize(self, value: dict[str, Any]) -> dict[str, Any]:
        return {key: _to_dynamo(item) for key, item in value.items()}

    def deserialize(self, value: dict[str, Any]) -> dict[str, Any]:
        return {key: _from_dynamo(item) for key, item in value.items()}


def require_version(thing: A, version: int) -> A:
    """The entity, if it still has the version that the caller read. Raises PreconditionFailed."""
    if thing.version != version:
        raise PreconditionFailed(
            "version.old", "Outra pessoa alterou este registro. Recarregue e tente de novo."
        )
    return thing


class ByDay(GlobalSecondaryIndex["Table"]):
    """Audit rows by business day, sharded: `day_key` is tenant#day#shard, `day_sort` the instant.

    Runs by their instant: `day_key` is tenant#runs.
    """

    class Meta:
        index_name = "by_day"
        projection = KeysOnlyProjection()

    day_key = UnicodeAttribute(hash_key=True)
    day_sort = UnicodeAttribute(range_key=True)


class Table(Model):
    """What every table has. A concrete table adds `Meta` (see `meta`) and its own indexes."""

    partition = UnicodeAttribute(hash_key=True)
    row = UnicodeAttribute(range_key=True)
    version = NumberAttribute(default=0)
    ttl = NumberAttribute(null=True)
    entity = EntityAttribute()
    day_key = UnicodeAttribute(null=True)
    day_sort = UnicodeAttribute(null=True)
    by_day = ByDay()

    def load(self, kind: type[E]) -> E:
        """The entity, with the row's version where it carries one.

        Raises UnreadableRow for a row that does not fit `kind`. That is our fault; a ValidationError would blame the
        caller.
        """
        try:
            if issubclass(kind, Aggregate):
                return kind.model_validate({**self.entity, "version": int(self.version)})
            return kind.model_validate(self.entity)
        except ValidationError as error:
            raise UnreadableRow(type(self).__name__, kind.__name__, error) from error


def meta(name: str) -> Any:
    """The `Meta` of a table: its name is in the environment as <NAME>_TABLE, set by the stack."""
    return type(
        "Meta",
        (),
        {
            "table_name": os.environ.get(f"{name.upper()}_TABLE", f"mensal-{name}"),
            "region": os.environ.get("AWS_REGION", "sa-east-1"),
            "billing_mode": "PAY_PER_REQUEST",
            "max_retry_attempts": 4,
        },
    )


def entity_row(table: type[T], partition: str, row: str, entity: Entity, **keys: str | int | None) -> T:
    """The row that keeps `entity`; `keys` are index keys and `ttl`. Its version is the one that was loaded."""
    data = entity.to_map()
    version = data.pop("version", 0)
    present: dict[str, Any] = {name: value for name, value in keys.items() if value is not None}
    return table(partition, row, version=version, entity=data, **present)


def image_of(image: dict[str, Any]) -> tuple[str, str, int, dict[str, Any]]:
    """Partition, row key, version and entity of a row, from a table's stream."""
    row = {name: _from_dynamo(value) for name, value in image.items()}
    return row["partition"], row["row"], row.get("version", 0), row["entity"]


def find(table: type[T], partition: str, row: str, kind: type[E]) -> E | None:
    """One entity, read consistently, or None."""
    try:
        return table.get(partition, row, consistent_read=True).load(kind)
    except table.DoesNotExist:
        return None


def find_many(table: type[T], keys: Iterable[tuple[str, str]], kind: type[E]) -> dict[tuple[str, str], E]:
    """Entities by key, read consistently in batches of 100; those that do not exist are absent."""
    rows = table.batch_get(list(dict.fromkeys(keys)), consistent_read=True)
    return {(row.partition, row.row): row.load(kind) for row in rows}


class RowsById(Generic[E]):
    """The entities that were found, by id, and the rows among them that cannot be read."""

    def __init__(self, things: Mapping[str, E], unreadable: Mapping[str, UnreadableRow]) -> None:
        self.things, self.unreadable = things, unreadable

    def get(self, id_: str) -> E | None:
        """None if it does not exist. Raises UnreadableRow."""
        if id_ in self.unreadable:
            raise self.unreadable[id_]
        return self.things.get(id_)


def each_readable(ids: Iterable[str], load: Callable[[list[str]], Mapping[str, E]]) -> RowsById[E]:
    """Load all ids together; if a row cannot be read, load them one by one, so that only that one is missing."""
    wanted = list(dict.fromkeys(ids))
    try:
        return RowsById(load(wanted), {})
    except UnreadableRow:
        things: dict[str, E] = {}
        unreadable: dict[str, UnreadableRow] = {}
        for id_ in wanted:
            try:
                things |= load([id_])
            except UnreadableRow as error:
                unreadable[id_] = error
        return RowsById(things, unreadable)


def existing(table: type[T], keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of the rows exist, read consistently; their content is not read."""
    rows = table.batch_get(
        list(dict.fromkeys(keys)), consistent_read=True, attributes_to_get=["partition", "row"]
    )
    return {(row.partition, row.row) for row in rows}


def rows_in(
    table: type[T], partition: str, prefix: str, kind: type[E], *, newest_first: bool = False
) -> Iterator[E]:
    """All entities of one kind in a partition, in row order."""
    rows = table.query(
        partition,
        table.row.startswith(prefix),
        consistent_read=True,
        scan_index_forward=not newest_first,
    )
    return (row.load(kind) for row in rows)


class Writes:
    """Changes that happen together or not at all: at most 100 rows, over any tables."""

    def __init__(self) -> None:
        self._puts: list[tuple[Table, Condition | None]] = []
        self._deletes: list[tuple[Table, Condition | None]] = []
        self._checks: list[tuple[Table, Condition]] = []

    def put(self, row: T) -> T:
        """A new row (version 0: must not exist) or the next version of a loaded one (must be unchanged)."""
        kind = type(row)
        expected = int(row.version)
        condition = kind.partition.does_not_exist() if expected == 0 else kind.version == expected
        row.version = expected + 1
        self._puts.append((row, condition))
        return row

    def overwrite(self, row: T) -> T:
        """A row whose content is derived: putting it again changes nothing."""
        row.version = int(row.version) + 1
        self._puts.append((row, None))
        return row

    def delete(self, row: Table) -> None:
        """A loaded row, unchanged since."""
        self._deletes.append((row, type(row).version == int(row.version)))

    def require_unchanged(self, row: Table) -> None:
        """Commit only if `row` still has the version that was loaded."""
        self._checks.append((row, type(row).version == int(row.version)))

    def require_absent(self, table: type[Table], partition: str, row: str) -> None:
        """Commit only if there is no such row, not even one that is being written at this moment."""
        self._checks.append((table(partition, row), table.partition.does_not_exist()))

    def __len__(self) -> int:
        return len(self._puts) + len(self._deletes) + len(self._checks)

    def commit(self) -> None:
        """Write all or nothing. Raises Conflict when a row exists or has changed, Transient when throttled.

        When two transactions touch the same row at the same moment, if only to check it, DynamoDB cancels one, and
        botocore does not retry it. So it is retried here after a short wait: many writers check the same billing item
        or account.
        """
        if not len(self):
            return
        if len(self) > MAX_TRANSACTION_ITEMS:
            raise ValueError(f"{len(self)} rows do not fit in one transaction")
        for wait in _WAITS:
            if self._commit():
                return
            sleep(uniform(wait / 2, wait))  # noqa: S311 - spreads writers, guards nothing
        if not self._commit():
            raise Transient("the transaction keeps conflicting with others")

    def _commit(self) -> bool:
        """False if another transaction held one of the rows at this moment. Raises Conflict, Transient."""
        try:
            if len(self._puts) == len(self) == 1:
                row, condition = self._puts[0]
                row.save(condition=condition)
                return True
            with TransactWrite(connection=_connection(), client_request_token=None) as transaction:
                for row, condition in self._puts:
                    transaction.save(row, condition=condition)
                for row, condition in self._deletes:
                    transaction.delete(row, condition=condition)
                for row, condition in self._checks:
                    transaction.condition_check(
                        type(row), row.partition, range_key=row.row, condition=condition
                    )
        except TransactWriteError as error:
            reasons = {reason.code for reason in error.cancellation_reasons if reason}
            if reasons == {"TransactionConflict"}:
                return False
            raise _failure("ConditionalCheckFailed" in reasons, error.cause_response_code) from error
        except PutError as error:
            if error.cause_response_code == "TransactionConflictException":
                return False
            failed = error.cause_response_code == "ConditionalCheckFailedException"
            raise _failure(failed, error.cause_response_code) from error
        return True


def _failure(condition_failed: bool, code: str | None) -> Exception:
    if condition_failed:
        return Conflict(
            "conflict", "O registro já existe ou foi alterado por outra pessoa. Recarregue e tente de novo."
        )
    return Transient(f"the store refused the write: {code}")


_connections: dict[str, Connection] = {}


def _connection() -> Connection:
    region = os.environ.get("AWS_REGION", "sa-east-1")
    if region not in _connections:
        _connections[region] = Connection(region=region, max_retry_attempts=4)
    return _connections[region]


def _to_dynamo(value: Any) -> dict[str, Any]:
    match value:
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case None:
            return {"NULL": True}
        case list():
            return {"L": [_to_dynamo(item) for item in value]}
        case dict():
            return {"M": {key: _to_dynamo(item) for key, item in value.items()}}
        case _:
            raise TypeError(f"{type(value).__name__} is not stored: money, decimals and dates are text")


def _from_dynamo(value: dict[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "S" | "BOOL":
            return content
        case "N":
            return int(content)
        case "NULL":
            return None
        case "L":
            return [_from_dynamo(item) for item in content]
        case "M":
            return {key: _from_dynamo(item) for key, item in content.items()}
        case _:
            raise TypeError(f"attribute type {kind} is not ours")
