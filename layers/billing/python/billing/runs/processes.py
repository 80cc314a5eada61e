"""Processes: state machines, started by name, and the state of their executions."""

from enum import StrEnum
from typing import Any, Protocol


class Processes(Protocol):
    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        """Start `machine` under an execution name; a name is never started twice."""
        ...


class Execution(StrEnum):
    ABSENT = "absent"
    """Not started, or forgotten: executions are kept for 90 days after their end."""
    RUNNING = "running"
    ENDED = "ended"


class Executions(Protocol):
    def state_of(self, machine: str, name: str) -> Execution:
        """The state of the execution called `name`."""
        ...
