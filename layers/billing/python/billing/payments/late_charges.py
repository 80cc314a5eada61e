"""Fine and interest for late payment, to the day (PAY-02, PAY-05, PAY-06).

Of a debt agreement. What an overdue invoice asks for, as its boleto says, is `invoice_lateness`; both count the days here.

    days late   0 when paid by the due date, or when due on a day without bank service and paid by the next business day;
                otherwise counted from the original due date (Lei 7.089/1983, art. 1; STJ, REsp 1.954.924)
    fine        R(principal x fine %), once
    interest    R(principal x days x monthly % / 30); in a debt agreement the base includes the fine

>>> terms = LateTerms(fine_percent="2", monthly_interest_percent="1", interest_on_fine=True)
>>> late_charges(Money("100.00"), days_between(date(2015, 6, 1), date(2015, 7, 30)), terms)
LateCharges(fine=Money('2.00'), interest=Money('2.01'), total=Money('104.01'))
"""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, NamedTuple

from pydantic import Field

from billing.core.calendar_br import is_business_day, next_business_day
from billing.core.entity import Entity
from billing.core.errors import Refusal
from billing.core.money import ZERO, Money, Percent
from billing.rating.exact import refuse_floats
from billing.rating.rounding import Rounding, rounded

CONSUMER_FINE_LIMIT = Decimal(2)
"""CDC (Lei 8.078/1990), art. 52, § 1: the fine of a consumer is at most 2 %."""


class LateTerms(Entity):
    """What late payment costs under a debt agreement."""

    fine_percent: Annotated[Percent, Field(ge=0)] = Decimal(0)
    """Multa, % of the amount, once."""
    monthly_interest_percent: Annotated[Percent, Field(ge=0)] = Decimal(0)
    """Juros, % a month of 30 days."""
    interest_on_fine: bool = False
    """Debt agreements only: the fine is in the interest's base (the manual's rule)."""
    rounding: Rounding = Rounding.HALF_UP


class LateCharges(NamedTuple):
    fine: Money
    interest: Money
    total: Money
    """The amount with both."""


class Debt(NamedTuple):
    """The amounts owed, in the order in which a payment covers them."""

    fine: Money
    interest: Money
    principal: Money

    @property
    def total(self) -> Money:
        return self.fine + self.interest + self.principal


class Covered(NamedTuple):
    paid: Debt
    remaining: Debt
    """Later interest runs on its principal alone."""
    left_over: Money
    """The excess over the debt: the customer's credit."""


def days_between(start: date, end: date) -> int:
    """Real days from one date to the other, the first not counted.

    >>> days_between(date(2015, 6, 1), date(2015, 7, 30))
    59
    """
    return (end - start).days


def days_late(due_on: date, paid_on: date, holidays: Collection[date] = ()) -> int:
    """Days for which fine and interest are due; `holidays` are the local ones, in addition to national and bank
    holidays."""
    if paid_on <= due_on:
        return 0
    if not is_business_day(due_on, holidays) and paid_on <= next_business_day(due_on, holidays):
        return 0
    return days_between(due_on, paid_on)


def late_charges(amount: Money, days: int, terms: LateTerms) -> LateCharges:
    """Fine and interest on an amount that is `days` late; zero if not late."""
    refuse_floats(days)
    if days <= 0:
        return LateCharges(ZERO, ZERO, amount)
    fine = rounded(amount.decimal * terms.fine_percent / 100, terms.rounding)
    base = amount + fine if terms.interest_on_fine else amount
    interest = interest_on(base, days, terms.monthly_interest_percent, terms.rounding)
    return LateCharges(fine, interest, amount + fine + interest)


def interest_on(
    principal: Money, days: int, monthly_percent: Decimal, rounding: Rounding = Rounding.HALF_UP
) -> Money:
    """R(principal x days x monthly % / 30); the day's rate is never rounded."""
    refuse_floats(days, monthly_percent)
    return rounded(Fraction(principal.decimal) * days * Fraction(monthly_percent) / 3000, rounding)


def fine_refusal(fine_percent: Decimal, *, is_consumer: bool) -> Refusal | None:
    """Why this fine may not be charged to a consumer; None if it may."""
    if not is_consumer or fine_percent <= CONSUMER_FINE_LIMIT:
        return None
    return Refusal(
        "late_charges.fine_above_limit",
        "A multa de um consumidor é de no máximo 2 % (CDC, art. 52, § 1º). Reduza a multa.",
        field="fine_percent",
    )


def cover(debt: Debt, paid: Money) -> Covered:
    """A payment covers the fine, then the interest, then the principal. ValueError for a negative payment."""
    if paid.cents < 0:
        raise ValueError("a payment is not negative")
    fine = min(debt.fine, paid)
    interest = min(debt.interest, paid - fine)
    principal = min(debt.principal, paid - fine - interest)
    return Covered(
        Debt(fine, interest, principal),
        Debt(debt.fine - fine, debt.interest - interest, debt.principal - principal),
        paid - fine - interest - principal,
    )
