"""Reads returns of Caixa, CNAB 400, layout version 007."""

from billing.banking.layouts.caixa.cnab400_return import layout_with
from billing.banking.layouts.caixa.cnab400_seven import RETURN_TITLE

LAYOUT = layout_with(RETURN_TITLE)
