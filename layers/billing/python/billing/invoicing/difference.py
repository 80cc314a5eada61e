"""What is still to be charged: the difference between existing and proposed charges. Pure."""

from collections.abc import Iterable

from billing.core.money import ZERO, Money
from billing.invoicing.charge import Charge, ChargeOrigin, charge_id
from billing.invoicing.states import ChargeStatus


def proposed_minus_existing(existing: Iterable[Charge], proposed: Iterable[Charge]) -> list[Charge]:
    """The charges still to be made so that, for each origin, existing charges add up to the proposed one.

    An origin without any charge gets the proposed one; if its live charges add up to another amount, it gets the
    difference as the next revision; if it is no longer proposed, its charges are taken back. Each charge counts as
    `Charge.asked`; revision numbers are never reused. A removed charge's amount is neither billed again nor credited.
    Charges without an origin are left alone.
    """
    by_origin: dict[ChargeOrigin, list[Charge]] = {}
    for charge in existing:
        if charge.origin is not None:
            by_origin.setdefault(charge.origin, []).append(charge)
    missing = []
    seen: set[ChargeOrigin] = set()
    for charge in proposed:
        if charge.origin is None or charge.origin in seen:
            raise ValueError("a proposed charge is the only one of its contract, definition and period")
        seen.add(charge.origin)
        there = by_origin.pop(charge.origin, [])
        missing.extend(_difference(charge, there, charge.amount))
    for there in by_origin.values():
        missing.extend(_difference(there[0], there, ZERO))
    return missing


def _difference(like: Charge, there: list[Charge], target: Money) -> list[Charge]:
    live = [charge for charge in there if charge.asked]
    removed = Money.sum(c.asked for c in live if c.status is ChargeStatus.REMOVED)
    remainder = target - Money.sum(c.asked for c in live if c.status is not ChargeStatus.REMOVED)
    amount = remainder - min(max(removed, min(remainder, ZERO)), max(remainder, ZERO))
    if not amount:
        return []
    origin = like.origin
    assert like.contract_id is not None
    assert like.definition_id is not None
    assert origin is not None
    revision = max((charge.revision for charge in there), default=-1) + 1
    description = like.description if not live else f"Ajuste: {like.description}"[:120]
    return [
        like.evolve(
            id=charge_id(like.contract_id, like.definition_id, origin.reference, revision),
            reference=origin.reference,
            revision=revision,
            description=description,
            amount=amount,
            discount=None if live else like.discount,
            agreed=None,
            credit_of=None,
            status=ChargeStatus.UNBILLED,
            invoice_id=None,
            replaces=tuple(dict.fromkeys(id_ for charge in there for id_ in charge.replaces or ())) or None,
            paid=ZERO,
            locks=(),
            version=0,
        )
    ]
