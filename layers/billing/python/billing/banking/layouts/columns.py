"""Many lines of a bank file at once: each field a column, converted by looking its texts up.

Bank files repeat themselves: few days, amounts and codes come in many lines. A lookup costs a tenth of a conversion, and a whole
column goes through `map` and `zip` without a step of Python for each line.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TypeVar

from billing.banking.layouts.record import Record, to_day, to_money
from billing.core.money import ZERO, Money

K = TypeVar("K")
V = TypeVar("V")

_MOST = 32_768
"""Answers that a memo keeps (some 8 MB of amounts)."""


class Memo(dict[K, V]):
    """A function's answers by what it was asked: `map(memo.__getitem__, column)` asks each thing once."""

    __slots__ = ("_answer",)

    def __init__(self, answer: Callable[[K], V]) -> None:
        self._answer = answer

    def __missing__(self, asked: K) -> V:
        answer = self._answer(asked)
        if len(self) == _MOST:
            self.clear()
        self[asked] = answer
        return answer


def _sum(amounts: tuple[str, ...]) -> Money:
    return Money.sum(map(to_money, amounts))


day_of = Memo(to_day).__getitem__
money_of = Memo(to_money).__getitem__
"""Raise ValueError, like the functions that they remember."""
sum_of = Memo(_sum).__getitem__
"""Of a line's texts of money, side by side in a tuple."""
joined = Memo("".join).__getitem__
"""A line's texts as one: agência and account. Equal ones are one object, as is what `same` gives."""
same = Memo(str).__getitem__


def settled(amounts: Iterable[K], read: Callable[[K], Money], settles: Sequence[bool]) -> Iterable[Money]:
    """The amounts of the lines that settle, zero for the others: what a bank writes there is not looked at."""
    if all(settles):
        return map(read, amounts)
    return [read(amount) if pays else ZERO for amount, pays in zip(amounts, settles, strict=True)]


def columns_of(record: Record, *names: str) -> Callable[[Sequence[str]], dict[str, list[str]]]:
    """A function that takes the named fields out of lines: name -> its texts, line by line.

    By column and not by line: the collector has to look at every tuple that is alive, at a list of texts only once.
    """
    fields = [(name, record.by_name[name]) for name in names]
    texts = {name: itemgetter(slice(field.start - 1, field.end)) for name, field in fields}
    return lambda lines: {name: list(map(text, lines)) for name, text in texts.items()}
