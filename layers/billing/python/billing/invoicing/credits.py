"""A customer's credit, as a charge below zero that waits for the next invoice: money received without an invoice
(PAY-08), or what a closing gives back and no other charge can absorb (CLO-04).

The customer's charges are its ledger: an unbilled credit is the balance; a billed one was used, and names its
invoice.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Period
from billing.invoicing.charge import Charge


def credit(
    *, customer_id: str, company_id: str, amount: Money, source: str, description: str, on: date
) -> Charge:
    """A credit of `amount` (above zero) from `source`; the same source always gives the same credit."""
    if amount <= ZERO:
        raise ValueError("a credit is above zero")
    return Charge(
        id=derived_id("chg", "credit", source),
        customer_id=customer_id,
        company_id=company_id,
        description=description,
        amount=-amount,
        due_on=on,
        reference=Period(on, on + timedelta(days=1)),
        credit_of=source,
    )


def crediting(made: Sequence[Charge], unbilled: Iterable[Charge], source: str) -> list[Charge]:
    """`made`, with whatever would take its invoice below zero (counting the unbilled charges that go on it) turned
    into a credit from `source`: no invoice could carry it.

    A charge that becomes credit only in part is split by `Charge.split`; the parts come first, to be written
    together.
    """
    sums: dict[_Together, Money] = {}
    for charge in (*made, *unbilled):
        sums[_together(charge)] = sums.get(_together(charge), ZERO) + charge.amount
    parted, whole = [], []
    for charge in made:
        together = _together(charge)
        over = min(-sums[together], -charge.amount)
        if over <= ZERO:
            whole.append(charge)
            continue
        sums[together] += over
        carried = -charge.amount - over
        if not carried:
            whole.append(charge.evolve(credit_of=source))
            continue
        part, remainder = charge.split(carried, source)
        assert remainder is not None
        parted += [part, remainder.evolve(credit_of=source)]
    return [*parted, *whole]


_Together = tuple[date, str | None, str | None]


def _together(charge: Charge) -> _Together:
    return charge.due_on, charge.payment_profile_id, charge.grouping
