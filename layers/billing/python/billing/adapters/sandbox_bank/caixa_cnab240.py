"""The sandbox bank as Caixa, CNAB 240. Notes are those of the manual named in `layouts.caixa.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.banking.layouts.caixa import cnab240 as records


def _own_faults(facts: Facts) -> Iterator[str]:
    if not facts["nosso_numero"].startswith("14"):
        yield "08"  # G069
    if len(facts["pagador_uf"]) != 2:
        yield "52"
    if facts["protesto_codigo"] == "3" and facts["baixa_codigo"] != "1":
        yield "42"  # C026


POLICY = BankAnswers240(
        bank="104",
        records=records,
        version="101",
        segments={"": ("PQR", "PQ")},
        confirmations={
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "07": "07", "08": "08", "09": "19", "11": "20", "31": "27",
        },
        after_due_date=True,  # C019
        exempt="3",
        own_faults=_own_faults,
        net_of_tariff=False,
        numbered=lambda number: {"nosso_numero": number},
)  # fmt: skip
BANK = SandboxBank240(POLICY)
