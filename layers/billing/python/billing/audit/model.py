"""Who did what, when: one entry in each write's own transaction, next to the entity it concerns (REP-03, INV-07)."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from billing.core.entity import Entity


class Action(StrEnum):
    """What happened to an entity. Each context lists its own in its `actions` module; values are stored and never
    renamed."""

    label: str
    """What people read."""

    def __new__(cls, value: str, label: str) -> Self:
        action = str.__new__(cls, value)
        action._value_ = value
        action.label = label
        return action


class AuditEntry(Entity):
    """Kept next to the entity. A new entity has no changes, since it is its own first state; see
    `billing.audit.differences`."""

    action: str
    subject: str
    actor_id: str
    """Quem fez; do que uma execução fez, quem a iniciou (`schedule`: o agendamento)."""
    run_id: str | None = None
    """A execução que o fez, se foi uma."""
    at: datetime
    changes: dict[str, tuple[str | None, str | None]] = {}
    note: str | None = None
