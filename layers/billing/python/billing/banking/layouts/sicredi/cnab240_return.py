"""Reads returns of Sicredi, CNAB 240. Field numbers are those of the manual named in `cnab240`."""

from billing.banking.layouts.febraban_240_return import layout_of
from billing.banking.layouts.sicredi import cnab240 as records
from billing.banking.layouts.sicredi.cnab240_codes import OCCURRENCES, REASONS

LAYOUT = layout_of("748", records, OCCURRENCES, REASONS, number=str.strip)
