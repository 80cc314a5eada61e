"""What FEBRABAN's segments T and U become: the reading that banks share. Pages are those of `febraban_240`."""

from collections.abc import Callable, Mapping
from typing import Any

from billing.banking.layouts.febraban_240 import BATCH_TRAILER
from billing.banking.layouts.record import to_day, to_money, to_number
from billing.banking.layouts.return_240 import Layout240
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Movement, Occurrence, meanings_of, reasons_of
from billing.core.money import ZERO

_T = (
    "movimento", "nosso_numero", "carteira", "numero_documento", "vencimento", "valor_titulo",
    "uso_empresa", "tarifa", "motivos",
)  # fmt: skip
_U = (
    "acrescimos", "desconto", "abatimento", "valor_pago", "valor_liquido", "data_ocorrencia", "data_credito",
)  # fmt: skip
_NO_U = ("", "", "", "", "", "", "")

_TOTALS = BATCH_TRAILER.slicer(
    "simples_titulos", "vinculada_titulos", "caucionada_titulos", "descontada_titulos",
    "simples_valor", "vinculada_valor", "caucionada_valor", "descontada_valor",
)  # fmt: skip


def layout_of(
    bank: str,
    records: Any,
    movements: Mapping[str, Movement],
    reasons: Mapping[str, Mapping[str, str]],
    *,
    number: Callable[[str], str],
    account: tuple[str, ...] = ("agencia", "conta"),
    one_reason: frozenset[str] = frozenset(),
) -> Layout240:
    """One bank's returns, from its module of records. `account`: the fields, of header and title, that tell whose the titles are.

    `one_reason`: the movements of which only the first of the five reasons is one.
    """
    heading = records.RETURN_FILE_HEADER.slicer(*account, "sequencial_arquivo", "data_geracao")

    def header(line: str) -> Heading:
        *own, sequence, created_on = heading(line)
        return Heading(bank, "".join(own), to_number(sequence), to_day(created_on))

    return Layout240(
        bank=bank,
        file_header=records.RETURN_FILE_HEADER,
        batch_header=records.RETURN_BATCH_HEADER,
        segment_t=records.SEGMENT_T,
        segment_u=records.SEGMENT_U,
        batch_trailer=records.RETURN_BATCH_TRAILER,
        file_trailer=records.FILE_TRAILER,
        header=header,
        occurrence=_occurrence_reader(bank, records, movements, reasons, number, account, one_reason),
        totals=totals,
    )


def _occurrence_reader(
    bank: str,
    records: Any,
    movements: Mapping[str, Movement],
    reasons: Mapping[str, Mapping[str, str]],
    number: Callable[[str], str],
    account: tuple[str, ...],
    one_reason: frozenset[str],
) -> Callable[[int, str, str, tuple[str, ...]], Occurrence]:
    """A reader of one bank's titles. `number` takes the nosso número, without its digit, out of its columns."""
    meanings = meanings_of(movements, reasons)
    slice_t, slice_u = records.SEGMENT_T.slicer(*account, *_T), records.SEGMENT_U.slicer(*_U)

    def occurrence(line_number: int, t: str, u: str, raw: tuple[str, ...]) -> Occurrence:
        *own, code, nosso_numero, carteira, document, due_on, title, reference, tariff, motives = slice_t(t)
        added, discount, rebate, paid, net, occurred_on, credited_on = slice_u(u) if u else _NO_U
        kind, what, settles, table, _ = meanings[code]
        why = (
            ()
            if motives == "          "
            else reasons_of(motives[:2] if code in one_reason else motives, 2, table)
        )
        return Occurrence(
            line_number, bank, "".join(own), kind, code, what, why,
            number(nosso_numero), carteira, reference.rstrip(), document.rstrip(), to_day(due_on),
            to_day(occurred_on), to_day(credited_on), to_money(title), to_money(paid) if settles else ZERO,
            to_money(added), ZERO, to_money(discount), to_money(rebate), to_money(tariff),
            to_money(net) if settles else ZERO, "", "", raw,
        )  # fmt: skip

    return occurrence


def totals(line: str) -> tuple[int, int]:
    """Titles and cents of all wallets, in a batch's trailer (C070, C071)."""
    figures = [to_number(text) for text in _TOTALS(line)]
    return sum(figures[:4]), sum(figures[4:])
