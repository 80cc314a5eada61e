"""The sandbox bank as Banco do Brasil, CNAB 240. Field numbers are those of the manual named in `layouts.banco_do_brasil.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.banking.layouts.banco_do_brasil import cnab240 as records

_NUMBERS = {17, 12}  # 13.3P: with a convênio of 7 digits, or with a shorter one and a digit


def _own_faults(facts: Facts) -> Iterator[str]:
    if len(facts["nosso_numero"]) not in _NUMBERS:
        yield "08"


BANK = SandboxBank240(
    BankAnswers240(
        bank="001",
        records=records,
        version="083",
        segments={"01": ("PQR", "PQ"), "": ("PQ",)},
        confirmations={
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "07": "07", "08": "08", "09": "19", "10": "20", "31": "27",
        },
        after_due_date=False,  # 15.3R: the due date, or the day after
        exempt="3",
        own_faults=_own_faults,
        net_of_tariff=True,  # 13.3U
        numbered=lambda number: {"nosso_numero": number},
    )
)  # fmt: skip
