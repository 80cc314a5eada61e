"""Reads returns of Inter, CNAB 400. Pages are those of the manual named in `cnab400`."""

from collections.abc import Sequence

from billing.banking.layouts.inter.cnab400 import COUNTED, RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.pictures import to_day, to_number
from billing.banking.layouts.reading_400 import occurrence_reader
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Occurrence, OccurrenceCode, OccurrenceKind, OccurrenceReason

_REJECTED = "03"
OCCURRENCES = {  # p. 13
    "02": OccurrenceCode(OccurrenceKind.REGISTERED, "Em aberto"),
    _REJECTED: OccurrenceCode(OccurrenceKind.REJECTED, "Erro"),
    "06": OccurrenceCode(OccurrenceKind.SETTLED, "Pago"),
    "07": OccurrenceCode(OccurrenceKind.WRITTEN_OFF, "Baixado"),
}

_read = occurrence_reader("077", RETURN_TITLE, OCCURRENCES, {})
_MOTIVE = RETURN_TITLE.slicer("motivo", "ocorrencia")
_HEADER = RETURN_HEADER.slicer("data_geracao", "sequencial")
_COUNT = RETURN_TRAILER.slicer("quantidade_detalhes", "sequencial")


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        _explained(occurrence) if occurrence.movement == _REJECTED else occurrence
        for occurrence in _read(lines, numbers)
    ]


def _explained(occurrence: Occurrence) -> Occurrence:
    """The reason is given in words, not in codes (p. 14)."""
    motive, _ = _MOTIVE(occurrence.raw[0])
    return (
        occurrence._replace(reasons=(OccurrenceReason(_REJECTED, motive.strip()),))
        if motive.strip()
        else occurrence
    )


def header(line: str) -> Heading:
    """No account and no number: each title says whose it is."""
    created_on, _ = _HEADER(line)
    return Heading("077", "", 0, to_day(created_on))


def totals(line: str) -> tuple[int, None]:
    count, _ = _COUNT(line)
    return to_number(count), None


LAYOUT = Layout400(
    bank="077",
    header_record=RETURN_HEADER,
    header=header,
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=totals,
    counts=COUNTED,
)
