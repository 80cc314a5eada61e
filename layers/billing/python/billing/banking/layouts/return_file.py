"""What a return file is, besides its titles: the same for every layout."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from billing.banking.invalid_return import InvalidReturn


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
