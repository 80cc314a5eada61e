"""The sandbox bank as Cresol, CNAB 400. The manuals named in `layouts.cresol.cnab400` have no table of reasons: those
used here are FEBRABAN's (C047)."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import Bank400, BankAnswers400, Facts, missing, told_whole
from billing.banking.check_digits import mod11
from billing.banking.layouts.cresol import cnab400 as records

_MISSING = {
    "vencimento": "16",
    "valor_titulo": "20",
    "pagador_nome": "45",
    "pagador_documento": "46",
    "pagador_endereco": "47",
    "pagador_cep": "48",
}
_ACCOUNT = ("conta_cooperado", "carteira", "agencia", "conta", "conta_digito")


def _entry_faults(read: Facts, digit: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != digit:
        yield "08"
    yield from missing(read, _MISSING)


def _digit(read: Facts) -> str:
    return mod11(read["carteira"][1:] + read["nosso_numero"], 2, 7, ten="P")


def _company(read: Facts) -> Facts:
    return {name: read[name] for name in _ACCOUNT}


BANK = Bank400(
    BankAnswers400(
        bank="133",
        records=records,
        confirmations={"01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "11": "20"},
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"": "26"},
        unknown_movement="05",
        order={"0": "1", "1": "19"},
        entry_faults=_entry_faults,
        repeated="09",
        digit=_digit,
        settled=told_whole,
        counted={},
        company=_company,
    )
)
