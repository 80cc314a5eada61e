"""The sandbox bank as Banco do Brasil, CNAB 400. Notes are those of the manuals named in `layouts.banco_do_brasil.cnab400`."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent, fault
from billing.banking.layouts.banco_do_brasil import cnab400 as records
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind
from billing.core.errors import Refusal

_MISSING = {  # return, note 05
    "pagador_nome": "27",
    "pagador_endereco": "29",
    "pagador_cep": "82",
    "pagador_documento": "66",
    "vencimento": "09",
    "valor_titulo": "08",
}


def _file_faults(lines: Sequence[str]) -> Iterator[Refusal]:
    for number, (line, following) in enumerate(pairwise(lines), 1):
        if following[:3] == "599" and (line[0] != "7" or line[108:110] != "01"):
            yield fault("fine_record", f"linha {number + 1}: multa que não segue um registro de título.")


def _entry_faults(read: Facts, _digit: str) -> Iterator[str]:
    if not read["nosso_numero"].startswith(read["convenio"]):
        yield "80"
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "42"


def _settled(outcome: TitleEvent) -> Facts:
    """A single reason, whatever the bank found; the amount credited to the account is without the tariff."""
    settled = outcome.kind in SETTLEMENTS
    return {
        "motivos": (*outcome.reasons, "01" if settled else "00")[0],
        "valor_pago": outcome.paid.cents,
        "juros": outcome.interest.cents,
        "valor_lancamento": (outcome.paid - outcome.tariff).cents if settled else 0,
        "lancamento_indicativo": "2" if settled else "0",
    }


BANK = Bank400(
    BankAnswers400(
        bank="001",
        records=records,
        confirmations={  # remittance, note 20 -> return, note 07
            "01": "02", "02": "10", "04": "12", "05": "13", "06": "14", "09": "19", "10": "24", "12": "22", "31": "31",
            "32": "32",
        },
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"": "03"},
        unknown_movement="50",
        order={"0": "7", "7": "579", "5": "579"},
        file_faults=_file_faults,
        entry_faults=_entry_faults,
        repeated="33",
        digit=lambda _: "",
        settled=_settled,
        counted={},
        codes={OccurrenceKind.PARTIALLY_SETTLED: "07"},
        detail="7",
    )
)  # fmt: skip
