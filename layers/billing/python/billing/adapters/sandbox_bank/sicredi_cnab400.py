"""The sandbox bank as Sicredi, CNAB 400. Pages are those of the manual named in `layouts.sicredi.cnab400`."""

from collections.abc import Iterator, Sequence

from billing.adapters.sandbox_bank.any_cnab400 import Bank400, BankAnswers400, Facts, missing, told_whole
from billing.adapters.sandbox_bank.bank import TitleEvent, fault
from billing.banking.layouts.sicredi import cnab400 as records
from billing.banking.layouts.sicredi.terms import REFUSED_CHARACTERS
from billing.banking.occurrences import OccurrenceKind
from billing.core.errors import Refusal

_MISSING = {  # p. 13-14
    "vencimento": "16",
    "valor_titulo": "20",
    "pagador_nome": "45",
    "pagador_documento": "46",
    "pagador_endereco": "47",
    "pagador_cep": "48",
}
_PROTESTED_ALONE = "A"  # p. 35: the espécie


def _entry_faults(read: Facts, _digit: str) -> Iterator[str]:
    if read["nosso_numero"][2] == "1":
        yield "08"  # p. 7: the byte of the cooperative
    yield from missing(read, _MISSING)
    if read["protesto_codigo"] != "00" and read["especie"] != _PROTESTED_ALONE:
        yield "D2"


def _file_faults(lines: Sequence[str]) -> Iterator[Refusal]:
    for number, line in enumerate(lines, 1):
        refused = sorted(set(REFUSED_CHARACTERS) & set(line))
        if refused:
            yield fault("character", f"linha {number}: o Sicredi não aceita {' '.join(refused)}.")


def _details(outcome: TitleEvent) -> Facts:
    return told_whole(outcome) | {"carteira": "A"}


BANK = Bank400(
    BankAnswers400(
        bank="748",
        records=records,
        confirmations={  # p. 9-10
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "18": "20", "19": "20", "31": "33",
            "45": "78", "75": "79", "76": "79",
        },
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"02": "27", "31": "30", "": "32"},  # p. 9-10
        unknown_movement="03",
        order={"0": "1", "1": "125679", "2": "125679", "5": "125679", "6": "125679", "7": "125679"},
        entry_faults=_entry_faults,
        repeated="09",
        digit=lambda read: str(read["nosso_numero_digito"]),
        settled=_details,
        counted={},
        file_faults=_file_faults,
        codes={OccurrenceKind.OTHER: "35"},
    )
)  # fmt: skip
