"""The sandbox bank as Sicredi, CNAB 240. Notes are those of the manual named in `layouts.sicredi.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.banking.layouts.sicredi import cnab240 as records

_FEWEST_DAYS = 3


def _own_faults(facts: Facts) -> Iterator[str]:
    if facts["nosso_numero"][2] == "1":
        yield "08"  # 13.3P: the byte of the cooperative
    if facts["protesto_codigo"] != "3" and facts["protesto_prazo"] < _FEWEST_DAYS:
        yield "38"  # 37.3P


BANK = SandboxBank240(
    BankAnswers240(
        bank="748",
        records=records,
        version="081",
        segments={"01": ("PQR", "PQ"), "": ("PQ", "PQR")},
        confirmations={  # 07.3P -> C044
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "07": "07", "08": "08", "09": "19", "10": "20", "11": "20", "31": "27",
            "45": "78", "75": "79", "76": "79",
        },
        after_due_date=True,  # 28.3P
        exempt="3",
        own_faults=_own_faults,
        net_of_tariff=False,
        numbered=lambda number: {"nosso_numero": number},
    )
)  # fmt: skip
