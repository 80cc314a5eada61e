"""Check that the states match the rows: every kept column of every row of a tenant, both ways."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from billing.core.files import Files
from billing.projections import states
from billing.projections.engine import Engine
from billing.projections.kinds import KINDS, kind_of
from billing.projections.rebuilding import every_row


class Difference(NamedTuple):
    """A row whose state is not what it should be."""

    kind: str
    id: str
    message: str


def differences(files: Files, tenant_id: str, today: date) -> Iterator[Difference]:
    """Rows without a state, states without a row, and columns that differ. Reads all rows of the tenant into memory."""
    expected: dict[tuple[str, str], dict[str, Any]] = {}
    for row in every_row(tenant_id, today):
        kind = kind_of(row.row)
        assert kind is not None, "a row that is walked is of a kind"
        flat = states.flat(kind, row)
        expected[kind.name, flat["id"]] = flat
    with Engine(files, tenant_id, KINDS) as engine:
        kept = {
            (name, row[0]): {column: _plain(value) for column, value in zip(kind.types, row, strict=True)}
            for name, kind in KINDS.items()
            for row in engine.rows(f"SELECT * FROM {name}")
        }
    for key in sorted({*expected, *kept}):
        if key not in kept:
            yield Difference(*key, "the row has no state")
        elif key not in expected:
            yield Difference(*key, "the state has no row")
        elif expected[key] != kept[key]:
            names = [name for name, value in expected[key].items() if kept[key].get(name) != value]
            yield Difference(*key, f"{', '.join(names)} differ")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
