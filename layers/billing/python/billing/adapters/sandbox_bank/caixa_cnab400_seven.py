"""The sandbox bank as Caixa, CNAB 400, layout version 007."""

from dataclasses import replace

from billing.adapters.sandbox_bank.any_cnab400 import Bank400
from billing.adapters.sandbox_bank.caixa_cnab400 import POLICY
from billing.banking.layouts.caixa import cnab400_seven

BANK = Bank400(replace(POLICY, records=cnab400_seven))
