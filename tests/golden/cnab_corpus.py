"""Reads a folder of bank files and says what is in each: bank, layout, titles, cents by occurrence, unread lines, faults.

`python -m tests.golden.cnab_corpus FOLDER [--json]`. A folder with an INDEX.tsv (file, licence, bank, layout, kind, records, facts)
is compared with its facts.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from billing.banking.inspect import inspect_file
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.registry import kind_of, records_of
from billing.banking.returns import read_return

_SUFFIXES = {".rem", ".ret", ".txt", ".crt"}


@dataclass
class Finding:
    file: str
    bank: str = ""
    layout: int = 0
    direction: str = ""
    described: bool = False
    """Whether there is a layout for it here."""
    titles: int = 0
    cents: int = 0
    cents_by_occurrence: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    faults: list[str] = field(default_factory=list)


def read(path: Path) -> Finding:
    content = path.read_bytes()
    found = Finding(str(path))
    first = content.split(b"\n", 1)[0].rstrip(b"\r").decode("latin-1")
    kind = kind_of(first)
    if kind is None:
        return found
    found.bank, found.layout, found.direction = kind
    found.described = bool(records_of(kind))
    if found.described and kind.direction == "retorno":
        _read_return(content, found)
    elif found.described:
        _read_remittance(content, found)
    return found


def _read_return(content: bytes, found: Finding) -> None:
    try:
        header, occurrences = read_return(content)
    except InvalidReturn as error:
        found.faults.append(error.title)
        return
    sums: Counter[str] = Counter()
    for occurrence in occurrences:
        sums[occurrence.movement] += occurrence.title_amount.cents
    found.titles, found.cents, found.unread = header.titles, header.amount.cents, len(header.unread)
    found.cents_by_occurrence = dict(sorted(sums.items()))


def _read_remittance(content: bytes, found: Finding) -> None:
    sums: Counter[str] = Counter()
    for seen in inspect_file(content):
        if seen.record is None:
            found.unread += 1
            continue
        found.faults.extend(f"linha {seen.number}: {name}" for name in sorted(seen.faults))
        if "valor_titulo" in seen.record.by_name and not seen.faults:
            values = seen.record.read(seen.line)
            found.titles += 1
            found.cents += values["valor_titulo"].cents
            sums[values.get("ocorrencia") or values.get("movimento") or ""] += values["valor_titulo"].cents
    found.cents_by_occurrence = dict(sorted(sums.items()))


def files_of(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folder's bank files, with the facts of its index if it has one."""
    index = folder / "INDEX.tsv"
    if index.exists():
        with index.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t"):
                yield folder / row["file"], json.loads(row["facts"])
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES:
            yield path, {}


def main(arguments: list[str]) -> int:
    found = [read(path) for path, _ in files_of(Path(arguments[0]))]
    if "--json" in arguments:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return 0
    for one in found:
        state = (
            "not described yet"
            if not one.described
            else "; ".join(one.faults) or f"{one.cents_by_occurrence}"
        )
        print(
            f"{one.bank or '?':3} {one.layout:3} {one.direction:7} {one.titles:5} titles {one.cents:>15} cents  {one.file}: {state}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
