"""Returns in CNAB 400, of any bank: header, titles with the records that follow them, trailer.

A title opens on its detail line and takes what follows it until the next one: by state, never by position.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.record import Record, to_day
from billing.banking.occurrences import Occurrence
from billing.core.money import Money

LENGTH = 400


class Header400(NamedTuple):
    bank: str
    agreement: str
    sequence: int
    created_on: date | None


class Totals(NamedTuple):
    titles: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Layout400:
    bank: str
    header_record: Record
    header: Callable[[str], Header400]
    title_record: Record
    occurrence: Callable[[str, int], Occurrence]
    amount: Callable[[str], int]
    """The title's amount in cents, that the trailer sums."""
    dates: Callable[[str], tuple[str, ...]]
    attachments: Mapping[str, tuple[Record, Callable[[Occurrence, str], Occurrence]]]
    """First column of a record that follows a title -> the record, and what it adds."""
    trailer_record: Record
    totals: Callable[[str], Totals] | None
    """What the trailer sums; None where the bank's trailer sums nothing."""


class Checked(NamedTuple):
    header: Header400
    titles: int
    amount: Money
    unread: tuple[tuple[int, str], ...]
    """Records of a type that the layout does not describe, with their line numbers."""


def check(layout: Layout400, lines: Iterable[str]) -> Checked:
    """Proves the file whole: every line readable, in sequence, and the trailer equal to what was counted."""
    frame = _Frame(layout)
    titles = cents = number = 0
    record, dates, amount = layout.title_record, layout.dates, layout.amount
    for number, line in enumerate(lines, 1):
        if line[394:] != f"{number:06d}":
            raise _out_of_sequence(line, number)
        if line[0] == "1" and not frame.closed:
            if not record.matches(line):
                raise fault(record, line, number)
            try:
                for digits in dates(line):
                    to_day(digits)
            except ValueError:
                raise fault(record, line, number) from None
            titles += 1
            cents += amount(line)
        else:
            frame.take(line, number, titles, cents)
    if frame.header is None or not frame.closed:
        message = "o arquivo termina sem o registro de fim (trailer): foi cortado"
        raise InvalidReturn("no_trailer", message, line=number)
    return Checked(frame.header, titles, Money.from_cents(cents), tuple(frame.unread))


class _Frame:
    """The records around the titles: which were seen, and what they say."""

    def __init__(self, layout: Layout400) -> None:
        self.layout = layout
        self.header: Header400 | None = None
        self.closed = False
        self.unread: list[tuple[int, str]] = []

    def take(self, line: str, number: int, titles: int, cents: int) -> None:
        if self.closed:
            raise InvalidReturn(
                "after_trailer", "há registros depois do fim do arquivo", line=number, column=1
            )
        kind, layout = line[0], self.layout
        if kind == "9":
            _check_record(layout.trailer_record, line, number)
            _reconcile(layout, line, number, titles, Money.from_cents(cents))
            self.closed = True
        elif kind == "0":
            if self.header:
                raise InvalidReturn("second_header", "há um segundo início de arquivo", line=number, column=1)
            _check_record(layout.header_record, line, number)
            self.header = layout.header(line)
        elif kind in layout.attachments and titles:
            _check_record(layout.attachments[kind][0], line, number)
        else:
            self.unread.append((number, line))


def read(layout: Layout400, lines: Iterable[str]) -> Iterator[Occurrence]:
    """The occurrences of a file that was checked."""
    opened: Occurrence | None = None
    seen: dict[int, int] = {}
    attachments, occurrence = layout.attachments, layout.occurrence
    for number, line in enumerate(lines, 1):
        kind = line[0]
        if kind == "1":
            if opened is not None:
                yield opened
            opened = occurrence(line, number)
            key = hash(line[:394])
            if key in seen:
                opened = opened._replace(repeat=seen[key])
            seen[key] = opened.repeat + 1
        elif kind in attachments and opened is not None:
            opened = attachments[kind][1](opened, line)
    if opened is not None:
        yield opened


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


def _check_record(record: Record, line: str, number: int) -> None:
    if next(record.faults(line), None) is not None:
        raise fault(record, line, number)


def _out_of_sequence(line: str, number: int) -> InvalidReturn:
    return InvalidReturn(
        "sequence",
        f"o número sequencial do registro deveria ser {number:06d}; falta ou sobra uma linha",
        line=number,
        column=395,
        field="sequencial",
        value=line[394:],
    )


def _reconcile(layout: Layout400, line: str, number: int, titles: int, amount: Money) -> None:
    if layout.totals is None:
        return
    told = layout.totals(line)
    if not told.titles and not told.amount:  # banks that do not fill their totals
        return
    record = layout.trailer_record
    if told.titles != titles:
        field = record.by_name["quantidade_detalhes"]
        message = f"o fim do arquivo diz {told.titles} títulos e há {titles}"
        raise InvalidReturn(
            "count", message, line=number, column=field.start, field=field.name, value=str(told.titles)
        )
    if told.amount != amount:
        field = record.by_name["valor_total"]
        message = f"o fim do arquivo soma {told.amount.format_br()} e os títulos somam {amount.format_br()}"
        raise InvalidReturn(
            "sum", message, line=number, column=field.start, field=field.name, value=str(told.amount)
        )
