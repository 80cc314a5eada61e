"""The sandbox bank as C6 Bank, CNAB 400. Fields are those of the manual named in `layouts.c6.cnab400`.

The manual lists few reasons (D063): one for an unreadable number, and one for any other field.
"""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent
from billing.banking.layouts.c6 import cnab400 as records
from billing.banking.layouts.c6.cnab400_remittance import digit
from billing.banking.occurrences import OccurrenceKind

_NUMBER, _FIELD = "9005", "9006"
_MISSING = {
    "valor_titulo": _NUMBER,
    "pagador_documento": _NUMBER,
    "pagador_nome": _FIELD,
    "pagador_endereco": _FIELD,
    "pagador_cidade": _FIELD,
}


def _entry_faults(read: Facts, own: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != own or read["pagador_uf"] not in STATES:
        yield _FIELD
    yield from missing(read, _MISSING)


def _digit(read: Facts) -> str:
    return digit(read["carteira"], read["nosso_numero"])


def _details(outcome: TitleEvent) -> Facts:
    return {
        "valor_pago": outcome.paid.cents,
        "juros": outcome.interest.cents,
        "motivos": "".join(outcome.reasons[:4]),
    }


BANK = Bank400(
    BankAnswers400(
        bank="336",
        records=records,
        confirmations={  # D020 -> D054
            "01": "02", "02": "10", "04": "12", "05": "13", "06": "14", "07": "95", "09": "19", "10": "21", "18": "20",
            "19": "20", "31": "04",
        },
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"02": "15", "09": "90", "31": "17", "": "16"},
        unknown_movement=_FIELD,
        order={"0": "1", "1": "129", "2": "19"},
        entry_faults=_entry_faults,
        repeated=_FIELD,
        digit=_digit,
        settled=_details,
        counted=records.COUNTED,
        codes={OccurrenceKind.TARIFF: "98", OccurrenceKind.PARTIALLY_SETTLED: "75", OccurrenceKind.OTHER: "72"},
    )
)  # fmt: skip
