"""The sandbox bank as Bradesco, CNAB 240. Notes are those of the manual named in `layouts.bradesco.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.banking.check_digits import mod11
from billing.banking.layouts.bradesco import cnab240 as records


def _own_faults(facts: Facts) -> Iterator[str]:
    if facts["nosso_numero_digito"] != mod11(facts["carteira"][1:] + facts["nosso_numero"], 2, 7, ten="P"):
        yield "08"
    if facts["baixa_codigo"] == "1" and int(facts["baixa_prazo"]) < facts["protesto_prazo"]:
        yield "43"  # p. 14


BANK = SandboxBank240(
    BankAnswers240(
        bank="237",
        records=records,
        version="084",
        segments={"01": ("PQR", "PQ"), "": ("P", "PQ")},  # p. 11
        confirmations={  # C004 -> C044; the end of a bureau report comes as a stopped protest (C047: 41 and 03)
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "11": "20", "23": "42", "45": "73",
            "47": "20",
        },
        after_due_date=True,  # C019
        exempt="3",
        own_faults=_own_faults,
        net_of_tariff=False,
        numbered=lambda number: {"nosso_numero": number},
    )
)  # fmt: skip
