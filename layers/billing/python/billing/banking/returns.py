"""Return files: what the banks say happened, read from bytes.

The file is proven whole before anything is told (`check_return`): length, sequence, every field, counts and sums of its trailers. A
fault is an `InvalidReturn` naming line, column, field and value. Reading streams; a file is read twice and never held in memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts import return_240, return_400
from billing.banking.occurrences import Occurrence
from billing.banking.terms import Layout
from billing.core.money import Money

_READERS: Mapping[tuple[str, Layout], str] = {
    ("341", Layout.CNAB400): "itau_400_return",
    ("756", Layout.CNAB240): "sicoob_240_return",
}
_FAMILIES: Mapping[Layout, Any] = {Layout.CNAB400: return_400, Layout.CNAB240: return_240}
_LENGTHS: Mapping[int, Layout] = {400: Layout.CNAB400, 240: Layout.CNAB240}

_LINE_ENDS = frozenset({b"\r\n", b"\n", b""})
_END_OF_FILE = b"\x1a"


@dataclass(frozen=True, slots=True)
class ReturnHeader:
    bank: str
    layout: Layout
    agreement: str
    """Agência and account, or convênio, as the file has them."""
    sequence: int
    created_on: date | None
    titles: int
    amount: Money
    """Sum of the titles' own amounts."""
    unread: tuple[tuple[int, str], ...]
    """Lines of a type that the layout does not describe, kept raw with their numbers."""


def check_return(source: bytes | BinaryIO) -> ReturnHeader:
    """What the file is, once it is proven whole. Raises InvalidReturn."""
    file = _file(source)
    layout, family, module = _recognise(file)
    checked = family.check(module.LAYOUT, _lines(file, family.LENGTH))
    head = checked.header
    return ReturnHeader(
        head.bank,
        layout,
        head.agreement,
        head.sequence,
        head.created_on,
        checked.titles,
        checked.amount,
        checked.unread,
    )


def read_return(source: bytes | BinaryIO) -> tuple[ReturnHeader, Iterator[Occurrence]]:
    """The header and the occurrences, in the file's order. Raises InvalidReturn at once, before any occurrence is given."""
    file = _file(source)
    header = check_return(file)
    _, family, module = _recognise(file)
    return header, family.read(module.LAYOUT, _lines(file, family.LENGTH))


def _file(source: bytes | BinaryIO) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source


def _recognise(file: BinaryIO) -> tuple[Layout, Any, Any]:
    file.seek(0)
    first = file.readline(2000).rstrip(b"\r\n").decode("latin-1")
    if not first.strip():
        raise InvalidReturn("empty", "o arquivo está vazio", line=1)
    layout = _LENGTHS.get(len(first))
    if layout is None:
        raise InvalidReturn(
            "not_cnab",
            f"este arquivo não é um retorno de banco: a primeira linha tem {len(first)} colunas, e um retorno tem 240 ou 400",
            line=1,
            value=first[:40],
        )
    bank = _bank_400(first) if layout is Layout.CNAB400 else _bank_240(first)
    name = _READERS.get((bank, layout))
    if name is None:
        raise InvalidReturn(
            "bank_unknown", f"o retorno {layout} do banco {bank} ainda não é lido", line=1, value=bank
        )
    return layout, _FAMILIES[layout], import_module(f"billing.banking.layouts.{name}")


def _bank_400(first: str) -> str:
    if first.startswith("01"):
        raise InvalidReturn(
            "is_remittance", "este arquivo é uma remessa, não um retorno", line=1, column=2, value="1"
        )
    if not first.startswith("02RETORNO"):
        raise InvalidReturn(
            "not_cnab", "este arquivo não começa como um retorno", line=1, column=1, value=first[:9]
        )
    return first[76:79]


def _bank_240(first: str) -> str:
    if first[7] != "0":
        raise InvalidReturn(
            "not_cnab", "este arquivo não começa como um retorno", line=1, column=8, value=first[7]
        )
    if first[142] == "1":
        raise InvalidReturn(
            "is_remittance", "este arquivo é uma remessa, não um retorno", line=1, column=143, value="1"
        )
    return first[:3]


def _lines(file: BinaryIO, length: int) -> Iterator[str]:
    """Lines of exactly `length` columns. A line in UTF-8 is read as such; blank lines are allowed only at the end."""
    file.seek(0)
    blank = 0
    for number, line in enumerate(file, 1):
        if line[length:] in _LINE_ENDS and len(line) >= length:
            text = line[:length].decode("latin-1")
        elif line.strip(b"\r\n \x00" + _END_OF_FILE):
            text = _mended(line, number, length)
        else:
            blank = blank or number
            continue
        if blank:
            raise InvalidReturn("blank_line", "há uma linha em branco no meio do arquivo", line=blank)
        yield text


def _mended(line: bytes, number: int, length: int) -> str:
    try:
        text = line.rstrip(b"\r\n" + _END_OF_FILE).decode("utf-8")
    except UnicodeDecodeError:
        text = line.rstrip(b"\r\n").decode("latin-1")
    if len(text) == length:
        return text
    what = "foi cortada" if len(text) < length else "tem colunas demais"
    raise InvalidReturn(
        "line_length",
        f"a linha {what}: tem {len(text)} colunas e o arquivo é de {length}",
        line=number,
        column=min(len(text), length) + 1,
        value=text[-20:],
    )
