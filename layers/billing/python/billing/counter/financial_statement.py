"""The financial statement of a customer (extrato financeiro, PAY-01): every receivable with its due date, the amounts
paid, discounted and charged for lateness, and the balance.

For each row:  amount + surcharge - discount = paid + renegotiated + balance.
"""

from collections.abc import Iterable
from datetime import date

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.counter.amounts import forbids_receipt
from billing.customers import store as customers
from billing.invoicing import store as invoicing
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import GONE, ChargeStatus, InvoiceStatus
from billing.payments import store as payments
from billing.payments.model import Method, Settlement


class StatementRow(Entity):
    """Uma fatura, ou uma conta que ainda não está em nenhuma."""

    id: str
    """Da fatura, ou da conta."""
    company_id: str
    invoice_number: int | None = None
    """Ausente na conta não faturada."""
    titles: tuple[str, ...]
    """O que se cobra; de contas parceladas, “Plano X (1/3)”."""
    due_on: date
    settled_on: date | None = None
    status: InvoiceStatus | ChargeStatus
    amount: Money
    """Valor cobrado, sem o desconto ou acréscimo da liquidação."""
    paid: Money
    """O que o cliente pagou."""
    discount: Money
    """Descontos e abatimentos dados."""
    surcharge: Money
    """Juros, multa e acréscimos recebidos."""
    renegotiated: Money = ZERO
    """Levado às parcelas de um parcelamento, que têm linhas suas."""
    balance: Money
    """O que falta."""
    forbids_receipt: bool = False
    """Em aberto, de cliente em status de protesto que não permite o recibo: o vencimento aparece em vermelho."""


class FinancialStatement(Entity):
    """Extrato financeiro de um cliente, do vencimento mais novo ao mais antigo."""

    rows: tuple[StatementRow, ...]
    amount: Money
    paid: Money
    discount: Money
    surcharge: Money
    renegotiated: Money
    balance: Money


def financial_statement(call: Call, customer_id: str) -> FinancialStatement:
    """Receivables of the caller's companies. Removed and replaced ones are not owed, and have a panel of their own.
    Raises NotFound."""
    customer = customers.get(call.tenant_id, customer_id)
    forbids = forbids_receipt(call, customer)
    settlements = payments.settlements_of_customer(call.tenant_id, customer_id)
    charges = {one.id: one for one in invoicing.charges_of(call.tenant_id, customer_id)}
    invoices = invoicing.invoices_of(call.tenant_id, customer_id)
    rows = [
        of_invoice(invoice, charges, [s for s in settlements if s.invoice_id == invoice.id], forbids=forbids)
        for invoice in invoices
        if invoice.status not in GONE and call.works_for(invoice.company_id)
    ]
    rows += [
        of_charge(charge, forbids=forbids)
        for charge in charges.values()
        if charge.status not in {ChargeStatus.BILLED, ChargeStatus.REMOVED}
        and call.works_for(charge.company_id)
    ]
    return totalled(sorted(rows, key=lambda row: (row.due_on, row.invoice_number or 0, row.id), reverse=True))


def totalled(rows: Iterable[StatementRow]) -> FinancialStatement:
    listed = tuple(rows)
    return FinancialStatement(
        rows=listed,
        amount=Money.sum(row.amount for row in listed),
        paid=Money.sum(row.paid for row in listed),
        discount=Money.sum(row.discount for row in listed),
        surcharge=Money.sum(row.surcharge for row in listed),
        renegotiated=Money.sum(row.renegotiated for row in listed),
        balance=Money.sum(row.balance for row in listed),
    )


def of_invoice(
    invoice: Invoice, charges: dict[str, Charge], settlements: Iterable[Settlement], *, forbids: bool
) -> StatementRow:
    """The charge that a settlement adds is its discount or surcharge, not part of the amount charged."""
    live = [one for one in settlements if one.is_live]
    adjusting = {one.adjustment_charge_id for one in live}
    parts = [charges[id_] for id_ in invoice.charge_ids if id_ not in adjusting]
    is_renegotiated = invoice.status is InvoiceStatus.RENEGOTIATED
    by_agreement = Money.sum(one.principal for one in live if one.method is Method.AGREEMENT)
    adjusted = [charges[id_].amount for id_ in invoice.charge_ids if id_ in adjusting]
    return StatementRow(
        id=invoice.id,
        company_id=invoice.company_id,
        invoice_number=invoice.number,
        titles=tuple(dict.fromkeys(charge.title for charge in parts)),
        due_on=invoice.due_on,
        settled_on=invoice.settled_on,
        status=invoice.status,
        amount=invoice.amount - Money.sum(adjusted),
        paid=Money.sum(one.received for one in live),
        discount=Money.sum(one.discount for one in live) + Money.sum(max(ZERO, -one) for one in adjusted),
        surcharge=Money.sum(one.interest + one.fine for one in live)
        + Money.sum(max(ZERO, one) for one in adjusted),
        renegotiated=by_agreement + (invoice.balance if is_renegotiated else ZERO),
        balance=ZERO if is_renegotiated else invoice.balance,
        forbids_receipt=forbids and invoice.status in {InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED},
    )


def of_charge(charge: Charge, *, forbids: bool) -> StatementRow:
    """A charge that was received on its own was paid in full."""
    is_paid = charge.status is ChargeStatus.SETTLED
    return StatementRow(
        id=charge.id,
        company_id=charge.company_id,
        titles=(charge.title,),
        due_on=charge.due_on,
        status=charge.status,
        amount=charge.amount,
        paid=charge.amount if is_paid else ZERO,
        discount=ZERO,
        surcharge=ZERO,
        balance=ZERO if is_paid else charge.amount,
        forbids_receipt=forbids and not is_paid,
    )
