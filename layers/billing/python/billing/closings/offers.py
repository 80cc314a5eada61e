"""What the caller may do with a closing now: each action that the profile permits, and what prevents it.

The reasons are those that the closing itself knows and the command would answer with, so that a screen can disable a
button and say why. Reasons that depend on other data (invoices paid meanwhile, a booklet) are only given by the
command.
"""

from collections.abc import Callable, Collection
from datetime import date
from enum import StrEnum

from billing.access.model import Permission
from billing.audit.batches import Reason, as_reasons
from billing.closings.model import Closing
from billing.core.entity import Entity
from billing.core.errors import Refusal


class ClosingTool(StrEnum):
    """O que se faz com um fechamento."""

    COMPUTE = "compute"
    ADJUST = "adjust"
    FREEZE = "freeze"
    CHARGE = "charge"
    UNFREEZE = "unfreeze"


class ClosingOffer(Entity):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: ClosingTool
    reasons: tuple[Reason, ...] = ()
    """Vazio: pode ser feita."""


def _against_change(closing: Closing, _today: date) -> list[Refusal]:
    return closing.reasons_against_change()


_REASONS: dict[ClosingTool, Callable[[Closing, date], list[Refusal]]] = {
    ClosingTool.COMPUTE: _against_change,
    ClosingTool.ADJUST: _against_change,
    ClosingTool.FREEZE: _against_change,
    ClosingTool.CHARGE: Closing.reasons_against_charging,
    ClosingTool.UNFREEZE: Closing.reasons_against_unfreezing,
}


def of_closing(
    permissions: Collection[Permission], closing: Closing, today: date
) -> tuple[ClosingOffer, ...]:
    """All of them need the permission to freeze closings."""
    if Permission.CLOSINGS_FREEZE not in permissions:
        return ()
    return tuple(
        ClosingOffer(action=action, reasons=as_reasons(reasons(closing, today)))
        for action, reasons in _REASONS.items()
    )
