"""Reads returns of Itaú, CNAB 240. Notes and pages are those of the manual named in `cnab240`.

Both amounts of segment U are the amount credited to the account (p. 15), as in CNAB 400: without the tariff. The amount
paid is that amount plus the tariff. The batch's trailer reports the whole portfolio (note 24), so nothing in it can be
checked.
"""

from billing.banking.layouts.febraban_240_return import completed, layout_of
from billing.banking.layouts.itau import cnab240 as records
from billing.banking.layouts.itau.cnab240_codes import DETAILS, OCCURRENCES, REASONS
from billing.banking.occurrences import SETTLEMENTS, Occurrence, reasons_of
from billing.core.money import ZERO

_SHARED = layout_of("341", records, OCCURRENCES, REASONS, number=str.strip)
_MORE_OF_T = records.SEGMENT_T.slicer("movimento", "codigo_liquidacao")
_MORE_OF_U = records.SEGMENT_U.slicer("movimento", "pagador_ocorrencia")


def _completed(occurrence: Occurrence, t: str, u: str, _raw: tuple[str, ...]) -> Occurrence:
    code, channel = _MORE_OF_T(t)
    reasons = occurrence.reasons
    if u and code in DETAILS:
        reasons += reasons_of(_MORE_OF_U(u)[1], 4, DETAILS[code])
    paid = occurrence.net_credited + occurrence.tariff if u and occurrence.kind in SETTLEMENTS else ZERO
    return occurrence._replace(reasons=reasons, paid_amount=paid, payment_channel=channel.strip())


LAYOUT = completed(_SHARED, _completed)._replace(totals=lambda _: (0, 0))
