"""The sandbox bank as Ailos, CNAB 240. Notes are those of the manual named in `layouts.ailos.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.banking.layouts.ailos import cnab240 as records

_DAYS = range(5, 16)


def _own_faults(facts: Facts) -> Iterator[str]:
    account = f"{facts['conta'][-7:]}{facts['conta_digito']}"
    if len(facts["nosso_numero"]) != 17 or not facts["nosso_numero"].startswith(account):
        yield "08"  # G069
    if facts["desconto_codigo"] != "0" and facts["desconto_data"] != facts["vencimento"]:
        yield "80"  # C022
    if facts["protesto_codigo"] != "3" and facts["protesto_prazo"] not in _DAYS:
        yield "38"  # C027
    if len(facts["pagador_uf"]) != 2:
        yield "52"


BANK = SandboxBank240(
    BankAnswers240(
        bank="085",
        records=records,
        version="087",
        segments={"": ("PQR", "PQ")},
        confirmations={  # C004 -> C044
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "07": "07", "08": "08", "09": "19", "11": "20", "31": "27", "93": "93",
            "94": "94",
        },
        after_due_date=True,  # C019
        exempt="3",
        own_faults=_own_faults,
        net_of_tariff=False,
        numbered=lambda number: {"nosso_numero": number},
    )
)  # fmt: skip
