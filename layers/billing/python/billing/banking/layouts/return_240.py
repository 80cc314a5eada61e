"""Returns in CNAB 240, of any bank: file, batches, segments T, U and Y, trailers.

Grouped by state: a title starts with its T, and the U and Y that follow belong to it. A T without a U is legal;
segments that the layout does not describe are kept unchanged and reported.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from operator import add, itemgetter
from types import MappingProxyType
from typing import NamedTuple

from billing.banking.invalid_return import InvalidReturn, unreadable
from billing.banking.layouts.pictures import to_number
from billing.banking.layouts.record import Record
from billing.banking.layouts.return_file import Frame, Heading, SeenTitles, marked, numbered
from billing.banking.occurrences import Occurrence
from billing.core.money import Money

LENGTH = 240

_BANK, _KIND, _SEGMENT = itemgetter(slice(3)), itemgetter(7), itemgetter(13)
_SEQUENCE, _AFTER_SEQUENCE = itemgetter(slice(8, 13)), itemgetter(slice(13, None))
_ONLY_TITLES = frozenset("TU")
_SECOND_U = re.compile("U[^T]*U")


class TitleColumns(NamedTuple):
    """Titles as columns: the same position in each column is the same title."""

    numbers: Sequence[int]
    """The line numbers of their T."""
    ts: Sequence[str]
    us: Sequence[str]
    """Blank for a title without a U."""
    lines: Sequence[tuple[str, ...]]
    """All lines of a title, unchanged."""


class Layout240(NamedTuple):
    bank: str
    file_header: Record
    batch_header: Record
    segment_t: Record
    segment_u: Record
    batch_trailer: Record
    file_trailer: Record
    header: Callable[[str], Heading]
    titles: Callable[[TitleColumns], list[Occurrence]]
    """Raises ValueError for a field that cannot be read."""
    totals: Callable[[str], tuple[int, int]]
    """From a batch's trailer: titles and cents, all wallets together; not every bank fills them."""
    optional: Mapping[str, Record] = MappingProxyType({})
    """Segment Y with its number ("Y03") -> its record: those that the occurrence reads."""


@dataclass(slots=True, eq=False, repr=False)
class _Batch:
    """The open batch, and the lines of the title that is open in it."""

    details: int = 0
    titles: int = 0
    cents: int = 0
    opened: list[str] = field(default_factory=list)


def occurrences(layout: Layout240, pieces: Iterable[Sequence[str]], frame: Frame) -> Iterator[Occurrence]:
    """The occurrences of a file whose lines come in pieces of any size; at the end, `frame` is checked too.

    Raises InvalidReturn: an occurrence is only valid once the iteration has come to its end.
    """
    return chain.from_iterable(_runs(layout, pieces, frame))


def _runs(layout: Layout240, pieces: Iterable[Sequence[str]], frame: Frame) -> Iterator[Sequence[Occurrence]]:
    number = 0
    batch: _Batch | None = None
    seen = SeenTitles()
    for lines in pieces:
        remaining = lines
        while remaining:
            details = _details_at_start(remaining) if batch else 0
            if batch and details:
                yield from _details(layout, batch, remaining[:details], number + 1, frame, seen)
            else:
                details, line = 1, remaining[0]
                _prove_bank(layout, line, number + 1)
                if batch:
                    yield _titles(layout, batch, batch.opened, number + 1, seen)
                batch = _around(layout, line, number + 1, frame, batch)
            number += details
            remaining = remaining[details:]
    frame.prove(number)


def _details_at_start(lines: Sequence[str]) -> int:
    kinds = "".join(map(_KIND, lines))
    return len(kinds) - len(kinds.lstrip("3"))


def _around(layout: Layout240, line: str, number: int, frame: Frame, batch: _Batch | None) -> _Batch | None:
    """A record that is not a detail: it opens or closes a batch, or the file. Returns the batch that is open after
    it."""
    kind = _in_order(line, number, frame, batch)
    if kind == "5" and batch is not None:
        _close_batch(layout, batch, line, number, frame)
    elif kind == "1":
        _check(layout.batch_header, line, number)
        frame.batches += 1
        return _Batch()
    elif kind == "0":
        _check(layout.file_header, line, number)
        frame.heading = layout.header(line)
    else:
        _close_file(layout, line, number, frame.batches)
        frame.closed = True
    return None


def _details(
    layout: Layout240, batch: _Batch, lines: Sequence[str], first: int, frame: Frame, seen: SeenTitles
) -> Iterator[Sequence[Occurrence]]:
    """The titles that end in these lines. If there is a fault, the lines are read one by one, so that the first fault
    is named."""
    try:
        _prove_order(layout, batch, lines, first)
        opened, start = [*batch.opened, *lines], first - len(batch.opened)
        segments = "".join(map(_SEGMENT, opened))
        if second := _SECOND_U.search(segments):
            raise _second_u(start + second.end() - 1)
        others = [] if _ONLY_TITLES.issuperset(segments) else _others(layout, lines, first)
        whole = segments.rindex("T")
        occurrences = _titles(layout, batch, opened[:whole], start + whole, seen)
    except InvalidReturn:
        if len(lines) == 1:
            raise
        for number, line in enumerate(lines, first):
            yield from _details(layout, batch, [line], number, frame, seen)
    else:
        batch.details += len(lines)
        batch.opened = opened[whole:]
        frame.unread += others
        yield occurrences


def _prove_order(layout: Layout240, batch: _Batch, lines: Sequence[str], first: int) -> None:
    """Raises InvalidReturn about the first line."""
    expected = batch.details + 1
    banks, numbers = "".join(map(_BANK, lines)), "".join(map(_SEQUENCE, lines))
    if banks != layout.bank * len(lines) or numbers != numbered(expected, len(lines), 5):
        _prove_bank(layout, lines[0], first)
        raise _out_of_sequence(lines[0], first, expected)
    segment = lines[0][13]
    if segment != "T" and not batch.opened:
        message = f"o segmento {segment} não vem depois de um título (segmento T)"
        raise InvalidReturn("orphan_segment", message, line=first, column=14, field="segmento", value=segment)


def _others(layout: Layout240, lines: Sequence[str], first: int) -> list[tuple[int, str]]:
    """The lines of segments that are neither T nor U nor described, with their numbers; the described ones are
    checked."""
    unread = []
    for number, line in enumerate(lines, first):
        if line[13] in "TU":
            continue
        if record := layout.optional.get(line[13] + line[17:19]):
            _check(record, line, number)
        else:
            unread.append((number, line))
    return unread


def _titles(
    layout: Layout240, batch: _Batch, lines: Sequence[str], end: int, seen: SeenTitles
) -> Sequence[Occurrence]:
    """The titles in the lines before line number `end`; the first line is a segment T."""
    if not lines:
        return []
    first = end - len(lines)
    segments = "".join(map(_SEGMENT, lines))
    if segments == "TU" * (len(lines) // 2):
        titles = _paired(lines, first)
    else:
        titles = _grouped(lines, segments, first)
    try:
        occurrences = layout.titles(titles)
    except ValueError:
        raise _unreadable(layout, titles) from None
    batch.titles += len(occurrences)
    batch.cents += Money.sum([title.title_amount for title in occurrences]).cents
    segments_t, segments_u = map(_AFTER_SEQUENCE, titles.ts), map(_AFTER_SEQUENCE, titles.us)
    keys = list(map(hash, map(add, segments_t, segments_u)))
    return marked(keys, occurrences, seen)


def _paired(lines: Sequence[str], first: int) -> TitleColumns:
    """Titles of one T and one U each, as most are."""
    ts, us = lines[::2], lines[1::2]
    return TitleColumns(range(first, first + len(lines), 2), ts, us, list(zip(ts, us, strict=True)))


def _grouped(lines: Sequence[str], segments: str, first: int) -> TitleColumns:
    """Titles that also have other segments, or that have no U."""
    starts = [index for index, segment in enumerate(segments) if segment == "T"]
    us, raws = [], []
    for start, end in pairwise([*starts, len(lines)]):
        u = segments.find("U", start, end)
        us.append(lines[u] if u >= 0 else "")
        raws.append(tuple(lines[start:end]))
    return TitleColumns([first + start for start in starts], [lines[start] for start in starts], us, raws)


def _unreadable(layout: Layout240, titles: TitleColumns) -> InvalidReturn:
    """What is wrong with the first title that cannot be read."""
    for number, t, u, raw in zip(*titles, strict=True):
        try:
            layout.titles(TitleColumns([number], [t], [u], [raw]))
        except ValueError:
            if next(layout.segment_t.faults(t), None) is not None:
                return unreadable(layout.segment_t, t, number)
            return unreadable(layout.segment_u, u, number + raw.index(u))
    raise AssertionError("read one by one, the titles are readable")


def _in_order(line: str, number: int, frame: Frame, batch: _Batch | None) -> str:
    """The record's type, if it may come here. Raises InvalidReturn."""
    if frame.closed:
        raise InvalidReturn("after_trailer", "há registros depois do fim do arquivo", line=number, column=1)
    expected = "5" if batch else "19" if frame.heading else "0"
    if line[7] not in expected:
        message = "o registro não é o que deveria vir aqui; falta ou sobra uma linha"
        raise InvalidReturn("record_order", message, line=number, column=8, field="registro", value=line[7])
    return line[7]


def _close_batch(layout: Layout240, batch: _Batch, line: str, number: int, frame: Frame) -> None:
    record = layout.batch_trailer
    _check(record, line, number)
    stated = to_number(line[17:23])
    # Most banks count the batch's header and trailer (G057); some do not.
    if stated not in {batch.details, batch.details + 2}:
        raise _count(record, "quantidade_registros", stated, f"{batch.details + 2} registros no lote", number)
    titles, cents = layout.totals(line)
    if titles == batch.titles and cents not in {0, batch.cents}:
        message = (
            f"o fim do lote soma {Money.from_cents(cents).format_br()} e os títulos somam "
            f"{Money.from_cents(batch.cents).format_br()}"
        )
        raise InvalidReturn("sum", message, line=number, column=30, field="simples_valor", value=line[29:46])
    frame.titles += batch.titles
    frame.cents += batch.cents


def _close_file(layout: Layout240, line: str, number: int, opened: int) -> None:
    record = layout.file_trailer
    _check(record, line, number)
    records = to_number(line[23:29])
    # Unicred does not report the number of batches.
    if "quantidade_lotes" in record.by_name and (batches := to_number(line[17:23])) != opened:
        raise _count(record, "quantidade_lotes", batches, f"{opened} lotes", number)
    # Some banks do not count the file's own header and trailer (G056 counts them).
    if records not in {number, number - 2}:
        raise _count(record, "quantidade_registros", records, f"{number} registros no arquivo", number)


def _prove_bank(layout: Layout240, line: str, number: int) -> None:
    if line[:3] != layout.bank:
        message = f"o arquivo é do banco {layout.bank}"
        raise InvalidReturn("bank", message, line=number, column=1, field="banco", value=line[:3])


def _check(record: Record, line: str, number: int) -> None:
    if next(record.faults(line), None) is not None:
        raise unreadable(record, line, number)


def _second_u(number: int) -> InvalidReturn:
    message = "o título já tem o seu segmento U"
    return InvalidReturn("second_u", message, line=number, column=14, field="segmento", value="U")


def _out_of_sequence(line: str, number: int, expected: int) -> InvalidReturn:
    return InvalidReturn(
        "sequence",
        f"o número sequencial do registro no lote deveria ser {expected:05d}; falta ou sobra uma linha",
        line=number,
        column=9,
        field="sequencial",
        value=line[8:13],
    )


def _count(record: Record, name: str, stated: int, counted: str, number: int) -> InvalidReturn:
    start = record.by_name[name].start
    message = f"o fim diz {stated} e há {counted}"
    return InvalidReturn("count", message, line=number, column=start, field=name, value=str(stated))
