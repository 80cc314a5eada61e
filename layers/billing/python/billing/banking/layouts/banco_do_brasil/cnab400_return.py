"""Reads returns of Banco do Brasil, CNAB 400. Notes are those of the return's manual named in `cnab400`.

The amount paid is "valor recebido"; the amount credited to the account is "valor do lançamento", without the tariff. If
both are equal, the tariff is still to be debited (note 06).
"""

from collections.abc import Sequence

from billing.banking.layouts.banco_do_brasil.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.banco_do_brasil.cnab400_codes import OCCURRENCES, REASONS
from billing.banking.layouts.pictures import to_money
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.occurrences import SETTLEMENTS, Occurrence

_read = occurrence_reader("001", RETURN_TITLE, OCCURRENCES, REASONS, channel="canal")
_entered = RETURN_TITLE.slicer("lancamento_indicativo", "valor_lancamento")
_CREDIT = "2"  # note 11


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return [
        _credited(occurrence, line) for occurrence, line in zip(_read(lines, numbers), lines, strict=True)
    ]


def _credited(occurrence: Occurrence, line: str) -> Occurrence:
    indicator, amount = _entered(line)
    if occurrence.kind not in SETTLEMENTS or indicator != _CREDIT:
        return occurrence
    return occurrence._replace(net_credited=to_money(amount))


LAYOUT = Layout400(
    bank="001",
    header_record=RETURN_HEADER,
    header=heading_reader("001", RETURN_HEADER, "agencia", "conta"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
    detail="7",
)
