"""The sandbox bank as Bradesco, CNAB 400. Pages are those of the manual named in `layouts.bradesco.cnab400`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import Bank400, BankAnswers400, Facts, missing, told_whole
from billing.banking.check_digits import mod11
from billing.banking.layouts.bradesco import cnab400 as records

_MISSING = {  # p. 48-49
    "vencimento": "16",
    "valor_titulo": "20",
    "pagador_nome": "45",
    "pagador_documento": "46",
    "pagador_endereco": "47",
    "pagador_cep": "48",
}


def _entry_faults(read: Facts, digit: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != digit:
        yield "08"
    yield from missing(read, _MISSING)


def _digit(read: Facts) -> str:
    return mod11(read["carteira"][1:] + read["nosso_numero"], 2, 7, ten="P")  # p. 18


BANK = Bank400(
    BankAnswers400(
        bank="237",
        records=records,
        confirmations={  # p. 20 -> p. 45-46
            "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "18": "20", "19": "20", "31": "33",
            "45": "73", "47": "74",
        },
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"02": "27", "31": "30", "": "32"},
        unknown_movement="04",
        order={"0": "1", "1": "19"},
        entry_faults=_entry_faults,
        repeated="09",
        digit=_digit,
        settled=told_whole,
        counted=records.COUNTED,
    )
)  # fmt: skip
