"""Return files: what the banks report as having happened, read from bytes.

The whole file is checked before anything is reported (`check_return`): length, sequence, every field, and the counts
and sums in its trailers. A fault is an `InvalidReturn` naming line, column, field and value. Reading streams, in
bounded memory; a large file is read twice.
"""

import gc
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts import return_240, return_400
from billing.banking.layouts.registry import FileKind, kind_of, module_of, record_of, restored
from billing.banking.layouts.return_file import Frame
from billing.banking.occurrences import Occurrence
from billing.banking.remittance_answer import (
    RemittanceAnswer,
    answer_in,
    is_answer_240,
    is_answer_400,
)
from billing.banking.terms import LENGTHS, BankTerms, Layout
from billing.core.money import ZERO, Money

_FAMILIES: Mapping[Layout, Any] = {Layout.CNAB400: return_400, Layout.CNAB240: return_240}
_LAYOUTS: Mapping[int, Layout] = {LENGTHS[layout]: layout for layout in _FAMILIES}

_LINE_ENDS = frozenset({b"\r\n", b"\n", b""})
_END_OF_FILE = b"\x1a"
_IN_LINES = bytes(range(32, 256)) + b"\r" + _END_OF_FILE
_ALLOWED = _IN_LINES + b"\n"

_MOST_OF_AN_ANSWER = 1_000_000
"""In bytes: 50 faulty lines and the header (67.126 v015, item 3.5)."""
_TOGETHER = 250
"""How many lines are cut and read together."""
_MOST_BLANK_LINES = 1000
"""The most at the end of a file."""
_KEPT = 20_000
"""How many titles of a file are kept from the first reading (about 25 MB)."""


class ReturnHeader(NamedTuple):
    bank: str
    layout: Layout
    agreement: str
    """Agência and account, or convênio, as in the file: in its header, or otherwise in its first title."""
    sequence: int
    created_on: date | None
    titles: int
    amount: Money
    """Sum of the titles' own amounts."""
    unread: tuple[tuple[int, str], ...]
    """Lines of a type that the layout does not describe, unchanged, with their numbers."""

    def is_of(self, terms: BankTerms) -> bool:
        """Whether the file belongs to an account: by agency and account, by convênio, or by Santander's code of
        transmission.

        The columns are adjacent, each filled with zeros, and must match as a whole: 12345 is not 112345, nor 123456.
        """
        if terms.bank != self.bank:
            return False
        agency, account, convenio = (
            _filled(code, width)
            for code, width in ((terms.agencia, 4), (terms.conta, 5), (terms.convenio, 0))
        )
        identities = [agency + account]
        if terms.convenio:
            identities.append(f"(?:{agency})?(?:{account})?{convenio}(?:{terms.convenio_digit})?")
        return terms.operacao == self.agreement or any(
            re.fullmatch(columns, self.agreement.rstrip()) for columns in identities
        )


def _filled(code: str, width: int) -> str:
    """The code in columns of its own, at least `width` of them: an account of one digit is not the first digit of a
    convênio."""
    digits = code.lstrip("0")
    return rf"[ 0]{{{max(0, width - len(digits))},}}{digits}"


def check_return(source: bytes | BinaryIO) -> ReturnHeader:
    """The file's header, once the whole file has been checked. Raises InvalidReturn."""
    return read_return(source)[0]


def read_return(source: bytes | BinaryIO) -> tuple[ReturnHeader, Iterator[Occurrence]]:
    """The header and the occurrences, in the file's order. Raises InvalidReturn at once, before any occurrence is
    given.

    The file is first read to its end. For a large file, what was read is not kept, and the file is read again.
    """
    file = _file(source)
    layout, kind, family, module = _recognise(file)
    frame = Frame()
    occurrences: Iterator[Occurrence] = family.occurrences(module.LAYOUT, _pieces(file, kind), frame)
    with _uncollected():
        kept = list(islice(occurrences, _KEPT))
        deque(occurrences, maxlen=0)
    header = _header(layout, frame, kept[0] if kept else None)
    if len(kept) == frame.titles:
        return header, iter(kept)
    kept.clear()
    return header, family.occurrences(module.LAYOUT, _pieces(file, kind), Frame())


def _header(layout: Layout, frame: Frame, first: Occurrence | None) -> ReturnHeader:
    heading = frame.heading
    assert heading is not None  # a frame has a heading once something was read
    return ReturnHeader(
        heading.bank,
        layout,
        heading.agreement or (first.agreement if first else ""),
        heading.sequence,
        heading.created_on,
        frame.titles,
        Money.from_cents(frame.cents),
        tuple(frame.unread),
    )


def owner_in(source: bytes | BinaryIO) -> ReturnHeader:
    """Whose file it is, from its first lines alone: counts and sums are those of what was read, and nothing is checked.

    Raises InvalidReturn for a file that does not begin as a return.
    """
    file = _file(source)
    if answer := remittance_answer(file):
        return answer[1]
    layout, kind, family, module = _recognise(file)
    frame = Frame()
    first = next(family.occurrences(module.LAYOUT, _pieces(file, kind), frame), None)
    return _header(layout, frame, first)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Turn the cyclic collector off: it would walk everything that is kept again and again, and there are no cycles in
    it."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _file(source: bytes | BinaryIO) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source


def remittance_answer(source: bytes | BinaryIO) -> tuple[RemittanceAnswer, ReturnHeader] | None:
    """The file's answer to a whole remittance, and whose it is; None for a return, or a file of any other kind."""
    file = _file(source)
    first = _first(file)
    if not (is_answer_240(first) or is_answer_400(first)):
        return None
    file.seek(0)
    lines = file.read(_MOST_OF_AN_ANSWER).decode("latin-1").splitlines()
    try:
        answer = answer_in([line for line in lines if line.strip("\x1a ")])
    except ValueError:
        message = "o cabeçalho da pré-crítica não pode ser lido"
        raise InvalidReturn("field", message, line=1, value=first[88:100]) from None
    if answer is None:
        return None
    whose = (answer.bank, answer.layout, answer.agreement, answer.sequence, answer.answered_on)
    return answer, ReturnHeader(*whose, 0, ZERO, ())


def _recognise(file: BinaryIO) -> tuple[Layout, FileKind, Any, Any]:
    first = _first(file)
    if answer := remittance_answer(file):
        raise InvalidReturn(f"remittance_{answer[0].verdict}", answer[0].message, line=1)
    if not first.strip():
        raise InvalidReturn("empty", "o arquivo está vazio", line=1)
    layout = _LAYOUTS.get(len(first))
    if layout is None and len(first) < 240 and kind_of(first.ljust(240)) is not None:
        raise _line_length(first, 1, 240)
    if layout is None:
        raise InvalidReturn(
            "not_cnab",
            f"este arquivo não é um retorno de banco: a primeira linha tem {len(first)} colunas, e um retorno tem 240 ou 400",
            line=1,
            value=first[:40],
        )
    bank = _bank_400(first) if layout is Layout.CNAB400 else _bank_240(first)
    kind = kind_of(first) or FileKind(bank, len(first), "retorno")
    module = module_of(bank, len(first), "return", kind.version)
    if module is None:
        raise InvalidReturn(
            "bank_unknown", f"o retorno {layout} do banco {bank} ainda não é lido", line=1, value=bank
        )
    return layout, kind, _FAMILIES[layout], module


def _first(file: BinaryIO) -> str:
    """The first line, which in UTF-8 has more bytes than columns if the company's name has accents."""
    file.seek(0)
    line = file.readline(2000).rstrip(b"\r\n")
    with suppress(UnicodeDecodeError):
        if len(text := line.decode("utf-8")) in _LAYOUTS:
            return text
    return restored(line.decode("latin-1"))


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


@dataclass(slots=True, eq=False, repr=False)
class _Place:
    """How far the file has been read: the number of lines, and the first blank one."""

    lines: int = 0
    blank: int = 0
    stripped: bool = False
    """The blanks at the end of its first line are missing."""


def _pieces(file: BinaryIO, kind: FileKind) -> Iterator[Sequence[str]]:
    """Lines of exactly the layout's columns, many at once. Before a fault is raised, the lines before it are given."""
    file.seek(0)
    first = file.readline()
    ending = b"\r\n" if first.endswith(b"\r\n") else b"\n"
    file.seek(0)
    place = _Place(stripped=len(first.rstrip(b"\r\n")) < kind.length)
    while block := file.read(_TOGETHER * (kind.length + len(ending))):
        if not block.endswith(b"\n"):
            block += file.readline()
        lines = [] if place.blank else _cut(block, kind.length, ending)
        if lines:
            place.lines += len(lines)
            yield lines
            continue
        try:
            _take_each(block, kind, place, lines)
        except InvalidReturn:
            if lines:
                yield lines
            raise
        if lines:
            yield lines


def _cut(block: bytes, length: int, ending: bytes) -> list[str]:
    """The block's lines, if all have that length and ending, and only characters that text may have; otherwise none."""
    stride = length + len(ending)
    count = len(block) // stride
    if len(block) != count * stride or block.translate(None, _IN_LINES) != b"\n" * count:
        return []
    if any(block[length + at :: stride] != ending[at : at + 1] * count for at in range(len(ending))):
        return []
    text = block.decode("latin-1")
    return [text[start : start + length] for start in range(0, len(text), stride)]


def _take_each(block: bytes, kind: FileKind, place: _Place, lines: list[str]) -> None:
    """Add the block's lines to `lines`. A line in UTF-8 is read as such; blank lines are allowed only at the file's
    end."""
    length = kind.length
    for line in BytesIO(block):
        place.lines += 1
        if line[length:] in _LINE_ENDS and len(line) >= length:
            text = line[:length].decode("latin-1")
        elif line.strip(b"\r\n \x00" + _END_OF_FILE):
            text = _mended(line, place, kind)
        else:
            place.blank = place.blank or place.lines
            if place.lines - place.blank >= _MOST_BLANK_LINES:
                message = f"há mais de {_MOST_BLANK_LINES} linhas em branco no fim do arquivo"
                raise InvalidReturn("blank_lines", message, line=place.lines)
            continue
        if line.translate(None, _ALLOWED):
            raise _control_character(text, place.lines, kind)
        if place.blank:
            message = "há uma linha em branco no meio do arquivo"
            raise InvalidReturn("blank_line", message, line=place.blank)
        lines.append(text)


def _control_character(text: str, number: int, kind: FileKind) -> InvalidReturn:
    column = next((index for index, c in enumerate(text, 1) if c < " "), len(text))
    record = record_of(kind, text)
    field = record.at(column).name if record else ""
    message = "há um caractere de controle, que não existe em um arquivo de texto"
    return InvalidReturn(
        "character", message, line=number, column=column, field=field, value=repr(text[column - 1])[1:-1]
    )


def _mended(line: bytes, place: _Place, kind: FileKind) -> str:
    length = kind.length
    try:
        text = line.rstrip(b"\r\n" + _END_OF_FILE).decode("utf-8")
    except UnicodeDecodeError:
        text = line.rstrip(b"\r\n").decode("latin-1")
    text = restored(text, kind, stripped=place.stripped)
    if len(text) == length or (len(text) > length and not text[length:].strip(" ")):
        return text[:length]  # some banks leave a blank after the last column
    raise _line_length(text, place.lines, length)


def _line_length(text: str, number: int, length: int) -> InvalidReturn:
    what = "foi cortada" if len(text) < length else "tem colunas demais"
    return InvalidReturn(
        "line_length",
        f"a linha {what}: tem {len(text)} colunas e o arquivo é de {length}",
        line=number,
        column=min(len(text), length) + 1,
        value=text[-20:],
    )
