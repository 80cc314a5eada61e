"""Manual settlement of invoices (liquidação avulsa, INV-08): each in a transaction and with an answer of its own.

With the payment profile as method, the money is expected in the profile's account until the bank's credit is
reconciled, and the invoice says so (INV-19); with other methods, only the invoice's state changes. Without an amount,
what was due on the day of payment counts as received: the invoice's amount less the on-time discount, which may leave
nothing (CTR-13). With another amount, a discount or surcharge charge is added to the invoice, with the ledger account
from the company's basic configuration, so that the amount received equals the invoice's amount.
"""

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import MOST, BatchAnswer, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.banking.store import get_profile
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, Severity, standing
from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Day
from billing.core.text import Id, Line
from billing.invoicing import invoices, refusals
from billing.invoicing import store as invoicing
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.invoicing.states import LockKind
from billing.payments import settings, store
from billing.payments.actions import SettlementAction
from billing.payments.adjusting import adjustment
from billing.payments.discounts import OnTime, manual_settlement, on_time
from billing.payments.late_charges import interest_on
from billing.payments.model import InvoiceChoice, Method, MovementKind, Settlement
from billing.payments.receiving import move
from billing.payments.service import open_account
from billing.payments.settings import SettingsData


class SettlementMeans(Entity):
    """Por onde o dinheiro de uma liquidação avulsa entrou, e por quê."""

    method: Literal[Method.PROFILE, Method.OTHER]
    """`profile`: Profile bancária (aguarda conciliação); `other`: Outros (sem integração)."""
    profile_id: Id | None = None
    """O profile de pagamento creditado; só com `profile`."""
    justification: Line = Field(min_length=1, max_length=200, examples=["Pago em dinheiro no balcão"])


class SettlementByHand(SettlementMeans):
    """Liquidação avulsa de uma ou várias faturas."""

    invoices: tuple[InvoiceChoice, ...] = Field(min_length=1, max_length=MOST)
    settled_on: Day
    """Pode ser passada, nunca futura."""
    amount: Money | None = Field(default=None, examples=["95.00"])
    """Ausente, o devido na data: o valor integral, menos o abatimento e o desconto por pagamento em dia, que podem
    deixar zero. Outro valor: a menor que o da fatura, a diferença vira uma conta de desconto; a maior, de acréscimo."""
    confirm: bool = False
    """Confirma o que só se pergunta: a liquidação de antes da emissão da fatura."""


class Credited(NamedTuple):
    """Where the money of a settlement by the profile is expected."""

    profile_id: str
    company_id: str
    account_id: str


class SettledByHand(NamedTuple):
    invoice: Invoice
    settlement: Settlement
    adjustment: Charge | None


def settlements_of(call: Call, customer_id: str, invoice_id: str) -> tuple[Settlement, ...]:
    """An invoice's settlements by date, including reversed ones. Raises NotFound, Forbidden."""
    invoices.get(call, customer_id, invoice_id)
    settlements = store.settlements_of(call.tenant_id, customer_id, invoice_id)
    return tuple(sorted(settlements, key=lambda settlement: (settlement.settled_on, settlement.id)))


def settle(call: Call, request: SettlementByHand, let_title_go: LetTitleGo) -> BatchAnswer:
    """The bank is to stop collecting the title, unless its credit is awaited. Raises Refused if the request as a
    whole is impossible, NotFound for the profile."""
    return _settle(call, request, let_title_go, refusals.to_settle)


def settle_outstanding(call: Call, request: SettlementByHand, let_title_go: LetTitleGo) -> BatchAnswer:
    """As `settle`, for the balance of partly paid invoices."""
    return _settle(call, request, let_title_go, refusals.to_close_outstanding)


Refuse = Callable[[Invoice], list[Refusal]]


def _settle(call: Call, request: SettlementByHand, let_title_go: LetTitleGo, refuse: Refuse) -> BatchAnswer:
    credited = _checked(call, request)
    customer_of = {choice.invoice_id: choice.customer_id for choice in request.invoices}

    def one(part: Call, changes: Changes, invoice_id: str) -> ItemAnswer:
        before = invoices.get(part, customer_of[invoice_id], invoice_id)
        _require([*refuse(before), *_of_invoice(before, request, credited)], confirmed=request.confirm)
        accounts = SettingsData() if request.amount is None else settings.get(part, before.company_id)
        made = settled_by_hand(part, before, request, credited, accounts)
        if credited is not None:
            open_account(part, changes, credited.account_id, before.company_id, request.settled_on)
        why = LetGo(f"Liquidação: {request.justification}", made.settlement.id, made.settlement.is_expected)
        after, warnings = let_title_go(part, changes, made.invoice, why)
        put_settled(part, changes, before, made._replace(invoice=after))
        return done(invoice_id, warnings, made=[made.settlement.id])

    return each(call, customer_of, one)


def settled_by_hand(
    call: Call,
    invoice: Invoice,
    request: SettlementByHand,
    credited: Credited | None,
    accounts: SettingsData,
) -> SettledByHand:
    """The settled invoice, pure."""
    due, difference = owed_on(invoice, request.settled_on), ZERO
    if request.amount not in {None, due.payable}:
        amounts = manual_settlement(invoice.balance, request.amount)
        due, difference = OnTime(ZERO, amounts.settled), amounts.surcharge_charge - amounts.discount_charge
    principal = due.payable + due.discount
    settlement_id = settlement_id_of(invoice)
    made = adjustment(
        invoice, difference, settlement_id=settlement_id, on=request.settled_on, accounts=accounts
    )
    settlement = Settlement(
        id=settlement_id,
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        method=request.method,
        principal=principal,
        discount=due.discount,
        received=due.payable,
        settled_on=request.settled_on,
        account_id=credited.account_id if credited is not None else None,
        profile_id=credited.profile_id if credited is not None else None,
        source=call.actor_id,
        justification=request.justification,
        adjustment_charge_id=made.id if made is not None else None,
    )
    adjusted = invoice if made is None else invoice.adjusted(made)
    after = adjusted.received(principal, request.settled_on)
    if settlement.is_expected:
        after = after.locked(LockKind.AWAITING_RECONCILIATION, settlement_id, call.now)
    return SettledByHand(after, settlement, made)


def settlement_id_of(invoice: Invoice) -> str:
    """Derived from the invoice and its version, so that it is not settled twice."""
    return derived_id("set", invoice.id, invoice.version)


def owed_on(invoice: Invoice, day: date) -> OnTime:
    """What is owed on an open invoice if it is paid on `day`: less the bank's rebate, the interest of an instalment that is
    paid early, and the discount for payment on time.

    On a partly paid invoice, the balance: a discount is only for payment in full.
    """
    if invoice.paid:
        return OnTime(ZERO, invoice.balance)
    rebate, given = (invoice.rebate or ZERO) + interest_saved(invoice, day), invoice.discount
    after_rebate = invoice.balance - rebate
    if given is None:
        return OnTime(rebate, after_rebate)
    due = on_time(after_rebate, given.amount, deadline=given.until, paid_on=day)
    return OnTime(rebate + due.discount, due.payable)


def interest_saved(invoice: Invoice, day: date) -> Money:
    """What an instalment of a debt agreement does not ask for when it is paid before its due date: the agreement's interest
    from `day` on (CDC, Lei 8.078/1990, art. 52, § 2)."""
    part = invoice.agreed_part
    if part is None or day >= invoice.due_on or not part.interest:
        return ZERO
    days = max(0, (day - part.agreed_on).days)
    return max(ZERO, part.interest - interest_on(part.base, days, part.monthly_percent))


def put_settled(call: Call, changes: Changes, before: Invoice, made: SettledByHand) -> None:
    tenant, (after, settlement, adjustment) = call.tenant_id, made
    invoicing.put_invoice(
        tenant,
        changes,
        before,
        after,
        InvoiceAction.SETTLED,
        charges=() if adjustment is None else (adjustment,),
        note=settlement.justification,
    )
    changes.put(store.settlement_row(tenant, settlement), SettlementAction.MADE)
    if adjustment is not None:
        changes.put(invoicing.charge_row(tenant, adjustment), ChargeAction.ADDED_BY_SETTLEMENT)
    move(
        call,
        changes,
        settlement.account_id,
        MovementKind.RECEIPT,
        settlement.received,
        settlement.moved_on,
        settlement.id,
        is_expected=settlement.is_expected,
    )


def _checked(call: Call, request: SettlementByHand) -> Credited | None:
    """Where the money is expected. Raises NotFound, and Refused with every reason."""
    reasons = []
    if request.settled_on > call.today:
        reasons.append(
            Refusal("settlement.future", "A data da liquidação não pode ser futura.", field="settled_on")
        )
    if request.amount is not None and len(request.invoices) > 1:
        message = "Várias faturas são liquidadas cada uma pelo seu valor: deixe o valor em branco."
        reasons.append(Refusal("settlement.amount_of_many", message, field="amount"))
    return credited_by(call, request, reasons)


def credited_by(call: Call, request: SettlementMeans, reasons: list[Refusal]) -> Credited | None:
    """Where the money is expected; None for other methods. Raises NotFound, and Refused with `reasons` and its own."""
    if request.method is Method.OTHER and request.profile_id is not None:
        message = "“Outros (sem integração)” não credita nenhuma profile: deixe-a em branco."
        reasons.append(Refusal("settlement.profile_of_other", message, field="profile_id"))
    if request.method is Method.PROFILE and request.profile_id is None:
        message = "Informe o profile de pagamento creditado."
        reasons.append(Refusal("settlement.profile_missing", message, field="profile_id"))
    if request.method is Method.OTHER or request.profile_id is None:
        _require(reasons)
        return None
    profile = get_profile(call.tenant_id, request.profile_id)
    call.require_company(profile.company_id)
    if profile.cash_account_id is None:
        message = f"O profile {profile.name} não tem conta de dinheiro. Informe-a no cadastro do profile."
        reasons.append(Refusal("settlement.profile_account", message, field="profile_id"))
    _require(reasons)
    return Credited(profile.id, profile.company_id, profile.cash_account_id or "")


def _of_invoice(invoice: Invoice, request: SettlementByHand, credited: Credited | None) -> list[Refusal]:
    reasons = []
    if request.settled_on < invoice.issued_on:
        message = (
            f"ATENÇÃO: a Fatura {invoice.number} foi emitida em {invoice.issued_on:%d/%m/%Y}, depois da data da "
            "liquidação. Confirme seu interesse."
        )
        reasons.append(Refusal("settlement.before_issue", message, Severity.ASKS, field="settled_on"))
    if credited is not None and credited.company_id != invoice.company_id:
        message = f"O profile creditado não é da empresa da Fatura {invoice.number}."
        reasons.append(Refusal("settlement.profile_company", message, field="profile_id"))
    return reasons


def _require(reasons: list[Refusal], *, confirmed: bool = False) -> None:
    if standing(reasons, confirmed=confirmed):
        raise Refused.because(reasons)
