"""Reads returns of Banco do Nordeste, CNAB 400. Pages and notes are those of the manual named in `cnab400`.

The day of the credit is missing: the manual leaves it to the titles' records (p. 9), which have no column for it (p.
9-10). Errors are in a table of marks, with one column for each (note 8): they are reported only for rejections, because
a published return of the undescribed wallet I marks three of them beside a settlement.
"""

from collections.abc import Sequence

from billing.banking.layouts.columns import Memo
from billing.banking.layouts.nordeste.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.nordeste.cnab400_codes import ERRORS, OCCURRENCES
from billing.banking.layouts.pictures import to_day, to_number
from billing.banking.layouts.reading_400 import occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import REJECTIONS, Occurrence, OccurrenceReason

_HEADER = RETURN_HEADER.slicer("agencia", "conta", "sequencial_arquivo", "data_geracao")
_ERRORS = RETURN_TITLE.by_name["erros"]
_read = occurrence_reader("004", RETURN_TITLE, OCCURRENCES, {})


def header(line: str) -> Heading:
    agencia, conta, sequence, created_on = _HEADER(line)
    number = to_number(sequence) if sequence.isdecimal() else 0  # alphanumeric (p. 9)
    return Heading("004", agencia + conta, number, to_day(created_on))


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        occurrence._replace(reasons=_reasons(line[_ERRORS.start - 1 : _ERRORS.end]))
        if occurrence.kind in REJECTIONS
        else occurrence
        for occurrence, line in zip(_read(lines, numbers), lines, strict=True)
    ]


def _marked(marks: str) -> tuple[OccurrenceReason, ...]:
    codes = [f"{column:02d}" for column, mark in enumerate(marks, 1) if mark == "1"]
    return tuple(
        OccurrenceReason(code, ERRORS.get(code, f"erro {code}, que o manual não descreve")) for code in codes
    )


_reasons = Memo(_marked).__getitem__

LAYOUT = Layout400(
    bank="004",
    header_record=RETURN_HEADER,
    header=header,
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
