"""What the caller may do with a closing now.

Only what the closing itself knows: reasons that depend on other data (invoices paid meanwhile, a booklet) are only given by
the command.
"""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from billing.access.model import Permission
from billing.audit.offers import Offer, OfferRule, offers
from billing.closings.model import Closing
from billing.core.errors import Refusal


class ClosingTool(StrEnum):
    """O que se faz com um fechamento."""

    COMPUTE = "compute"
    ADJUST = "adjust"
    FREEZE = "freeze"
    CHARGE = "charge"
    UNFREEZE = "unfreeze"


class ClosingOffer(Offer):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: ClosingTool


def _against_change(closing: Closing, _today: date) -> list[Refusal]:
    return closing.reasons_against_change()


_RULES = {
    ClosingTool.COMPUTE: OfferRule(Permission.CLOSINGS_FREEZE, _against_change),
    ClosingTool.ADJUST: OfferRule(Permission.CLOSINGS_FREEZE, _against_change),
    ClosingTool.FREEZE: OfferRule(Permission.CLOSINGS_FREEZE, _against_change),
    ClosingTool.CHARGE: OfferRule(Permission.CLOSINGS_FREEZE, Closing.reasons_against_charging),
    ClosingTool.UNFREEZE: OfferRule(Permission.CLOSINGS_FREEZE, Closing.reasons_against_unfreezing),
}


def of_closing(
    permissions: Collection[Permission], closing: Closing, today: date
) -> tuple[ClosingOffer, ...]:
    return offers(ClosingOffer, _RULES, permissions, closing, today)
