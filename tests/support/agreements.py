"""Debts to renegotiate for tests: Ana's invoices at the counter of Alfa, and agreements about them."""

from datetime import date
from typing import Any

from billing.access.call import Call
from billing.agreements import ending, service, settings
from billing.agreements.model import (
    AgreementRequest,
    BreakProposal,
    ConfirmedAgreement,
    ConfirmedBreak,
    InstalmentAgreement,
)
from billing.agreements.settings import AgreementSettingsData
from billing.bank_files.ending import let_go, take_back
from billing.core.money import ZERO, Money
from billing.invoicing import invariants, store
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments import settling
from billing.payments.settling import SettlementByHand
from tests.support.billing import company, customer, keep, profile
from tests.support.counter import put
from tests.support.invoices import charge, invoice
from tests.support.requests import anew

CUSTOMER = "cus_ana0"
REQUEST = AgreementRequest(
    invoice_ids=("inv_ana0",), instalments=3, first_due_on=date(2026, 4, 10), payment_profile_id="pro_itau"
)
"""For invoice 7, in three instalments, monthly from 10/04."""


def base(call: Call) -> None:
    """Ana owes invoice 7 of R$ 100.00, due on 10/02, 28 days ago."""
    keep(call, company(), profile(), customer(CUSTOMER))
    owe(call)


def owe(call: Call, **changes: Any) -> Invoice:
    """An invoice with its one charge."""
    owed = invoice(**{"due_on": date(2026, 2, 10), "issued_on": date(2026, 2, 1), **changes})
    part = charge(contract_id=f"con_{owed.id}", amount=str(owed.amount), due_on=owed.due_on)
    owed = owed.evolve(charge_ids=(part.id,))
    billed = part.evolve(status=ChargeStatus.BILLED, invoice_id=owed.id)
    put(store.invoice_row(call.tenant_id, owed), store.charge_row(call.tenant_id, billed))
    return store.get_invoice(call.tenant_id, CUSTOMER, owed.id)


def configure(call: Call, **rules: Any) -> None:
    version = settings.of_company(call.tenant_id, "com_alfa").version
    settings.change(anew(call), "com_alfa", version, AgreementSettingsData(**rules))


def confirm(
    call: Call, request: AgreementRequest = REQUEST, proposal: str | None = None
) -> InstalmentAgreement:
    shown = proposal or service.propose(call, CUSTOMER, request).proposal
    return service.confirm(call, CUSTOMER, ConfirmedAgreement(**dict(request), proposal=shown), let_go)


def agree(call: Call, **changes: Any) -> InstalmentAgreement:
    return confirm(anew(call), REQUEST.evolve(**changes))


def propose_break(call: Call, agreement: InstalmentAgreement) -> BreakProposal:
    return ending.propose_break(call, CUSTOMER, agreement.id)


def broken(call: Call, agreement: InstalmentAgreement, proposal: str | None = None) -> InstalmentAgreement:
    request = ConfirmedBreak(reason="Não pagou", proposal=proposal or propose_break(call, agreement).proposal)
    return ending.break_agreement(call, CUSTOMER, agreement.id, request, let_go, take_back)


def charge_of(call: Call, agreement: InstalmentAgreement, number: int) -> Charge:
    return store.get_charge(call.tenant_id, CUSTOMER, agreement.charge_id(number))


def invoice_of(call: Call, agreement: InstalmentAgreement, number: int) -> Invoice:
    """The invoice of one of its instalments."""
    invoice_id = charge_of(call, agreement, number).invoice_id
    assert invoice_id is not None
    return store.get_invoice(call.tenant_id, CUSTOMER, invoice_id)


def pay(call: Call, owed: Invoice) -> None:
    """Pay the amount due today, by hand."""
    request = SettlementByHand.model_validate(
        {
            "method": "other",
            "justification": "Pago no balcão",
            "invoices": [{"customer_id": CUSTOMER, "invoice_id": owed.id}],
            "settled_on": call.today,
        }
    )
    (answer,) = settling.settle(anew(call), request, let_go).items
    assert answer.made, answer


def pay_in_part(call: Call, owed: Invoice, amount: str) -> None:
    """As a return reports it."""
    put(store.invoice_row(call.tenant_id, owed.received(Money(amount), call.today)))


def kept(call: Call, invoice_id: str = "inv_ana0") -> Invoice:
    return store.get_invoice(call.tenant_id, CUSTOMER, invoice_id)


def open_sum(call: Call) -> Money:
    """What the customer owes, billed and not."""
    invoices = store.invoices_of(call.tenant_id, CUSTOMER)
    charges = store.charges_of(call.tenant_id, CUSTOMER)
    billed = Money.sum(one.balance for one in invoices if one.status is InvoiceStatus.OPEN)
    unbilled = Money.sum(one.amount for one in charges if one.status is ChargeStatus.UNBILLED)
    return billed + unbilled + ZERO


def is_sound(call: Call) -> bool:
    charges = store.charges_of(call.tenant_id, CUSTOMER)
    return list(invariants.of_customer(charges, store.invoices_of(call.tenant_id, CUSTOMER))) == []
