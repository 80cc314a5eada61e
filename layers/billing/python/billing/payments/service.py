"""Cash accounts, and decisions about held receipts (PAY-08, PAY-09)."""

from datetime import date, timedelta

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.banking.store import get_profile
from billing.core.entity import Entity
from billing.core.errors import InvalidInput, Refusal, Refused
from billing.core.ids import new_id
from billing.core.money import Money
from billing.core.page import Page, encode_cursor, part_of, start_of
from billing.core.period import Day, Month
from billing.core.table import require_version
from billing.core.text import Id, Line
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.invoicing.actions import ChargeAction
from billing.invoicing.charge import Charge
from billing.invoicing.charges import charges_of
from billing.invoicing.credits import credit
from billing.invoicing.letting_go import LetTitleGo
from billing.invoicing.states import ChargeStatus
from billing.invoicing.store import charge_row, get_invoice
from billing.payments import store
from billing.payments.actions import AccountAction, ReceiptAction
from billing.payments.model import (
    CashAccount,
    CashBalance,
    CashMovement,
    HeldReceipt,
    InvoiceChoice,
    MovementKind,
    NewCashAccount,
    Resolution,
)
from billing.payments.receiving import move, settle_with_held

LONGEST = timedelta(days=366)
"""The longest interval for a balance, whose movements are read and summed."""


class ClosingOfAccount(Entity):
    """Fechamento do caixa."""

    until: Day = Field(examples=["2026-03-31"])
    """Último dia fechado."""


class ReopeningOfAccount(Entity):
    """Reabertura do caixa."""

    until: Day | None = Field(default=None, examples=["2026-03-30"])
    """Último dia que segue fechado; ausente, nenhum."""
    reason: Line = Field(min_length=1, max_length=200, examples=["Fechado no dia errado"])


class Credit(Entity):
    """Crédito de um cliente: o que recebemos e nenhuma fatura pediu, ou um fechamento devolveu. Abate a próxima fatura."""

    balance: Money
    """O que ainda não foi usado."""
    items: tuple[Charge, ...]
    """Cada crédito é uma conta de valor negativo; a já faturada diz em que fatura foi usada."""
    next_cursor: str | None = None
    """Envie em `cursor` para ler os créditos seguintes; ausente na última página. O saldo é de todos."""


class Resolving(Entity):
    """A decisão sobre um recebimento retido."""

    version: int = Field(ge=0, le=10**9)
    """A versão lida."""
    resolution: Resolution = Field(examples=["credit"])
    """`invoice`: liquida uma fatura em aberto; `credit`: crédito do cliente; `refund`: devolução; `accepted`: a
    diferença a menor continua devida."""
    invoice: InvoiceChoice | None = None
    """A fatura que o valor liquida; só com `invoice`. O que passar dela fica retido; o que faltar continua devido."""
    account_id: Id | None = None
    """Conta de onde sai a devolução; ausente, a do profile de pagamento."""


def accounts(call: Call) -> tuple[CashAccount, ...]:
    """Of the caller's companies, by name."""
    own = [a for a in store.accounts(call.tenant_id) if call.works_for(a.company_id)]
    return tuple(sorted(own, key=lambda account: (account.company_id, account.name)))


def history_of(call: Call, account_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    subject = account(call, account_id)
    return Recorded.of(subject, store.account_row(call.tenant_id, subject))


def account(call: Call, account_id: str) -> CashAccount:
    """Raises NotFound, and Forbidden for another company's."""
    wanted = store.get_account(call.tenant_id, account_id)
    call.require_company(wanted.company_id)
    return wanted


def add_account(call: Call, new: NewCashAccount) -> CashAccount:
    """Raises Forbidden, NotFound for a company that does not exist."""
    call.require_company(new.company_id)
    get_company(call.tenant_id, new.company_id)
    added = CashAccount.model_validate({**new.__dict__, "id": new_id("acc")})
    changes = Changes(call)
    changes.put(store.account_row(call.tenant_id, added), AccountAction.ADDED)
    return changes.commit_answering(added)


def close_account(call: Call, account_id: str, closing: ClosingOfAccount) -> CashAccount:
    """From now on no movement enters the account up to that day, inclusive (PAY-09); what a return reports for it
    later is dated on the first open day.
    """
    before = account(call, account_id)
    after = before.closed(closing.until, call.today)
    return _put_closed(call, before, after, AccountAction.CLOSED, None)


def reopen_account(call: Call, account_id: str, reopening: ReopeningOfAccount) -> CashAccount:
    """Movements can enter its days again. Raises NotFound, Forbidden, Refused."""
    before = account(call, account_id)
    after = before.reopened(reopening.until)
    return _put_closed(call, before, after, AccountAction.REOPENED, reopening.reason)


def _put_closed(
    call: Call, before: CashAccount, after: CashAccount, action: AccountAction, note: str | None
) -> CashAccount:
    """Together with its guards, which concurrent movements require to be unchanged."""
    changes = Changes(call)
    changes.put(store.account_row(call.tenant_id, after), action, before=before, after=after, note=note)
    for guard in store.guard_rows(call.tenant_id, after):
        changes.overwrite(guard)
    return changes.commit_answering(after)


def movements(
    call: Call, account_id: str, month: Month, *, limit: int, cursor: str | None = None
) -> Page[CashMovement]:
    """By date. Raises InvalidInput for a cursor of another list."""
    account(call, account_id)
    partition = f"{call.tenant_id}#{account_id}#{month}"
    start = start_of(cursor, call.tenant_id, "partition", partition, "movement#")
    rows = store.PaymentsTable.query(
        partition,
        store.PaymentsTable.row.startswith("movement#"),
        consistent_read=True,
        limit=limit,
        last_evaluated_key=start,
    )
    items = tuple(row.load(CashMovement) for row in rows)
    return Page[CashMovement](items=items, next_cursor=encode_cursor(rows.last_evaluated_key))


def balance(call: Call, account_id: str, first: date, last: date) -> CashBalance:
    """Raises InvalidInput for an interval that ends before it starts, or is longer than a year."""
    account(call, account_id)
    if not timedelta(0) <= last - first <= LONGEST:
        raise InvalidInput("balance.interval", "Informe um intervalo de até 366 dias, do início ao fim.")
    return store.balance(call.tenant_id, account_id, first, last)


def held_receipts(call: Call, month: Month) -> tuple[HeldReceipt, ...]:
    """The held receipts of the caller's companies: those still waiting first, by date."""
    own = [r for r in store.held_in(call.tenant_id, month) if call.works_for(r.company_id)]
    return tuple(sorted(own, key=lambda r: (r.resolution is not None, r.paid_on or date.max, r.id)))


def resolve(
    call: Call, month: Month, receipt_id: str, request: Resolving, let_title_go: LetTitleGo
) -> HeldReceipt:
    """Decide once: the receipt and what the decision moves are written together (PAY-08)."""
    before = store.get_held(call.tenant_id, month, receipt_id)
    call.require_company(before.company_id)
    require_version(before, request.version)
    after = before.resolved(request.resolution, call.actor_id, call.now)
    if request.resolution is Resolution.INVOICE and request.invoice is not None and before.invoice_id is None:
        after = after.evolve(**dict(request.invoice))
    changes = Changes(call)
    row = store.held_row(call.tenant_id, month, after)
    changes.put(row, ReceiptAction[request.resolution.name], before=before, after=after)
    if request.resolution is Resolution.CREDIT:
        changes.put(
            charge_row(call.tenant_id, _credit(call, after)), ChargeAction.CREDITED, note=after.message
        )
    if request.resolution is Resolution.REFUND:
        _refund(call, changes, after, request.account_id)
    if request.resolution is Resolution.INVOICE:
        _settle(call, changes, after, request.invoice, let_title_go)
    return changes.commit_answering(after)


def _settle(
    call: Call,
    changes: Changes,
    receipt: HeldReceipt,
    choice: InvoiceChoice | None,
    let_title_go: LetTitleGo,
) -> None:
    """Raises NotFound, and Refused for an invoice of another company, or that the money cannot settle."""
    if choice is None:
        message = "Escolha a fatura que este valor liquida."
        raise Refused.because([Refusal("held.no_invoice", message, field="invoice")])
    invoice = get_invoice(call.tenant_id, choice.customer_id, choice.invoice_id)
    if invoice.company_id != receipt.company_id:
        message = "A fatura é de outra empresa, e o valor foi pago a esta."
        raise Refused.because([Refusal("held.other_company", message, field="invoice")])
    account_id = get_profile(call.tenant_id, receipt.profile_id).cash_account_id
    settle_with_held(call, changes, receipt, account_id, invoice, let_title_go)


def credit_of(call: Call, customer_id: str, cursor: str | None = None) -> Credit:
    """Of the caller's companies. Raises NotFound, InvalidInput."""
    customers.get(call.tenant_id, customer_id)
    items = tuple(c for c in charges_of(call, customer_id, None) if c.is_credit)
    unused = Money.sum(c.amount for c in items if c.status is ChargeStatus.UNBILLED)
    part, following = part_of(f"{call.tenant_id}#credit#{customer_id}", items, cursor)
    return Credit(balance=-unused, items=part, next_cursor=following)


def _credit(call: Call, receipt: HeldReceipt) -> Charge:
    assert receipt.customer_id is not None  # `resolved` refuses it
    return credit(
        customer_id=receipt.customer_id,
        company_id=receipt.company_id,
        amount=receipt.held,
        source=receipt.id,
        description=f"Crédito: {receipt.reason.label.lower()}",
        on=call.today,
    )


def _refund(call: Call, changes: Changes, receipt: HeldReceipt, account_id: str | None) -> None:
    """Pay the money out, today. Raises Refused if no account is known, or if it is another company's or closed."""
    chosen = account_id or get_profile(call.tenant_id, receipt.profile_id).cash_account_id
    if chosen is None:
        message = "Informe a conta de dinheiro de onde sai a devolução: o profile de pagamento não tem uma."
        raise Refused.because([Refusal("held.no_account", message, field="account_id")])
    leaves = open_account(call, changes, chosen, receipt.company_id, call.today)
    move(call, changes, leaves.id, MovementKind.REFUND, -receipt.held, call.today, receipt.id)


def open_account(call: Call, changes: Changes, account_id: str, company_id: str, on: date) -> CashAccount:
    """The company's account, if it is open on the day of a movement and still is at the commit. Raises NotFound,
    Refused."""
    wanted = store.get_account(call.tenant_id, account_id).of_company(company_id).open_on(on)
    changes.require_unchanged(store.account_row(call.tenant_id, wanted))
    return wanted
