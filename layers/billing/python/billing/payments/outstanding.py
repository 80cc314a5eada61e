"""The outstanding balance of a partly paid invoice: received, forgiven, or billed again (PAY-08; these ways are
ours).

The manual refuses the settlement and the removal of such an invoice (INV-01, INV-08); without these three it would stay
open, and its customer overdue, for a single cent. Each closes the invoice at the amount paid, in a transaction of its
own, and is undone by reversing the settlement that it makes.
"""

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import MOST, BatchAnswer, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.ids import derived_id
from billing.core.money import ZERO
from billing.core.period import Day, Month, Period
from billing.core.text import Id, Line
from billing.invoicing import invoices, refusals
from billing.invoicing import store as invoicing
from billing.invoicing.actions import ChargeAction
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.payments import settings
from billing.payments.adjusting import adjustment
from billing.payments.model import InvoiceChoice, Method, Settlement
from billing.payments.settling import SettledByHand, put_settled, settlement_id_of


class Forgiveness(Entity):
    """O que falta de faturas parcialmente liquidadas, perdoado: vira desconto."""

    invoices: tuple[InvoiceChoice, ...] = Field(min_length=1, max_length=MOST)
    justification: Line = Field(min_length=1, max_length=200, examples=["Diferença de centavos"])


class Rebilling(Forgiveness):
    """O que falta de faturas parcialmente liquidadas, levado a uma conta nova de cada cliente."""

    due_on: Day = Field(examples=["2026-05-10"])
    """Vencimento da conta nova."""
    payment_profile_id: Id | None = None
    """Profile da conta nova; ausente, o da fatura."""


def forgive(call: Call, request: Forgiveness, let_title_go: LetTitleGo) -> BatchAnswer:
    """The balance becomes a discount, and the invoice is settled at the amount paid."""
    return _each(call, request, let_title_go, Method.FORGIVEN, "Saldo perdoado")


def rebill(call: Call, request: Rebilling, let_title_go: LetTitleGo) -> BatchAnswer:
    """The balance becomes an unbilled charge, returned in the answer, and the invoice is settled at the amount paid."""
    if request.due_on < call.today:
        message = "O vencimento da conta nova já passou."
        raise Refused.because([Refusal("outstanding.due_date_past", message, field="due_on")])
    return _each(call, request, let_title_go, Method.REBILLED, "Saldo levado a outra conta")


def _each(
    call: Call, request: Forgiveness, let_title_go: LetTitleGo, method: Method, description: str
) -> BatchAnswer:
    customer_of = {choice.invoice_id: choice.customer_id for choice in request.invoices}

    def one(part: Call, changes: Changes, invoice_id: str) -> ItemAnswer:
        before = invoices.get(part, customer_of[invoice_id], invoice_id)
        refusals.require(refusals.to_close_outstanding(before))
        rebilled = rebilled_charge(before, request) if isinstance(request, Rebilling) else None
        made = closed(
            part, before, request.justification, method=method, description=description, rebilled=rebilled,
            accounts=settings.get(part, before.company_id),
        )  # fmt: skip
        why = LetGo(f"{description}: {request.justification}", made.settlement.id)
        after, warnings = let_title_go(part, changes, made.invoice, why)
        put_settled(part, changes, before, made._replace(invoice=after))
        if rebilled is not None:
            row = invoicing.charge_row(part.tenant_id, rebilled)
            changes.put(row, ChargeAction.REBILLED, note=f"Fatura {before.number}: {request.justification}")
        ids = [made.settlement.id, *([] if rebilled is None else [rebilled.id])]
        return done(invoice_id, warnings, made=ids)

    return each(call, customer_of, one)


def closed(
    call: Call,
    invoice: Invoice,
    justification: str,
    *,
    method: Method,
    description: str,
    rebilled: Charge | None,
    accounts: settings.SettingsData,
) -> SettledByHand:
    """The invoice settled at the amount paid, pure: the settlement receives nothing and says why."""
    settlement_id = settlement_id_of(invoice)
    discount = adjustment(
        invoice,
        -invoice.balance,
        settlement_id=settlement_id,
        on=call.today,
        accounts=accounts,
        description=description,
    )
    assert discount is not None  # `to_close_outstanding` refuses an invoice without a balance
    settlement = Settlement(
        id=settlement_id,
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        invoice_id=invoice.id,
        method=method,
        principal=ZERO,
        received=ZERO,
        settled_on=call.today,
        source=call.actor_id,
        justification=justification,
        adjustment_charge_id=discount.id,
        rebilled_charge_id=rebilled.id if rebilled is not None else None,
    )
    return SettledByHand(invoice.adjusted(discount).received(ZERO, call.today), settlement, discount)


def rebilled_charge(invoice: Invoice, request: Rebilling) -> Charge:
    """The invoice's balance, as an unbilled charge."""
    return Charge(
        id=derived_id("chg", settlement_id_of(invoice), "rebilled"),
        customer_id=invoice.customer_id,
        company_id=invoice.company_id,
        description=f"Saldo da Fatura {invoice.number}",
        amount=invoice.balance,
        due_on=request.due_on,
        reference=Period.of_month(Month.of(invoice.due_on)),
        payment_profile_id=request.payment_profile_id or invoice.payment_profile_id,
        replaces=(invoice.id,) if invoice.is_at_the_bank else None,
    )
