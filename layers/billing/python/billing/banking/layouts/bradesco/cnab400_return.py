"""Reads returns of Bradesco, CNAB 400: the amount paid is reported in full, the tariff apart (p. 46 of the manual in
`cnab400`)."""

from billing.banking.layouts.bradesco.cnab400 import COUNTED, RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.bradesco.cnab400_codes import OCCURRENCES, REASONS
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400

LAYOUT = Layout400(
    bank="237",
    header_record=RETURN_HEADER,
    header=heading_reader("237", RETURN_HEADER, "codigo_empresa"),
    title_record=RETURN_TITLE,
    titles=occurrence_reader("237", RETURN_TITLE, OCCURRENCES, REASONS, channel="canal"),
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts=COUNTED,
)
