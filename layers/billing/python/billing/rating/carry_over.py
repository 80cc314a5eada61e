"""Carry-over (retorno a zero, CHG-05): units billed by the minimum but not used offset later use above the minimum.

A ledger of movements, whose sum is the store. Use below the minimum adds the difference to the store; use above takes
from it first. Estimates never move it, and it is lost at the contract's end.

>>> store, billed = Decimal(0), []
>>> for used in (1800, 2150, 2300):
...     outcome = carry(Decimal(used), Decimal(2000), store)
...     store = outcome.balance
...     billed.append((str(outcome.billed), str(store)))
>>> billed
[('2000', '200'), ('2000', '50'), ('2250', '0')]
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from billing.core.period import Period
from billing.rating import brazilian
from billing.rating.exact import Number, exactly
from billing.rating.explanation import QUANTITY, ZERO, Rule, Trail


class CarryOverOutcome(NamedTuple):
    billed: Decimal
    balance: Decimal
    """The store afterwards, in units."""


class CarryOverKind(StrEnum):
    STORED = "stored"
    TAKEN = "taken"
    LOST = "lost"


class CarryOverMovement(NamedTuple):
    """One row of the ledger; `units` is signed, the sum of all of them is the store."""

    definition_id: str
    item_id: str | None
    period: Period
    kind: CarryOverKind
    units: Decimal
    balance: Decimal


@exactly
def carry(used: Decimal, minimum: Decimal, store: Decimal, *, is_active: bool = True) -> CarryOverOutcome:
    """What a period bills for its use, and the store after it; if inactive, the minimum is billed and nothing stored."""
    if not is_active:
        return CarryOverOutcome(max(used, minimum), store)
    billed = billed_with_store(used, minimum, store)
    return CarryOverOutcome(billed, store + billed - used)


def billed_with_store(used: Decimal, minimum: Decimal, store: Decimal) -> Decimal:
    """max(use, minimum), less the part of the excess that the store covers."""
    return minimum if used <= minimum else max(minimum, used - store)


def take(trail: Trail, minimum: Decimal, store: Decimal) -> None:
    """The trail's quantity becomes the billed quantity."""
    trail.set_quantity(CARRIED, ("minimum_quantity", minimum, "definition"), ("store", store, "carry_over"))


def movement(
    definition_id: str, item_id: str | None, period: Period, store: Decimal, balance: Decimal
) -> CarryOverMovement | None:
    """The ledger's row for a change of the store; None if nothing moved."""
    units = balance - store
    if units == ZERO:
        return None
    kind = CarryOverKind.STORED if units > 0 else CarryOverKind.TAKEN
    return CarryOverMovement(definition_id, item_id, period, kind, units, balance)


def loss(definition_id: str, item_id: str | None, period: Period, store: Decimal) -> CarryOverMovement | None:
    """The contract has ended: the rest is lost."""
    if store == ZERO:
        return None
    return CarryOverMovement(definition_id, item_id, period, CarryOverKind.LOST, -store, ZERO)


def _billed(quantity: Number, amount: Number, minimum: Number, store: Number) -> Number:  # noqa: ARG001
    return minimum if quantity <= minimum else max(minimum, quantity - store)


CARRIED = Rule(
    "carry_over",
    QUANTITY,
    _billed,
    lambda s, unit: (
        f"mínimo {brazilian.units(s.value('minimum_quantity'), unit)}, saldo de"
        f" {brazilian.units(s.value('store'), unit)}: faturadas {brazilian.units(s.after, unit)}"
    ),
)
RULES = (CARRIED,)
