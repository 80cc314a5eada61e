"""The sandbox bank as Unicred, CNAB 240. Pages are those of the manuals named in `layouts.unicred.cnab240`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab240 import BankAnswers240, Facts, SandboxBank240
from billing.adapters.sandbox_bank.any_cnab400 import STATES
from billing.adapters.sandbox_bank.bank import TitleEvent
from billing.banking.check_digits import mod11
from billing.banking.layouts.unicred import cnab240 as records
from billing.banking.occurrences import OccurrenceKind

_ANSWERS = frozenset(
    {OccurrenceKind.REGISTERED, OccurrenceKind.REJECTED, OccurrenceKind.INSTRUCTION_REJECTED}
)


def _own_faults(facts: Facts) -> Iterator[str]:
    """P. 8-9 of the return."""
    if facts["nosso_numero_digito"] != mod11(facts["nosso_numero"]):
        yield "08"
    if facts["pagador_uf"] not in STATES:
        yield "52"
    if facts["abatimento"]:
        yield "33"
    if (facts["protesto_codigo"] == "3") != (not facts["protesto_prazo"]):
        yield "E18" if facts["protesto_codigo"] == "3" else "E14"


def _details(outcome: TitleEvent) -> Facts:
    """P. 12 of the return: the instruction is given only in an answer to it, and in a write-off requested by the
    CIP."""
    facts = {"motivos": "".join(outcome.reasons)[:8]}
    if outcome.kind in _ANSWERS:
        return facts
    return facts | {"instrucao_origem": "10" if outcome.kind is OccurrenceKind.WRITTEN_OFF else "00"}


BANK = SandboxBank240(
    BankAnswers240(
        bank="136",
        records=records,
        version="085",
        segments={"01": ("PQR", "PQ"), "": ("PQ",)},
        confirmations=dict.fromkeys(
            ("01", "02", "04", "05", "06", "09", "11", "22", "23", "25", "26", "40"), "02"
        ),
        after_due_date=True,  # C020 and C077: one day after it, whatever was requested
        exempt="5",
        own_faults=_own_faults,
        net_of_tariff=True,
        numbered=lambda number: {"nosso_numero": number, "nosso_numero_digito": mod11(number)},
        instruction_rejected={"": "03"},
        details=_details,
        codes={OccurrenceKind.WRITTEN_OFF: "02", OccurrenceKind.PROTESTED: "11", OccurrenceKind.OTHER: "04"},
        file_trailer=records.RETURN_FILE_TRAILER,
    )
)
