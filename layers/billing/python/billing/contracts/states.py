"""The states of a contract, its legal moves, and the tools that make them (CTR-01, CTR-03)."""

from enum import StrEnum
from typing import NamedTuple


class ContractState(StrEnum):
    AWAITING_ACTIVATION = "awaiting_activation"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLATION_REQUESTED = "cancellation_requested"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    ContractState.AWAITING_ACTIVATION: "aguardando ativação",
    ContractState.ACTIVE: "ativo",
    ContractState.SUSPENDED: "suspenso",
    ContractState.CANCELLATION_REQUESTED: "cancelamento solicitado",
    ContractState.CANCELLED: "cancelado",
}

MOVES: dict[ContractState, frozenset[ContractState]] = {
    ContractState.AWAITING_ACTIVATION: frozenset({ContractState.ACTIVE, ContractState.CANCELLED}),
    ContractState.ACTIVE: frozenset(
        {ContractState.SUSPENDED, ContractState.CANCELLATION_REQUESTED, ContractState.CANCELLED}
    ),
    ContractState.SUSPENDED: frozenset(
        {ContractState.ACTIVE, ContractState.CANCELLATION_REQUESTED, ContractState.CANCELLED}
    ),
    ContractState.CANCELLATION_REQUESTED: frozenset({ContractState.ACTIVE, ContractState.CANCELLED}),
    ContractState.CANCELLED: frozenset(),
}


class ContractTool(StrEnum):
    """O que se faz com um contrato."""

    ACTIVATE = "activate"
    ALTER = "alter"
    SUSPEND = "suspend"
    RESUME = "resume"
    REQUEST_CANCELLATION = "request_cancellation"
    RETAIN = "retain"
    CANCEL = "cancel"


class ContractStep(NamedTuple):
    state: ContractState
    done: str
    """The participle in the refusal: "não pode ser ativado"."""
    only: ContractState | None = None
    """Allowed only from this state; None: from any in `MOVES`."""


STEPS = {
    ContractTool.ACTIVATE: ContractStep(ContractState.ACTIVE, "ativado", ContractState.AWAITING_ACTIVATION),
    ContractTool.SUSPEND: ContractStep(ContractState.SUSPENDED, "suspenso"),
    ContractTool.RESUME: ContractStep(ContractState.ACTIVE, "reativado", ContractState.SUSPENDED),
    ContractTool.REQUEST_CANCELLATION: ContractStep(
        ContractState.CANCELLATION_REQUESTED, "posto em cancelamento"
    ),
    ContractTool.RETAIN: ContractStep(ContractState.ACTIVE, "retido", ContractState.CANCELLATION_REQUESTED),
    ContractTool.CANCEL: ContractStep(ContractState.CANCELLED, "cancelado"),
}
