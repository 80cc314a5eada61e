"""Reads returns of Caixa, CNAB 240, for beneficiary codes from 1100000 on."""

from billing.banking.layouts.caixa import cnab240_seven as records
from billing.banking.layouts.caixa.cnab240_return import layout_with

LAYOUT = layout_with(records)
