"""Shows a bank file record by record: field names, columns, values and faults.

    python -m billing.banking.inspect FILE
    python -m billing.banking.inspect --diff FILE OTHER

A field that cannot be read is marked with `!`; a line that no layout describes is shown whole, marked with `?`. `--diff` shows only
the fields in which two files differ, and answers 1 when there are any.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from billing.banking.layouts.record import Field, Record
from billing.banking.layouts.registry import FileKind, kind_of, record_of


class Seen(NamedTuple):
    """A line of a file, as its layout describes it."""

    number: int
    line: str
    record: Record | None
    """None: no layout here describes it."""
    faults: frozenset[str]
    """Names of the fields that cannot be read."""


def inspect_file(content: bytes) -> Iterator[Seen]:
    """Every line with its record. A file of no known kind has lines without records."""
    lines = [
        line for line in content.decode("latin-1").replace("\r\n", "\n").split("\n") if line.strip("\x1a ")
    ]
    kind = kind_of(lines[0]) if lines else None
    for number, line in enumerate(lines, 1):
        yield _seen(number, line, kind)


def _seen(number: int, line: str, kind: FileKind | None) -> Seen:
    record = record_of(kind, line) if kind and len(line) == kind.length else None
    faults = frozenset(fault.field.name for fault in record.faults(line)) if record else frozenset()
    return Seen(number, line, record, faults)


def describe(seen: Seen) -> Iterator[str]:
    if seen.record is None:
        yield f"linha {seen.number}: ? {seen.line}"
        return
    yield f"linha {seen.number}: {seen.record.name} ({seen.record.source})"
    for field in seen.record.inputs:
        yield _field(field, seen.line, wrong=field.name in seen.faults)


def differences(one: bytes, other: bytes) -> Iterator[str]:
    """Line by line, the fields whose columns differ."""
    for here, there in zip_longest(inspect_file(one), inspect_file(other)):
        left, right = here.line if here else "", there.line if there else ""
        if left == right:
            continue
        number = (here or there).number
        record = here.record if here and there and here.record is there.record else None
        if record is None:
            yield f"linha {number}:\n  - {left}\n  + {right}"
            continue
        yield f"linha {number}: {record.name}"
        for field in record.fields:
            ours, theirs = left[field.start - 1 : field.end], right[field.start - 1 : field.end]
            if ours != theirs:
                yield f"  {field.columns:>9} {field.name}: “{ours}” → “{theirs}”"


def _field(field: Field, line: str, *, wrong: bool) -> str:
    value = line[field.start - 1 : field.end].rstrip()
    return f"{'!' if wrong else ' '} {field.columns:>9} {field.name:28} {value}"


def main(arguments: Sequence[str]) -> int:
    match arguments:
        case ["--diff", one, other]:
            found = list(differences(Path(one).read_bytes(), Path(other).read_bytes()))
            _say(found)
            return 1 if found else 0
        case [path]:
            for seen in inspect_file(Path(path).read_bytes()):
                _say(describe(seen))
            return 0
        case _:
            _say([__doc__ or ""])
            return 2


def _say(lines: Iterator[str] | Sequence[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
