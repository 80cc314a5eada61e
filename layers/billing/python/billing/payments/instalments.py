"""Instalments of a debt agreement (parcelamento, PAY-06): the parts always sum to the total, ties to the last.

>>> [str(each.principal) for each in instalments(Money("100.00"), 3, first_due_on=date(2026, 1, 10), every_days=30)]
['33.33', '33.33', '33.34']
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.core.period import add_months
from billing.payments.late_charges import LateCharges, LateTerms, days_late, interest_on, late_charges

MOST = 360


class Instalment(NamedTuple):
    due_on: date
    principal: Money
    interest: Money
    total: Money


class Interest(NamedTuple):
    """Simple interest from the day of the agreement to each instalment's due date."""

    agreed_on: date
    monthly_percent: Decimal


class Receivable(NamedTuple):
    """A receivable included in an agreement."""

    amount: Money
    due_on: date


def instalments(
    total: Money, count: int, *, first_due_on: date, every_days: int | None, interest: Interest | None = None
) -> list[Instalment]:
    """Equal parts by largest remainder; with interest, each has R(its principal x days / 30 x monthly %) added. Without
    `every_days`, the parts are due monthly, on the day of the first.

    Refused for no instalment, more than 360, an interval below one day, or a due date before the agreement.
    """
    if not 1 <= count <= MOST:
        raise Refused("instalments.count", f"O número de parcelas vai de 1 a {MOST}.")
    if every_days is not None and every_days < 1:
        raise Refused("instalments.interval", "O intervalo entre parcelas é de pelo menos um dia.")
    if interest is not None and first_due_on < interest.agreed_on:
        raise Refused("instalments.first_due", "A primeira parcela vence antes da data do acordo.")
    parts = total.allocate([1] * count)
    return [
        _instalment(
            part,
            add_months(first_due_on, i)
            if every_days is None
            else first_due_on + timedelta(days=i * every_days),
            interest,
        )
        for i, part in enumerate(parts)
    ]


def _instalment(principal: Money, due_on: date, interest: Interest | None) -> Instalment:
    if interest is None:
        return Instalment(due_on, principal, ZERO, principal)
    days = (due_on - interest.agreed_on).days
    bears = interest_on(principal, days, interest.monthly_percent)
    return Instalment(due_on, principal, bears, principal + bears)


def agreed_debt(
    receivables: Iterable[Receivable], agreed_on: date, terms: LateTerms | None, holidays: Iterable[date] = ()
) -> list[LateCharges]:
    """What is owed for each receivable on the day of the agreement; without terms, fine and interest are waived."""
    closed = frozenset(holidays)
    return [
        LateCharges(ZERO, ZERO, receivable.amount)
        if terms is None
        else late_charges(receivable.amount, days_late(receivable.due_on, agreed_on, closed), terms)
        for receivable in receivables
    ]
