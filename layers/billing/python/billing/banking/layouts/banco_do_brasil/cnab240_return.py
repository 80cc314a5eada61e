"""Reads returns of Banco do Brasil, CNAB 240. Field numbers are those of the manual named in `cnab240`."""

from billing.banking.layouts.banco_do_brasil import cnab240 as records
from billing.banking.layouts.febraban_240_return import layout_of
from billing.banking.layouts.febraban_codes import OCCURRENCES, REASONS

_REJECTIONS = ("02", "03", "26", "30")
_OWN = {"52": "Registro de título já liquidado, carteira 17", "A4": "Pagador DDA"}  # 28.3T
_WITHOUT_DIGIT = 17


def _number(columns: str) -> str:
    """17 digits, or 11 and their check digit, aligned to the left (13.3P)."""
    text = columns.strip()
    return text if len(text) == _WITHOUT_DIGIT else text[:-1]


LAYOUT = layout_of(
    "001",
    records,
    OCCURRENCES,
    {**REASONS, **{code: {**REASONS[code], **_OWN} for code in _REJECTIONS}},
    number=_number,
)
