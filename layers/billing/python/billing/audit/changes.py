"""The only way in which people and runs change stored data: rows, their audit entries and the answer to a repeated
request, in one transaction.

    changes = Changes(call)
    changes.put(store.customer_row(call.tenant_id, customer), CustomerAction.CORRECTED, before=old, after=customer)
    return changes.commit_answering(customer)
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from pydantic import Field

from billing.access.call import Call
from billing.audit.differences import differences
from billing.audit.model import Action, AuditEntry
from billing.core.entity import Entity
from billing.core.errors import Conflict, Refused
from billing.core.ids import derived_id, shard_of
from billing.core.table import Aggregate, Table, Writes, entity_row, find, meta
from billing.core.text import shortened

E = TypeVar("E", bound=Entity)
T = TypeVar("T", bound=Table)

AUDIT_DAY_SHARDS = 8
MAX_ANSWER = 300_000
"""The longest kept answer, in ASCII characters: a row can have 400 KB."""
LONGEST_NOTE = 1000
"""Characters of an audit entry's note; a bank's reasons or a list of pending issues can be longer."""
MOST_ATTEMPTS = 6
"""How often a change is tried when others write the same rows at the same time."""
ANSWER_KEPT_FOR = timedelta(hours=48)


class PlatformTable(Table):
    """Runs, memberships, answers to repeated requests: what belongs to no aggregate of the business."""

    Meta = meta("platform")


class Answer(Entity):
    """The answer to a write, kept for 48 hours under its Idempotency-Key."""

    request_hash: str
    body: str = Field(max_length=MAX_ANSWER)


class Changes:
    def __init__(self, call: Call) -> None:
        self._call = call
        self._writes = Writes()

    def put(
        self,
        row: T,
        action: Action,
        *,
        before: Entity | None = None,
        after: Entity | None = None,
        note: str | None = None,
    ) -> T:
        """Write `row` (new, or the next version of a loaded one) with its audit entry."""
        self._writes.put(row)
        self._note(row, action, before, after, note)
        return row

    def include(self, row: T) -> T:
        """Write a row that belongs to a named change: a look-up, a counter, the charges of an invoice that is issued."""
        return self._writes.put(row)

    def overwrite(self, row: T) -> T:
        """Write a row that is derived from others, whatever is stored there."""
        return self._writes.overwrite(row)

    def delete(self, row: Table, action: Action, *, before: Entity | None = None) -> None:
        """Delete a loaded row; its audit entry remains and says what it was."""
        self._writes.delete(row)
        row.version += 1
        self._note(row, action, before, None, None)
        row.version -= 1

    def drop(self, row: Table) -> None:
        """Delete a row as part of a named change."""
        self._writes.delete(row)

    def require_unchanged(self, row: Table) -> None:
        self._writes.require_unchanged(row)

    def require_absent(self, table: type[Table], partition: str, row: str) -> None:
        self._writes.require_absent(table, partition, row)

    def __len__(self) -> int:
        return len(self._writes)

    def commit(self) -> None:
        """All or nothing; in a dry run, nothing. Raises Conflict; see `Writes.commit`."""
        if not self._call.is_dry_run:
            self._writes.commit()

    def commit_answering(self, entity: E) -> E:
        """Commit, and return `entity` as stored then; with an Idempotency-Key the answer is kept too."""
        answer = entity
        if isinstance(entity, Aggregate):
            answer = cast("E", entity.evolve(version=entity.version + 1))
        if self._call.idempotency is not None:
            kept = Answer(request_hash=self._call.idempotency.request_hash, body=json.dumps(answer.to_map()))
            expires = int((self._call.now + ANSWER_KEPT_FOR).timestamp())
            self._writes.put(entity_row(PlatformTable, _answers_of(self._call), "answer", kept, ttl=expires))
        self.commit()
        return answer

    def _note(
        self, row: Table, action: Action, before: Entity | None, after: Entity | None, note: str | None
    ) -> None:
        at = self._call.now
        entry = AuditEntry(
            action=action,
            subject=row.row,
            actor_id=self._call.actor.id,
            run_id=self._call.actor.run_id,
            at=at,
            changes=differences(before, after),
            note=note and shortened(note, LONGEST_NOTE),
        )
        shard = shard_of(row.partition, AUDIT_DAY_SHARDS)
        self._writes.put(
            entity_row(
                type(row),
                row.partition,
                f"audit#{row.row}#{int(row.version):06d}",
                entry,
                day_key=f"{self._call.tenant_id}#{self._call.today}#s{shard:02d}",
                day_sort=at.isoformat(),
            )
        )


def trying_again(call: Call, attempt: Callable[[], E]) -> E:
    """Run `attempt`, and again if others first changed what it reads (the last number, a price); it reads again each
    time.

    Raises Conflict if it never succeeds, or if this same request was answered meanwhile (the API then returns that
    answer).
    """
    for _ in range(MOST_ATTEMPTS - 1):
        try:
            return attempt()
        except Conflict:
            if kept_answer(call) is not None:
                raise
    return attempt()


def kept_answer(call: Call) -> dict[str, Any] | None:
    """The earlier answer to this same request, or None. Raises Refused if the key was used for another request."""
    if call.idempotency is None:
        return None
    answer = find(PlatformTable, _answers_of(call), "answer", Answer)
    if answer is None:
        return None
    if answer.request_hash != call.idempotency.request_hash:
        raise Refused(
            "idempotency.reused",
            "Esta Idempotency-Key já foi usada com outro conteúdo. Envie uma chave nova.",
        )
    kept: dict[str, Any] = json.loads(answer.body)
    return kept


def once(part: Call, model: type[E], do: Callable[[Call], E]) -> E:
    """One step of a request with several: its earlier answer, or the result of `do`, which must commit its answer
    under `part`."""
    kept = kept_answer(part)
    return do(part) if kept is None else model.model_validate(kept)


def history(table: type[Table], partition: str, row: str) -> list[AuditEntry]:
    """The audit entries of one thing, oldest first (INV-07)."""
    entries = table.query(partition, table.row.startswith(f"audit#{row}#"), consistent_read=True)
    return [entry.load(AuditEntry) for entry in entries]


def _answers_of(call: Call) -> str:
    if call.idempotency is None:
        raise Conflict("idempotency.missing", "Envie o cabeçalho Idempotency-Key.")
    return f"{call.tenant_id}#answer#{derived_id('idem', call.actor_id, call.idempotency.key)}"
