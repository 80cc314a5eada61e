"""The sandbox bank as Unicred, CNAB 400. Pages are those of the manuals named in `layouts.unicred.cnab400`."""

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
from billing.banking.check_digits import mod11
from billing.banking.layouts.unicred import cnab400 as records
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind
from billing.core.money import ZERO

_MISSING = {  # p. 6-7
    "vencimento": "16",
    "valor_titulo": "20",
    "pagador_nome": "45",
    "pagador_documento": "46",
    "pagador_endereco": "47",
    "pagador_cep": "48",
}


def _digit(read: Facts) -> str:
    return mod11(read["nosso_numero"])


def _entry_faults(read: Facts, digit: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != digit:
        yield "08"
    due_on, issued_on = read["vencimento"], read["emissao"]
    if due_on and issued_on and due_on < issued_on:
        yield "17"
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "52"
    if read["desconto_data"] and due_on and read["desconto_data"] > due_on:
        yield "80"
    if read["abatimento"]:
        yield "33"
    if (read["protesto_codigo"] == "3") != (read["protesto_prazo"] == "00"):
        yield "E18" if read["protesto_codigo"] == "3" else "E14"


def _settled(outcome: TitleEvent) -> Facts:
    """P. 5: the amount paid, and the same amount without the tariff."""
    net = outcome.paid - outcome.tariff if outcome.kind in SETTLEMENTS else ZERO
    facts = {"complemento": "".join(outcome.reasons)[:8], "valor_liquido": net.cents}
    return told_whole(outcome) | facts


def _details(title: TitleSeen, outcome: TitleEvent) -> Facts:
    """P. 10: the instruction that a confirmation or a rejection answers."""
    answers = {
        OccurrenceKind.REGISTERED: title.movement,
        OccurrenceKind.REJECTED: title.movement,
        OccurrenceKind.INSTRUCTION_REJECTED: title.movement,
        OccurrenceKind.WRITTEN_OFF: "10",
    }
    return {"instrucao_origem": answers.get(outcome.kind, "00")}


def _company(read: Facts) -> Facts:
    """The account as in the return: an agency of 4 columns and an account of 8, padded with blanks on the left."""
    return read | {
        "agencia": read["agencia"][-4:],
        "conta": read["conta"].lstrip("0")[-8:].rjust(8),
        "convenio": read["convenio"][-14:],
    }


BANK = Bank400(
    BankAnswers400(
        bank="136",
        records=records,
        confirmations=dict.fromkeys(
            ("01", "02", "04", "05", "06", "09", "11", "22", "23", "25", "26", "40"), "02"
        ),
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"": "03"},
        unknown_movement="05",
        order={"0": "1", "1": "19"},
        entry_faults=_entry_faults,
        repeated="09",
        digit=_digit,
        settled=_settled,
        counted={},
        codes={OccurrenceKind.WRITTEN_OFF: "02", OccurrenceKind.PROTESTED: "11", OccurrenceKind.OTHER: "04"},
        details=_details,
        company=_company,
    )
)
