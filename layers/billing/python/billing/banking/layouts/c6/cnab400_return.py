"""Reads returns of C6 Bank, CNAB 400. Fields are those of the manual named in `cnab400`.

"Valor principal ou valor pago" (9.2.1) is taken as everything that was paid; the trailer's sum of what was paid (D067)
confirms it.
"""

from collections.abc import Iterator, Sequence

from billing.banking.layouts.c6.cnab400 import (
    COUNTED,
    REMITTANCE_TITLE,
    RETURN_HEADER,
    RETURN_TITLE,
    RETURN_TRAILER,
)
from billing.banking.layouts.c6.cnab400_codes import OCCURRENCES, REASONS
from billing.banking.layouts.pictures import to_money, to_number
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader
from billing.banking.layouts.return_400 import Layout400
from billing.banking.occurrences import Occurrence, OccurrenceReason
from billing.core.money import Money

_REASON_WIDTH, _COLUMN_WIDTH = 4, 3  # D063
_read = occurrence_reader("336", RETURN_TITLE, OCCURRENCES, REASONS, reason_width=_REASON_WIDTH)
_INVALID = RETURN_TITLE.slicer("campos_invalidos", "ocorrencia")
_TOTALS = RETURN_TRAILER.slicer("quantidade_detalhes", "valor_total")


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        occurrence._replace(reasons=tuple(_placed(occurrence))) if occurrence.reasons else occurrence
        for occurrence in _read(lines, numbers)
    ]


def _placed(occurrence: Occurrence) -> Iterator[OccurrenceReason]:
    """Each reason with the field of the remittance that it refers to, if the return gives the column (D063)."""
    codes, _ = _INVALID(occurrence.raw[0])
    columns = [codes[i : i + _COLUMN_WIDTH] for i in range(0, len(codes), _COLUMN_WIDTH)]
    for reason, column in zip(
        occurrence.reasons, columns, strict=False
    ):  # at most four columns, and as many reasons
        if column.isdecimal() and 0 < int(column) <= REMITTANCE_TITLE.length:
            field = REMITTANCE_TITLE.at(int(column))
            yield OccurrenceReason(reason.code, f"{reason.text}: {field.name}, coluna {int(column)}")
        else:
            yield reason


def totals(line: str) -> tuple[int, Money]:
    count, amount = _TOTALS(line)
    return to_number(count), to_money(amount)


LAYOUT = Layout400(
    bank="336",
    header_record=RETURN_HEADER,
    header=heading_reader("336", RETURN_HEADER, "conta", "convenio"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=totals,
    counts=COUNTED,
    paid="valor_liquidacoes",
)
