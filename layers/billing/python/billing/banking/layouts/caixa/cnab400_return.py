"""Reads returns of Caixa, CNAB 400. Columns and notes are those of the manual named in `cnab400`.

"Valor principal" (29.1) is reported apart from interest (30.1) and fine (31.1): the amount paid is their sum. If the
principal alone already equals the title with interest and fine, it includes them.
"""

from collections.abc import Sequence

from billing.banking.layouts.caixa.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.caixa.cnab400_codes import CHANNELS, OCCURRENCES, REASONS
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.record import Record
from billing.banking.layouts.return_400 import Layout400
from billing.banking.occurrences import SETTLEMENTS, Occurrence, OccurrenceReason

_DDA = "A4"


def layout_with(record: Record) -> Layout400:
    """The layout for the bank's record of a title, for codes of six or of seven columns."""
    read = occurrence_reader("104", record, OCCURRENCES, REASONS, reason_width=3, channel="canal")
    own = record.slicer("convenio", "dda")

    def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
        return [
            _told(occurrence, *own(line))
            for occurrence, line in zip(read(lines, numbers), lines, strict=True)
        ]

    return Layout400(
        bank="104",
        header_record=RETURN_HEADER,
        header=heading_reader("104", RETURN_HEADER, "convenio"),
        title_record=record,
        titles=titles,
        attachments={},
        trailer_record=RETURN_TRAILER,
        totals=portfolio,
        counts={},
    )


def _told(occurrence: Occurrence, convenio: str, dda: str) -> Occurrence:
    occurrence = occurrence._replace(
        agreement=convenio.strip(),
        payment_channel=CHANNELS.get(occurrence.payment_channel, occurrence.payment_channel.strip("0")),
        reasons=(*occurrence.reasons, OccurrenceReason(_DDA, OCCURRENCES[_DDA].text))
        if dda == _DDA
        else occurrence.reasons,
    )
    added = occurrence.interest + occurrence.fine
    if occurrence.kind not in SETTLEMENTS or not added:
        return occurrence
    whole = occurrence.title_amount - occurrence.rebate - occurrence.discount + added
    paid = occurrence.paid_amount if occurrence.paid_amount == whole else occurrence.paid_amount + added
    return occurrence._replace(paid_amount=paid, net_credited=paid)


LAYOUT = layout_with(RETURN_TITLE)
