"""What FEBRABAN's segments T and U become: the reading that banks share. Pages are those of `febraban_240`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import repeat
from typing import Any

from billing.banking.layouts.columns import Memo, columns_of, day_of, joined, money_of, same, settled
from billing.banking.layouts.febraban_240 import BATCH_TRAILER
from billing.banking.layouts.record import to_day, to_number
from billing.banking.layouts.return_240 import Layout240, Titles
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Movement, Occurrence, Reason, meanings_of, occurrences_of, reasons_of
from billing.core.money import ZERO

_T = (
    "movimento", "nosso_numero", "carteira", "numero_documento", "vencimento", "valor_titulo",
    "uso_empresa", "tarifa", "motivos",
)  # fmt: skip
_U = (
    "acrescimos", "desconto", "abatimento", "valor_pago", "valor_liquido", "data_ocorrencia", "data_credito",
)  # fmt: skip

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
        titles=_titles_reader(bank, records, movements, reasons, number, account, one_reason),
        totals=totals,
    )


def _titles_reader(
    bank: str,
    records: Any,
    movements: Mapping[str, Movement],
    reasons: Mapping[str, Mapping[str, str]],
    number: Callable[[str], str],
    account: tuple[str, ...],
    one_reason: frozenset[str],
) -> Callable[[Titles], list[Occurrence]]:
    """A reader of one bank's titles. `number` takes the nosso número, without its digit, out of its columns."""
    meanings = meanings_of(movements, reasons)
    columns_of_t = columns_of(records.SEGMENT_T, *account, *_T)
    columns_of_u = columns_of(records.SEGMENT_U, *_U)

    def why(told: tuple[str, str]) -> tuple[Reason, ...]:
        code, motives = told
        return reasons_of(motives[:2] if code in one_reason else motives, 2, meanings[code].reasons)

    reasons_for = Memo(why).__getitem__

    def read(titles: Titles) -> list[Occurrence]:
        t, u = columns_of_t(titles.ts), columns_of_u(titles.us)
        codes = t["movimento"]
        kinds, texts, settles, _, _ = zip(*map(meanings.__getitem__, codes), strict=True)
        return occurrences_of(
            line_number=titles.numbers,
            bank=repeat(bank),
            agreement=map(joined, zip(*(t[name] for name in account), strict=True)),
            kind=kinds,
            movement=map(same, codes),
            movement_text=texts,
            reasons=map(reasons_for, zip(codes, t["motivos"], strict=True)),
            nosso_numero=map(number, t["nosso_numero"]),
            carteira=map(same, t["carteira"]),
            our_reference=map(str.rstrip, t["uso_empresa"]),
            document_number=map(str.rstrip, t["numero_documento"]),
            due_on=map(day_of, t["vencimento"]),
            occurred_on=map(day_of, u["data_ocorrencia"]),
            credited_on=map(day_of, u["data_credito"]),
            title_amount=map(money_of, t["valor_titulo"]),
            paid_amount=settled(u["valor_pago"], money_of, settles),
            interest=map(money_of, u["acrescimos"]),
            fine=repeat(ZERO),
            discount=map(money_of, u["desconto"]),
            rebate=map(money_of, u["abatimento"]),
            tariff=map(money_of, t["tarifa"]),
            net_credited=settled(u["valor_liquido"], money_of, settles),
            payment_channel=repeat(""),
            pix_emv=repeat(""),
            raw=titles.lines,
        )

    return read


def completed(
    layout: Layout240, complete: Callable[[Occurrence, str, str, tuple[str, ...]], Occurrence]
) -> Layout240:
    """The layout of a bank that tells more of a title than others: from what is shared, T, U and all the title's lines."""

    def titles(told: Titles) -> list[Occurrence]:
        return list(map(complete, layout.titles(told), told.ts, told.us, told.lines))

    return replace(layout, titles=titles)


def totals(line: str) -> tuple[int, int]:
    """Titles and cents of all wallets, in a batch's trailer (C070, C071)."""
    figures = [to_number(text) for text in _TOTALS(line)]
    return sum(figures[:4]), sum(figures[4:])
