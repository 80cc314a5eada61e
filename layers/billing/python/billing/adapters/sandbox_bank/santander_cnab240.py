"""The sandbox bank as Santander, CNAB 240. Notes are those of the manual named in `layouts.santander.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.adapters.sandbox_bank.any_cnab400 import STATES
from billing.banking.check_digits import mod11
from billing.banking.layouts.santander import cnab240 as records


def _own_faults(facts: Facts) -> Iterator[str]:
    if facts["nosso_numero_digito"] != mod11(facts["nosso_numero"]):
        yield "08"  # note 15
    if facts["pagador_uf"] not in STATES:
        yield "52"  # note 29
    if facts["desconto"] and facts["desconto"] >= facts["valor_titulo"]:
        yield "29"  # note 18
    if facts["abatimento"] and facts["abatimento"] >= facts["valor_titulo"]:
        yield "34"  # note 18


BANK = SandboxBank240(
    BankAnswers240(
        bank="033",
        records=records,
        version="040",
        segments={"01": ("PQR", "PQ", "PQRY", "PQY"), "": ("P",)},  # note 13
        confirmations={  # note 14 -> note 41
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "18": "20", "31": "27", "98": "20",
        },
        after_due_date=False,  # note 22
        exempt="3",
        own_faults=_own_faults,
        net_of_tariff=False,
        numbered=lambda number: {"nosso_numero": number},
    )
)  # fmt: skip
