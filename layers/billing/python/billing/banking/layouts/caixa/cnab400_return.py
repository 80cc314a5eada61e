"""Reads returns of Caixa, CNAB 400. Columns and notes are those of the manual named in `cnab400`.

"Valor principal" (29.1) is told apart from interest (30.1) and fine (31.1): what was paid is their sum. Where the principal alone already
is the title with them, they are in it.
"""

from collections.abc import Sequence

from billing.banking.layouts.caixa.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.caixa.cnab400_codes import CHANNELS, OCCURRENCES, REASONS
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.occurrences import SETTLEMENTS, Occurrence, Reason

_read = occurrence_reader("104", RETURN_TITLE, OCCURRENCES, REASONS, reason_width=3, channel="canal")
_own = RETURN_TITLE.slicer("convenio", "dda")
_DDA = "A4"


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [_told(found, line) for found, line in zip(_read(lines, numbers), lines, strict=True)]


def _told(found: Occurrence, line: str) -> Occurrence:
    convenio, dda = _own(line)
    found = found._replace(
        agreement=convenio,
        payment_channel=CHANNELS.get(found.payment_channel, found.payment_channel.strip("0")),
        reasons=(*found.reasons, Reason(_DDA, OCCURRENCES[_DDA].text)) if dda == _DDA else found.reasons,
    )
    added = found.interest + found.fine
    if found.kind not in SETTLEMENTS or not added:
        return found
    whole = found.title_amount - found.rebate - found.discount + added
    paid = found.paid_amount if found.paid_amount == whole else found.paid_amount + added
    return found._replace(paid_amount=paid, net_credited=paid)


LAYOUT = Layout400(
    bank="104",
    header_record=RETURN_HEADER,
    header=heading_reader("104", RETURN_HEADER, "convenio"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
