"""The sandbox bank as Santander, CNAB 400. Pages and notes are those of the manuals named in `layouts.santander.cnab400`."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent, TitleSeen, fault
from billing.banking.check_digits import mod11
from billing.banking.layouts.santander import cnab400 as records
from billing.banking.occurrences import OccurrenceKind
from billing.core.errors import Refusal

_MISSING = {  # note 19
    "vencimento": "016",
    "valor_titulo": "093",
    "pagador_nome": "101",
    "pagador_endereco": "102",
    "pagador_cidade": "103",
    "pagador_documento": "106",
    "pagador_cep": "057",
}
_ENTRY = "01"
_NO_ERROR, _ENTRY_REJECTED, _INSTRUCTION_REJECTED, _PARTIAL, _PIX = (
    "00",
    "01",
    "02",
    "03",
    "95",
)  # version 2.36, note 30
_TARIFF = "24"  # custas de cartório: the layout has no other


def _file_faults(lines: Sequence[str]) -> Iterator[Refusal]:
    for number, (line, following) in enumerate(pairwise(lines), 1):
        if following[0] == "8" and line[108:110] != _ENTRY:
            yield fault("pix_record", f"linha {number + 1}: QR Code em ocorrência {line[108:110]}.")
    last = lines[-1]
    if last[0] == "9" and last[1:7] != f"{len(lines):06d}":
        yield fault("count", f"o fim diz {last[1:7]} registros e há {len(lines)}.")


def _entry_faults(read: Facts, _digit: str) -> Iterator[str]:
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "107" if read["pagador_uf"] else "104"
    if read["vencimento"] and read["emissao"] and read["emissao"] > read["vencimento"]:
        yield "100"
    if read["desconto"] and read["desconto"] >= read["valor_titulo"]:
        yield "074"
    if read["abatimento"] and read["abatimento"] >= read["valor_titulo"]:
        yield "073"


def _settled(outcome: TitleEvent) -> Facts:
    return {
        "valor_pago": outcome.paid.cents,
        "juros": outcome.interest.cents,
        "motivos": "".join(outcome.reasons[:3]),
    }


def _details(title: TitleSeen, outcome: TitleEvent) -> Facts:
    original = _NO_ERROR
    if outcome.kind is OccurrenceKind.PARTIALLY_SETTLED:
        original = _PARTIAL
    elif outcome.kind is OccurrenceKind.PAID_OUTSIDE:
        original = _PIX
    elif outcome.kind in {OccurrenceKind.REJECTED, OccurrenceKind.INSTRUCTION_REJECTED}:
        original = _ENTRY_REJECTED if title.movement == _ENTRY else _INSTRUCTION_REJECTED
    return {"codigo_original": original, "nosso_numero_repetido": title.nosso_numero + title.digit}


BANK = Bank400(
    BankAnswers400(
        bank="033",
        records=records,
        confirmations={  # p. 7 -> p. 12
            "01": "02", "02": "10", "04": "12", "05": "13", "06": "14", "09": "15", "18": "26", "98": "38",
        },
        registers=frozenset({_ENTRY}),
        entry_rejected="03",
        instruction_rejected={"": "03"},
        unknown_movement="022",
        order={"0": "1", "1": "189", "8": "19"},  # p. 5
        file_faults=_file_faults,
        entry_faults=_entry_faults,
        repeated="092",
        digit=lambda read: mod11(read["nosso_numero"]),
        settled=_settled,
        counted={},
        asks_pix=lambda _movement, following: following == "8",
        details=_details,
        codes={OccurrenceKind.PARTIALLY_SETTLED: "06", OccurrenceKind.PAID_OUTSIDE: "09", OccurrenceKind.PROTESTED: "25", OccurrenceKind.TARIFF: _TARIFF},
    )
)  # fmt: skip
