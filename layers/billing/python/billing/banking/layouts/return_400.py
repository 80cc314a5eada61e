"""Returns in CNAB 400, of any bank: header, titles with the records that follow them, trailer.

A title starts with its detail line and includes what follows it until the next one: by state, never by position.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from billing.banking.invalid_return import InvalidReturn, unreadable
from billing.banking.layouts.record import Field, Record
from billing.banking.layouts.return_file import Frame, Heading, SeenTitles, marked, numbered
from billing.banking.occurrences import Occurrence
from billing.core.money import Money

LENGTH = 400

_SEQUENCE, _BEFORE_SEQUENCE = itemgetter(slice(394, None)), itemgetter(slice(394))


class Layout400(NamedTuple):
    bank: str
    header_record: Record
    header: Callable[[str], Heading]
    title_record: Record
    titles: Callable[[Sequence[str], Sequence[int]], Sequence[Occurrence]]
    """From titles' lines and their numbers, many at once; raises ValueError if a field that it reads cannot be read."""
    attachments: Mapping[str, tuple[Record, Callable[[Occurrence, str], Occurrence]]]
    """First column of a record that follows a title -> the record, and what it adds."""
    trailer_record: Record
    totals: Callable[[str], tuple[int, Money | None]]
    """The titles and the amount that the trailer states; zeros if the bank does not fill them, no amount if it has no
    such field."""
    counts: Mapping[str, tuple[str, ...]]
    """Trailer field -> the occurrences that it counts; zero if the bank does not fill it."""
    detail: str = "1"
    """First column of a title's line."""
    paid: str = ""
    """The trailer field with the sum of what was paid; zero if the bank does not fill it. Only with `counts`."""


@dataclass(slots=True, eq=False, repr=False)
class _Walk:
    """How far the file has been read: lines, the open title, and how often each title's line has come."""

    lines: int = 0
    opened: Occurrence | None = None
    seen: SeenTitles = field(default_factory=SeenTitles)

    def title(self) -> Sequence[Occurrence]:
        """The title that was open, if any."""
        return () if self.opened is None else (self.opened,)


def occurrences(layout: Layout400, pieces: Iterable[Sequence[str]], frame: Frame) -> Iterator[Occurrence]:
    """The occurrences of a file whose lines come in pieces of any size; at the end, `frame` is checked too.

    Raises InvalidReturn: an occurrence is only valid once the iteration has come to its end.
    """
    return chain.from_iterable(_runs(layout, pieces, frame))


def _runs(layout: Layout400, pieces: Iterable[Sequence[str]], frame: Frame) -> Iterator[Sequence[Occurrence]]:
    walk = _Walk()
    for lines in pieces:
        yield from _piece(layout, lines, frame, walk)
    yield walk.title()
    frame.prove(walk.lines)


def _piece(
    layout: Layout400, lines: Sequence[str], frame: Frame, walk: _Walk
) -> Iterator[Sequence[Occurrence]]:
    """Titles are read together. If one of them is faulty, the lines are read one by one, so that the first fault is
    named."""
    try:
        titles = _titles(layout, lines, walk.lines + 1, closed=frame.closed)
    except ValueError:
        if len(lines) == 1:
            raise _fault(layout, lines[0], walk.lines + 1) from None
        for line in lines:
            yield from _piece(layout, [line], frame, walk)
        return
    if len(titles) < len(lines):
        yield from _mixed(layout, lines, titles, frame, walk)
        return
    walk.lines += len(lines)
    _count(layout, titles, frame)
    titles = _marked(lines, titles, walk.seen)
    yield walk.title()
    walk.opened = titles[-1]
    yield titles[:-1]


def _titles(layout: Layout400, lines: Sequence[str], first: int, *, closed: bool) -> Sequence[Occurrence]:
    """The titles among the lines. Raises ValueError if a line is out of sequence, or a title is unreadable."""
    if "".join(map(_SEQUENCE, lines)) != numbered(first, len(lines), 6):
        raise ValueError("out of sequence")
    numbers = range(first, first + len(lines))
    detail = layout.detail
    titles = [] if closed else [line for line in lines if line[0] == detail]
    if len(titles) == len(lines):
        return layout.titles(lines, numbers)
    if not titles:
        return []
    return layout.titles(
        titles, [number for number, line in zip(numbers, lines, strict=True) if line[0] == detail]
    )


def _mixed(
    layout: Layout400, lines: Sequence[str], titles: Sequence[Occurrence], frame: Frame, walk: _Walk
) -> Iterator[Sequence[Occurrence]]:
    """Titles that were already read, among records of other kinds."""
    remaining = iter(titles)
    for line in lines:
        walk.lines += 1
        if line[0] == layout.detail and not frame.closed:
            yield walk.title()
            opened = [next(remaining)]
            _count(layout, opened, frame)
            [walk.opened] = _marked([line], opened, walk.seen)
        else:
            walk.opened = _around(layout, line, walk.lines, frame, walk.opened)


def _count(layout: Layout400, titles: Sequence[Occurrence], frame: Frame) -> None:
    frame.titles += len(titles)
    frame.cents += Money.sum([title.title_amount for title in titles]).cents
    if layout.counts:
        frame.by_movement.update([title.movement for title in titles])
        frame.paid_cents += Money.sum([title.paid_amount for title in titles]).cents


def _marked(lines: Sequence[str], titles: Sequence[Occurrence], seen: SeenTitles) -> Sequence[Occurrence]:
    """The titles, each with the number of earlier lines that were equal except for the sequence."""
    keys = list(map(hash, map(_BEFORE_SEQUENCE, lines)))
    return marked(keys, titles, seen)


def _fault(layout: Layout400, line: str, number: int) -> InvalidReturn:
    if line[394:] != f"{number:06d}":
        return _out_of_sequence(line, number)
    return unreadable(layout.title_record, line, number)


def _around(
    layout: Layout400, line: str, number: int, frame: Frame, opened: Occurrence | None
) -> Occurrence | None:
    """A record that is not a title: the file's own, one that adds to the open title, or one that is kept unchanged."""
    if frame.closed:
        raise InvalidReturn("after_trailer", "há registros depois do fim do arquivo", line=number, column=1)
    kind = line[0]
    if kind == "9":
        _check(layout.trailer_record, line, number)
        _reconcile(layout, line, number, frame)
        frame.closed = True
    elif kind == "0":
        if frame.heading:
            raise InvalidReturn("second_header", "há um segundo início de arquivo", line=number, column=1)
        _check(layout.header_record, line, number)
        frame.heading = layout.header(line)
    elif kind in layout.attachments and opened is not None:
        record, attach = layout.attachments[kind]
        _check(record, line, number)
        return attach(opened, line)
    else:
        frame.unread.append((number, line))
    return opened


def _check(record: Record, line: str, number: int) -> None:
    if next(record.faults(line), None) is not None:
        raise unreadable(record, line, number)


def _out_of_sequence(line: str, number: int) -> InvalidReturn:
    return InvalidReturn(
        "sequence",
        f"o número sequencial do registro deveria ser {number:06d}; falta ou sobra uma linha",
        line=number,
        column=395,
        field="sequencial",
        value=line[394:],
    )


def _reconcile(layout: Layout400, line: str, number: int, frame: Frame) -> None:
    record, summed = layout.trailer_record, Money.from_cents(frame.cents)
    stated = record.read(line)
    for name, movements in layout.counts.items():
        counted = sum(frame.by_movement[movement] for movement in movements)
        if counted >= 10 ** record.by_name[name].width:
            continue  # a field that is too narrow for the count proves nothing
        if stated[name] not in {0, counted}:
            message = (
                f"o fim do arquivo diz {stated[name]} ocorrências {' e '.join(movements)} e há {counted}"
            )
            raise _differs("count", message, record.by_name[name], stated[name], number)
    paid = Money.from_cents(frame.paid_cents)
    if layout.paid and stated[layout.paid] and stated[layout.paid] != paid:
        message = f"o fim do arquivo diz {stated[layout.paid].format_br()} pagos e os títulos somam {paid.format_br()}"
        raise _differs("sum", message, record.by_name[layout.paid], stated[layout.paid], number)
    titles, amount = layout.totals(line)
    if not titles and not amount:
        return
    if titles != frame.titles:
        message = f"o fim do arquivo diz {titles} títulos e há {frame.titles}"
        raise _differs("count", message, record.by_name["quantidade_detalhes"], titles, number)
    if amount is not None and amount != summed:
        message = f"o fim do arquivo soma {amount.format_br()} e os títulos somam {summed.format_br()}"
        raise _differs("sum", message, record.by_name["valor_total"], amount, number)


def _differs(code: str, message: str, field: Field, stated: int | Money, number: int) -> InvalidReturn:
    return InvalidReturn(code, message, line=number, column=field.start, field=field.name, value=str(stated))
