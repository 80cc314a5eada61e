"""Reads returns of Banrisul, CNAB 400. Pages are those of the manual in `cnab400`.

The content of "valor pago" depends on what was agreed with the bank: there are six kinds (note 1, p. 21), of which some
include the interest and others do not. All of them describe the same payment, so a value that matches one of them shows
what the payer paid; the parts have columns of their own. Any other value is the bank's usual one: without interest and
other expenses.
"""

from collections.abc import Sequence

from billing.banking.layouts.banrisul.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.banrisul.cnab400_codes import CHANGES, CHANNELS, OCCURRENCES, REASONS
from billing.banking.layouts.pictures import to_number
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.occurrences import SETTLEMENTS, Occurrence, OccurrenceKind
from billing.core.money import ZERO, Money

_WITHOUT_REGISTRATION = "SEMREG"
_SHARE = "CC CP"

_read = occurrence_reader("041", RETURN_TITLE, OCCURRENCES, REASONS, channel="canal")
_parts = RETURN_TITLE.slicer(
    "valor_titulo", "tarifa", "outras_despesas", "abatimento", "desconto", "valor_pago", "juros", "outros_recebimentos"
)  # fmt: skip


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return list(map(_told, lines, _read(list(map(_dated, lines)), numbers)))


def _dated(line: str) -> str:
    """A title without registration has a word in place of the due date (p. 19)."""
    return line if line[146:152] != _WITHOUT_REGISTRATION else f"{line[:146]}000000{line[152:]}"


def _told(line: str, read: Occurrence) -> Occurrence:
    occurrence = read._replace(
        payment_channel=CHANNELS.get(read.payment_channel, read.payment_channel), raw=(line,)
    )
    if line[313:318] == _SHARE:
        text = f"{occurrence.movement_text}: parte de outro beneficiário"
        return occurrence._replace(
            kind=OccurrenceKind.OTHER, movement_text=text, paid_amount=ZERO, net_credited=ZERO
        )
    if occurrence.kind in SETTLEMENTS:
        paid = _paid(line)
        return occurrence._replace(paid_amount=paid, net_credited=paid)
    if occurrence.movement in CHANGES and occurrence.reasons:
        return occurrence._replace(kind=OccurrenceKind.INSTRUCTION_REJECTED)
    return occurrence


def _paid(line: str) -> Money:
    """What the payer paid, with interest, whatever "valor pago" was agreed to contain."""
    title, tariff, expenses, rebate, discount, stated, interest, more = map(to_number, _parts(line))
    reduced = title - discount - rebate
    contents = {
        reduced + more - expenses,
        reduced + interest,
        title + interest,
        reduced + more + interest,
        reduced + more + interest - tariff - expenses,
        title,
    }
    return Money.from_cents(reduced + more + interest if stated in contents else stated + interest + expenses)


LAYOUT = Layout400(
    bank="041",
    header_record=RETURN_HEADER,
    header=heading_reader("041", RETURN_HEADER, "agencia", "conta"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
