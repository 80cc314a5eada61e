"""Who did what, when: one entry in each write's own transaction, beside the thing it concerns (REP-03, INV-07)."""

import json
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from billing.core.entity import Entity

MAX_CHANGES_BYTES = 700
"""So that the whole row stays within 1 KB, one write unit."""


class Action(StrEnum):
    """What happened to a thing. Each context names its own in its `actions` module; values are kept, and never renamed."""

    label: str
    """What people read."""

    def __new__(cls, value: str, label: str) -> Self:
        action = str.__new__(cls, value)
        action._value_ = value
        action.label = label
        return action


class AuditEntry(Entity):
    """`changes` traz, por campo, [antes, depois] em texto; o que foi criado é o seu próprio depois e não traz nenhum."""

    action: str
    subject: str
    actor_id: str
    """Quem fez; do que uma execução fez, quem a iniciou (`schedule`: o agendamento)."""
    run_id: str | None = None
    """A execução que o fez, se foi uma."""
    at: datetime
    changes: dict[str, tuple[str | None, str | None]] = {}
    note: str | None = None


def changed_fields(before: Entity | None, after: Entity | None) -> dict[str, tuple[str | None, str | None]]:
    """The fields that differ, as text, cut so that the entry stays small."""
    if before is None:
        return {}
    old, new = before.to_map(), after.to_map() if after is not None else {}
    names = [name for name in {**old, **new} if name != "version" and old.get(name) != new.get(name)]
    if not names:
        return {}
    room = max(16, MAX_CHANGES_BYTES // (2 * len(names)))
    return {name: (_text(old.get(name), room), _text(new.get(name), room)) for name in names[:20]}


def _text(value: Any, room: int) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= room else text[: room - 1] + "…"
