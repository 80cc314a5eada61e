"""What the caller may do with a thing now: each action that the profile permits, and what prevents it.

The reasons are those with which the command itself would answer, so that a screen can disable a button and say why.
"""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import NamedTuple, TypeVar

from billing.access.model import Permission
from billing.audit.batches import Reason, as_reasons
from billing.core.entity import Entity
from billing.core.errors import Refusal


class Offer(Entity):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    reasons: tuple[Reason, ...] = ()
    """Vazio: pode ser feita. As de `warns` não impedem."""


class OfferRule(NamedTuple):
    permission: Permission
    reasons: Callable[..., list[Refusal]]
    """Of the thing, and of what else the context says that it is given."""


OfferT = TypeVar("OfferT", bound=Offer)
ToolT = TypeVar("ToolT", bound=StrEnum)


def offers(
    of: Callable[..., OfferT],
    rules: Mapping[ToolT, OfferRule],
    permissions: Collection[Permission],
    *about: object,
) -> tuple[OfferT, ...]:
    return tuple(
        of(action=action, reasons=as_reasons(rule.reasons(*about)))
        for action, rule in rules.items()
        if rule.permission in permissions
    )
