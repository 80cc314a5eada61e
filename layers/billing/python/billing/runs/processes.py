"""Processes: the state machines, started by name."""

from typing import Any, Protocol


class Processes(Protocol):
    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        """Start `machine` under an execution name; a name that was used before is not started again."""
        ...
