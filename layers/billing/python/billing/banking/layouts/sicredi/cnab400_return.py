"""Reads returns of Sicredi, CNAB 400: the amount paid is reported in full, fine and tariff apart (p. 54 of the manual
in `cnab400`)."""

from collections.abc import Sequence

from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.sicredi.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.sicredi.cnab400_codes import OCCURRENCES, REASONS, REFUSED_PROTEST
from billing.banking.occurrences import Occurrence

_PROTEST, _REFUSED = "19", "D"  # p. 12 and 54
_ANSWER = RETURN_TITLE.by_name["protesto"].start - 1
_read = occurrence_reader("748", RETURN_TITLE, OCCURRENCES, REASONS, channel="recebido_em")


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        _of_protest(occurrence) if occurrence.movement == _PROTEST else occurrence
        for occurrence in _read(lines, numbers)
    ]


def _of_protest(occurrence: Occurrence) -> Occurrence:
    if occurrence.raw[0][_ANSWER] != _REFUSED:
        return occurrence
    return occurrence._replace(kind=REFUSED_PROTEST.kind, movement_text=REFUSED_PROTEST.text)


LAYOUT = Layout400(
    bank="748",
    header_record=RETURN_HEADER,
    header=heading_reader("748", RETURN_HEADER, "convenio"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
