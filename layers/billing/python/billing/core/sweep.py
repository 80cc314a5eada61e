"""Several independent things done one after another: an error of one does not stop the others."""

from collections.abc import Callable
from typing import TypeVar

from billing.core.errors import Conflict

T = TypeVar("T")


class NotAllDone(Exception):
    """Names each thing that failed, and its error; raised once the others are done.

    It sends a schedule's event to the dead-letter queue, whose alarm sounds, unless a retry succeeds.
    """


class Sweep:
    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        """The name of the error of each thing that failed, by its id."""

    def attempt(self, subject: str, do: Callable[[], T]) -> T | None:
        """None if it failed, or if somebody else changed the thing meanwhile: a later round does it then."""
        try:
            return do()
        except Conflict:
            return None
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are done; `report` raises it
            self.faults[subject] = type(error).__name__
            return None

    def report(self) -> None:
        """Raises NotAllDone."""
        if self.faults:
            raise NotAllDone(", ".join(f"{subject}: {error}" for subject, error in self.faults.items()))
