"""Reads returns of Caixa, CNAB 240. Pages are those of the manual named in `cnab240`."""

from billing.banking.layouts.caixa import cnab240 as records
from billing.banking.layouts.caixa.cnab240_codes import OCCURRENCES, ONE_REASON, REASONS
from billing.banking.layouts.febraban_240_return import layout_of

LAYOUT = layout_of(
    "104",
    records,
    OCCURRENCES,
    REASONS,
    number=str.strip,
    account=("convenio",),  # the title has neither agency nor account
    one_reason=ONE_REASON,
)
