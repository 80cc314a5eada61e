"""Reconcile a settlement by the payment profile with the bank's credit, manually (BNK-08); after that it counts in
the balance.

A return with the same amount from the same profile does so automatically (`receiving`).
"""

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.period import Day
from billing.core.text import Id
from billing.invoicing import invoices
from billing.payments import store
from billing.payments.model import MovementKind, Settlement
from billing.payments.receiving import match, post
from billing.payments.service import open_account


class CreditFound(Entity):
    """O crédito do banco de uma liquidação que o aguarda."""

    customer_id: Id
    invoice_id: Id
    settlement_id: Id
    credited_on: Day = Field(examples=["2026-04-13"])
    """Data do crédito no extrato."""


def reconcile(call: Call, request: CreditFound) -> Settlement:
    """Raises NotFound, Forbidden, Refused."""
    invoice = invoices.get(call, request.customer_id, request.invoice_id)
    settlement = store.get_settlement(call.tenant_id, invoice.customer_id, invoice.id, request.settlement_id)
    if request.credited_on > call.today:
        message = "A data do crédito não pode ser futura."
        raise Refused.because([Refusal("settlement.credit_ahead", message, field="credited_on")])
    changes = Changes(call)
    credited, account_id = None, settlement.account_id
    if account_id is not None and settlement.is_expected:
        credited = open_account(call, changes, account_id, invoice.company_id, request.credited_on)
    matched = match(call, changes, invoice, settlement, request.credited_on, credited)
    post(
        call, changes, credited, MovementKind.RECEIPT, settlement.received, request.credited_on, settlement.id
    )
    return changes.commit_answering(matched)
