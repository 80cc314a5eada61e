"""Reads returns of Santander, CNAB 400. Pages and notes are those of the manuals in `cnab400`.

The amount paid is reported in full, the tariff apart. Which instruction was rejected, whether a settlement is partial
and whether a write-off was paid by Pix is not in the occurrence, but in the code of columns 135-136 (version 2.36, note
30) and in the reasons.
"""

from collections.abc import Callable, Mapping, Sequence

from billing.banking.layouts.pictures import to_money
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.santander.cnab400 import (
    RETURN_HEADER,
    RETURN_PIX,
    RETURN_TITLE,
    RETURN_TRAILER,
)
from billing.banking.layouts.santander.cnab400_codes import OCCURRENCES, REASONS
from billing.banking.layouts.santander.pix import charge_address
from billing.banking.occurrences import SETTLEMENTS, Occurrence, OccurrenceKind

_ENTRY, _INSTRUCTION, _PARTIAL, _PIX = "01", "02", "03", "95"  # version 2.36, note 30
_REJECTED: Mapping[str, OccurrenceKind] = {
    _ENTRY: OccurrenceKind.REJECTED,
    _INSTRUCTION: OccurrenceKind.INSTRUCTION_REJECTED,
}
_PAID_BY_PIX = "510"  # version 2.36, note 31
_NUMBER_WIDTH = 12
"""As in the boleto."""

_DETAIL = RETURN_TITLE.slicer("codigo_original", "juros_atraso")
_URL = RETURN_PIX.slicer("pix_url", "txid")

_read: Callable[[Sequence[str], Sequence[int]], Sequence[Occurrence]] = occurrence_reader(
    "033", RETURN_TITLE, OCCURRENCES, REASONS, reason_width=3
)


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        _detailed(occurrence, line) for occurrence, line in zip(_read(lines, numbers), lines, strict=True)
    ]


def _detailed(occurrence: Occurrence, line: str) -> Occurrence:
    original, overdue = _DETAIL(line)
    return occurrence._replace(
        kind=_kind(occurrence, original),
        nosso_numero=occurrence.nosso_numero.strip().zfill(_NUMBER_WIDTH),
        interest=occurrence.interest + to_money(overdue),
    )


def _kind(occurrence: Occurrence, original: str) -> OccurrenceKind:
    kind = occurrence.kind
    if kind is OccurrenceKind.REJECTED:
        return _REJECTED.get(original, OccurrenceKind.COMMAND_REFUSED)
    if kind in SETTLEMENTS and original == _PARTIAL:
        return OccurrenceKind.PARTIALLY_SETTLED
    if kind is OccurrenceKind.WRITTEN_OFF and (
        original == _PIX or any(reason.code == _PAID_BY_PIX for reason in occurrence.reasons)
    ):
        return OccurrenceKind.PAID_OUTSIDE
    return kind


def with_pix(occurrence: Occurrence, line: str) -> Occurrence:
    """The record 2 that follows an entry: the address of the charge that the bank made; its code is ours to make (note
    36)."""
    url, _ = _URL(line)
    return occurrence._replace(pix_url=charge_address(url), raw=(*occurrence.raw, line))


LAYOUT = Layout400(
    bank="033",
    header_record=RETURN_HEADER,
    header=heading_reader("033", RETURN_HEADER, "agencia", "conta_movimento", "conta"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={"2": (RETURN_PIX, with_pix)},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
