"""The sandbox bank as Sicoob, CNAB 240. Field numbers are those of the spreadsheet named in `layouts.sicoob.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.banking.layouts.sicoob import cnab240 as records


def _own_faults(facts: Facts) -> Iterator[str]:
    if len(facts["pagador_uf"]) != 2:
        yield "52"


BANK = SandboxBank240(
    BankAnswers240(
        bank="756",
        records=records,
        version="081",  # 20.0
        segments={"": ("PQR",)},
        confirmations={
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "11": "20", "23": "42",
        },
        after_due_date=True,  # 28.3P, 15.3R
        exempt="0",
        own_faults=_own_faults,
        net_of_tariff=False,
        numbered=lambda number: {"nosso_numero": number},
    )
)  # fmt: skip
