"""Apply a payment reported by the bank to the invoice and the cash account, and any rest to the list of held
receipts.

The caller owns the transaction: everything here is added to its `Changes`, under ids derived from the payment's
source, so that the same payment is received once. Money credited by the bank moves the account's balance whether or
not it matches an invoice; if the account is closed on the bank's day, it does so on the first open day.
"""

from datetime import date
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.errors import Refusal, Refused
from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Month
from billing.invoicing import store as invoices
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.invoicing.states import InvoiceStatus, LockKind
from billing.payments import settings, store
from billing.payments.actions import ReceiptAction
from billing.payments.adjusting import adjustment, within
from billing.payments.model import (
    CashAccount,
    CashMovement,
    HeldReason,
    HeldReceipt,
    Method,
    MovementKind,
    Settlement,
)
from billing.payments.payment_after_end import story_of


class BankPayment(NamedTuple):
    """A payment as reported by a bank, with separate amounts."""

    source: str
    """What identifies the payment: the occurrence's identity."""
    company_id: str
    profile_id: str
    account_id: str | None
    nosso_numero: str
    received: Money
    """Gross: what the payer paid."""
    interest: Money
    fine: Money
    discount: Money
    """Discount and rebate."""
    tariff: Money
    paid_on: date
    credited_on: date | None
    method: Method = Method.BANK_RETURN
    ends_title: bool = True
    """Whether the boleto can no longer be paid: it was not a partial payment."""

    @property
    def day(self) -> date:
        """The bank's own day for its movements."""
        return self.credited_on or self.paid_on

    @property
    def principal(self) -> Money:
        return self.received - self.interest - self.fine + self.discount


class Received(NamedTuple):
    """What was done with a payment, in words for a clerk."""

    message: str
    held: HeldReceipt | None = None
    made: tuple[str, ...] = ()
    """Id of the settlement or of the held receipt."""
    warnings: tuple[Refusal, ...] = ()


def receive(
    call: Call,
    changes: Changes,
    payment: BankPayment,
    invoice: Invoice | None,
    let_title_go: LetTitleGo | None = None,
) -> Received:
    """Put the settlement, the movements and any held receipt into `changes`. `invoice` is the matching title; a
    settlement other than by its boleto lets go of the title.

    Raises NotFound, and Refused for an account that is not the company's.
    """
    account = account_of(call, changes, payment.account_id, payment.company_id, payment.source)
    _move(call, changes, payment, account)
    if invoice is None:
        return _hold_all(call, changes, payment, None, HeldReason.UNKNOWN_TITLE, _NO_INVOICE[payment.method])
    if not payment.received:
        message = (
            f"O banco informa a liquidação da Fatura {invoice.number} com valor zero: nada foi lançado, e a fatura fica como "
            "está. Confira o extrato e peça ao banco o valor pago."
        )
        held = _hold(call, changes, payment, invoice, HeldReason.NOTHING_PAID, ZERO, ZERO, message)
        return Received(message, held)
    title = invoice.paid_at_bank() if payment.ends_title else invoice
    expected = _expected(call, payment, invoice)
    if expected is not None:
        awaited = account
        if account is None or expected.account_id != account.id:
            awaited = account_of(call, changes, expected.account_id, payment.company_id, payment.source)
        match(call, changes, invoice, expected, payment.day, awaited, _posted_on(payment, account), title)
        return Received(f"Liquidação da Fatura {invoice.number} conciliada com o crédito do banco.")
    reason, why = _unsettleable(call, payment, invoice)
    if reason is not None:
        if title != invoice:
            action = InvoiceAction.PAID_AT_BANK
            invoices.put_invoice(call.tenant_id, changes, invoice, title, action, note=payment.source)
        return _hold_all(call, changes, payment, invoice, reason, why)
    return _settle(call, changes, payment, invoice, title, _posted_on(payment, account), let_title_go)


def settle_with_held(
    call: Call,
    changes: Changes,
    receipt: HeldReceipt,
    account_id: str | None,
    invoice: Invoice,
    let_title_go: LetTitleGo,
) -> Received:
    """Settle an invoice with money held before, in the account since then: nothing moves. As with a bank's payment,
    what is over is held again, and what is missing is noted. Raises Refused."""
    assert receipt.paid_on is not None
    payment = BankPayment(
        source=receipt.id,
        company_id=receipt.company_id,
        profile_id=receipt.profile_id,
        account_id=account_id,
        nosso_numero=receipt.nosso_numero,
        received=receipt.held,
        interest=ZERO,
        fine=ZERO,
        discount=ZERO,
        tariff=ZERO,
        paid_on=receipt.paid_on,
        credited_on=None,
        ends_title=False,
    )
    reason, why = _unsettleable(call, payment, invoice)
    if reason is not None:
        message = f"A fatura não pode ser liquidada com este valor: {why}."
        raise Refused.because([Refusal("held.invoice", message, field="invoice")])
    return _settle(call, changes, payment, invoice, invoice, None, let_title_go)


_NO_INVOICE = {
    Method.BANK_RETURN: "nenhuma fatura tem este nosso número",
    Method.PIX: "nenhuma fatura em aberto, ou mais de uma, corresponde a este Pix",
}


def _unsettleable(call: Call, payment: BankPayment, invoice: Invoice) -> tuple[HeldReason | None, str]:
    """Why the payment cannot settle the invoice, with an explanation; None if it can."""
    if invoice.status is InvoiceStatus.SETTLED:
        return HeldReason.DUPLICATE, story_of(call, invoice)
    if invoice.status is not InvoiceStatus.OPEN:
        return HeldReason.NOT_OPEN, story_of(call, invoice)
    if payment.principal <= ZERO:
        why = f"o que foi pago da Fatura {invoice.number} cobre só juros e multa"
        return HeldReason.WITHOUT_PRINCIPAL, why
    return None, ""


def _settle(
    call: Call,
    changes: Changes,
    payment: BankPayment,
    invoice: Invoice,
    title: Invoice,
    posted_on: date | None,
    let_title_go: LetTitleGo | None,
) -> Received:
    """`title` is the invoice as the payment leaves its boleto at the bank."""
    settlement_id = derived_id("set", payment.source)
    tolerated = _tolerated(call, payment, invoice, settlement_id)
    if tolerated is not None:
        title = title.adjusted(tolerated)
        changes.put(invoices.charge_row(call.tenant_id, tolerated), ChargeAction.ADDED_BY_SETTLEMENT)
    excess = max(ZERO, payment.principal - title.balance)
    principal = payment.principal - excess
    settlement = Settlement(
        id=settlement_id,
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        method=payment.method,
        principal=principal,
        interest=payment.interest,
        fine=payment.fine,
        discount=payment.discount,
        received=payment.received - excess,
        settled_on=payment.paid_on,
        credited_on=payment.credited_on,
        posted_on=posted_on,
        account_id=payment.account_id,
        profile_id=payment.profile_id,
        source=payment.source,
        reconciled=True,
        adjustment_charge_id=None if tolerated is None else tolerated.id,
    )
    after = title.received(principal, payment.paid_on, reconciled=True)
    action = InvoiceAction.SETTLED if after.status is InvoiceStatus.SETTLED else InvoiceAction.PARTLY_PAID
    changes.include(store.settlement_row(call.tenant_id, settlement))
    charges = () if tolerated is None else (tolerated,)
    note, warnings = _paid(settlement), list[Refusal]()
    if let_title_go is not None and after.status is InvoiceStatus.SETTLED:
        why = LetGo(f"Liquidação: {_paid(settlement)}", settlement.id)
        after, warnings = let_title_go(call, changes, after, why)
    received = Received("", made=(settlement.id,), warnings=tuple(warnings))
    invoices.put_invoice(call.tenant_id, changes, invoice, after, action, charges=charges, note=note)
    if excess:
        message = f"Fatura {invoice.number} liquidada; {excess.format_br()} pagos a maior foram retidos."
        held = _hold(call, changes, payment, invoice, HeldReason.OVERPAID, excess, ZERO, message)
        return received._replace(message=message, held=held)
    if after.balance:
        message = f"Fatura {invoice.number} paga a menor: faltam {after.balance.format_br()}."
        held = _hold(call, changes, payment, invoice, HeldReason.SHORT, ZERO, after.balance, message)
        return received._replace(message=message, held=held)
    return received._replace(message=f"Fatura {invoice.number} liquidada.")


def _paid(settlement: Settlement) -> str:
    return f"{settlement.received.format_br()} pagos em {settlement.settled_on:%d/%m/%Y}"


def _tolerated(call: Call, payment: BankPayment, invoice: Invoice, settlement_id: str) -> Charge | None:
    """The charge for a difference that the company does not collect."""
    difference = payment.principal - invoice.balance
    if not difference:
        return None
    accounts = settings.of_company(call.tenant_id, invoice.company_id)
    if not within(accounts.settlement_tolerance, difference):
        return None
    return adjustment(invoice, difference, settlement_id=settlement_id, on=payment.paid_on, accounts=accounts)


def _expected(call: Call, payment: BankPayment, invoice: Invoice) -> Settlement | None:
    """The manual settlement that waits for this same credit (BNK-08); with another amount, it is a second payment."""
    if not invoice.is_locked(LockKind.AWAITING_RECONCILIATION):
        return None
    for settlement in store.settlements_of(call.tenant_id, invoice.customer_id, invoice.id):
        if (
            settlement.is_live
            and settlement.is_expected
            and settlement.settled_on <= payment.day
            and (settlement.profile_id, settlement.received) == (payment.profile_id, payment.received)
        ):
            return settlement
    return None


def match(
    call: Call,
    changes: Changes,
    invoice: Invoice,
    settlement: Settlement,
    credited_on: date,
    account: CashAccount | None,
    posted_on: date | None = None,
    title: Invoice | None = None,
) -> Settlement:
    """Reconcile the settlement and its invoice, and end the expected movement in `account`. Raises Refused. The
    caller moves the credit itself, dated `posted_on` if that is another day."""
    after, matched = (title or invoice).matched(settlement.id), settlement.matched(credited_on, posted_on)
    invoices.put_invoice(
        call.tenant_id, changes, invoice, after, InvoiceAction.MATCHED, note=_paid(settlement)
    )
    changes.include(store.settlement_row(call.tenant_id, matched))
    post(
        call,
        changes,
        account,
        MovementKind.MATCHED,
        -settlement.received,
        settlement.settled_on,
        settlement.id,
        is_expected=True,
    )
    return matched


def complete_payment(
    call: Call,
    changes: Changes,
    *,
    source: str,
    company_id: str,
    account_id: str | None,
    invoice: str | None,
    tariff: Money,
    credited_on: date | None,
    day: date | None,
) -> None:
    """Add what a bank reports later about a payment already received, without changing its amount: the tariff is
    moved, and the settlement gets the date of credit. Its movement keeps its day. `invoice` is
    "customer_id/invoice_id"."""
    if tariff and day is not None:
        account = account_of(call, changes, account_id, company_id, source)
        post(call, changes, account, MovementKind.TARIFF, -tariff, day, source)
    if invoice is None or credited_on is None:
        return
    customer_id, invoice_id = invoice.split("/")
    settlement_id = derived_id("set", source)
    for settlement in store.settlements_of(call.tenant_id, customer_id, invoice_id):
        if settlement.id == settlement_id and settlement.credited_on is None:
            posted_on = settlement.moved_on if settlement.moved_on != credited_on else None
            completed = settlement.evolve(credited_on=credited_on, posted_on=posted_on)
            changes.include(store.settlement_row(call.tenant_id, completed))


def _hold_all(
    call: Call,
    changes: Changes,
    payment: BankPayment,
    invoice: Invoice | None,
    reason: HeldReason,
    why: str,
) -> Received:
    message = f"{payment.received.format_br()} retidos: {why}."
    return Received(message, _hold(call, changes, payment, invoice, reason, payment.received, ZERO, message))


def _hold(
    call: Call,
    changes: Changes,
    payment: BankPayment,
    invoice: Invoice | None,
    reason: HeldReason,
    held: Money,
    missing: Money,
    message: str,
) -> HeldReceipt:
    receipt = HeldReceipt(
        id=derived_id("hel", payment.source),
        company_id=payment.company_id,
        profile_id=payment.profile_id,
        reason=reason,
        nosso_numero=payment.nosso_numero,
        customer_id=invoice.customer_id if invoice is not None else None,
        invoice_id=invoice.id if invoice is not None else None,
        held=held,
        missing=missing,
        paid_on=payment.paid_on,
        message=message,
        source=payment.source,
    )
    changes.put(store.held_row(call.tenant_id, Month.of(payment.paid_on), receipt), ReceiptAction.HELD)
    return receipt


def _move(call: Call, changes: Changes, payment: BankPayment, account: CashAccount | None) -> None:
    day, source = payment.day, payment.source
    post(call, changes, account, MovementKind.RECEIPT, payment.received, day, source)
    post(call, changes, account, MovementKind.TARIFF, -payment.tariff, day, source)


def _posted_on(payment: BankPayment, account: CashAccount | None) -> date | None:
    """The day of its movements, if it is not the bank's."""
    return (
        account.first_open(payment.day) if account is not None and account.is_closed_on(payment.day) else None
    )


def account_of(
    call: Call, changes: Changes, account_id: str | None, company_id: str, source: str
) -> CashAccount | None:
    """The account for money reported by the bank, guarded against being closed before the commit. Call it once for
    each account in a transaction. Raises NotFound, and Refused for another company's.
    """
    if account_id is None:
        return None
    return store.guarded_account(call.tenant_id, changes, account_id, source).of_company(company_id)


def post(
    call: Call,
    changes: Changes,
    account: CashAccount | None,
    kind: MovementKind,
    amount: Money,
    day: date,
    source: str,
    *,
    is_expected: bool = False,
) -> None:
    """Put a movement of `day` into `changes`, dated on the first day from then on that is open in the account."""
    if account is None:
        return
    on = account.first_open(day)
    event_on = day if on != day else None
    move(call, changes, account.id, kind, amount, on, source, is_expected=is_expected, event_on=event_on)


def move(
    call: Call,
    changes: Changes,
    account_id: str | None,
    kind: MovementKind,
    amount: Money,
    on: date,
    source: str,
    *,
    is_expected: bool = False,
    event_on: date | None = None,
) -> None:
    """Put a movement into `changes`; does nothing without an account or an amount."""
    if account_id is None or not amount:
        return
    parts = (kind, source, "expected") if is_expected else (kind, source)
    movement = CashMovement(
        id=derived_id("mov", *parts),
        account_id=account_id,
        on=on,
        event_on=event_on,
        amount=amount,
        kind=kind,
        source=source,
        is_expected=is_expected,
    )
    changes.include(store.movement_row(call.tenant_id, movement))
