"""Reads returns of Caixa, CNAB 240. Pages are those of the manual named in `cnab240`."""

from typing import Any

from billing.banking.layouts.caixa import cnab240 as records
from billing.banking.layouts.caixa.cnab240_codes import OCCURRENCES, ONE_REASON, REASONS
from billing.banking.layouts.febraban_240_return import layout_of
from billing.banking.layouts.return_240 import Layout240


def layout_with(described: Any) -> Layout240:
    """The layout for the bank's records, for codes of six or of seven digits."""
    return layout_of(
        "104",
        described,
        OCCURRENCES,
        REASONS,
        number=str.strip,
        account=("convenio",),  # the title has neither agency nor account
        one_reason=ONE_REASON,
    )


LAYOUT = layout_with(records)
