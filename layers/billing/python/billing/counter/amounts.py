"""The amounts due today on a customer's open invoices, and the reasons against a receipt for each (PAY-02..PAY-05)."""

from collections.abc import Mapping

from billing.access.call import Call
from billing.audit.batches import as_reasons
from billing.banking.model import PaymentProfile
from billing.banking.store import profiles
from billing.core.errors import Refusal
from billing.core.money import ZERO, Money
from billing.counter.receipt import AmountDue, AmountsDue, ReceiptLine
from billing.customers import store as customers
from billing.customers.listed_reasons import ReasonKind, find_listed
from billing.customers.model import Customer
from billing.invoicing import refusals
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus
from billing.payments.invoice_lateness import lateness
from billing.payments.late_charges import days_late
from billing.payments.settling import owed_on, settlement_id_of


def amounts_due(call: Call, customer_id: str) -> AmountsDue:
    """Invoices of the caller's companies, earliest due date first. Raises NotFound."""
    customer = customers.get(call.tenant_id, customer_id)
    known = {profile.id: profile for profile in profiles(call.tenant_id)}
    owed = [
        invoice
        for invoice in invoicing.invoices_of(call.tenant_id, customer_id)
        if invoice.status in {InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED}
        and call.works_for(invoice.company_id)
    ]
    ordered = sorted(owed, key=lambda invoice: (invoice.due_on, invoice.number))
    items = tuple(amount_due(call, invoice, known) for invoice in ordered)
    return AmountsDue(
        items=items,
        total=Money.sum(item.total for item in items),
        protest_status=customer.protest_status if forbids_receipt(call, customer) else None,
    )


def amount_due(call: Call, invoice: Invoice, known: Mapping[str, PaymentProfile]) -> AmountDue:
    line = line_of(call, invoice, known)
    return AmountDue(
        invoice_id=invoice.id,
        company_id=invoice.company_id,
        number=invoice.number,
        description=invoice.description,
        due_on=invoice.due_on,
        days_late=days_late(invoice.due_on, call.today),
        amount=line.amount,
        discount=line.on_time_discount,
        fine=line.fine,
        interest=line.interest,
        total=line.received,
        total_without_interest=line.received - line.interest,
        reasons=as_reasons(refusals.to_settle(invoice)),
    )


def line_of(
    call: Call, invoice: Invoice, known: Mapping[str, PaymentProfile], *, waives_interest: bool = False
) -> ReceiptLine:
    """The amount due today on the invoice, as a receipt line without a further discount."""
    due, fine, interest = owed_on(invoice, call.today), ZERO, ZERO
    profile = known.get(invoice.payment_profile_id or "")
    if profile is not None and not invoice.paid:
        late = lateness(invoice, profile.terms, call.today)
        fine, interest = late.fine, late.interest
    charged_interest = ZERO if waives_interest else interest
    return ReceiptLine(
        invoice_id=invoice.id,
        settlement_id=settlement_id_of(invoice),
        number=invoice.number,
        description=invoice.description,
        due_on=invoice.due_on,
        amount=invoice.balance,
        on_time_discount=due.discount,
        fine=fine,
        interest=charged_interest,
        waived_interest=interest - charged_interest,
        received=due.payable + fine + charged_interest,
    )


def forbids_receipt(call: Call, customer: Customer) -> bool:
    """Whether the customer's protest status forbids a receipt; a status that has been ended in the list still does."""
    if customer.protest_status is None:
        return False
    status = find_listed(call.tenant_id, ReasonKind.PROTEST_STATUS, customer.protest_status)
    return status is not None and status.forbids_receipt


def under_protest(customer: Customer) -> Refusal:
    message = (
        f"Não permite fazer o recibo: o cliente está em {customer.protest_status}. "
        "Solicite ao administrador uma senha para continuar."
    )
    return Refusal("counter_receipt.under_protest", message, field="protest_authorisation_id")
