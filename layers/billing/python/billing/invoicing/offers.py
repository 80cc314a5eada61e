"""What the caller may do with an invoice or a charge now."""

from collections.abc import Collection
from enum import StrEnum

from billing.access.model import Permission
from billing.audit.offers import Offer, OfferRule, offers
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


class InvoiceOffer(Offer):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: InvoiceTool


class ChargeOffer(Offer):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: ChargeTool


_INVOICES = {
    InvoiceTool.SETTLE: OfferRule(Permission.PAYMENTS_SETTLE, refusals.to_settle),
    InvoiceTool.SUSPEND: OfferRule(Permission.INVOICES_CHANGE, refusals.to_suspend),
    InvoiceTool.UNSUSPEND: OfferRule(Permission.INVOICES_CHANGE, refusals.to_unsuspend),
    InvoiceTool.UNMARK: OfferRule(Permission.INVOICES_CHANGE, refusals.to_unmark),
    InvoiceTool.REMOVE: OfferRule(Permission.INVOICES_CHANGE, refusals.to_remove),
}

_CHARGES = {
    ChargeTool.SUSPEND: OfferRule(Permission.INVOICES_CHANGE, to_suspend_charge),
    ChargeTool.UNSUSPEND: OfferRule(Permission.INVOICES_CHANGE, to_unsuspend_charge),
    ChargeTool.REMOVE: OfferRule(Permission.INVOICES_CHANGE, to_remove_charge),
}


def of_invoice(permissions: Collection[Permission], invoice: Invoice) -> tuple[InvoiceOffer, ...]:
    return offers(InvoiceOffer, _INVOICES, permissions, invoice)


def of_charge(
    permissions: Collection[Permission], charge: Charge, invoice: Invoice | None
) -> tuple[ChargeOffer, ...]:
    """`invoice` is the one that the charge is in."""
    return offers(ChargeOffer, _CHARGES, permissions, charge, invoice)
