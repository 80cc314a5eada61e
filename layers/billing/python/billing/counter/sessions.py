"""Open, empty, count and close a person's cash box (PAY-09).

The box is a cash account, and its balance is the sum of its movements. The session records who had the box, from when
to when, and by which means of payment its money came in. A counted difference becomes a movement, so that the balance
is what was actually there.
"""

from billing.access.call import Call
from billing.access.model import Permission
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.core.errors import Refusal, Refused
from billing.core.ids import new_id
from billing.core.table import require_version
from billing.counter import store
from billing.counter.actions import CashSessionAction
from billing.counter.receipt import CounterReceipt
from billing.counter.session import (
    CashSession,
    CashWithdrawal,
    SessionClosing,
    SessionOpening,
    ShownSession,
)
from billing.counter.store import OpenSession
from billing.payments import store as payments
from billing.payments.model import AccountKind, MovementKind
from billing.payments.receiving import move
from billing.payments.service import open_account

MOST_SHOWN = 100


def shown(session: CashSession) -> ShownSession:
    return ShownSession(**dict(session), expected_now=session.expected)


def own(call: Call) -> list[ShownSession]:
    """The caller's open sessions, at most one per company."""
    open_sessions = store.all_open_of_person(call.tenant_id, call.actor_id)
    return [shown(store.get_session(call.tenant_id, one.account_id, one.session_id)) for one in open_sessions]


def of_account(call: Call, account_id: str) -> list[ShownSession]:
    """Newest first, at most 100. Raises NotFound, Forbidden."""
    account = payments.get_account(call.tenant_id, account_id)
    call.require_company(account.company_id)
    return [shown(session) for session in store.sessions_of(call.tenant_id, account_id)[:MOST_SHOWN]]


def get(call: Call, account_id: str, session_id: str) -> CashSession:
    """Raises NotFound, Forbidden."""
    session = store.get_session(call.tenant_id, account_id, session_id)
    call.require_company(session.company_id)
    return session


def receipts_of(call: Call, account_id: str, session_id: str) -> list[CounterReceipt]:
    """Sorted by number. Raises NotFound, Forbidden."""
    return store.receipts_of_session(call.tenant_id, get(call, account_id, session_id).id)


def history_of(call: Call, account_id: str, session_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    session = get(call, account_id, session_id)
    return Recorded.of(session, store.session_row(call.tenant_id, session))


def open_session(call: Call, opening: SessionOpening) -> CashSession:
    """Raises NotFound, Forbidden; Refused if the account is not a cash box or is closed today, if someone has the box
    open, or if the caller already has a box open in the company."""
    changes = Changes(call)
    account = payments.get_account(call.tenant_id, opening.account_id)
    call.require_company(account.company_id)
    if account.kind is not AccountKind.CASH_BOX:
        message = f"{account.name} não é um caixa: escolha uma conta do tipo caixa."
        raise Refused.because([Refusal("cash_session.no_box", message, field="account_id")])
    open_account(call, changes, account.id, account.company_id, call.today)
    if store.open_in_box(call.tenant_id, account.id) is not None:
        message = f"O caixa {account.name} já está aberto: quem o abriu o confere e fecha antes."
        raise Refused.because([Refusal("cash_session.box_open", message, field="account_id")])
    if store.open_of_person(call.tenant_id, call.actor_id, account.company_id) is not None:
        message = "Você já tem um caixa aberto nesta empresa: confira-o e feche-o antes."
        raise Refused.because([Refusal("cash_session.person_has_one", message)])
    session = CashSession(
        id=new_id("ses"),
        account_id=account.id,
        company_id=account.company_id,
        opened_by=call.actor_id,
        opened_at=call.now,
        opening_cash=opening.opening_cash,
    )
    guard = OpenSession(account_id=account.id, session_id=session.id)
    changes.put(store.session_row(call.tenant_id, session), CashSessionAction.OPENED)
    changes.include(store.box_row(call.tenant_id, guard))
    changes.include(store.person_row(call.tenant_id, call.actor_id, account.company_id, guard))
    return changes.commit_answering(session)


def own_in(call: Call, company_id: str) -> CashSession:
    """The caller's open session in the company. Raises Refused if there is none."""
    open_sessions = store.open_of_person(call.tenant_id, call.actor_id, company_id)
    if open_sessions is None:
        message = "Você não tem caixa aberto nesta empresa. Abra o seu em “Meu caixa”."
        raise Refused.because([Refusal("cash_session.none", message)])
    return store.get_session(call.tenant_id, open_sessions.account_id, open_sessions.session_id)


def withdraw(
    call: Call, account_id: str, session_id: str, version: int, withdrawal: CashWithdrawal
) -> CashSession:
    """Move money from the box to the other account, in one transaction. Raises NotFound, Forbidden, PreconditionFailed,
    Refused."""
    before = _require_own_or_administrator(call, require_version(get(call, account_id, session_id), version))
    after = before.withdrawing(withdrawal.amounts, call.now)
    if withdrawal.target_account_id == account_id:
        message = "O destino é o próprio caixa: escolha um banco ou cofre."
        raise Refused.because([Refusal("cash_session.same_account", message, field="target_account_id")])
    changes = Changes(call)
    source, amount = new_id("wdr"), withdrawal.amounts.total
    for account, kind, moved in (
        (account_id, MovementKind.TRANSFER_OUT, -amount),
        (withdrawal.target_account_id, MovementKind.TRANSFER_IN, amount),
    ):
        open_account(call, changes, account, before.company_id, call.today)
        move(call, changes, account, kind, moved, call.today, source)
    put(call, changes, before, after, CashSessionAction.WITHDREW, withdrawal.reason)
    return changes.commit_answering(after)


def close(call: Call, account_id: str, session_id: str, version: int, closing: SessionClosing) -> CashSession:
    """Only for the person who opened it, or an administrator. Raises NotFound, Forbidden, PreconditionFailed; Refused
    for a difference without an explanation."""
    before = _require_own_or_administrator(call, require_version(get(call, account_id, session_id), version))
    after = before.closed(closing.counted, closing.explanation, call.actor_id, call.now)
    assert after.count is not None
    changes = Changes(call)
    if after.count.difference.total:
        open_account(call, changes, account_id, before.company_id, call.today)
    difference = after.count.difference.total
    move(call, changes, account_id, MovementKind.COUNT_DIFFERENCE, difference, call.today, before.id)
    changes.put(
        store.session_row(call.tenant_id, after),
        CashSessionAction.CLOSED,
        before=before,
        after=after,
        note=closing.explanation,
    )
    in_box = store.open_in_box(call.tenant_id, account_id)
    of_person = store.open_of_person(call.tenant_id, before.opened_by, before.company_id)
    assert in_box is not None  # an open session has both
    assert of_person is not None
    changes.drop(store.box_row(call.tenant_id, in_box))
    changes.drop(store.person_row(call.tenant_id, before.opened_by, before.company_id, of_person))
    return changes.commit_answering(after)


def put(
    call: Call,
    changes: Changes,
    before: CashSession,
    after: CashSession,
    action: CashSessionAction,
    note: str | None,
) -> None:
    changes.put(store.session_row(call.tenant_id, after), action, before=before, after=after, note=note)


def _require_own_or_administrator(call: Call, session: CashSession) -> CashSession:
    """The session, if the caller opened it or may configure cash accounts: administrators close a box left open. Raises
    Refused for anyone else."""
    if session.opened_by != call.actor_id and Permission.BANKING_CONFIGURE not in call.permissions:
        message = "Este caixa foi aberto por outra pessoa: só ela, ou um administrador, o retira e fecha."
        raise Refused.because([Refusal("cash_session.of_another", message)])
    return session
