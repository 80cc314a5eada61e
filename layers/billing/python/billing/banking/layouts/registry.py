"""Which record a line of a bank file is: by bank, layout, direction and the line's own marks."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

from billing.banking.layouts.record import Record


class FileKind(NamedTuple):
    bank: str
    length: int
    direction: str
    """"remessa" or "retorno"."""


def kind_of(first: str) -> FileKind | None:
    """What a file is, from its first line; None when it is no CNAB file."""
    if len(first) == 400 and first[:2] in {"01", "02"}:
        return FileKind(first[76:79], 400, "remessa" if first[1] == "1" else "retorno")
    if len(first) == 240 and first[7] == "0" and first[142] in "12":
        return FileKind(first[:3], 240, "remessa" if first[142] == "1" else "retorno")
    return None


def record_of(kind: FileKind, line: str) -> Record | None:
    """The record that describes the line; None when the layout has none for it."""
    return records_of(kind).get(_mark(line, kind.length))


_MODULES: Mapping[tuple[str, int], str] = {
    ("001", 240): "banco_do_brasil_240",
    ("104", 240): "caixa_240",
    ("237", 400): "bradesco_400",
    ("341", 400): "itau_400",
    ("756", 240): "sicoob_240",
}
_NAMES: Mapping[tuple[int, str], Mapping[str, str]] = {
    (400, "remessa"): {
        "0": "REMITTANCE_HEADER",
        "1": "REMITTANCE_TITLE",
        "2": "REMITTANCE_FINE",
        "3": "REMITTANCE_PIX",
        "9": "REMITTANCE_TRAILER",
    },
    (400, "retorno"): {
        "0": "RETURN_HEADER",
        "1": "RETURN_TITLE",
        "3": "RETURN_PIX",
        "9": "RETURN_TRAILER",
    },
    (240, "remessa"): {
        "0": "FILE_HEADER",
        "1": "BATCH_HEADER",
        "3P": "SEGMENT_P",
        "3Q": "SEGMENT_Q",
        "3R": "SEGMENT_R",
        "5": "BATCH_TRAILER",
        "9": "FILE_TRAILER",
    },
    (240, "retorno"): {
        "0": "RETURN_FILE_HEADER",
        "1": "RETURN_BATCH_HEADER",
        "3T": "SEGMENT_T",
        "3U": "SEGMENT_U",
        "5": "RETURN_BATCH_TRAILER",
        "9": "FILE_TRAILER",
    },
}
"""Mark -> the name that a bank's module gives to its record; a bank has those of them that its manual shows."""


@cache
def records_of(kind: FileKind) -> Mapping[str, Record]:
    """Mark -> record: the first column in CNAB 400, type and segment in CNAB 240. Empty for a file of a bank not described yet."""
    name = _MODULES.get((kind.bank, kind.length))
    if name is None:
        return {}
    module = import_module(f"billing.banking.layouts.{name}")
    named = {
        mark: getattr(module, record, None) for mark, record in _NAMES[kind.length, kind.direction].items()
    }
    return {mark: record for mark, record in named.items() if record is not None}


def _mark(line: str, length: int) -> str:
    if length == 400:
        return line[:1]
    return line[7:8] + (line[13:14] if line[7:8] == "3" else "")
