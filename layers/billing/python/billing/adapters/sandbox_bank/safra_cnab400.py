"""The sandbox bank as Safra, CNAB 400. Sections are those of the manual named in `layouts.safra.cnab400`."""

from collections.abc import Iterator

from billing.adapters.sandbox_bank.any_cnab400 import STATES, Bank400, BankAnswers400, Facts, missing
from billing.adapters.sandbox_bank.bank import TitleEvent, TitleSeen
from billing.banking.check_digits import mod11
from billing.banking.layouts.safra import cnab400 as records
from billing.banking.occurrences import OccurrenceKind

_MISSING = {  # 6.2.1
    "numero_documento": "031",
    "vencimento": "037",
    "valor_titulo": "044",
    "pagador_documento": "051",
    "pagador_nome": "054",
    "pagador_endereco": "055",
    "pagador_cep": "015",
}


def _entry_faults(read: Facts, digit: str) -> Iterator[str]:
    if read["nosso_numero_digito"] != digit:
        yield "029"
    yield from missing(read, _MISSING)
    if read["pagador_uf"] not in STATES:
        yield "059"
    if read["instrucao_2"] == "10" and read["instrucao_3"] == "00":
        yield "023"


def _settled(outcome: TitleEvent) -> Facts:
    return {
        "valor_pago": outcome.paid.cents,
        "juros": outcome.interest.cents,
        "motivos": "".join(outcome.reasons[:1]),
    }


def _details(title: TitleSeen, _outcome: TitleEvent) -> Facts:
    repeated = title.nosso_numero + title.digit
    return {"ocorrencia_origem": title.movement, "nosso_numero_repetido": repeated}


BANK = Bank400(
    BankAnswers400(
        bank="422",
        records=records,
        confirmations={  # 6.1.3 -> 6.2.2
            "01": "02", "02": "10", "04": "12", "05": "13", "06": "14", "08": "54", "09": "19", "10": "20", "31": "51",
            "90": "56", "91": "57", "92": "58",
        },
        registers=frozenset({"01"}),
        entry_rejected="03",
        instruction_rejected={"": "03"},
        unknown_movement="026",
        order={"0": "1", "1": "1249", "2": "149", "4": "19"},  # p. 5
        entry_faults=_entry_faults,
        repeated="072",
        digit=lambda read: mod11(read["nosso_numero"], ten="0", eleven="1"),  # 7.1
        settled=_settled,
        counted={},
        details=_details,
        codes={OccurrenceKind.TARIFF: "43", OccurrenceKind.WRITTEN_OFF: "10"},
    )
)  # fmt: skip
