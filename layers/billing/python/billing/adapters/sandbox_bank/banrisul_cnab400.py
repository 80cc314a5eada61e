"""The sandbox bank as Banrisul, CNAB 400. Pages are those of the manual named in `layouts.banrisul.cnab400`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import (
    STATES,
    Bank400,
    BankAnswers400,
    Facts,
    missing,
    told_whole,
)
from billing.adapters.sandbox_bank.bank import TitleEvent, TitleSeen
from billing.banking.check_digits import double_digit
from billing.banking.layouts.banrisul import cnab400 as records
from billing.banking.occurrences import OccurrenceKind

_MISSING = {  # p. 26-27
    "vencimento": "16",
    "valor_titulo": "20",
    "pagador_nome": "45",
    "pagador_documento": "46",
    "pagador_endereco": "47",
    "pagador_cep": "48",
}


def _digit(read: Facts) -> str:
    return double_digit(read["nosso_numero"])


def _entry_faults(read: Facts, digit: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != digit:
        yield "08"
    due_on, issued_on = read["vencimento"], read["emissao"]
    if due_on and issued_on and due_on < issued_on:
        yield "17"
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "52"
    if read["desconto"] and read["desconto"] >= read["valor_titulo"]:
        yield "29"
    if read["abatimento"] and read["abatimento"] >= read["valor_titulo"]:
        yield "34"
    if "09" in {read["instrucao_1"], read["instrucao_2"]} and read["prazo"] < "03":
        yield "38"


def _settled(outcome: TitleEvent) -> Facts:
    """Note 1, type 1: the amount paid is reported without the interest."""
    return told_whole(outcome) | {"valor_pago": (outcome.paid - outcome.interest).cents}


def _details(title: TitleSeen, outcome: TitleEvent) -> Facts:
    """The amount paid above the title and its interest has a field of its own (p. 20), as one part of "valor pago"."""
    above = outcome.paid - outcome.interest - title.amount
    return {"outros_recebimentos": max(above.cents, 0)}


BANK = Bank400(
    BankAnswers400(
        bank="041",
        records=records,
        confirmations={  # p. 7-8 -> p. 18
            "01": "02", "02": "10", "04": "12", "05": "13", "06": "14", "09": "19", "10": "20", "18": "16", "19": "16",
            "20": "16", "21": "16",
        },
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"": "16"},
        unknown_movement="05",
        order={"0": "1", "1": "19"},
        entry_faults=_entry_faults,
        repeated="09",
        digit=_digit,
        settled=_settled,
        details=_details,
        counted={},
        begins="01REMESSA ",
        codes={OccurrenceKind.TARIFF: "44", OccurrenceKind.PARTIALLY_SETTLED: "07"},
    )
)  # fmt: skip
