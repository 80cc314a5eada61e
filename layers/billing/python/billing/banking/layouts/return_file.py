"""What a return file is, besides its titles: the same for every layout."""

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


@dataclass(slots=True)
class Frame:
    """What was seen of a file so far."""

    heading: Heading | None = None
    closed: bool = False
    batches: int = 0
    titles: int = 0
    cents: int = 0
    """Sum of the titles' own amounts."""
    paid_cents: int = 0
    """Sum of what was paid, where the trailer tells it."""
    by_movement: Counter[str] = field(default_factory=Counter)
    """Titles by the bank's code, where the trailer tells them so."""
    unread: list[tuple[int, str]] = field(default_factory=list)
    """Lines of a type that the layout does not describe, with their numbers."""

    def prove(self, lines: int) -> None:
        if self.heading is None or not self.closed:
            message = "o arquivo termina sem o registro de fim (trailer): foi cortado"
            raise InvalidReturn("no_trailer", message, line=lines)


def marked(keys: Sequence[int], found: Sequence[Occurrence], seen: dict[int, int]) -> Sequence[Occurrence]:
    """The occurrences, each told how often its key was seen before it; `seen` is brought up to date."""
    new = dict.fromkeys(keys, 1)
    if len(new) == len(keys) and seen.keys().isdisjoint(keys):
        seen.update(new)
        return found
    told = []
    for key, occurrence in zip(keys, found, strict=True):
        times = seen.get(key, 0)
        seen[key] = times + 1
        told.append(occurrence._replace(repeat=times) if times else occurrence)
    return told
