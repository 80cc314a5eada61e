"""Reverse a settlement (estorno, INV-09): the invoice is as it was before, and both stay in the history.

The money leaves the account that the settlement moved. If the clerk names another one, its balance and the bank's
will no longer agree, so a confirmation is required. The money goes back to the payer, or to another account that the
clerk names.
"""

from datetime import date

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refusal, Refused, Severity, standing
from billing.core.period import Day
from billing.core.text import Id, Line
from billing.invoicing import invoices, refusals
from billing.invoicing import store as invoicing
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import TakeTitleBack
from billing.invoicing.states import ChargeStatus, LockKind
from billing.payments import store
from billing.payments.actions import SettlementAction
from billing.payments.model import AccountKind, CashAccount, Method, MovementKind, Reversal, Settlement
from billing.payments.receiving import move
from billing.payments.service import open_account


class ReversalRequest(Entity):
    """Estorno de uma liquidação."""

    customer_id: Id
    invoice_id: Id
    settlement_id: Id
    on: Day
    """Data do estorno, que não é a do pagamento."""
    reason: Line = Field(min_length=1, max_length=200, examples=["Cheque devolvido"])
    account_id: Id | None = None
    """Conta de onde o dinheiro sai; ausente, a da liquidação."""
    target_account_id: Id | None = None
    """Conta de destino, em que o valor do estorno entra; ausente, ele volta ao pagador."""
    confirm: bool = False


def reverse(call: Call, request: ReversalRequest, take_title_back: TakeTitleBack) -> Settlement:
    """The reversed settlement. A write-off that it requested and that is still waiting is cancelled. Raises NotFound,
    Forbidden, and Refused with every reason."""
    before = invoices.get(call, request.customer_id, request.invoice_id)
    settlement = _settlement(call, before, request.settlement_id)
    reasons = _reasons(call, before, settlement, request)
    if standing(reasons, confirmed=request.confirm):
        raise Refused.because(standing(reasons, confirmed=request.confirm))
    account_id = request.account_id or settlement.account_id
    changes = Changes(call)
    for moved in filter(None, (account_id, request.target_account_id)):
        open_account(call, changes, moved, before.company_id, request.on)
    undone = settlement.reversed(
        Reversal(
            on=request.on,
            reason=request.reason,
            account_id=account_id,
            target_account_id=request.target_account_id,
            actor_id=call.actor_id,
            at=call.now,
        )
    )
    put_reversed(call, changes, before, settlement, undone, take_title_back)
    move(
        call,
        changes,
        account_id,
        MovementKind.REVERSAL,
        -settlement.received,
        request.on,
        settlement.id,
        is_expected=settlement.is_expected,
    )
    move(
        call,
        changes,
        request.target_account_id,
        MovementKind.REVERSAL_TARGET,
        settlement.received,
        request.on,
        settlement.id,
    )
    return changes.commit_answering(undone)


def restored(invoice: Invoice, settlement: Settlement, adjustment: Charge | None) -> Invoice:
    """The invoice as it was before the settlement."""
    after = invoice.reversed(settlement.principal).unlocked(LockKind.AWAITING_RECONCILIATION, settlement.id)
    return after if adjustment is None else after.without_adjustment(adjustment)


def put_reversed(
    call: Call,
    changes: Changes,
    before: Invoice,
    settlement: Settlement,
    undone: Settlement,
    take_title_back: TakeTitleBack,
) -> None:
    """Put the invoice as it was, and the settlement `undone`; the caller moves the money."""
    assert undone.reversal is not None
    adjustment = _adjustment(call, settlement)
    if adjustment is not None:
        gone = adjustment.withdrawn()
        changes.put(
            invoicing.charge_row(call.tenant_id, gone),
            ChargeAction.WITHDRAWN,
            before=adjustment,
            after=gone,
            note=undone.reversal.reason,
        )
    _take_back_rebilled(call, changes, settlement)
    after = take_title_back(call, changes, restored(before, settlement, adjustment), settlement.id)
    invoicing.put_invoice(
        call.tenant_id,
        changes,
        before,
        after,
        InvoiceAction.REVERSED,
        charges=() if adjustment is None else (adjustment,),
        note=undone.reversal.reason,
    )
    changes.put(
        store.settlement_row(call.tenant_id, undone),
        SettlementAction.REVERSED,
        before=settlement,
        after=undone,
    )


def _take_back_rebilled(call: Call, changes: Changes, settlement: Settlement) -> None:
    """Remove the charge to which the balance was moved. Raises Refused if it is billed or paid."""
    if settlement.rebilled_charge_id is None:
        return
    before = invoicing.get_charge(call.tenant_id, settlement.customer_id, settlement.rebilled_charge_id)
    if before.status is ChargeStatus.REMOVED:
        return
    after = before.removed(None)
    row = invoicing.charge_row(call.tenant_id, after)
    changes.put(row, ChargeAction.REMOVED, before=before, after=after, note="Liquidação estornada")


def _adjustment(call: Call, settlement: Settlement) -> Charge | None:
    if settlement.adjustment_charge_id is None:
        return None
    return invoicing.get_charge(call.tenant_id, settlement.customer_id, settlement.adjustment_charge_id)


def _settlement(call: Call, invoice: Invoice, settlement_id: str) -> Settlement:
    """Raises Refused if the invoice has no settlement at all, NotFound if it has only others."""
    try:
        return store.get_settlement(call.tenant_id, invoice.customer_id, invoice.id, settlement_id)
    except NotFound:
        reasons = refusals.to_reverse(
            invoice, is_reversed=False, is_bank_period_closed=False, is_cash_box_closed=False
        )
        if reasons:
            raise Refused.because(reasons) from None
        raise


def _reasons(call: Call, invoice: Invoice, settlement: Settlement, request: ReversalRequest) -> list[Refusal]:
    account = _account(call, settlement)
    is_closed = account is not None and account.is_closed_on(settlement.moved_on)
    is_bank = account is not None and account.kind is AccountKind.BANK
    reasons = refusals.to_reverse(
        invoice,
        is_reversed=not settlement.is_live,
        is_bank_period_closed=is_closed and is_bank,
        is_cash_box_closed=is_closed and not is_bank,
    )
    reasons += [*of_many(settlement), *of_day(settlement, request.on, call.today)]
    target = of_target(settlement, request.account_id, request.target_account_id)
    return [*reasons, *of_account(settlement, request.account_id), *target]


def of_many(settlement: Settlement) -> list[Refusal]:
    """A receipt at the counter is one payment of several invoices, and so is what an agreement's instalments paid."""
    if settlement.method is Method.AGREEMENT and settlement.is_live:
        message = "Esta liquidação foi paga pelas parcelas de um parcelamento: não se estorna."
        return [Refusal("settlement.of_agreement", message, field="settlement_id")]
    if settlement.receipt_id is None or not settlement.is_live:
        return []
    message = "Esta liquidação é de um recibo do balcão: estorne o recibo, com todas as suas faturas."
    return [Refusal("settlement.of_receipt", message, field="settlement_id")]


def of_day(settlement: Settlement, on: date, today: date) -> list[Refusal]:
    """Why money cannot go back `on` that day: before it came, or in the future."""
    if settlement.settled_on <= on <= today:
        return []
    return [Refusal("reversal.date", "A data do estorno vai da data da liquidação até hoje.", field="on")]


def of_account(settlement: Settlement, account_id: str | None) -> list[Refusal]:
    if account_id in {None, settlement.account_id}:
        return []
    if settlement.account_id is None:
        message = "A liquidação não movimentou conta: deixe em branco a conta de onde o dinheiro sai."
        return [Refusal("reversal.no_account", message, field="account_id")]
    message = "ATENÇÃO: a conta não é a da liquidação, e os saldos não vão conferir. Confirme seu interesse."
    return [Refusal("reversal.other_account", message, Severity.ASKS, field="account_id")]


def of_target(settlement: Settlement, account_id: str | None, target_id: str | None) -> list[Refusal]:
    """Why money from `account_id` (None: the settlement's) cannot enter `target_id`."""
    if target_id is None:
        return []
    if settlement.account_id is None or settlement.is_expected:
        message = "A liquidação não movimentou saldo: deixe em branco a conta de destino."
        return [Refusal("reversal.no_target", message, field="target_account_id")]
    if target_id == (account_id or settlement.account_id):
        message = "A conta de destino é a mesma de onde o dinheiro sai."
        return [Refusal("reversal.same_account", message, field="target_account_id")]
    return []


def _account(call: Call, settlement: Settlement) -> CashAccount | None:
    if settlement.account_id is None:
        return None
    return store.get_account(call.tenant_id, settlement.account_id)
