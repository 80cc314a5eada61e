"""An entity's history in words: what was done, by whom, when, why, and what changed (INV-07)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from billing.audit.changes import history
from billing.audit.differences import FieldChange, as_read, ids_in
from billing.audit.model import Action, AuditEntry
from billing.core.entity import Entity
from billing.core.table import Table


class Event(Entity):
    """Algo que aconteceu."""

    text: str
    """Em uma frase: o que foi feito e por quem."""
    action: str
    """Nome da ação, para programas."""
    at: datetime
    actor_id: str
    actor: str
    """Nome de quem fez; do que uma execução fez, de quem a iniciou."""
    run_id: str | None = None
    """A execução que o fez, se foi uma."""
    run: str | None = None
    """O que é essa execução, e de que dia."""
    changes: tuple[FieldChange, ...] = ()
    """Cada campo que mudou; o que foi criado não traz nenhum."""
    note: str | None = None
    """Motivo, observação ou comentário de quem fez."""


class History(Entity):
    """Tudo o que aconteceu, do mais antigo ao mais novo: quem, quando, o quê, antes e depois."""

    items: tuple[Event, ...]
    next_cursor: str | None = None
    """Envie em `cursor` para ler o que veio depois; ausente na última página."""


class Recorded(NamedTuple):
    """The audit entries of one entity, and its kind."""

    kind: type[Entity]
    entries: list[AuditEntry]

    @classmethod
    def of(cls, thing: Entity, row: Table) -> "Recorded":
        """`row` is the entity's own row."""
        return cls(type(thing), history(type(row), row.partition, row.row))

    def ids(self) -> Iterator[str]:
        """The ids that people should read as names."""
        for entry in self.entries:
            yield entry.actor_id
            if entry.run_id is not None:
                yield entry.run_id
            yield from ids_in(entry.changes)

    def in_words(self, names: Mapping[str, str]) -> History:
        return History(items=tuple(self._event(entry, names) for entry in self.entries))

    def _event(self, entry: AuditEntry, names: Mapping[str, str]) -> Event:
        actor = names.get(entry.actor_id, "usuário sem acesso")
        run = None if entry.run_id is None else names.get(entry.run_id, "execução antiga")
        return Event(
            text=f"{_label(entry.action)} por {actor}" + (f", em {run}" if run else ""),
            action=entry.action,
            at=entry.at,
            actor_id=entry.actor_id,
            actor=actor,
            run_id=entry.run_id,
            run=run,
            changes=tuple(as_read(self.kind, entry.changes, names)),
            note=entry.note,
        )


def _label(action: str) -> str:
    known = {str(member): member.label for kind in Action.__subclasses__() for member in kind}
    return known.get(action, action)
