"""Shows a bank file record by record: field names, columns, values and faults.

    python -m billing.banking.inspect FILE
    python -m billing.banking.inspect --diff FILE OTHER

A field that cannot be read is marked with `!`; a line that no layout describes is shown whole, marked with `?`. A file of a bank that
has no layout here is shown by the columns that all banks share, and every line says so. `--diff` shows only the fields in which two
files differ, and answers 1 when there are any. At the end it says whether the file is in order, and if not what to do.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import BinaryIO, NamedTuple

from billing.banking.invalid_return import InvalidReturn, printable
from billing.banking.layouts import shared_columns
from billing.banking.layouts.record import Field, Record
from billing.banking.layouts.registry import FileKind, kind_of, record_in, records_of, restored
from billing.banking.remittance_answer import Verdict
from billing.banking.returns import check_return, remittance_answer

LENGTH_FAULT = "comprimento"
"""Among the faults of a line: it has more or fewer columns than its record."""


_PART = 65_536
"""Bytes that are read together."""


class InspectedLine(NamedTuple):
    """A line of a file, as its layout describes it."""

    number: int
    line: str
    record: Record | None
    """None: no layout here describes it."""
    faults: frozenset[str]
    """Names of the fields that cannot be read."""


class FileSeen(NamedTuple):
    """What a file is, and what describes its lines."""

    kind: FileKind
    records: Mapping[str, Record]
    is_of_bank: bool
    """Whether the bank's own layout is among them, or only the columns that all banks share."""


def file_of(lines: Sequence[str]) -> FileSeen | None:
    """None for a file that is not CNAB."""
    first = lines[0] if lines else ""
    first = next((text for length in (400, 240) if len(text := _as_written(first, length)) == length), first)
    kind, own = kind_of(first.ljust(240)), True
    if kind is None and len(first) == 240 and first[7] == "1" and first[8] in "RT":
        # It begins with its batch: the bank's own products have a header, so this is none of them.
        kind, own = FileKind(first[:3], 240, "remessa" if first[8] == "R" else "retorno"), False
    if kind is None:
        return None
    records = records_of(kind) if own else {}
    return FileSeen(kind, {**shared_columns.RECORDS[kind.length, kind.direction], **records}, bool(records))


def lines_of(content: bytes) -> list[str]:
    """Lines without their ends; blank ones and the end-of-file mark are left out."""
    return list(_lines([content]))


def inspect_file(content: bytes) -> Iterator[InspectedLine]:
    """Every line with its record. A file of no known kind has lines without records."""
    return inspect_part([content], first=1)


def inspect_part(chunks: Iterable[bytes], *, first: int, count: int | None = None) -> Iterator[InspectedLine]:
    """The lines from `first` on, counted from 1, at most `count`; of a file that comes in parts, whatever its size."""
    lines = _lines(chunks)
    opening = next(lines, None)
    if opening is None:
        return
    file = file_of([opening])
    numbered = enumerate(chain([opening], lines), 1)
    for number, line in islice(numbered, first - 1, None if count is None else first - 1 + count):
        yield _seen(number, line, file)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Without their ends; blank ones are left out."""
    remainder = b""
    for chunk in chain(chunks, [b"\n"]):
        *whole, remainder = (remainder + chunk).split(b"\n")
        for line in whole:
            text = line.removesuffix(b"\r").decode("latin-1")
            if text.strip("\x1a "):
                yield text


def _seen(number: int, line: str, file: FileSeen | None) -> InspectedLine:
    if file is None:
        return InspectedLine(number, line, None, frozenset())
    line = _as_written(line, file.kind.length)
    line = restored(line, file.kind) if file.is_of_bank else line
    record = record_in(file.records, line, file.kind.length)
    if record is None:
        return InspectedLine(number, line, None, frozenset())
    faults = {fault.field.name for fault in record.faults(line.ljust(record.length))}
    if len(line) != record.length:
        faults.add(LENGTH_FAULT)
    return InspectedLine(number, line, record, frozenset(faults))


def _as_written(line: str, length: int) -> str:
    """A line in UTF-8 as such, where that gives it its columns."""
    if len(line) <= length:
        return line
    try:
        text = line.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return line
    return text if len(text) == length else line


def describe(seen: InspectedLine) -> Iterator[str]:
    if seen.record is None:
        yield f"linha {seen.number}: ? {printable(seen.line)}"
        return
    yield f"linha {seen.number}: {seen.record.name} ({seen.record.source})"
    if LENGTH_FAULT in seen.faults:
        yield f"! a linha tem {len(seen.line)} colunas, e o registro {seen.record.length}"
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
            yield f"linha {number}:\n  - {printable(left)}\n  + {printable(right)}"
            continue
        yield f"linha {number}: {record.name}"
        for field in record.fields:
            ours, theirs = left[field.start - 1 : field.end], right[field.start - 1 : field.end]
            if ours != theirs:
                yield f"  {field.columns:>9} {field.name}: “{printable(ours)}” → “{printable(theirs)}”"


def _field(field: Field, line: str, *, wrong: bool) -> str:
    value = printable(line[field.start - 1 : field.end].rstrip())
    return f"{'!' if wrong else ' '} {field.columns:>9} {field.name:28} {value}"


USAGE = """Mostra um arquivo de banco registro por registro, e diz se está em ordem:

    python -m billing.banking.inspect ARQUIVO
    python -m billing.banking.inspect --diff ARQUIVO OUTRO
"""


def main(arguments: Sequence[str]) -> int:
    """0 when the file is in order or two files are equal, 1 when not, 2 when there is nothing to look at."""
    try:
        match arguments:
            case ["--diff", one, other]:
                return _compare(Path(one).read_bytes(), Path(other).read_bytes())
            case [path] if not path.startswith("-"):
                return _show(Path(path))
            case _:
                _say([USAGE])
                return 2
    except BrokenPipeError:  # `| head`: whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _say([f"Não foi possível abrir “{error.filename}”: {_WHY.get(type(error), error.strerror)}."])
        return 2


_NOT_CNAB = (
    "Não é uma remessa nem um retorno CNAB: a primeira linha tem {columns} colunas ou não começa como as deles (240 ou 400). "
    "Confira se é o arquivo do banco, como ele veio, sem abrir nem salvar em outro programa."
)
_WHY = {
    FileNotFoundError: "o arquivo não existe; confira o nome e a pasta",
    IsADirectoryError: "é uma pasta; informe um arquivo",
    PermissionError: "sem permissão de leitura",
}


def _compare(one: bytes, other: bytes) -> int:
    differing = list(differences(one, other))
    _say(differing or ["Os arquivos têm os mesmos registros."])
    return 1 if differing else 0


def _show(path: Path) -> int:
    with path.open("rb") as file:
        first = next(_lines(iter(lambda: file.read(_PART), b"")), None)
        if first is None:
            _say(["O arquivo está vazio. Peça-o de novo a quem o enviou."])
            return 1
        seen = file_of([first])
        if seen is None:
            _say([_NOT_CNAB.format(columns=len(first))])
            return 1
        file.seek(0)
        faults = 0
        for line in inspect_part(iter(lambda: file.read(_PART), b""), first=1):
            faults += len(line.faults)
            _say(describe(line))
        problem, verdict = _verdict(file, seen, faults)
    _say(["", verdict])
    return 1 if problem else 0


def _verdict(file: BinaryIO, seen: FileSeen, faults: int) -> tuple[bool, str]:
    """For a return that we can read, its reader's result; for other files, how many fields cannot be read."""
    bank, length, direction, _ = seen.kind
    if verdict := remittance_answer(file):
        answer, _ = verdict
        said = f"pré-crítica do banco {bank}, CNAB {length}: {answer.message}."
        problem = answer.verdict is not Verdict.PROCESSED
        return (
            problem,
            f"PROBLEMA: {said} Os títulos precisam ir de novo." if problem else f"Em ordem: {said}",
        )
    what = f"{direction} do banco {bank}, CNAB {length}"
    if direction == "retorno" and seen.is_of_bank:
        try:
            header = check_return(file)
        except InvalidReturn as error:
            return (
                True,
                f"PROBLEMA: {what}: {error.title}. Nada dele seria aplicado: peça o arquivo de novo ao banco.",
            )
        titles = f"títulos: {header.titles}, que somam {header.amount.format_br()}"
        left = f"; linhas que o layout não descreve: {len(header.unread)}" if header.unread else ""
        return False, f"Em ordem: {what}, arquivo {header.sequence}, {titles}{left}."
    if faults:
        return True, f"PROBLEMA: {what}: o que não é como o layout pede está marcado com “!”: {faults}."
    return False, f"Em ordem: {what}."


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
