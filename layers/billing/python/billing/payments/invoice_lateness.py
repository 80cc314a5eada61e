"""Fine and interest of an overdue invoice, as its boleto states them.

The counter's receipt and the second copy ask for them, the copy's Pix code too, and a Pix of that amount pays the invoice.
Where the bank's file states interest in cents a day, it is days x cents: 100.00, 59 days, 2 %, 1 % a month are 2.00 and
59 x 0.03 = 1.77; where it states a monthly rate, 100.00 x 59 x 1 % / 30 = 1.97.
"""

from datetime import date
from typing import NamedTuple

from billing.banking.remittance import told_interest
from billing.banking.terms import BankTerms
from billing.core.money import ZERO, Money
from billing.invoicing.invoice import Invoice
from billing.payments.late_charges import days_late, interest_on


class Lateness(NamedTuple):
    """Multa e juros até um dia."""

    fine: Money
    interest: Money

    @property
    def total(self) -> Money:
        return self.fine + self.interest

    def within(self, excess: Money) -> "Lateness":
        """The part of it that was paid beyond the balance, the fine first."""
        fine = min(self.fine, excess)
        return Lateness(fine, min(self.interest, excess - fine))


NOT_LATE = Lateness(ZERO, ZERO)


def lateness(invoice: Invoice, terms: BankTerms, day: date) -> Lateness:
    """On the invoice's amount, at the bank account's fine and interest."""
    days = days_late(invoice.due_on, day)
    if not days:
        return NOT_LATE
    fine = Money.rounded(invoice.amount.decimal * terms.fine_percent / 100)
    return Lateness(fine, _interest(terms, invoice.amount, days))


def _interest(terms: BankTerms, amount: Money, days: int) -> Money:
    interest = told_interest(terms, amount.cents)
    if interest is None:
        return ZERO
    if interest.monthly_percent is not None:
        return interest_on(amount, days, interest.monthly_percent)
    return Money.from_cents(interest.daily_cents * days)
