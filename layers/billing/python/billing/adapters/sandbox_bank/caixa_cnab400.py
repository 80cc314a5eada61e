"""The sandbox bank as Caixa, CNAB 400. Notes are those of the manual named in `layouts.caixa.cnab400`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent
from billing.banking.layouts.caixa import cnab400 as records
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind

_MISSING = {  # NE038
    "pagador_nome": "042",
    "pagador_endereco": "043",
    "pagador_cep": "044",
    "pagador_documento": "040",
    "vencimento": "026",
    "valor_titulo": "027",
}


def _entry_faults(read: Facts, _digit: str) -> Iterator[str]:
    if not read["nosso_numero"].startswith("14"):
        yield "062"  # NE015
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "046"


def _settled(outcome: TitleEvent) -> Facts:
    """The principal without the interest, and a single reason."""
    return {
        "valor_pago": (outcome.paid - outcome.interest).cents,
        "juros": outcome.interest.cents,
        "motivos": (*outcome.reasons, "000")[0],
        "canal": "004" if outcome.kind in SETTLEMENTS else "000",
    }


POLICY = BankAnswers400(
    bank="104",
    records=records,
    confirmations={"01": "01", "02": "02", "03": "03", "04": "04", "05": "05", "09": "09"},  # NE033
    registers=frozenset({"01"}),
    entry_rejected="99",
    instruction_rejected={"": "99"},
    unknown_movement="014",
    order={"0": "1", "1": "12349", "2": "1349", "3": "149", "4": "19"},
    entry_faults=_entry_faults,
    repeated="010",
    digit=lambda _: "",
    settled=_settled,
    counted={},
    codes={
        OccurrenceKind.SETTLED: "21",
        OccurrenceKind.WRITTEN_OFF: "23",
        OccurrenceKind.PROTESTED: "26",
        OccurrenceKind.TARIFF: "34",
        OccurrenceKind.OTHER: "20",
    },
)
BANK = Bank400(POLICY)
