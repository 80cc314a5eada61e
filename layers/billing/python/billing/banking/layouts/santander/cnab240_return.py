"""Reads returns of Santander, CNAB 240. Notes are those of the manual named in `cnab240`.

The amount credited to the account is reported before the tariff: in a published return 43.50 was paid, 43.50 is to be
credited, and the tariff is 2.64.
"""

from billing.banking.layouts.febraban_240_return import completed, layout_of
from billing.banking.layouts.santander import cnab240 as records
from billing.banking.layouts.santander.cnab240_codes import OCCURRENCES, PARTIAL, REASONS
from billing.banking.layouts.santander.pix import charge_address
from billing.banking.occurrences import Occurrence, OccurrenceKind

_SHARED = layout_of("033", records, OCCURRENCES, REASONS, number=str.strip)
_KEY_OR_ADDRESS = records.SEGMENT_Y.slicer("chave_pix", "txid")
_PIX = "Y03"


def _completed(occurrence: Occurrence, _t: str, _u: str, raw: tuple[str, ...]) -> Occurrence:
    if occurrence.kind is OccurrenceKind.SETTLED and any(
        reason.code == PARTIAL for reason in occurrence.reasons
    ):
        occurrence = occurrence._replace(kind=OccurrenceKind.PARTIALLY_SETTLED)
    for line in raw[1:]:
        if line[13] + line[17:19] == _PIX:
            occurrence = occurrence._replace(pix_url=charge_address(_KEY_OR_ADDRESS(line)[0]))
    return occurrence


def _portfolio(_line: str) -> tuple[int, int]:
    """The batch's trailer reports the company's whole portfolio, not the file's titles (note 39)."""
    return 0, 0


LAYOUT = completed(_SHARED, _completed)._replace(
    totals=_portfolio,
    optional={mark[1:]: record for mark, record in records.RETURN.items() if mark.startswith("3Y")},
)
