"""Reads returns of Ailos, CNAB 240. Pages are those of the manual named in `cnab240`."""

from billing.banking.layouts.ailos import cnab240 as records
from billing.banking.layouts.ailos.cnab240_codes import OCCURRENCES, REASONS
from billing.banking.layouts.febraban_240_return import layout_of


def _portfolio(_line: str) -> tuple[int, int]:
    """The batch's trailer reports all the open titles of the company, not those of the file (C070, p. 44)."""
    return 0, 0


LAYOUT = layout_of("085", records, OCCURRENCES, REASONS, number=str.strip)._replace(totals=_portfolio)
