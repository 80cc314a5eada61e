"""The sandbox bank as Itaú, CNAB 240. Notes and pages are those of the manual named in `layouts.itau.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.adapters.sandbox_bank.any_cnab400 import STATES
from billing.adapters.sandbox_bank.bank import TitleEvent
from billing.banking.check_digits import mod10
from billing.banking.layouts.itau import cnab240 as records
from billing.banking.occurrences import SETTLEMENTS


def _own_faults(facts: Facts) -> Iterator[str]:
    number = facts["agencia"] + facts["conta"] + facts["carteira"] + facts["nosso_numero"]
    if facts["nosso_numero_digito"] != str(mod10(number)):
        yield "92"  # note 27
    if facts["pagador_uf"] not in STATES:
        yield "04"


def _details(outcome: TitleEvent) -> Facts:
    """Both amounts of U are the amount credited to the account (p. 15); reasons and channel have columns of their
    own."""
    settled = outcome.kind in SETTLEMENTS
    credited = (outcome.paid - outcome.tariff).cents if settled else 0
    return {
        "valor_pago": credited,
        "valor_liquido": credited,
        "motivos": "".join(outcome.reasons[:4]),
        "codigo_liquidacao": "B2" if settled else "",
    }


BANK = SandboxBank240(
    BankAnswers240(
        bank="341",
        records=records,
        version="040",
        segments={"01": ("PQR", "PQ"), "": ("PQ",)},  # p. 11
        confirmations={  # note 4 -> note 22
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "18": "20", "31": "04",
            "66": "75", "68": "77",
        },
        after_due_date=False,  # notes 12 and 31: the due date, or later
        exempt="0",
        own_faults=_own_faults,
        net_of_tariff=True,
        numbered=lambda number: {"nosso_numero": number},
        reasons={  # note 23, table 1; of "05", table 3
            "05": "01", "09": "15", "16": "66", "17": "66", "20": "67", "45": "08", "46": "37", "47": "10", "48": "03",
        },
        instruction_rejected={"02": "15", "31": "17", "": "16"},
        details=_details,
    )
)  # fmt: skip
