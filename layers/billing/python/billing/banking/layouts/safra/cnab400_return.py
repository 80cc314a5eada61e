"""Reads returns of Safra, CNAB 400. Sections are those of the manual named in `cnab400`.

There is a single occurrence for everything that is rejected: the code that was sent in the remittance shows whether it
was the entry (p. 12). Reason 061 is not a rejection (p. 15).
"""

from collections.abc import Callable, Sequence

from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.safra.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.safra.cnab400_codes import OCCURRENCES, REASONS, SCHEDULED
from billing.banking.occurrences import Occurrence, OccurrenceKind

_ENTRY, _UNTOLD = "01", frozenset({"00", "  "})
_ORIGIN = RETURN_TITLE.slicer("ocorrencia_origem", "motivos")

_read: Callable[[Sequence[str], Sequence[int]], Sequence[Occurrence]] = occurrence_reader(
    "422", RETURN_TITLE, OCCURRENCES, REASONS, reason_width=3, channel="meio_liquidacao"
)


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        _detailed(occurrence, line) for occurrence, line in zip(_read(lines, numbers), lines, strict=True)
    ]


def _detailed(occurrence: Occurrence, line: str) -> Occurrence:
    if occurrence.kind is not OccurrenceKind.REJECTED:
        return occurrence
    origin, reason = _ORIGIN(line)
    if reason == SCHEDULED:
        return occurrence._replace(kind=OccurrenceKind.OTHER)
    if origin == _ENTRY:
        return occurrence
    return occurrence._replace(
        kind=OccurrenceKind.COMMAND_REFUSED if origin in _UNTOLD else OccurrenceKind.INSTRUCTION_REJECTED
    )


LAYOUT = Layout400(
    bank="422",
    header_record=RETURN_HEADER,
    header=heading_reader("422", RETURN_HEADER, "codigo_empresa"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
