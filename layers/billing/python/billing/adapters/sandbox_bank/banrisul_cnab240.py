"""The sandbox bank as Banrisul, CNAB 240. Pages are those of the manual named in `layouts.banrisul.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.adapters.sandbox_bank.any_cnab400 import STATES
from billing.adapters.sandbox_bank.bank import TitleEvent
from billing.banking.check_digits import double_digit
from billing.banking.layouts.banrisul import cnab240 as records
from billing.banking.occurrences import SETTLEMENTS

_IN_THE_BANK = "03"  # p. 25


def _own_faults(facts: Facts) -> Iterator[str]:
    """P. 34-36."""
    if facts["nosso_numero_digito"] != double_digit(facts["nosso_numero"]):
        yield "08"
    if facts["pagador_uf"] not in STATES:
        yield "52"
    if facts["protesto_codigo"] == "1" and facts["protesto_prazo"] < 3:
        yield "38"


def _details(outcome: TitleEvent) -> Facts:
    """P. 29, type 1: the amount paid is reported without the interest."""
    reasons = outcome.reasons or ((_IN_THE_BANK,) if outcome.kind in SETTLEMENTS else ())
    return {"motivos": "".join(reasons[:5]), "valor_pago": (outcome.paid - outcome.interest).cents}


BANK = SandboxBank240(
    BankAnswers240(
        bank="041",
        records=records,
        version="040",
        segments={"01": ("PQR", "PQ"), "31": ("PQ", "P"), "": ("P",)},
        confirmations={
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "10": "20", "31": "27",
        },
        after_due_date=False,  # p. 12: if not given, it is the due date
        exempt="0",
        own_faults=_own_faults,
        net_of_tariff=True,  # p. 29
        numbered=lambda number: {"nosso_numero": number, "nosso_numero_digito": double_digit(number)},
        instruction_rejected={"31": "30", "": "26"},
        details=_details,
    )
)  # fmt: skip
