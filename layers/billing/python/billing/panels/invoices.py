"""The invoices of all customers (contas a receber), with the totals of the whole filter (WEB-05, INV-14, INV-15)."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from billing.access.call import Call
from billing.core.br.text import search_key
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.money import Money
from billing.invoicing import store
from billing.invoicing.invoice import Invoice
from billing.invoicing.offers import InvoiceOffer, of_invoice
from billing.invoicing.states import STATUS_PT, InvoiceStatus, RemittanceState
from billing.panels.listing import CustomerName, ListSource, Where, money, read_list


class InvoiceOrder(StrEnum):
    DUE = "due_on"
    DUE_LAST = "-due_on"
    NUMBER = "number"
    NUMBER_LAST = "-number"
    CUSTOMER = "customer"
    AMOUNT = "amount"
    AMOUNT_LARGEST = "-amount"
    ISSUED_LAST = "-issued_on"


_OPEN_CENTS = "row.amount_cents - row.paid_cents"
_BY_ID = "row.id"

INVOICES = ListSource(
    kinds=("invoice", "customer"),
    source="invoice AS row LEFT JOIN customer ON customer.id = row.customer_id",
    totals=(
        "sum(row.amount_cents), sum(row.paid_cents),"
        f" sum({_OPEN_CENTS}) FILTER (WHERE row.status = 'open'),"
        f" sum({_OPEN_CENTS}) FILTER (WHERE row.status = 'open' AND row.due_on < ?),"
        " count(*) FILTER (WHERE row.status = 'open' AND row.due_on < ?),"
        f" sum({_OPEN_CENTS}) FILTER (WHERE row.status = 'suspended')"
    ),
    orders={
        InvoiceOrder.DUE: f"row.due_on, customer.name_key, {_BY_ID}",
        InvoiceOrder.DUE_LAST: f"row.due_on DESC, customer.name_key, {_BY_ID}",
        InvoiceOrder.NUMBER: f"row.company_id, row.number, {_BY_ID}",
        InvoiceOrder.NUMBER_LAST: f"row.company_id, row.number DESC, {_BY_ID}",
        InvoiceOrder.CUSTOMER: f"customer.name_key, row.due_on, {_BY_ID}",
        InvoiceOrder.AMOUNT: f"row.amount_cents, row.due_on, {_BY_ID}",
        InvoiceOrder.AMOUNT_LARGEST: f"row.amount_cents DESC, row.due_on, {_BY_ID}",
        InvoiceOrder.ISSUED_LAST: f"row.issued_on DESC, row.number DESC, {_BY_ID}",
    },
)


class InvoiceFilter(NamedTuple):
    """The criteria; ranges include both ends."""

    company_id: str | None = None
    status: tuple[InvoiceStatus, ...] = ()
    remittance: tuple[RemittanceState, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    settled_from: date | None = None
    settled_to: date | None = None
    overdue: bool | None = None
    payment_profile_id: str | None = None
    number: int | None = None
    nosso_numero: str | None = None
    customer: str | None = None
    """Part of the name."""
    city: str | None = None
    amount_from: Money | None = None
    amount_to: Money | None = None


class InvoiceListed(Invoice):
    """Uma fatura com o nome do seu cliente."""

    customer: CustomerName | None = None
    owed: Money
    """Quanto falta receber."""
    status_label: str
    is_overdue: bool
    days_late: int
    """Dias corridos desde o vencimento; 0 em dia."""
    actions: tuple[InvoiceOffer, ...] = ()
    """O que quem pergunta pode fazer dela, e o que impede agora."""


class InvoiceTotals(Entity):
    """Somas de tudo o que o filtro abrange, e não só da página."""

    count: int
    amount: Money
    paid: Money
    open: Money
    """Em aberto: o que falta receber das faturas em aberto."""
    overdue: Money
    """Vencido: a parte do em aberto cujo vencimento já passou."""
    overdue_count: int
    suspended: Money


class InvoiceList(Entity):
    """Faturas de todos os clientes. A ordem e os totais seguem as gravações com alguns segundos de atraso; as
    linhas são lidas na hora."""

    items: tuple[InvoiceListed, ...]
    totals: InvoiceTotals
    next_cursor: str | None = None


def invoices(
    call: Call,
    files: Files,
    criteria: InvoiceFilter,
    *,
    sort: InvoiceOrder = InvoiceOrder.DUE,
    limit: int = 50,
    cursor: str | None = None,
) -> InvoiceList:
    """Invoices of the caller's companies. Raises InvalidInput for a cursor from another list."""
    page = read_list(
        call,
        files,
        INVOICES,
        _where(call, criteria),
        of_totals=(call.today, call.today),
        sort=sort,
        limit=limit,
        cursor=cursor,
    )
    present = store.find_invoices(call.tenant_id, page.keys)
    amount, paid, open_, overdue, overdue_count, suspended = page.sums
    return InvoiceList(
        items=tuple(
            _listed(call, present[invoice_id], page.customers.get(customer_id))
            for customer_id, invoice_id in page.keys
            if invoice_id in present
        ),
        totals=InvoiceTotals(
            count=page.count,
            amount=money(amount),
            paid=money(paid),
            open=money(open_),
            overdue=money(overdue),
            overdue_count=overdue_count,
            suspended=money(suspended),
        ),
        next_cursor=page.next_cursor,
    )


def _where(call: Call, criteria: InvoiceFilter) -> Where:
    where = Where().within(call, "row.company_id").equal("row.company_id", criteria.company_id)
    where.one_of("row.status", criteria.status).one_of("row.remittance", criteria.remittance)
    where.between("row.due_on", criteria.due_from, criteria.due_to)
    where.between("row.issued_on", criteria.issued_from, criteria.issued_to)
    where.between("row.settled_on", criteria.settled_from, criteria.settled_to)
    where.equal("row.payment_profile_id", criteria.payment_profile_id)
    where.equal("row.number", criteria.number).equal("row.nosso_numero", criteria.nosso_numero)
    where.equal("customer.city", criteria.city)
    where.containing(
        "customer.name_key", None if criteria.customer is None else search_key(criteria.customer)
    )
    where.between("row.amount_cents", _cents(criteria.amount_from), _cents(criteria.amount_to))
    if criteria.overdue is not None:
        is_late = "row.status = 'open' AND row.due_on < ?"
        where.add(is_late if criteria.overdue else f"NOT ({is_late})", call.today)
    return where


def _cents(amount: Money | None) -> int | None:
    return None if amount is None else amount.cents


def _listed(call: Call, invoice: Invoice, customer: CustomerName | None) -> InvoiceListed:
    today = call.today
    is_overdue = invoice.status is InvoiceStatus.OPEN and invoice.due_on < today
    return InvoiceListed(
        **invoice.__dict__,
        customer=customer,
        owed=invoice.balance,
        status_label=STATUS_PT[invoice.status],
        is_overdue=is_overdue,
        days_late=(today - invoice.due_on).days if is_overdue else 0,
        actions=of_invoice(call.permissions, invoice),
    )
