"""Layouts of bank files as data: fields with columns, records checked to cover every column, one way to write and one
to read.

A record is compiled once: writing is one formatted string, reading is slicing. Nothing is cut silently: a number that
overflows is Refused by the field's name, a text that is cut or a character without an equivalent is a warning.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from billing.banking.layouts.pictures import DATES, NUMERIC, READ, Picture
from billing.core.br.text import plain_text
from billing.core.errors import Refusal, Refused, Severity


class Field(NamedTuple):
    name: str
    start: int
    end: int
    picture: Picture
    value: str | None = None
    """A constant, as it is in the file; None: given for each record."""
    source: str = ""
    """Manual and note, if the record's own source is not enough."""

    @property
    def width(self) -> int:
        return self.end - self.start + 1

    @property
    def empty(self) -> int | str:
        """What is written when there is nothing to write."""
        if self.picture in NUMERIC:
            return 0
        return "0" * self.width if self.picture in DATES or self.picture is Picture.CODE else ""

    @property
    def columns(self) -> str:
        return f"{self.start}-{self.end}"


class Fault(NamedTuple):
    """A field whose columns do not match its picture."""

    field: Field
    text: str


def number(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.NUMBER, source=source)


def code(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.CODE, source=source)


def money(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.MONEY, source=source)


def day(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.DATE6 if end - start == 5 else Picture.DATE8, source=source)


def day_year_first(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.DATE_YEAR_FIRST, source=source)


def text(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.TEXT, source=source)


def exact(name: str, start: int, end: int, source: str = "") -> Field:
    return Field(name, start, end, Picture.EXACT, source=source)


def const(name: str, start: int, end: int, value: str, source: str = "") -> Field:
    return Field(name, start, end, Picture.TEXT, value.ljust(end - start + 1), source)


def blanks(start: int, end: int) -> Field:
    return Field(f"brancos_{start}", start, end, Picture.TEXT, " " * (end - start + 1))


def zeros(start: int, end: int) -> Field:
    return Field(f"zeros_{start}", start, end, Picture.NUMBER, "0" * (end - start + 1))


class Record:
    """A compiled record. Raises ValueError if its fields do not cover the columns 1..length exactly."""

    def __init__(self, name: str, length: int, source: str, fields: Sequence[Field]) -> None:
        self.name, self.length, self.source = name, length, source
        self.fields = tuple(sorted(fields, key=lambda field: field.start))
        self._prove_coverage()
        self.inputs = tuple(field for field in self.fields if field.value is None)
        self.by_name: Mapping[str, Field] = {field.name: field for field in self.fields}
        self._kept = [(f.start - 1, f.end) for f in self.inputs if f.picture is Picture.EXACT]
        self._codes = _taker(self.inputs, {Picture.CODE})
        self._code_width = sum(f.width for f in self.inputs if f.picture is Picture.CODE)
        self._numbers = _taker(self.inputs, NUMERIC)
        self._template = "".join(map(_template, self.fields))

    def _prove_coverage(self) -> None:
        column = 1
        for field in self.fields:
            if field.start != column:
                raise ValueError(
                    f"{self.name}: column {column} is {'missing' if field.start > column else 'twice'} at {field.name}"
                )
            if field.value is not None and len(field.value) != field.width:
                raise ValueError(f"{self.name}: the constant of {field.name} is not {field.width} wide")
            column = field.end + 1
        if column != self.length + 1:
            raise ValueError(f"{self.name}: covers {column - 1} of {self.length} columns")
        if len({field.name for field in self.fields}) != len(self.fields):
            raise ValueError(f"{self.name}: two fields have one name")

    def replacing(self, name: str, source: str, *fields: Field) -> "Record":
        """A bank's own record: these fields replace those in the same columns."""
        taken = {column for field in fields for column in range(field.start, field.end + 1)}
        left = [f for f in self.fields if taken.isdisjoint(range(f.start, f.end + 1))]
        return Record(name, self.length, source, [*left, *fields])

    def binding(self, **values: str) -> "Record":
        """The record for one file, with these inputs the same in every line. Raises Refused for one that does not
        fit."""
        bound = [
            field._replace(value=_fit(field, values[field.name], [], "Dados da conta"))
            if field.name in values
            else field
            for field in self.fields
        ]
        return Record(self.name, self.length, self.source, bound)

    def write(self, values: tuple[int | str, ...], warnings: list[Refusal], where: str) -> str:
        """One line, from the inputs in column order: cents and numbers as int, dates as digits, the rest as text.

        Raises Refused for a number or a code that does not fit, with `where` (the title) in the message.
        """
        try:
            raw = (self._template % values).encode("latin-1")
            codes = "".join(self._codes(values))
        except (UnicodeEncodeError, TypeError):  # a character without equivalent, or a code given as a number
            return self._write_each(values, warnings, where)
        line = raw.translate(_UPPER)
        for start, end in self._kept:
            line = line[:start] + raw[start:end].translate(_PLAIN) + line[end:]
        # Whatever needs care has left a mark: a width, a NUL for a character without equivalent, a short code, a minus.
        whole = len(line) == self.length and _MARK not in line and len(codes) == self._code_width
        if not whole or _has_blank(codes) or (b"-" in line and min(self._numbers(values), default=0) < 0):
            return self._write_each(values, warnings, where)
        return line.decode("ascii")

    def write_named(
        self, values: Mapping[str, int | str], warnings: list[Refusal] | None = None, where: str = ""
    ) -> str:
        """One line from inputs by name; those not given are zero or blank. Raises KeyError for a name that is not an
        input."""
        remaining = dict(values)
        ordered = tuple(remaining.pop(field.name, field.empty) for field in self.inputs)
        if remaining:
            raise KeyError(f"{self.name} has no {', '.join(remaining)}")
        return self.write(ordered, [] if warnings is None else warnings, where)

    def _write_each(self, values: tuple[int | str, ...], warnings: list[Refusal], where: str) -> str:
        given = dict(zip((field.name for field in self.inputs), values, strict=True))
        parts = [
            field.value if field.value is not None else _fit(field, given[field.name], warnings, where)
            for field in self.fields
        ]
        return "".join(parts)

    def faults(self, line: str) -> Iterator[Fault]:
        """The fields that do not match their picture; for a constant, only control characters are a fault."""
        for field, matches in self._pictures:
            piece = line[field.start - 1 : field.end]
            if matches(piece) is None or not (field.value or _readable(field, piece)):
                yield Fault(field, piece)

    @cached_property
    def _pictures(self) -> list[tuple[Field, Callable[[str], object]]]:
        """Each field with the test that its columns must pass."""
        return [(field, re.compile(_pattern(field)).fullmatch) for field in self.fields]

    def at(self, column: int) -> Field:
        return next(field for field in self.fields if field.start <= column <= field.end)

    def slicer(self, *names: str) -> Callable[[str], tuple[str, ...]]:
        """A function that takes the named fields' texts out of a line."""
        fields = [self.by_name[name] for name in names]
        getter: Callable[[str], tuple[str, ...]] = itemgetter(*(slice(f.start - 1, f.end) for f in fields))
        return getter

    def read(self, line: str) -> dict[str, Any]:
        """All fields that are not constant, typed. ValueError for one that cannot be read."""
        return {field.name: READ[field.picture](line[field.start - 1 : field.end]) for field in self.inputs}


def _taker(
    inputs: Sequence[Field], pictures: AbstractSet[Picture]
) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """A function that takes the values of the inputs with those pictures out of all inputs' values."""
    wanted = [place for place, field in enumerate(inputs) if field.picture in pictures]
    if len(wanted) > 1:
        return itemgetter(*wanted)
    return itemgetter(slice(*[wanted[0], wanted[0] + 1] if wanted else [0]))


def _has_blank(codes: str) -> bool:
    return " " in (codes if codes.isascii() else plain_text(codes)[0])


def _template(field: Field) -> str:
    if field.value is not None:
        return field.value.replace("%", "%%")
    if field.picture in NUMERIC:
        return f"%0{field.width}d"
    if field.picture in {Picture.TEXT, Picture.EXACT}:
        return f"%-{field.width}s"
    return f"%{field.width}s"


_ALL_DIGITS = frozenset({"nosso_numero", "agencia", "conta", "convenio"})
"""Codes that keep their zeros, and that no bank writes with letters."""


def _pattern(field: Field) -> str:
    width = field.width
    if field.picture is Picture.CODE and field.value is None and field.name in _ALL_DIGITS:
        return f"[0-9 ]{{{width}}}"
    if field.value is not None or field.picture in {Picture.TEXT, Picture.EXACT, Picture.CODE}:
        return f"[^\\x00-\\x1f]{{{width}}}"
    if field.picture is Picture.DATE_YEAR_FIRST:
        return "(?:[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|0{8}| {8})"
    if field.picture in DATES:
        digits = width - 4
        return f"(?:(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{{{digits}}}|0{{{width}}}| {{{width}}})"
    return f"(?:[0-9]{{{width}}}| {{{width}}})"


def _fit(field: Field, value: int | str, warnings: list[Refusal], where: str) -> str:
    if isinstance(value, int):
        digits = f"{value:0{field.width}d}"
        if value < 0 or len(digits) > field.width:
            raise Refused.because([_overflow(field, str(value), where)])
        return digits
    if field.picture in {Picture.TEXT, Picture.EXACT}:
        return _fit_text(field, value, warnings, where)
    if len(value) > field.width or not (value.isascii() and value.isalnum()):
        raise Refused.because([_overflow(field, value, where)])
    return value.upper().rjust(field.width, "0")


def _fit_text(field: Field, value: str, warnings: list[Refusal], where: str) -> str:
    mapped, lost = plain_text(value)
    if lost:
        message = f"{where}: os caracteres {lost} do campo {field.name} não existem no arquivo do banco e viraram espaço."
        warnings.append(Refusal("remittance.character", message, Severity.WARNS, field.name))
    if field.picture is Picture.TEXT:
        mapped = mapped.upper()
    if len(mapped) > field.width:
        message = f"{where}: o campo {field.name} foi cortado em {field.width} caracteres: “{mapped}”."
        warnings.append(Refusal("remittance.truncated", message, Severity.WARNS, field.name))
    return mapped[: field.width].ljust(field.width)


def _overflow(field: Field, value: str, where: str) -> Refusal:
    message = f"{where}: o valor {value} não cabe no campo {field.name} (colunas {field.columns})."
    return Refusal("remittance.overflow", message, Severity.BLOCKS, field.name)


def _table(upper: bool) -> bytes:
    """Latin-1 to printable ASCII, one character for one; a character without such an equivalent becomes the mark."""
    codes = bytearray(256)
    for i in range(32, 256):
        mapped, lost = plain_text(chr(i))
        if len(mapped) == 1 and not lost:
            codes[i] = ord(mapped.upper() if upper else mapped)
    return bytes(codes)


_UPPER, _PLAIN, _MARK = _table(upper=True), _table(upper=False), b"\x00"


def _readable(field: Field, piece: str) -> bool:
    try:
        READ[field.picture](piece)
    except ValueError:
        return False
    return True
