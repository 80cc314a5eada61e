"""Processes: the state machines, started by name; and what became of what was started."""

from enum import StrEnum
from typing import Any, Protocol


class Processes(Protocol):
    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        """Start `machine` under an execution name; a name that was used before is not started again."""
        ...


class Execution(StrEnum):
    ABSENT = "absent"
    """Not started, or forgotten: an execution is known for 90 days after its end."""
    RUNNING = "running"
    ENDED = "ended"


class Executions(Protocol):
    def state_of(self, machine: str, name: str) -> Execution:
        """What became of the execution called `name`."""
        ...
