"""Tables of the law that change by date: JSON files beside this module, each version with its first day and its source.

A table is replaced by adding a version to its file; no rate, address or code of an authority stands in the code.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from billing.core.errors import Refused

_FOLDER = Path(__file__).parent / "data"


def version_on(table: str, day: date) -> Mapping[str, Any]:
    """The version in force: the latest that starts on or before the day. Raises Refused before the first."""
    in_force = [version for version in _versions(table) if version.starts_on <= day]
    if in_force:
        return in_force[-1].content
    raise Refused(
        "fiscal.no_table", f"Não há tabela fiscal ({table}) para {day:%d/%m/%Y}: atualize as tabelas."
    )


def content(table: str) -> Mapping[str, Any]:
    """The whole file: of tables without versions."""
    return _read(table)


class _Version(NamedTuple):
    starts_on: date
    content: Mapping[str, Any]


@cache
def _versions(table: str) -> Sequence[_Version]:
    """Oldest first."""
    listed = [_Version(date.fromisoformat(row["valid_from"]), row) for row in _read(table)["versions"]]
    return sorted(listed, key=lambda version: version.starts_on)


@cache
def _read(table: str) -> Mapping[str, Any]:
    with (_FOLDER / f"{table}.json").open(encoding="utf-8") as file:
        read: Mapping[str, Any] = json.load(file, parse_float=_refuse_float)
    return read


def _refuse_float(text: str) -> None:
    raise ValueError(f"{text}: rates are texts, never floats")
