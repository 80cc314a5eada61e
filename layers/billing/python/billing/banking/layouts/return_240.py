"""Returns in CNAB 240, of any bank: file, batches, segments T, U and Y, trailers.

Grouped by state: a title opens on its T, and the U and Y that follow belong to it. A T without U is legal; segments that the layout
does not describe are kept raw and reported.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.record import Record, to_day
from billing.banking.occurrences import Occurrence
from billing.core.money import Money

LENGTH = 240


class Header240(NamedTuple):
    bank: str
    agreement: str
    sequence: int
    created_on: date | None


@dataclass(frozen=True, slots=True)
class Layout240:
    bank: str
    file_header: Record
    batch_header: Record
    segment_t: Record
    segment_u: Record
    batch_trailer: Record
    file_trailer: Record
    header: Callable[[str], Header240]
    occurrence: Callable[[int, str, str, tuple[str, ...]], Occurrence]
    """From line number, T, U (blank when there is none) and all the title's lines."""
    amount: Callable[[str], int]
    """The title's amount in a T, in cents."""
    t_dates: Callable[[str], tuple[str, ...]]
    u_dates: Callable[[str], tuple[str, ...]]
    totals: Callable[[str], tuple[int, int]]
    """From a batch's trailer: titles and cents, all wallets together; not every bank fills them."""


class Checked(NamedTuple):
    header: Header240
    titles: int
    amount: Money
    unread: tuple[tuple[int, str], ...]


def check(layout: Layout240, lines: Iterable[str]) -> Checked:
    """Proves the file whole: every line readable, in sequence, and the trailers equal to what was counted."""
    frame = _Frame(layout)
    bank = layout.bank
    number = 0
    for number, line in enumerate(lines, 1):
        if line[:3] != bank:
            raise InvalidReturn(
                "bank", f"o arquivo é do banco {bank}", line=number, column=1, field="banco", value=line[:3]
            )
        if line[7] == "3" and frame.open:
            frame.detail(line, number)
        else:
            frame.take(line, number)
    if frame.header is None or not frame.closed:
        message = "o arquivo termina sem o registro de fim (trailer): foi cortado"
        raise InvalidReturn("no_trailer", message, line=number)
    return Checked(frame.header, frame.titles, Money.from_cents(frame.cents), tuple(frame.unread))


class _Frame:
    """Where in the file we are, what was seen and what it sums to."""

    def __init__(self, layout: Layout240) -> None:
        self.layout = layout
        self.header: Header240 | None = None
        self.closed = self.open = self.has_title = self.has_u = False
        self.unread: list[tuple[int, str]] = []
        self.titles = self.cents = self.batches = 0
        self.details = self.batch_titles = self.batch_cents = 0

    def detail(self, line: str, number: int) -> None:
        self.details += 1
        if line[8:13] != f"{self.details:05d}":
            raise _out_of_sequence(line, number, self.details)
        segment, layout = line[13], self.layout
        if segment == "T":
            _check_segment(layout.segment_t, layout.t_dates, line, number)
            self.has_title, self.has_u = True, False
            self.batch_titles += 1
            self.batch_cents += layout.amount(line)
        elif not self.has_title:
            message = f"o segmento {segment} não vem depois de um título (segmento T)"
            raise InvalidReturn(
                "orphan_segment", message, line=number, column=14, field="segmento", value=segment
            )
        elif segment == "U":
            if self.has_u:
                message = "o título já tem o seu segmento U"
                raise InvalidReturn(
                    "second_u", message, line=number, column=14, field="segmento", value=segment
                )
            self.has_u = True
            _check_segment(layout.segment_u, layout.u_dates, line, number)
        else:
            self.unread.append((number, line))

    def take(self, line: str, number: int) -> None:
        kind = line[7]
        if self.closed:
            raise InvalidReturn(
                "after_trailer", "há registros depois do fim do arquivo", line=number, column=1
            )
        expected = "35" if self.open else "19" if self.header else "0"
        if kind not in expected:
            message = "o registro não é o que deveria vir aqui; falta ou sobra uma linha"
            raise InvalidReturn("record_order", message, line=number, column=8, field="registro", value=kind)
        if kind == "0":
            check_record(self.layout.file_header, line, number)
            self.header = self.layout.header(line)
        elif kind == "1":
            check_record(self.layout.batch_header, line, number)
            self.open, self.has_title = True, False
            self.batches += 1
            self.details = self.batch_titles = self.batch_cents = 0
        elif kind == "5":
            self._close_batch(line, number)
        else:
            self._close_file(line, number)

    def _close_batch(self, line: str, number: int) -> None:
        record = self.layout.batch_trailer
        check_record(record, line, number)
        told = int(line[17:23])
        # Most banks count the batch's header and trailer (G057), some do not.
        if told not in {self.details, self.details + 2}:
            raise _count(
                record, "quantidade_registros", told, f"{self.details + 2} registros no lote", number
            )
        titles, cents = self.layout.totals(line)
        if titles == self.batch_titles and cents not in {0, self.batch_cents}:
            message = (
                f"o fim do lote soma {Money.from_cents(cents).format_br()} e os títulos somam "
                f"{Money.from_cents(self.batch_cents).format_br()}"
            )
            raise InvalidReturn(
                "sum", message, line=number, column=30, field="simples_valor", value=line[29:46]
            )
        self.titles += self.batch_titles
        self.cents += self.batch_cents
        self.open = False

    def _close_file(self, line: str, number: int) -> None:
        record = self.layout.file_trailer
        check_record(record, line, number)
        batches, records = int(line[17:23]), int(line[23:29])
        if batches != self.batches:
            raise _count(record, "quantidade_lotes", batches, f"{self.batches} lotes", number)
        # Some banks leave the file's own header and trailer out (G056 counts them).
        if records not in {number, number - 2}:
            raise _count(record, "quantidade_registros", records, f"{number} registros no arquivo", number)
        self.closed = True


def read(layout: Layout240, lines: Iterable[str]) -> Iterator[Occurrence]:
    """The occurrences of a file that was checked."""
    number = 0
    t = u = ""
    seen: dict[int, int] = {}
    group: list[str] = []
    for line_number, line in enumerate(lines, 1):
        if line[7] != "3":
            continue
        segment = line[13]
        if segment == "T":
            if t:
                yield _closed(layout, number, t, u, group, seen)
            number, t, u, group = line_number, line, "", [line]
        else:
            group.append(line)
            if segment == "U":
                u = line
    if t:
        yield _closed(layout, number, t, u, group, seen)


def _closed(
    layout: Layout240, number: int, t: str, u: str, group: list[str], seen: dict[int, int]
) -> Occurrence:
    found = layout.occurrence(number, t, u, tuple(group))
    key = hash(t[13:] + u[13:])
    if key in seen:
        found = found._replace(repeat=seen[key])
    seen[key] = found.repeat + 1
    return found


def _check_segment(record: Record, dates: Callable[[str], tuple[str, ...]], line: str, number: int) -> None:
    if not record.matches(line):
        raise fault(record, line, number)
    try:
        for digits in dates(line):
            to_day(digits)
    except ValueError:
        raise fault(record, line, number) from None


def check_record(record: Record, line: str, number: int) -> None:
    if next(record.faults(line), None) is not None:
        raise fault(record, line, number)


def fault(record: Record, line: str, number: int) -> InvalidReturn:
    """The first field of the line that cannot be read."""
    found = next(record.faults(line))
    return InvalidReturn(
        "field",
        f"não é o que o layout pede ({found.field.picture.value}, {found.field.width} posições)",
        line=number,
        column=found.field.start,
        field=found.field.name,
        value=found.text,
    )


def _out_of_sequence(line: str, number: int, expected: int) -> InvalidReturn:
    return InvalidReturn(
        "sequence",
        f"o número sequencial do registro no lote deveria ser {expected:05d}; falta ou sobra uma linha",
        line=number,
        column=9,
        field="sequencial",
        value=line[8:13],
    )


def _count(record: Record, field: str, told: int, counted: str, number: int) -> InvalidReturn:
    start = record.by_name[field].start
    message = f"o fim diz {told} e há {counted}"
    return InvalidReturn("count", message, line=number, column=start, field=field, value=str(told))
