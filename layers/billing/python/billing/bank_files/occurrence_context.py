"""What an effect of an occurrence is given and answers."""

from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files.model import OccurrenceOutcome
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import Occurrence
from billing.invoicing import store as invoices
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import REMITTANCE_MOVES, RemittanceState


class OccurrenceContext(NamedTuple):
    """An occurrence, whose title it is, and where its effects are put."""

    call: Call
    changes: Changes
    profile: PaymentProfile
    occurrence: Occurrence
    occurrence_id: str
    invoice: Invoice | None

    def put(self, before: Invoice, after: Invoice, action: InvoiceAction, note: str | None = None) -> None:
        invoices.put_invoice(self.call.tenant_id, self.changes, before, after, action, note=note)


class Applied(NamedTuple):
    """What became of it, and in words."""

    outcome: OccurrenceOutcome
    message: str
    instruction_id: str | None = None


def may_become(invoice: Invoice, state: RemittanceState) -> bool:
    return state in REMITTANCE_MOVES[invoice.remittance]
