"""Lines of an uploaded file, CSV or JSON Lines, plain or gzip, read as a stream: memory does not grow with the file.

Each becomes the text `number json`, its line number and content; a line that cannot be read stays as it is and is
refused with its number later (`record`). Only a file that cannot be read any further is refused as a whole.

CSV: RFC 4180, UTF-8, with a header; commas or semicolons, as the header has them; an empty cell is an absent field, and
`restart.old_final` is `old_final` inside `restart`. JSON Lines: https://jsonlines.org, one object a line.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from itertools import chain
from typing import Any

from billing.core.errors import Refusal, Refused

LONGEST_LINE = 16_384
"""In bytes; an event has a few hundred. A longer line is refused, so that no file can fill the memory with one."""
MOST_BYTES = 500_000_000
"""Decompressed: five times the largest upload, so that 200 KB of gzip cannot keep a reader busy for minutes."""
MOST_LINES = 2_000_000
MOST_BLANK_LINES = 10_000
"""Including rows of empty cells."""
MOST_LINES_OF_A_RECORD = 100
"""A cell in quotes may have line ends; an odd quote would take the whole file for one cell."""
GZIP = b"\x1f\x8b"

JSON_INVALID = Refusal("import.json", "A linha não é um objeto JSON válido.")
TOO_LONG = Refusal("import.line_too_long", f"A linha passa de {LONGEST_LINE} bytes.")
NOT_UTF8 = Refusal("import.encoding", "A linha tem caracteres que não são UTF-8.")
CELLS = Refusal("import.cells", "A linha tem mais colunas que o cabeçalho.")
TOO_LARGE = Refusal(
    "import.too_large",
    "Nada foi importado: descompactado, o arquivo passa de 500 MB. Divida o arquivo e envie as partes.",
)
TOO_MANY_LINES = Refusal(
    "import.too_many_lines",
    "Nada foi importado: o arquivo passa de 2 milhões de linhas. Divida o arquivo e envie as partes.",
)
BLANK_LINES = Refusal(
    "import.blank_lines",
    f"Nada foi importado: o arquivo tem mais de {MOST_BLANK_LINES} linhas em branco. Retire-as e envie de novo.",
)


class FileFormat(StrEnum):
    CSV = "csv"
    JSON_LINES = "jsonl"


class Unreadable(Exception):
    """Why a line is not a record."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.code)
        self.reason = reason


def lines(chunks: Iterable[bytes], file_format: FileFormat, fields: Iterable[str]) -> Iterator[str]:
    """The file's lines as `number json`.

    Raises Refused for a damaged file, one past a limit (as soon as it is reached), or a CSV whose columns are not `fields`.
    """
    remaining, head = iter(chunks), b""
    while len(head) < len(GZIP) and (more := next(remaining, None)) is not None:
        head += more
    stream: io.BufferedIOBase = io.BufferedReader(_Stream(chain([head], remaining)))
    if head.startswith(GZIP):
        stream = gzip.GzipFile(fileobj=stream)
    try:
        if file_format is FileFormat.CSV:
            yield from _csv(stream, frozenset(fields))
        else:
            yield from _json_lines(stream)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        message = "O arquivo compactado está danificado ou incompleto. Envie de novo."
        raise Refused("import.damaged", message) from None


def numbered(key: str) -> tuple[int, str]:
    """Line number and text of a result of `lines`."""
    number, _, text = key.partition(" ")
    return int(number), text


def record(text: str) -> dict[str, Any]:
    """The object of a line, with exact numbers. Raises Unreadable."""
    if len(text.encode()) > LONGEST_LINE:
        raise Unreadable(TOO_LONG)
    if "\ufffd" in text:
        raise Unreadable(NOT_UTF8)
    try:
        value = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unreadable(JSON_INVALID) from None
    if not isinstance(value, dict):
        raise Unreadable(JSON_INVALID)
    if "" in value:
        raise Unreadable(CELLS)
    return value


def _no_number(name: str) -> None:
    raise ValueError(name)


def _texts(stream: io.BufferedIOBase) -> Iterator[tuple[int, str]]:
    """Numbered lines, without line ends; a line that is too long is cut a little after the limit. Raises Refused."""
    number = size = 0
    while line := stream.readline(LONGEST_LINE + 2):
        number += 1
        size += len(line)
        remainder = line
        while not remainder.endswith(b"\n") and (remainder := stream.readline(LONGEST_LINE)):
            size += len(remainder)
            if size > MOST_BYTES:
                raise Refused.because([TOO_LARGE])
        if size > MOST_BYTES:
            raise Refused.because([TOO_LARGE])
        if number > MOST_LINES:
            raise Refused.because([TOO_MANY_LINES])
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", errors="replace")
        yield number, text.rstrip("\r\n")


def _json_lines(stream: io.BufferedIOBase) -> Iterator[str]:
    blank = 0
    for number, text in _texts(stream):
        if text.strip():
            yield f"{number} {text}"
        else:
            blank += 1
            if blank > MOST_BLANK_LINES:
                raise Refused.because([BLANK_LINES])


def _csv(stream: io.BufferedIOBase, fields: frozenset[str]) -> Iterator[str]:
    texts = _Counted(_texts(stream))
    header = next(texts, "")
    separator = ";" if header.count(";") > header.count(",") else ","
    columns = [
        name.strip() for name in next(csv.reader([header.replace("\r", " ")], delimiter=separator), [])
    ]
    _require_columns(columns, fields)
    rows = csv.reader(texts, delimiter=separator)
    blank = 0
    while True:
        first = texts.record_at = texts.number + 1
        try:
            cells = next(rows, None)
        except csv.Error:
            yield f"{first} "
            continue
        if cells is None:
            return
        if any(cells):
            yield f"{first} {json.dumps(_nested(columns, cells), ensure_ascii=False)}"
        else:
            blank += 1
            if blank > MOST_BLANK_LINES:
                raise Refused.because([BLANK_LINES])


class _Counted:
    """Lines for the CSV reader, and the number of the last one that it took; `record_at` is where its record begins."""

    def __init__(self, texts: Iterator[tuple[int, str]]) -> None:
        self._texts = texts
        self.number = 0
        self.record_at = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.number, text = next(self._texts)
        if self.number - self.record_at >= MOST_LINES_OF_A_RECORD:
            message = (
                f"Nada foi importado: o registro que começa na linha {self.record_at} passa de {MOST_LINES_OF_A_RECORD} linhas."
                " Confira as aspas e envie o arquivo de novo."
            )
            raise Refused("import.record_too_long", message)
        return text


def _require_columns(columns: list[str], fields: frozenset[str]) -> None:
    unknown = [name for name in columns if name.partition(".")[0] not in fields]
    if unknown or not columns:
        message = f"Coluna desconhecida: {', '.join(unknown) or '(vazio)'}. O cabeçalho tem: {', '.join(sorted(fields))}."
        raise Refused.because([Refusal("import.columns", message[:500])])
    if len(set(columns)) != len(columns):
        raise Refused.because([Refusal("import.columns", "O cabeçalho repete uma coluna.")])


def _nested(columns: list[str], cells: list[str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=False):
        if cell.strip():
            outer, _, inner = name.partition(".")
            if inner:
                nested.setdefault(outer, {})[inner] = cell
            else:
                nested[outer] = cell
    if len(cells) > len(columns):
        nested[""] = cells[len(columns) :]
    return nested


class _Stream(io.RawIOBase):
    """Chunks of bytes as a file that is read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk
        size = min(len(into), len(self._left))
        into[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
