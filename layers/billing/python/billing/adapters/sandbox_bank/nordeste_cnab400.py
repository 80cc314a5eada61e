"""The sandbox bank as Banco do Nordeste, CNAB 400. Notes are those of the manual named in `layouts.nordeste.cnab400`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent
from billing.banking.check_digits import mod11
from billing.banking.layouts.nordeste import cnab400 as records
from billing.banking.occurrences import OccurrenceKind

_MISSING = {  # note 8
    "valor_titulo": "17",
    "vencimento": "18",
    "pagador_nome": "29",
    "pagador_endereco": "30",
    "pagador_cidade": "31",
    "pagador_documento": "34",
    "pagador_cep": "28",
}
_ACCOUNT = ("agencia", "conta", "conta_digito", "carteira", "nome_empresa")
_MARKS = records.RETURN_TITLE.by_name["erros"].width


def _entry_faults(read: Facts, digit: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != digit:
        yield "41"
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "33"


def _details(outcome: TitleEvent) -> Facts:
    """Errors are marks, with one column for each."""
    marked = {int(reason) for reason in outcome.reasons}
    return {
        "valor_pago": outcome.paid.cents,
        "juros": outcome.interest.cents,
        "erros": "".join("1" if column in marked else "0" for column in range(1, _MARKS + 1)),
    }


BANK = Bank400(
    BankAnswers400(
        bank="004",
        records=records,
        confirmations={  # note 3 -> note 4
            "01": "02", "02": "09", "04": "12", "06": "14", "07": "21", "08": "22", "09": "19", "10": "20", "31": "04",
        },
        registers=frozenset({"01"}),
        entry_rejected="51",
        instruction_rejected={"02": "52", "04": "54", "06": "56", "09": "59", "10": "60", "31": "81", "": "52"},
        unknown_movement="03",
        order={"0": "1", "1": "19"},
        entry_faults=_entry_faults,
        repeated="36",
        digit=lambda read: mod11(read["nosso_numero"], 2, 8),
        settled=_details,
        counted={},
        company=lambda read: {name: read[name] for name in _ACCOUNT},
        codes={OccurrenceKind.PARTIALLY_SETTLED: "07"},
    )
)  # fmt: skip
