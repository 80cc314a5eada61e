"""Which record a line of a bank file is: by bank, layout, direction and the line's own marks."""

from collections.abc import Mapping
from functools import cache
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


@cache
def records_of(kind: FileKind) -> Mapping[str, Record]:
    """Mark -> record: the first column in CNAB 400, type and segment in CNAB 240. Empty for a file of a bank not described yet."""
    if kind[:2] == ("341", 400):
        from billing.banking.layouts import itau_400 as itau

        if kind.direction == "remessa":
            return {
                "0": itau.REMITTANCE_HEADER,
                "1": itau.REMITTANCE_TITLE,
                "2": itau.REMITTANCE_FINE,
                "3": itau.REMITTANCE_PIX,
                "9": itau.REMITTANCE_TRAILER,
            }
        return {
            "0": itau.RETURN_HEADER,
            "1": itau.RETURN_TITLE,
            "3": itau.RETURN_PIX,
            "9": itau.RETURN_TRAILER,
        }
    if kind[:2] == ("756", 240):
        from billing.banking.layouts import sicoob_240 as sicoob

        trailers = {"5": sicoob.BATCH_TRAILER, "9": sicoob.FILE_TRAILER}
        if kind.direction == "remessa":
            return trailers | {
                "0": sicoob.FILE_HEADER,
                "1": sicoob.BATCH_HEADER,
                "3P": sicoob.SEGMENT_P,
                "3Q": sicoob.SEGMENT_Q,
                "3R": sicoob.SEGMENT_R,
            }
        return trailers | {
            "0": sicoob.RETURN_FILE_HEADER,
            "1": sicoob.RETURN_BATCH_HEADER,
            "3T": sicoob.SEGMENT_T,
            "3U": sicoob.SEGMENT_U,
        }
    return {}


def _mark(line: str, length: int) -> str:
    if length == 400:
        return line[:1]
    return line[7:8] + (line[13:14] if line[7:8] == "3" else "")
