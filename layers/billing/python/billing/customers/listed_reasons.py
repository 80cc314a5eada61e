"""Lists that a tenant configures, from which a clerk chooses: types of discount, protest statuses (PAY-02, PAY-04).

A listed reason is identified by its name within its kind, and whatever was recorded with it keeps that name for ever.
So it is not renamed: it ends, and another one is added.
"""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.ids import derived_id
from billing.core.table import Aggregate, entity_row, find, require_version, rows_in
from billing.core.text import Line
from billing.customers.actions import ListedReasonAction
from billing.customers.table import CustomersTable
from billing.members.store import get_tenant


class ReasonKind(StrEnum):
    """De que lista é o motivo."""

    DISCOUNT_TYPE = "discount_type"
    PROTEST_STATUS = "protest_status"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    ReasonKind.DISCOUNT_TYPE: "Tipo de desconto",
    ReasonKind.PROTEST_STATUS: "Status de protesto",
}


class NewListedReason(Entity):
    kind: ReasonKind
    name: Line = Field(min_length=1, max_length=40, examples=["Bonificação"])
    """Como é escolhido e impresso; não muda."""
    forbids_receipt: bool = False
    """Não gerar recibo: a quem está neste status de protesto não se faz recibo."""

    @model_validator(mode="after")
    def _only_a_protest_status_forbids(self) -> Self:
        if self.forbids_receipt and self.kind is not ReasonKind.PROTEST_STATUS:
            message = "“Não gerar recibo” é só de status de protesto."
            raise PydanticCustomError("listed_reason.forbids", message)
        return self


class ListedReason(NewListedReason, Aggregate):
    """Motivo de uma lista configurada."""

    id: str
    ended_on: date | None = None
    """Desde quando não se escolhe mais; o que já foi escolhido fica."""


class ListedReasonChange(Entity):
    forbids_receipt: bool = False
    is_ended: bool = Field(default=False, examples=[True])
    """Não se escolhe mais; false volta a oferecê-lo."""


def listed(tenant_id: str) -> list[ListedReason]:
    """Sorted by kind and name, including those that have ended."""
    rows = rows_in(CustomersTable, _partition(tenant_id), "reason#", ListedReason)
    return sorted(rows, key=lambda reason: (reason.kind, search_key(reason.name)))


def find_listed(tenant_id: str, kind: ReasonKind, name: str) -> ListedReason | None:
    """Ignores case and accents; also finds a reason that has ended."""
    return find(CustomersTable, _partition(tenant_id), f"reason#{_id_of(kind, name)}", ListedReason)


def require_offered(tenant_id: str, kind: ReasonKind, name: str, field: str) -> ListedReason:
    """A reason that may be chosen today. Raises Refused."""
    reason = find_listed(tenant_id, kind, name)
    if reason is None or reason.ended_on is not None:
        message = f"“{name}” não está na lista “{kind.label}”. Escolha um da lista, ou inclua-o nela."
        raise Refused.because([Refusal("listed_reason.not_offered", message, field=field)])
    return reason


def add(call: Call, new: NewListedReason) -> ListedReason:
    """Only for those who work for every company of the tenant, because all share the lists. Raises Forbidden, Refused
    for a name that is already in the list."""
    call.require_scope(get_tenant(call.tenant_id).scope)
    if find_listed(call.tenant_id, new.kind, new.name) is not None:
        message = f"A lista “{new.kind.label}” já tem “{new.name}”."
        raise Refused.because([Refusal("listed_reason.exists", message, field="name")])
    added = ListedReason(id=_id_of(new.kind, new.name), **dict(new))
    changes = Changes(call)
    changes.put(_row(call.tenant_id, added), ListedReasonAction.ADDED)
    return changes.commit_answering(added)


def change(call: Call, reason_id: str, version: int, change: ListedReasonChange) -> ListedReason:
    """Only for those who may `add`. Raises Forbidden, NotFound, PreconditionFailed; an invalid value is refused as a
    field of the request."""
    call.require_scope(get_tenant(call.tenant_id).scope)
    before = require_version(_get(call, reason_id), version)
    ended_on = (before.ended_on or call.today) if change.is_ended else None
    after = before.evolve(forbids_receipt=change.forbids_receipt, ended_on=ended_on)
    changes = Changes(call)
    row = _row(call.tenant_id, after)
    changes.put(row, ListedReasonAction.CHANGED, before=before, after=after)
    return changes.commit_answering(after)


def history_of(call: Call, reason_id: str) -> Recorded:
    """Raises NotFound."""
    reason = _get(call, reason_id)
    return Recorded.of(reason, _row(call.tenant_id, reason))


def _get(call: Call, reason_id: str) -> ListedReason:
    reason = find(CustomersTable, _partition(call.tenant_id), f"reason#{reason_id}", ListedReason)
    if reason is None:
        raise NotFound("listed_reason.missing", "O motivo não existe na lista.")
    return reason


def _id_of(kind: ReasonKind, name: str) -> str:
    return derived_id("lre", kind, search_key(name))


def _row(tenant_id: str, reason: ListedReason) -> CustomersTable:
    return entity_row(CustomersTable, _partition(tenant_id), f"reason#{reason.id}", reason)


def _partition(tenant_id: str) -> str:
    return f"{tenant_id}#reasons"
