"""Reads returns of Sicoob, CNAB 240. Field numbers are those of the spreadsheet named in `cnab240`."""

from billing.banking.layouts.febraban_240_return import layout_of
from billing.banking.layouts.febraban_codes import OCCURRENCES, REASONS
from billing.banking.layouts.sicoob import cnab240 as records
from billing.banking.occurrences import OccurrenceCode, OccurrenceKind

_OWN = {  # 07.3T
    "85": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de desistência de protesto"),
    "86": OccurrenceCode(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirmação de cancelamento do protesto"),
}

LAYOUT = layout_of("756", records, {**OCCURRENCES, **_OWN}, REASONS, number=lambda columns: columns[-7:])
