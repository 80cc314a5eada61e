"""Which record describes a line of a bank file: by bank, layout, direction and the line's own marks."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

from billing.banking.boleto.bank import MODULES
from billing.banking.boleto.bank import of as bank_of
from billing.banking.layouts.pictures import Picture
from billing.banking.layouts.record import Record
from billing.banking.terms import LENGTHS, Layout


class FileKind(NamedTuple):
    bank: str
    length: int
    direction: str
    """"remessa" or "retorno"."""
    version: str = ""
    """Which of the bank's layouts, if the file's header names one with records of its own: part of its modules'
    names."""


def kind_of(first: str) -> FileKind | None:
    """What a file is, from its first line; None if it is not a CNAB file."""
    if len(first) == 400 and first[:2] in {"01", "02"}:
        return _versioned(first[76:79], "remessa" if first[1] == "1" else "retorno", first)
    if len(first) == 240 and first[7] == "0" and first[142] in "12345":
        return _versioned(first[:3], "remessa" if first[142] == "1" else "retorno", first)
    return None


_VERSIONS: Mapping[tuple[str, int, str], tuple[slice, str, str]] = {
    ("104", 240, "remessa"): (slice(163, 166), "107", "seven"),
    ("104", 240, "retorno"): (slice(163, 166), "107", "seven"),
    ("104", 400, "remessa"): (slice(100, 103), "007", "seven"),
    ("104", 400, "retorno"): (slice(158, 161), "007", "seven"),
}
"""Columns of the header, the content to look for, and the version that it means."""


def _versioned(bank: str, direction: str, first: str) -> FileKind:
    length = len(first)
    columns, mark, version = _VERSIONS.get((bank, length, direction), (slice(0), " ", ""))
    return FileKind(bank, length, direction, version if first[columns] == mark else "")


def restored(line: str, kind: FileKind | None = None, *, stripped: bool = True) -> str:
    """A line of 240 columns, with the blanks that an editor, an e-mail or its bank (Santander) dropped from its end.

    The line itself if it does not end exactly before reserved blanks: something else is missing, or has shifted. If the
    file is `stripped` (its header lacks blanks too), a line without blanks at its end may also lack blank texts.
    """
    kind = kind or kind_of(line.ljust(240))
    if kind is None or kind.length != 240 or len(line) >= 240:
        return line
    record = record_of(kind, line)
    if record is None:
        return line
    if len(line) == _told_up_to(record, texts=True):
        return line.ljust(240)
    if stripped and line == line.rstrip(" ") and len(line) >= _told_up_to(record, texts=False):
        return line.ljust(240)
    return line


def _told_up_to(record: Record, *, texts: bool) -> int:
    """The last column that is not reserved or, without `texts`, that is never blank."""
    return max(
        field.end if field.value is None else field.start - 1 + len(field.value.rstrip())
        for field in record.fields
        if (field.value or "").strip()
        or (field.value is None and (texts or field.picture not in {Picture.TEXT, Picture.EXACT}))
    )


def record_of(kind: FileKind, line: str) -> Record | None:
    """The record that describes the line; None if the layout has none for it."""
    return record_in(records_of(kind), line, kind.length)


def record_in(records: Mapping[str, Record], line: str, length: int) -> Record | None:
    return records.get(_mark(line, length)) or records.get(line[:3])


DESCRIBED = frozenset(
    {
        ("001", 240),
        ("004", 400),
        ("033", 240),
        ("033", 400),
        ("041", 240),
        ("041", 400),
        ("001", 400),
        ("077", 400),
        ("085", 240),
        ("104", 240),
        ("104", 400),
        ("133", 400),
        ("136", 240),
        ("136", 400),
        ("237", 240),
        ("237", 400),
        ("336", 400),
        ("341", 240),
        ("341", 400),
        ("422", 400),
        ("748", 240),
        ("748", 400),
        ("756", 240),
    }
)
"""Bank and length of the files that a module here describes: `<bank>/cnab<length>.py`."""


class BankOffered(NamedTuple):
    name: str
    layouts: tuple[Layout, ...]
    """Those of its files, and none."""


def banks() -> dict[str, BankOffered]:
    """The banks of which there are boletos here, by code."""
    return {
        code: BankOffered(
            bank_of(code).name,
            tuple(
                layout for layout in Layout if layout is Layout.NONE or (code, LENGTHS[layout]) in DESCRIBED
            ),
        )
        for code in sorted(MODULES)
    }


def module_of(bank: str, length: int, part: str = "", version: str = "") -> Any:
    """A layout's module: its records, or the "remittance" that writes them, or the "return" that reads them. None if
    there is none.

    Records have REMITTANCE and RETURN, a writer has Writer and MOVEMENTS, a reader has LAYOUT.
    """
    if (bank, length) not in DESCRIBED:
        return None
    name = "_".join(filter(None, (f"cnab{length}", version, part)))
    return import_module(f"billing.banking.layouts.{MODULES[bank]}.{name}")


def records_of(kind: FileKind) -> Mapping[str, Record]:
    """Mark -> record. Empty for a file of a bank that is not described yet."""
    module = module_of(kind.bank, kind.length, version=kind.version)
    if module is None:
        return {}
    records: Mapping[str, Record] = module.REMITTANCE if kind.direction == "remessa" else module.RETURN
    return records


def _mark(line: str, length: int) -> str:
    """CNAB 400: the first column (`record_in` also tries the first three, for a type with several records). CNAB 240:
    the type; for a detail, also the segment; for a segment Y, also its number."""
    if length == 400:
        return line[:1]
    if line[7:8] != "3":
        return line[7:8]
    return f"3{line[13:14]}{line[17:19] if line[13:14] == 'Y' else ''}"
