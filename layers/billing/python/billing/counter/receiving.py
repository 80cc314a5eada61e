"""Make a receipt at the counter: settle every invoice, put the money in the drawer and number the receipt, all or
nothing (PAY-02..PAY-04)."""

from itertools import chain

from billing.access.call import Call
from billing.access.model import Permission
from billing.audit.batches import all_of, as_reasons
from billing.audit.changes import Changes, trying_again
from billing.audit.history import Recorded
from billing.banking.store import profiles
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.money import Money
from billing.counter import authorising, sessions, store
from billing.counter.actions import CashSessionAction, CounterReceiptAction
from billing.counter.amounts import forbids_receipt, line_of, under_protest
from billing.counter.authorisation import Authorisation, AuthorisationPurpose
from billing.counter.receipt import (
    CounterReceipt,
    GivenDiscount,
    NewCounterReceipt,
    ReceiptLine,
    change_of,
    with_discount,
)
from billing.customers import store as customers
from billing.customers.listed_reasons import ReasonKind, require_offered
from billing.customers.model import Customer
from billing.invoicing import invoices, refusals
from billing.invoicing import store as invoicing
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.payments import store as payments
from billing.payments.actions import SettlementAction
from billing.payments.model import Method, MovementKind, Settlement
from billing.payments.receiving import move
from billing.payments.service import open_account


def make(call: Call, new: NewCounterReceipt, let_title_go: LetTitleGo) -> CounterReceipt:
    """Takes the company's next number in the same transaction: without gaps, even if others make receipts at the same
    time. Raises NotFound, Forbidden, Refused with every reason."""
    return trying_again(call, lambda: _make(call, new, let_title_go))


def of_customer(call: Call, customer_id: str) -> list[CounterReceipt]:
    """Receipts of the caller's companies, newest first. Raises NotFound."""
    customers.get(call.tenant_id, customer_id)
    return [one for one in store.receipts_of(call.tenant_id, customer_id) if call.works_for(one.company_id)]


def get(call: Call, customer_id: str, receipt_id: str) -> CounterReceipt:
    """Raises NotFound, Forbidden."""
    receipt = store.get_receipt(call.tenant_id, customer_id, receipt_id)
    call.require_company(receipt.company_id)
    return receipt


def history_of(call: Call, customer_id: str, receipt_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    receipt = get(call, customer_id, receipt_id)
    return Recorded.of(receipt, store.receipt_row(call.tenant_id, receipt))


def _make(call: Call, new: NewCounterReceipt, let_title_go: LetTitleGo) -> CounterReceipt:
    customer = customers.get(call.tenant_id, new.customer_id)
    owed = all_of("invoice_ids", new.invoice_ids, lambda id_: _receivable(call, new.customer_id, id_))
    company_id = _one_company(owed)
    lines = _lines(call, new, owed)
    if new.discount is not None:
        lines = with_discount(lines, new.discount.amount)
    total = Money.sum(line.received for line in lines)
    _require_as_shown(new.total, total)
    change = change_of(new.paid, total)
    session = sessions.own_in(call, company_id)
    changes, receipt_id = Changes(call), new_id("rcp")
    discount = _discount(call, changes, new, company_id, receipt_id)
    protest = _despite_protest(call, changes, new, customer, company_id, receipt_id)
    last = store.last_number(call.tenant_id, company_id)
    receipt = CounterReceipt(
        id=receipt_id,
        number=last.last + 1,
        company_id=company_id,
        customer_id=customer.id,
        session_id=session.id,
        account_id=session.account_id,
        lines=lines,
        total=total,
        paid=new.paid,
        change=change,
        discount=discount,
        protest_authoriser_id=None if protest is None else protest.authoriser_id,
        operator_id=call.actor_id,
        made_on=call.today,
        at=call.now,
    )
    open_account(call, changes, session.account_id, company_id, call.today)
    warnings = [
        _settle(call, changes, receipt, *pair, let_title_go) for pair in zip(owed, lines, strict=True)
    ]
    receipt = receipt.evolve(warnings=as_reasons(dict.fromkeys(chain.from_iterable(warnings))))
    after = session.receiving(receipt.kept, call.now)
    note = f"Recibo nº {receipt.number}"
    sessions.put(call, changes, session, after, CashSessionAction.RECEIVED, note)
    changes.include(store.number_row(call.tenant_id, company_id, last.evolve(last=receipt.number)))
    changes.include(store.of_session_row(call.tenant_id, receipt))
    changes.put(store.receipt_row(call.tenant_id, receipt), CounterReceiptAction.MADE)
    return changes.commit_answering(receipt)


def _receivable(call: Call, customer_id: str, invoice_id: str) -> Invoice:
    """Raises NotFound, Forbidden, Refused as for a manual settlement (INV-08)."""
    invoice = invoices.get(call, customer_id, invoice_id)
    refusals.require(refusals.to_settle(invoice))
    return invoice


def _one_company(owed: list[Invoice]) -> str:
    """The company that makes the receipt. Raises Refused if there are several."""
    company_ids = {invoice.company_id for invoice in owed}
    if len(company_ids) > 1:
        message = "As faturas são de empresas diferentes: faça um recibo para cada empresa."
        raise Refused.because([Refusal("counter_receipt.companies", message, field="invoice_ids")])
    return company_ids.pop()


def _lines(call: Call, new: NewCounterReceipt, owed: list[Invoice]) -> tuple[ReceiptLine, ...]:
    """Raises Forbidden if the caller waives interest without the permission (PAY-03)."""
    if new.waives_interest:
        call.require(Permission.PAYMENTS_WAIVE_INTEREST)
    known = {profile.id: profile for profile in profiles(call.tenant_id)}
    return tuple(line_of(call, one, known, waives_interest=new.waives_interest) for one in owed)


def _require_as_shown(shown: Money, total: Money) -> None:
    """The amount received must be the one that the clerk told the customer. Raises Refused."""
    if shown != total:
        message = f"O valor devido hoje é {total.format_br()}, e não {shown.format_br()}: confira e confirme de novo."
        raise Refused.because([Refusal("counter_receipt.total", message, field="total")])


def _discount(
    call: Call, changes: Changes, new: NewCounterReceipt, company_id: str, receipt_id: str
) -> GivenDiscount | None:
    request = new.discount
    if request is None:
        return None
    kind = ReasonKind.DISCOUNT_TYPE
    listed = require_offered(call.tenant_id, kind, request.discount_type, "discount.discount_type")
    given = authorising.use(
        call,
        changes,
        request.authorisation_id,
        AuthorisationPurpose.DISCOUNT,
        customer_id=new.customer_id,
        company_id=company_id,
        receipt_id=receipt_id,
    )
    return GivenDiscount(
        amount=request.amount,
        discount_type=listed.name,
        reason=request.reason,
        authoriser_id=given.authoriser_id,
        authoriser_name=given.authoriser_name,
    )


def _despite_protest(
    call: Call,
    changes: Changes,
    new: NewCounterReceipt,
    customer: Customer,
    company_id: str,
    receipt_id: str,
) -> Authorisation | None:
    """The authorisation that allows a receipt under protest; None if none is needed, or if the operator has the
    permission. Raises Refused (PAY-04)."""
    if not forbids_receipt(call, customer) or Permission.PAYMENTS_UNDER_PROTEST in call.permissions:
        return None
    if new.protest_authorisation_id is None:
        raise Refused.because([under_protest(customer)])
    return authorising.use(
        call,
        changes,
        new.protest_authorisation_id,
        AuthorisationPurpose.UNDER_PROTEST,
        customer_id=customer.id,
        company_id=company_id,
        receipt_id=receipt_id,
    )


def _settle(
    call: Call,
    changes: Changes,
    receipt: CounterReceipt,
    before: Invoice,
    line: ReceiptLine,
    let_title_go: LetTitleGo,
) -> list[Refusal]:
    """Settle the whole invoice and let go of its boleto at the bank, as a manual settlement does; returns what the
    clerk should know about it."""
    settlement = Settlement(
        id=line.settlement_id,
        customer_id=before.customer_id,
        company_id=before.company_id,
        invoice_id=before.id,
        method=Method.COUNTER,
        principal=before.balance,
        interest=line.interest,
        fine=line.fine,
        discount=line.on_time_discount + line.discount,
        received=line.received,
        settled_on=receipt.made_on,
        account_id=receipt.account_id,
        source=call.actor_id,
        justification=f"Recibo nº {receipt.number}",
        receipt_id=receipt.id,
    )
    settled = before.received(before.balance, receipt.made_on)
    after, warnings = let_title_go(
        call, changes, settled, LetGo(f"Recibo nº {receipt.number}", settlement.id)
    )
    note = settlement.justification
    invoicing.put_invoice(call.tenant_id, changes, before, after, InvoiceAction.SETTLED, note=note)
    changes.put(payments.settlement_row(call.tenant_id, settlement), SettlementAction.MADE)
    kind, amount = MovementKind.RECEIPT, settlement.received
    move(call, changes, receipt.account_id, kind, amount, receipt.made_on, settlement.id)
    return warnings
