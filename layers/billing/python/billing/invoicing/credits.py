"""A customer's credit: money received that no invoice asked for, as a charge below zero that waits for the next invoice (PAY-08).

Its ledger is the customer's charges: unbilled, it is the balance; billed, it was used, and the invoice says where.
"""

from datetime import date, timedelta

from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Period
from billing.invoicing.model import Charge


def credit(
    *, customer_id: str, company_id: str, amount: Money, source: str, description: str, on: date
) -> Charge:
    """The credit of `amount` (above zero) that `source` gives; the same source gives the same one."""
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
