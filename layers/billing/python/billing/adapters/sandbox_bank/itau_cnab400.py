"""The sandbox bank as Itaú, CNAB 400. Notes and pages are those of the manual named in `layouts.itau.cnab400`."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent, fault
from billing.banking.check_digits import mod10
from billing.banking.layouts.itau import cnab400 as records
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind
from billing.core.errors import Refusal

_MISSING = {  # note 20, table 1
    "pagador_nome": "08",
    "pagador_endereco": "10",
    "pagador_cep": "03",
    "pagador_documento": "37",
    "vencimento": "66",
    "valor_titulo": "67",
}


def _file_faults(lines: Sequence[str]) -> Iterator[Refusal]:
    for number, (line, following) in enumerate(pairwise(lines), 1):
        if following[0] == "2" and line[108:110] not in {"01", "49", "71"}:
            yield fault("fine_record", f"linha {number + 1}: multa em ocorrência {line[108:110]}.")


def _entry_faults(read: Facts, _digit: str) -> Iterator[str]:
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "04"


def _digit(read: Facts) -> str:
    return str(mod10(read["agencia"] + read["conta"] + read["carteira"] + read["nosso_numero"]))


def _settled(outcome: TitleEvent) -> Facts:
    settled = outcome.kind in SETTLEMENTS
    return {
        "valor_principal": (outcome.paid - outcome.tariff).cents if settled else 0,
        "juros_multa": outcome.interest.cents,
        "erros": "".join(outcome.reasons[:4]),
        "codigo_liquidacao": "B2" if settled else "",
    }


BANK = Bank400(
    BankAnswers400(
        bank="341",
        records=records,
        confirmations={  # note 6 -> note 17
            "01": "02", "71": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "18": "20",
            "31": "04", "66": "75", "68": "77",
        },
        registers=frozenset({"01", "71"}),
        entry_rejected="03",
        instruction_rejected={"02": "15", "31": "17", "": "16"},
        unknown_movement="01",  # note 20, table 3
        order={"0": "1", "1": "1239", "2": "139", "3": "19"},  # p. 6, 12, 13
        file_faults=_file_faults,
        entry_faults=_entry_faults,
        repeated="15",
        digit=_digit,
        settled=_settled,
        counted={},
        codes={OccurrenceKind.PARTIALLY_SETTLED: "07", OccurrenceKind.PAID_OUTSIDE: "10"},
        asks_pix=lambda movement, _following: movement == "71",
    )
)  # fmt: skip
