"""Reads returns of Cresol, CNAB 400. Pages are those of the return's manual named in `cnab400`.

Its occurrences are FEBRABAN's C044: those that the available text shows (02 to 07, 52 to 60) are from that table, and
so are the words that remain of the others, in the same order. It has no table of reasons for a rejection: they are
reported as codes. The header has no agency and no number: each title says whose it is.
"""

from billing.banking.layouts.cresol.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.febraban_codes import OCCURRENCES as FEBRABAN
from billing.banking.layouts.pictures import to_day
from billing.banking.layouts.reading_400 import occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

OCCURRENCES = {**FEBRABAN, "00": OccurrenceCode(OccurrenceKind.OTHER, "Ocorrência desconhecida")}  # p. 3-6

_HEADER = RETURN_HEADER.slicer("data_geracao", "sequencial")


def header(line: str) -> Heading:
    created_on, _ = _HEADER(line)
    return Heading("133", "", 0, to_day(created_on))


LAYOUT = Layout400(
    bank="133",
    header_record=RETURN_HEADER,
    header=header,
    title_record=RETURN_TITLE,
    titles=occurrence_reader("133", RETURN_TITLE, OCCURRENCES, {}),
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
