"""The states of charges and invoices, their legal moves, and what locks an invoice (INV-19)."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from billing.core.entity import Entity

S = TypeVar("S", bound=StrEnum)


class ChargeStatus(StrEnum):
    """A conta que está em uma fatura é `billed` enquanto estiver nela: se foi paga, diz a situação da fatura."""

    UNBILLED = "unbilled"
    BILLED = "billed"
    SETTLED = "settled"  # received by itself, without an invoice
    SUSPENDED = "suspended"
    REMOVED = "removed"


class InvoiceStatus(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    SUSPENDED = "suspended"
    RENEGOTIATED = "renegotiated"  # an agreement's instalments ask for its balance instead
    DELETED = "deleted"
    REPLACED = "replaced"
    CANCELLED = "cancelled"  # its number was taken and it could not be issued

    @property
    def label(self) -> str:
        return STATUS_PT[self]


class RemittanceState(StrEnum):
    """O que o banco sabe do boleto da fatura."""

    NONE = "none"
    AWAITING = "awaiting"
    TRANSMITTED = "transmitted"
    REGISTERED = "registered"
    REJECTED = "rejected"
    WRITE_OFF_QUEUED = "write_off_queued"
    WRITTEN_OFF = "written_off"  # the bank no longer collects it
    PAID = "paid"  # at the bank, which no longer collects it


class LockKind(StrEnum):
    AWAITING_REMITTANCE = "awaiting_remittance"
    AWAITING_FISCAL_DOCUMENT = "awaiting_fiscal_document"
    AWAITING_PROFILE_CHANGE = "awaiting_profile_change"
    AWAITING_RECONCILIATION = "awaiting_reconciliation"
    SCHEDULE_SUSPENDED = "schedule_suspended"
    PENDING_BILLING = "pending_billing"
    LOCKED_CHARGE = "locked_charge"


class Lock(Entity):
    """Situação que bloqueia: `cause` é o id da execução ou operação que a pôs, e somente ela a retira."""

    kind: LockKind
    cause: str
    at: datetime


STATUS_PT = {
    InvoiceStatus.OPEN: "Em aberto",
    InvoiceStatus.SETTLED: "Liquidada",
    InvoiceStatus.SUSPENDED: "Suspensa",
    InvoiceStatus.RENEGOTIATED: "Renegociada",
    InvoiceStatus.DELETED: "Excluída",
    InvoiceStatus.REPLACED: "Substituída",
    InvoiceStatus.CANCELLED: "Cancelada",
}

CHARGE_MOVES: dict[ChargeStatus, frozenset[ChargeStatus]] = {
    ChargeStatus.UNBILLED: frozenset(
        {ChargeStatus.BILLED, ChargeStatus.SETTLED, ChargeStatus.SUSPENDED, ChargeStatus.REMOVED}
    ),
    ChargeStatus.BILLED: frozenset({ChargeStatus.UNBILLED, ChargeStatus.REMOVED}),
    ChargeStatus.SETTLED: frozenset({ChargeStatus.UNBILLED}),
    ChargeStatus.SUSPENDED: frozenset({ChargeStatus.UNBILLED, ChargeStatus.REMOVED}),
    ChargeStatus.REMOVED: frozenset(),
}

INVOICE_MOVES: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    InvoiceStatus.OPEN: frozenset(
        {
            InvoiceStatus.SETTLED,
            InvoiceStatus.SUSPENDED,
            InvoiceStatus.RENEGOTIATED,
            InvoiceStatus.DELETED,
            InvoiceStatus.REPLACED,
        }
    ),
    # the agreement was fulfilled, or broken after its instalments had paid this one; else what remains is open again
    InvoiceStatus.RENEGOTIATED: frozenset({InvoiceStatus.SETTLED, InvoiceStatus.OPEN}),
    InvoiceStatus.SUSPENDED: frozenset({InvoiceStatus.OPEN, InvoiceStatus.DELETED}),
    InvoiceStatus.SETTLED: frozenset({InvoiceStatus.OPEN}),
    InvoiceStatus.DELETED: frozenset(),
    InvoiceStatus.REPLACED: frozenset(),
    InvoiceStatus.CANCELLED: frozenset(),
}

REMITTANCE_MOVES: dict[RemittanceState, frozenset[RemittanceState]] = {
    # the bank may confirm, or receive payment for, a title that is in no remittance of ours
    RemittanceState.NONE: frozenset(
        {RemittanceState.AWAITING, RemittanceState.REGISTERED, RemittanceState.PAID}
    ),
    # a claim is released, or the file went; the bank's answer may be read before the claim is marked as sent
    RemittanceState.AWAITING: frozenset(
        {
            RemittanceState.NONE,
            RemittanceState.TRANSMITTED,
            RemittanceState.REGISTERED,
            RemittanceState.REJECTED,
            RemittanceState.WRITTEN_OFF,
            RemittanceState.PAID,
        }
    ),
    # its entry is sent again if a person reports that the file never was
    RemittanceState.TRANSMITTED: frozenset(
        {
            RemittanceState.AWAITING,
            RemittanceState.REGISTERED,
            RemittanceState.REJECTED,
            RemittanceState.WRITTEN_OFF,
            RemittanceState.PAID,
        }
    ),
    # what the bank has is not forgotten: it is written off or paid
    RemittanceState.REGISTERED: frozenset(
        {RemittanceState.WRITE_OFF_QUEUED, RemittanceState.WRITTEN_OFF, RemittanceState.PAID}
    ),
    RemittanceState.REJECTED: frozenset(
        {
            RemittanceState.NONE,
            RemittanceState.AWAITING,
            RemittanceState.REGISTERED,
            RemittanceState.PAID,
        }
    ),
    RemittanceState.WRITE_OFF_QUEUED: frozenset(
        {RemittanceState.REGISTERED, RemittanceState.WRITTEN_OFF, RemittanceState.PAID}
    ),
    RemittanceState.WRITTEN_OFF: frozenset({RemittanceState.PAID}),  # the payer was faster
    RemittanceState.PAID: frozenset(),
}

AT_THE_BANK = frozenset(
    {RemittanceState.TRANSMITTED, RemittanceState.REGISTERED, RemittanceState.WRITE_OFF_QUEUED}
)
"""The bank has the title, or is about to."""

WAITING_FOR_ENTRY = frozenset({RemittanceState.AWAITING, RemittanceState.TRANSMITTED})
"""The bank has not yet confirmed the title."""

UNCONFIRMED = frozenset(
    {
        RemittanceState.NONE,
        RemittanceState.AWAITING,
        RemittanceState.TRANSMITTED,
        RemittanceState.REJECTED,
    }
)
"""A confirmation of the entry is news."""

DEAD_AT_THE_BANK = frozenset({RemittanceState.WRITTEN_OFF, RemittanceState.PAID})
"""The boleto can no longer be paid."""

GONE = frozenset({InvoiceStatus.DELETED, InvoiceStatus.REPLACED, InvoiceStatus.CANCELLED})


def move(moves: dict[S, frozenset[S]], present: S, target: S) -> S:
    """`target`, if it may follow `present`. An illegal move is a programmer's mistake: refusals are checked first."""
    if target not in moves[present]:
        raise ValueError(f"{type(present).__name__}: {present} -> {target} is not a legal move")
    return target
