"""The sandbox bank as Caixa, CNAB 240, for beneficiary codes from 1100000 on."""

from dataclasses import replace

from billing.adapters.sandbox_bank.any_cnab240 import SandboxBank240
from billing.adapters.sandbox_bank.caixa_cnab240 import POLICY
from billing.banking.layouts.caixa import cnab240_seven

BANK = SandboxBank240(replace(POLICY, records=cnab240_seven, version="107"))
