"""Undo a counter receipt with all its invoices: the money comes out of the drawer of the person who undoes it (INV-09,
PAY-02)."""

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.errors import Refused
from billing.counter import sessions, store
from billing.counter.actions import CashSessionAction, CounterReceiptAction
from billing.counter.receipt import CounterReceipt, ReceiptLine, ReceiptReversal, ReceiptReversing
from billing.counter.receiving import get
from billing.invoicing import invoices, refusals
from billing.invoicing.letting_go import TakeTitleBack
from billing.payments import store as payments
from billing.payments.model import MovementKind, Reversal
from billing.payments.receiving import move
from billing.payments.reversing import put_reversed
from billing.payments.service import open_account


def reverse(call: Call, request: ReceiptReversing, take_title_back: TakeTitleBack) -> CounterReceipt:
    """Money goes back by the means by which it was paid. Raises NotFound, Forbidden; Refused if the settlement of an
    invoice cannot be undone, if the cash box is closed for that day, or if the caller's drawer has less."""
    before = get(call, request.customer_id, request.receipt_id)
    session = sessions.own_in(call, before.company_id)
    reversal = ReceiptReversal(
        on=call.today, reason=request.reason, session_id=session.id, actor_id=call.actor_id, at=call.now
    )
    after = before.reversed(reversal)
    changes = Changes(call)
    open_account(call, changes, session.account_id, before.company_id, call.today)
    for line in before.lines:
        _undo(call, changes, after, line, session.account_id, take_title_back)
    emptier = session.giving_back(before.kept, call.now)
    note = f"Estorno do recibo nº {before.number}: {request.reason}"
    sessions.put(call, changes, session, emptier, CashSessionAction.GAVE_BACK, note)
    row = store.receipt_row(call.tenant_id, after)
    changes.put(row, CounterReceiptAction.REVERSED, before=before, after=after, note=request.reason)
    return changes.commit_answering(after)


def _undo(
    call: Call,
    changes: Changes,
    receipt: CounterReceipt,
    line: ReceiptLine,
    account_id: str,
    take_title_back: TakeTitleBack,
) -> None:
    assert receipt.reversal is not None
    invoice = invoices.get(call, receipt.customer_id, line.invoice_id)
    settlement = payments.get_settlement(
        call.tenant_id, receipt.customer_id, line.invoice_id, line.settlement_id
    )
    box = payments.get_account(call.tenant_id, receipt.account_id)
    reasons = refusals.to_reverse(
        invoice,
        is_reversed=not settlement.is_live,
        is_bank_period_closed=False,
        is_cash_box_closed=box.is_closed_on(settlement.moved_on),
    )
    if reasons:
        raise Refused.because(reasons)
    undone = settlement.reversed(
        Reversal(
            on=receipt.reversal.on,
            reason=receipt.reversal.reason,
            account_id=account_id,
            actor_id=call.actor_id,
            at=call.now,
        )
    )
    put_reversed(call, changes, invoice, settlement, undone, take_title_back)
    amount, on = -settlement.received, receipt.reversal.on
    move(call, changes, account_id, MovementKind.REVERSAL, amount, on, settlement.id)
