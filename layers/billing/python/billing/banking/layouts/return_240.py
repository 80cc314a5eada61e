"""Returns in CNAB 240, of any bank: file, batches, segments T, U and Y, trailers.

Grouped by state: a title opens on its T, and the U and Y that follow belong to it. A T without U is legal; segments that the layout
does not describe are kept raw and reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from billing.banking.invalid_return import InvalidReturn, unreadable
from billing.banking.layouts.record import Record, to_number
from billing.banking.layouts.return_file import Frame, Heading
from billing.banking.occurrences import Occurrence
from billing.core.money import Money

LENGTH = 240


@dataclass(frozen=True, slots=True)
class Layout240:
    bank: str
    file_header: Record
    batch_header: Record
    segment_t: Record
    segment_u: Record
    batch_trailer: Record
    file_trailer: Record
    header: Callable[[str], Heading]
    occurrence: Callable[[int, str, str, tuple[str, ...]], Occurrence]
    """From line number, T, U (blank when there is none) and all the title's lines; ValueError for a field that cannot be read."""
    totals: Callable[[str], tuple[int, int]]
    """From a batch's trailer: titles and cents, all wallets together; not every bank fills them."""
    optional: Mapping[str, Record] = field(default_factory=dict)
    """Segment Y and which one it is ("Y03") -> its record: those that the occurrence reads."""


@dataclass(slots=True)
class _Batch:
    """The open batch, and the title that is open in it."""

    details: int = 0
    titles: int = 0
    cents: int = 0
    number: int = 0
    group: list[str] = field(default_factory=list)
    u: str = ""
    u_number: int = 0


def occurrences(layout: Layout240, lines: Iterable[str], frame: Frame) -> Iterator[Occurrence]:
    """The file's occurrences, each line proven as it is reached; at the end, `frame` is proven too.

    Raises InvalidReturn: an occurrence stands only when the iteration came to its end.
    """
    bank, number = layout.bank, 0
    batch: _Batch | None = None
    seen: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        if line[:3] != bank:
            raise InvalidReturn(
                "bank", f"o arquivo é do banco {bank}", line=number, column=1, field="banco", value=line[:3]
            )
        if batch is None or line[7] != "3":
            if batch is not None and batch.group:
                yield _closed(layout, batch, seen)
            batch = _around(layout, line, number, frame, batch)
            continue
        batch.details += 1
        if line[8:13] != f"{batch.details:05d}":
            raise _out_of_sequence(line, number, batch.details)
        segment = line[13]
        if segment == "T":
            if batch.group:
                yield _closed(layout, batch, seen)
            batch.number, batch.group, batch.u = number, [line], ""
        else:
            _attach(layout, batch, line, number, frame)
    frame.prove(number)


def _around(layout: Layout240, line: str, number: int, frame: Frame, batch: _Batch | None) -> _Batch | None:
    """A record that is no detail: it opens or closes a batch, or the file. Answers the batch that is open after it."""
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


def _attach(layout: Layout240, batch: _Batch, line: str, number: int, frame: Frame) -> None:
    """A segment that is no T belongs to the title that is open."""
    segment = line[13]
    if not batch.group:
        message = f"o segmento {segment} não vem depois de um título (segmento T)"
        raise InvalidReturn(
            "orphan_segment", message, line=number, column=14, field="segmento", value=segment
        )
    if segment == "U":
        if batch.u:
            message = "o título já tem o seu segmento U"
            raise InvalidReturn("second_u", message, line=number, column=14, field="segmento", value=segment)
        batch.u, batch.u_number = line, number
    elif record := layout.optional.get(segment + line[17:19]):
        _check(record, line, number)
    else:
        frame.unread.append((number, line))
    batch.group.append(line)


def _closed(layout: Layout240, batch: _Batch, seen: dict[int, int]) -> Occurrence:
    """The open title's occurrence; the batch is ready for the next."""
    t, u = batch.group[0], batch.u
    try:
        found = layout.occurrence(batch.number, t, u, tuple(batch.group))
    except ValueError:
        if next(layout.segment_t.faults(t), None) is not None:
            raise unreadable(layout.segment_t, t, batch.number) from None
        raise unreadable(layout.segment_u, u, batch.u_number) from None
    batch.group = []
    batch.titles += 1
    batch.cents += found.title_amount.cents
    key = hash(t[13:] + u[13:])
    if key in seen:
        found = found._replace(repeat=seen[key])
    seen[key] = found.repeat + 1
    return found


def _in_order(line: str, number: int, frame: Frame, batch: _Batch | None) -> str:
    """The record's type, one of those that may come here."""
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
    told = to_number(line[17:23])
    # Most banks count the batch's header and trailer (G057), some do not.
    if told not in {batch.details, batch.details + 2}:
        raise _count(record, "quantidade_registros", told, f"{batch.details + 2} registros no lote", number)
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
    batches, records = to_number(line[17:23]), to_number(line[23:29])
    if "quantidade_lotes" in record.by_name and batches != opened:  # Unicred does not tell it
        raise _count(record, "quantidade_lotes", batches, f"{opened} lotes", number)
    # Some banks leave the file's own header and trailer out (G056 counts them).
    if records not in {number, number - 2}:
        raise _count(record, "quantidade_registros", records, f"{number} registros no arquivo", number)


def _check(record: Record, line: str, number: int) -> None:
    if next(record.faults(line), None) is not None:
        raise unreadable(record, line, number)


def _out_of_sequence(line: str, number: int, expected: int) -> InvalidReturn:
    return InvalidReturn(
        "sequence",
        f"o número sequencial do registro no lote deveria ser {expected:05d}; falta ou sobra uma linha",
        line=number,
        column=9,
        field="sequencial",
        value=line[8:13],
    )


def _count(record: Record, name: str, told: int, counted: str, number: int) -> InvalidReturn:
    start = record.by_name[name].start
    message = f"o fim diz {told} e há {counted}"
    return InvalidReturn("count", message, line=number, column=start, field=name, value=str(told))
