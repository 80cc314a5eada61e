"""The states of rows as columns, in files: how a projection is stored (ADR 12).

    states/<tenant>/v1/<kind>/delta-<hash>.jsonl.gz    rows as they were written, a few seconds' worth
    states/<tenant>/v1/<kind>/base-<hash>.parquet      all states up to some moment, folded

A file is named by its content and never changed. A state is complete in itself and has its row's version; the highest
version of an id counts. So a delta that arrives twice, late or after its base changes nothing, and a fold may be cut
off at any point. The version in the folder's name is that of the columns: when the columns change, the states are made
again from the rows (`rebuilding`).
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from billing.core.files import Files, Folder
from billing.core.ids import content_hash
from billing.projections.kinds import CUSTOMER, KINDS, RowKind, kind_of

VERSION = "v1"
"""The version of the columns of all kinds."""
DELTA, BASE = "delta-", "base-"


class RowState(NamedTuple):
    """A row in its current state."""

    partition: str
    row: str
    version: int
    entity: Mapping[str, Any]

    @property
    def tenant_id(self) -> str:
        return self.partition.partition("#")[0]


class StateFiles(NamedTuple):
    """The files of one kind."""

    bases: tuple[str, ...]
    deltas: tuple[str, ...]


def folder(tenant_id: str, kind: RowKind) -> str:
    return Folder.STATES.key(tenant_id, VERSION, kind.name, "")


def listing(files: Files, tenant_id: str, kind: RowKind) -> StateFiles:
    place = folder(tenant_id, kind)
    keys = sorted(files.keys(place))
    bases = [key for key in keys if key.startswith(f"{place}{BASE}")]
    deltas = [key for key in keys if key.startswith(f"{place}{DELTA}")]
    return StateFiles(tuple(bases), tuple(deltas))


def put(files: Files, rows: Iterable[RowState]) -> int:
    """Store the states of the rows that projections keep, in one delta per tenant and kind; returns how many."""
    lines: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        kind = kind_of(row.row)
        if kind is not None:
            lines[row.tenant_id, kind.name].append(json.dumps(flat(kind, row), ensure_ascii=False))
    for (tenant_id, kind_name), states in sorted(lines.items()):
        data = gzip.compress("\n".join(states).encode(), mtime=0)
        files.put(file_name(tenant_id, KINDS[kind_name], DELTA, data, "jsonl.gz"), data)
    return sum(map(len, lines.values()))


def file_name(tenant_id: str, kind: RowKind, form: str, data: bytes, ending: str) -> str:
    return f"{folder(tenant_id, kind)}{form}{content_hash(data)[:32]}.{ending}"


def flat(kind: RowKind, row: RowState) -> dict[str, Any]:
    """A row's kept columns by name; days are text."""
    entity = row.entity
    return {
        "id": entity["id"],
        "customer_id": entity["id"] if kind is CUSTOMER else entity.get("customer_id"),
        "version": row.version,
        **{column.name: column.read(entity) for column in kind.columns},
    }
