"""The states of a closing and its legal moves (CLO-01, CLO-07)."""

from enum import StrEnum


class ClosingStatus(StrEnum):
    OPEN = "open"  # the period has not ended
    PROCESSED = "processed"  # the period has ended; the figures may still change
    FROZEN = "frozen"  # the figures cannot change
    WAITING = "waiting"  # the previous closing was unfrozen; what was entered here is kept

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ClosingStatus.OPEN: "em processamento",
    ClosingStatus.PROCESSED: "processado",
    ClosingStatus.FROZEN: "congelado",
    ClosingStatus.WAITING: "aguardando o fechamento anterior",
}

MOVES: dict[ClosingStatus, frozenset[ClosingStatus]] = {
    ClosingStatus.OPEN: frozenset({ClosingStatus.PROCESSED, ClosingStatus.FROZEN, ClosingStatus.WAITING}),
    ClosingStatus.PROCESSED: frozenset({ClosingStatus.FROZEN, ClosingStatus.WAITING}),
    ClosingStatus.FROZEN: frozenset({ClosingStatus.PROCESSED}),
    ClosingStatus.WAITING: frozenset({ClosingStatus.OPEN}),
}
