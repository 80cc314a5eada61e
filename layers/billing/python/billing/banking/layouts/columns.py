"""Many lines of a bank file at once: cut into columns, and converted by looking up their content.

Bank files repeat themselves: few days, amounts and codes come in many lines. A lookup costs a tenth of a conversion,
and a whole column goes through `map` and `zip` without a Python step for each line. A column has one cell per line: a
field, or fields that are near each other and repeat together ("agencia conta"), which are then cut and looked up as
one.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from struct import Struct
from typing import TypeVar

from billing.banking.layouts.pictures import Picture, to_day, to_money
from billing.banking.layouts.record import Record
from billing.core.money import ZERO, Money

K = TypeVar("K")
V = TypeVar("V")

_MOST = 32_768
"""How many answers a memo keeps (some 8 MB of amounts)."""


class Memo(dict[K, V]):
    """A function's answers by its argument: `map(memo.__getitem__, column)` computes each answer once."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Callable[[K], V]) -> None:
        self._answer = answer

    def __missing__(self, key: K) -> V:
        answer = self._answer(key)
        if len(self) == _MOST:
            self.clear()
        self[key] = answer
        return answer


def text_in(cell: bytes) -> str:
    return cell.decode("latin-1")


def _day(cell: bytes) -> date | None:
    return to_day(text_in(cell))


def _money(cell: bytes) -> Money:
    """A faster `to_money`: new amounts come by the thousand, and nearly all of them are only digits."""
    return Money.from_cents(int(cell)) if cell.isdigit() else to_money(text_in(cell))


text_of = Memo(text_in).__getitem__
"""Equal texts are one object."""
day_of = Memo(_day).__getitem__
money_of = Memo(_money).__getitem__
"""Raise ValueError, like the functions whose answers they keep."""


def joined(*texts: str) -> str:
    return "".join(texts)


def amounts(*texts: str) -> tuple[Money, ...]:
    return tuple(map(to_money, texts))


def settled(cells: Iterable[K], read: Callable[[K], Money], settles: Sequence[bool]) -> Iterable[Money]:
    """The amounts of the lines that settle, zero for the others: what a bank writes there is ignored."""
    if all(settles):
        return map(read, cells)
    return [read(cell) if pays else ZERO for cell, pays in zip(cells, settles, strict=True)]


def columns_of(record: Record, *cells: str) -> Callable[[Sequence[str]], dict[str, Sequence[bytes]]]:
    """A function that cuts whole lines into those cells: cell -> its bytes, line by line. A field that is not in the
    record is blank.

    Raises ValueError if cells overlap. A character outside Latin-1 becomes "?": no bank has one in a code, a date or an
    amount.
    """
    spans = {cell: span for cell in cells if (span := _span(record, cell))}
    ordered = sorted(spans, key=spans.__getitem__)
    cut = _cutter(record.length, [spans[cell] for cell in ordered])
    blank = [cell for cell in cells if cell not in spans]

    def columns(lines: Sequence[str]) -> dict[str, Sequence[bytes]]:
        cut_columns = zip(*cut("".join(lines).encode("latin-1", "replace")), strict=True)
        return dict(zip(ordered, cut_columns, strict=True)) | dict.fromkeys(blank, [b""] * len(lines))

    return columns


def _cutter(length: int, spans: Sequence[tuple[int, int]]) -> Callable[[bytes], Iterable[tuple[bytes, ...]]]:
    """A function that cuts the spans out of lines of that length, line after line."""
    form, column = "", 0
    for start, end in spans:
        if start < column:
            raise ValueError(f"column {start + 1} is in two cells")
        form += f"{start - column}x{end - start}s"
        column = end
    return Struct(f"{form}{length - column}x").iter_unpack


def _span(record: Record, cell: str) -> tuple[int, int] | None:
    fields = [record.by_name[name] for name in cell.split() if name in record.by_name]
    if not fields:
        return None
    return min(field.start for field in fields) - 1, max(field.end for field in fields)


def lookup_of(record: Record, cell: str, answer: Callable[..., V]) -> Callable[[bytes], V]:
    """A function that gives `answer` for the cell's texts, one for each of its fields; it is computed once for each
    content."""
    first, _ = _span(record, cell) or (0, 0)
    places = [slice(0, 0)] * len(cell.split())
    for index, name in enumerate(cell.split()):
        if field := record.by_name.get(name):
            places[index] = slice(field.start - 1 - first, field.end - first)

    def ask(content: bytes) -> V:
        text = text_in(content)
        return answer(*[text[place] for place in places])

    return Memo(ask).__getitem__


def numbers_of(record: Record) -> Callable[[Sequence[str]], None]:
    """A function that checks the nossos números of many titles: ValueError for a letter in one that its bank writes in
    digits."""
    field = record.by_name.get("nosso_numero")
    if field is None or field.picture is not Picture.CODE:
        return lambda _: None

    def prove(numbers: Sequence[str]) -> None:
        together = "".join(numbers)
        if together and not (together.isdecimal() or together.replace(" ", "0").isdecimal()):
            raise ValueError("a letter in a number")

    return prove


def texts_of(record: Record, *names: str) -> Callable[[Sequence[str]], list[Sequence[str]]]:
    """A function that takes fields out of lines whose values differ in every line: looking them up would gain
    nothing."""
    fields = [record.by_name.get(name) for name in names]
    texts = [itemgetter(slice(field.start - 1, field.end) if field else slice(0, 0)) for field in fields]
    return lambda lines: [list(map(text, lines)) for text in texts]
