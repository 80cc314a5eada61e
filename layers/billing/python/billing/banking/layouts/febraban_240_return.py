"""What FEBRABAN's segments T and U become: the reading that banks share. Pages are those of `febraban_240`."""

from collections.abc import Callable, Mapping
from itertools import repeat
from typing import Any

from billing.banking.layouts.columns import (
    Memo,
    amounts,
    columns_of,
    day_of,
    joined,
    lookup_of,
    money_of,
    numbers_of,
    settled,
    text_of,
    texts_of,
)
from billing.banking.layouts.febraban_240 import BATCH_TRAILER
from billing.banking.layouts.pictures import to_day, to_number
from billing.banking.layouts.return_240 import LENGTH, Layout240, TitleColumns
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import (
    Occurrence,
    OccurrenceCode,
    OccurrenceReason,
    meanings_of,
    occurrences_of,
    reasons_of,
)
from billing.core.money import ZERO

_NO_U = " " * LENGTH
_CHANGED, _DAYS = "acrescimos desconto abatimento", "data_ocorrencia data_credito"

_TOTALS = BATCH_TRAILER.slicer(
    "simples_titulos", "vinculada_titulos", "caucionada_titulos", "descontada_titulos",
    "simples_valor", "vinculada_valor", "caucionada_valor", "descontada_valor",
)  # fmt: skip


def layout_of(
    bank: str,
    records: Any,
    movements: Mapping[str, OccurrenceCode],
    reasons: Mapping[str, Mapping[str, str]],
    *,
    number: Callable[[str], str],
    account: tuple[str, ...] = ("agencia", "conta"),
    one_reason: frozenset[str] = frozenset(),
) -> Layout240:
    """One bank's returns, from its module of records. `account`: the fields, of header and title, that say whose titles
    they are.

    `one_reason`: the movements for which only the first of the five reasons is a reason.
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
    movements: Mapping[str, OccurrenceCode],
    reasons: Mapping[str, Mapping[str, str]],
    number: Callable[[str], str],
    account: tuple[str, ...],
    one_reason: frozenset[str],
) -> Callable[[TitleColumns], list[Occurrence]]:
    """A reader of one bank's titles. `number` extracts the nosso número, without its digit, from its columns."""
    meanings = meanings_of(movements, reasons)
    t, u, owner = records.SEGMENT_T, records.SEGMENT_U, " ".join(account)
    columns_of_t = columns_of(
        t, owner, "movimento", "carteira", "vencimento", "valor_titulo", "tarifa", "motivos"
    )
    columns_of_u = columns_of(u, _CHANGED, _DAYS, "valor_pago", "valor_liquido")
    prove_numbers = numbers_of(t)
    texts = texts_of(t, "nosso_numero", "uso_empresa", "numero_documento")

    def why(cells: tuple[str, bytes]) -> tuple[OccurrenceReason, ...]:
        code, motives = cells[0], text_of(cells[1])
        return reasons_of(motives[:2] if code in one_reason else motives, 2, meanings[code].reasons)

    owner_of = lookup_of(t, owner, joined)
    event_of = lookup_of(t, "movimento", lambda code: (code, *meanings[code][:3]))
    changed_of = lookup_of(u, _CHANGED, amounts)
    days_of = lookup_of(u, _DAYS, lambda *days: tuple(map(to_day, days)))
    reasons_for = Memo(why).__getitem__

    def read(titles: TitleColumns) -> list[Occurrence]:
        of_t, of_u = columns_of_t(titles.ts), columns_of_u([u or _NO_U for u in titles.us])
        nosso_numeros, references, documents = texts(titles.ts)
        prove_numbers(nosso_numeros)
        codes, kinds, names, settles = zip(*map(event_of, of_t["movimento"]), strict=True)
        added, discounts, rebates = zip(*map(changed_of, of_u[_CHANGED]), strict=True)
        occurred, credited = zip(*map(days_of, of_u[_DAYS]), strict=True)
        return occurrences_of(
            line_number=titles.numbers,
            bank=repeat(bank),
            agreement=map(owner_of, of_t[owner]),
            kind=kinds,
            movement=codes,
            movement_text=names,
            reasons=map(reasons_for, zip(codes, of_t["motivos"], strict=True)),
            nosso_numero=map(number, nosso_numeros),
            carteira=map(text_of, of_t["carteira"]),
            our_reference=map(str.rstrip, references),
            document_number=map(str.rstrip, documents),
            due_on=map(day_of, of_t["vencimento"]),
            occurred_on=occurred,
            credited_on=credited,
            title_amount=map(money_of, of_t["valor_titulo"]),
            paid_amount=settled(of_u["valor_pago"], money_of, settles),
            interest=added,
            fine=repeat(ZERO),
            discount=discounts,
            rebate=rebates,
            tariff=map(money_of, of_t["tarifa"]),
            net_credited=settled(of_u["valor_liquido"], money_of, settles),
            payment_channel=repeat(""),
            pix_emv=repeat(""),
            raw=titles.lines,
        )

    return read


def completed(
    layout: Layout240, complete: Callable[[Occurrence, str, str, tuple[str, ...]], Occurrence]
) -> Layout240:
    """The layout of a bank that reports more about a title than others: `complete` gets the shared occurrence, T, U and
    all the title's lines."""

    def titles(columns: TitleColumns) -> list[Occurrence]:
        return list(map(complete, layout.titles(columns), columns.ts, columns.us, columns.lines))

    return layout._replace(titles=titles)


def totals(line: str) -> tuple[int, int]:
    """Titles and cents of all wallets, in a batch's trailer (C070, C071)."""
    figures = [to_number(text) for text in _TOTALS(line)]
    return sum(figures[:4]), sum(figures[4:])
