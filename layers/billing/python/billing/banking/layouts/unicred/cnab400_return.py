"""Reads returns of Unicred, CNAB 400: the amount paid is reported in full, the tariff and the amount credited apart."""

from collections.abc import Sequence

from billing.banking.layouts.pictures import to_money
from billing.banking.layouts.reading_400 import heading_reader, occurrence_reader, portfolio
from billing.banking.layouts.return_400 import Layout400
from billing.banking.layouts.unicred.cnab400 import RETURN_HEADER, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.unicred.codes import OCCURRENCES, told
from billing.banking.occurrences import SETTLEMENTS, Occurrence

_read = occurrence_reader("136", RETURN_TITLE, OCCURRENCES, {})
_own = RETURN_TITLE.slicer("instrucao_origem", "complemento", "valor_liquido")


def titles(lines: Sequence[str], numbers: Sequence[int]) -> Sequence[Occurrence]:
    return list(map(_told, lines, _read(lines, numbers)))


def _told(line: str, read: Occurrence) -> Occurrence:
    origin, complement, net = _own(line)
    occurrence = told(read, origin, complement)
    return occurrence._replace(net_credited=to_money(net)) if occurrence.kind in SETTLEMENTS else occurrence


LAYOUT = Layout400(
    bank="136",
    header_record=RETURN_HEADER,
    header=heading_reader("136", RETURN_HEADER, "agencia", "conta", "convenio"),
    title_record=RETURN_TITLE,
    titles=titles,
    attachments={},
    trailer_record=RETURN_TRAILER,
    totals=portfolio,
    counts={},
)
