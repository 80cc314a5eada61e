"""What there is to know about a return file besides its titles: the same for every layout."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from billing.banking.invalid_return import InvalidReturn
from billing.banking.occurrences import Occurrence


class Heading(NamedTuple):
    bank: str
    agreement: str
    sequence: int
    created_on: date | None


@dataclass(slots=True, eq=False, repr=False)
class Frame:
    """What has been seen of a file so far."""

    heading: Heading | None = None
    closed: bool = False
    batches: int = 0
    titles: int = 0
    cents: int = 0
    """Sum of the titles' own amounts."""
    paid_cents: int = 0
    """Sum of what was paid, if the trailer states it."""
    by_movement: Counter[str] = field(default_factory=Counter)
    """Number of titles by the bank's code, if the trailer counts them so."""
    unread: list[tuple[int, str]] = field(default_factory=list)
    """Lines of a type that the layout does not describe, with their numbers."""

    def prove(self, lines: int) -> None:
        if self.heading is None or not self.closed:
            message = "o arquivo termina sem o registro de fim (trailer): foi cortado"
            raise InvalidReturn("no_trailer", message, line=lines)


def numbered(first: int, count: int, width: int) -> str:
    """`count` numbers from `first` on, with leading zeros, side by side: a file's sequence as it should be."""
    parts = []
    for thousand in range(first // 1000, (first + count - 1) // 1000 + 1):
        start = thousand * 1000
        endings = _ENDINGS[max(first - start, 0) : first + count - start]
        prefix = f"{thousand:0{width - 3}d}"
        parts.append(prefix + prefix.join(endings))
    return "".join(parts)


_ENDINGS = [f"{number:03d}" for number in range(1000)]


@dataclass(slots=True, eq=False, repr=False)
class SeenTitles:
    """Keys of a file's titles and, for those that were repeated, how many more times they came."""

    keys: set[int] = field(default_factory=set)
    again: Counter[int] = field(default_factory=Counter)


def marked(keys: Sequence[int], occurrences: Sequence[Occurrence], seen: SeenTitles) -> Sequence[Occurrence]:
    """The occurrences, each with how often its key was seen before it; `seen` is brought up to date."""
    if seen.keys.isdisjoint(keys) and len(set(keys)) == len(keys):
        seen.keys.update(keys)
        return occurrences
    counted = []
    for key, occurrence in zip(keys, occurrences, strict=True):
        if key in seen.keys:
            seen.again[key] += 1
            counted.append(occurrence._replace(repeat=seen.again[key]))
        else:
            seen.keys.add(key)
            counted.append(occurrence)
    return counted
