"""What the caller may do with an invoice or a charge now: each action that the profile permits, and what prevents it.

The reasons are those that the command itself would answer with (`refusals`), so that a screen can disable a button
and say why.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import NamedTuple

from billing.access.model import Permission
from billing.audit.batches import Reason, as_reasons
from billing.core.entity import Entity
from billing.core.errors import Refusal
from billing.invoicing import refusals
from billing.invoicing.charge import (
    Charge,
    to_remove_charge,
    to_suspend_charge,
    to_unsuspend_charge,
)
from billing.invoicing.invoice import Invoice


class InvoiceTool(StrEnum):
    """O que se faz com uma fatura."""

    SETTLE = "settle"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    UNMARK = "unmark"
    REMOVE = "remove"


class ChargeTool(StrEnum):
    """O que se faz com uma conta."""

    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    REMOVE = "remove"


class InvoiceOffer(Entity):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: InvoiceTool
    reasons: tuple[Reason, ...] = ()
    """Vazio: pode ser feita. As de `warns` não impedem."""


class ChargeOffer(Entity):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: ChargeTool
    reasons: tuple[Reason, ...] = ()


class _OfInvoice(NamedTuple):
    permission: Permission
    reasons: Callable[[Invoice], list[Refusal]]


_INVOICES = {
    InvoiceTool.SETTLE: _OfInvoice(Permission.PAYMENTS_SETTLE, refusals.to_settle),
    InvoiceTool.SUSPEND: _OfInvoice(Permission.INVOICES_CHANGE, refusals.to_suspend),
    InvoiceTool.UNSUSPEND: _OfInvoice(Permission.INVOICES_CHANGE, refusals.to_unsuspend),
    InvoiceTool.UNMARK: _OfInvoice(Permission.INVOICES_CHANGE, refusals.to_unmark),
    InvoiceTool.REMOVE: _OfInvoice(Permission.INVOICES_CHANGE, refusals.to_remove),
}


class _OfCharge(NamedTuple):
    permission: Permission
    reasons: Callable[[Charge, Invoice | None], list[Refusal]]


_CHARGES = {
    ChargeTool.SUSPEND: _OfCharge(Permission.INVOICES_CHANGE, to_suspend_charge),
    ChargeTool.UNSUSPEND: _OfCharge(Permission.INVOICES_CHANGE, to_unsuspend_charge),
    ChargeTool.REMOVE: _OfCharge(Permission.INVOICES_CHANGE, to_remove_charge),
}


def of_invoice(permissions: Collection[Permission], invoice: Invoice) -> tuple[InvoiceOffer, ...]:
    return tuple(
        InvoiceOffer(action=action, reasons=as_reasons(rule.reasons(invoice)))
        for action, rule in _INVOICES.items()
        if rule.permission in permissions
    )


def of_charge(
    permissions: Collection[Permission], charge: Charge, invoice: Invoice | None
) -> tuple[ChargeOffer, ...]:
    """`invoice` is the one that has the charge."""
    return tuple(
        ChargeOffer(action=action, reasons=as_reasons(rule.reasons(charge, invoice)))
        for action, rule in _CHARGES.items()
        if rule.permission in permissions
    )
