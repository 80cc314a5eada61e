"""The counter over HTTP: what is due today, receipts, a person's cash box, an authoriser's approval (PAY-02..PAY-04,
PAY-09)."""

from billing.access.model import Permission
from billing.audit.history import History
from billing.bank_files.ending import let_go, take_back
from billing.core.files import Link
from billing.core.names import with_names
from billing.core.page import Page, part_of
from billing.counter import amounts, authorising, receiving, reversing, sessions
from billing.counter.authorisation import Authorisation, AuthorisationRequest
from billing.counter.financial_statement import FinancialStatement, financial_statement
from billing.counter.receipt import AmountsDue, CounterReceipt, NewCounterReceipt, ReceiptReversing
from billing.counter.session import (
    CashSession,
    CashWithdrawal,
    SessionClosing,
    SessionOpening,
    ShownSession,
)
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.members import store as members
from billing.payments import store as payments
from billing.reports import service as printing

api = Api("counter")
handler = api.handle
RECEIPTS = ["Recibos do balcão"]
SESSIONS = ["Caixa de cada pessoa"]


@api.get(
    "/customers/<customer_id>/amounts-due",
    summary="O que as faturas em aberto pedem hoje: multa e juros ao dia, desconto por pagamento em dia",
    tags=RECEIPTS,
)
def get_amounts_due(customer_id: str) -> AmountsDue:
    call = api.call(Permission.PAYMENTS_READ)
    return amounts.amounts_due(call, customer_id)


@api.get(
    "/customers/<customer_id>/financial-statement",
    summary="Extrato financeiro: pago, desconto, juros e saldo ao lado de cada vencimento",
    tags=RECEIPTS,
)
def get_financial_statement(customer_id: str) -> FinancialStatement:
    call = api.call(Permission.PAYMENTS_READ)
    return financial_statement(call, customer_id)


@api.post(
    "/authorisations",
    status_code=201,
    summary="Confere o usuário e a senha de quem autoriza um desconto, ou um recibo em status de protesto",
    description="Cinco senhas erradas seguidas bloqueiam quem pergunta por 15 minutos. A senha não é guardada.",
    tags=RECEIPTS,
)
def authorise_receipt(authorisation: AuthorisationRequest) -> Authorisation:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return authorising.authorise(call, wiring.passwords(), authorisation)


@api.post(
    "/counter-receipts",
    status_code=201,
    summary="Faz um recibo de uma ou várias faturas, no caixa aberto de quem recebe",
    tags=RECEIPTS,
)
def make_counter_receipt(receipt: NewCounterReceipt) -> CounterReceipt:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return receiving.make(call, receipt, let_go)


@api.post(
    "/counter-receipts/reversals",
    summary="Estorna um recibo inteiro: o dinheiro sai do caixa aberto de quem estorna",
    tags=RECEIPTS,
)
def reverse_counter_receipt(reversal: ReceiptReversing) -> CounterReceipt:
    call = api.call(Permission.PAYMENTS_REVERSE)
    return reversing.reverse(call, reversal, take_back)


@api.get("/customers/<customer_id>/counter-receipts", summary="Recibos de um cliente", tags=RECEIPTS)
def list_counter_receipts(customer_id: str, cursor: ListCursor = None) -> Page[CounterReceipt]:
    call = api.call(Permission.PAYMENTS_READ)
    this = f"{call.tenant_id}#counter-receipts#{customer_id}"
    part, following = part_of(this, list(receiving.of_customer(call, customer_id)), cursor)
    page = Page[CounterReceipt](items=part, next_cursor=following)
    return with_names(call.tenant_id, page, companies.NAMES, members.NAMES, payments.NAMES)


@api.get(
    "/customers/<customer_id>/counter-receipts/<receipt_id>/paper",
    summary="Endereço do recibo do balcão, para imprimir",
    tags=RECEIPTS,
)
def get_counter_receipt_paper(customer_id: str, receipt_id: str) -> Link:
    call = api.call(Permission.PAYMENTS_READ)
    url = printing.counter_receipt_link(call, wiring.files(), customer_id, receipt_id)
    return Link(url=url)


@api.get(
    "/customers/<customer_id>/counter-receipts/<receipt_id>/history",
    summary="Tudo o que aconteceu com um recibo do balcão",
    tags=RECEIPTS,
)
def get_counter_receipt_history(customer_id: str, receipt_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.PAYMENTS_READ)
    return history_page(call, receiving.history_of(call, customer_id, receipt_id), cursor)


@api.get("/cash-sessions/mine", summary="Os caixas que quem pergunta tem abertos", tags=SESSIONS)
def list_own_cash_sessions() -> Page[ShownSession]:
    call = api.call(Permission.PAYMENTS_READ)
    page = Page[ShownSession](items=tuple(sessions.own(call)))
    return with_names(call.tenant_id, page, companies.NAMES, members.NAMES, payments.NAMES)


@api.post("/cash-sessions", status_code=201, summary="Abre o caixa, com o troco contado", tags=SESSIONS)
def open_cash_session(opening: SessionOpening) -> CashSession:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return sessions.open_session(call, opening)


@api.get(
    "/cash-accounts/<account_id>/sessions",
    summary="Quem teve um caixa, do mais novo ao mais antigo",
    tags=SESSIONS,
)
def list_cash_sessions(account_id: str, cursor: ListCursor = None) -> Page[ShownSession]:
    call = api.call(Permission.PAYMENTS_READ)
    this = f"{call.tenant_id}#sessions#{account_id}"
    part, following = part_of(this, list(sessions.of_account(call, account_id)), cursor)
    page = Page[ShownSession](items=part, next_cursor=following)
    return with_names(call.tenant_id, page, companies.NAMES, members.NAMES, payments.NAMES)


@api.get(
    "/cash-accounts/<account_id>/sessions/<session_id>/receipts",
    summary="Recibos feitos em um caixa, por número",
    tags=SESSIONS,
)
def list_receipts_of_cash_session(
    account_id: str, session_id: str, cursor: ListCursor = None
) -> Page[CounterReceipt]:
    call = api.call(Permission.PAYMENTS_READ)
    this = f"{call.tenant_id}#session-receipts#{session_id}"
    part, following = part_of(this, list(sessions.receipts_of(call, account_id, session_id)), cursor)
    page = Page[CounterReceipt](items=part, next_cursor=following)
    sources = customers.NAMES, companies.NAMES, members.NAMES, payments.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.get(
    "/cash-accounts/<account_id>/sessions/<session_id>/history",
    summary="Tudo o que aconteceu com o caixa de uma pessoa",
    tags=SESSIONS,
)
def get_cash_session_history(account_id: str, session_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.PAYMENTS_READ)
    return history_page(call, sessions.history_of(call, account_id, session_id), cursor)


@api.put(
    "/cash-accounts/<account_id>/sessions/<session_id>/withdrawal",
    summary="Retira dinheiro do caixa para um banco ou cofre",
    tags=SESSIONS,
)
def withdraw_from_cash_session(account_id: str, session_id: str, withdrawal: CashWithdrawal) -> CashSession:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return sessions.withdraw(call, account_id, session_id, api.if_match, withdrawal)


@api.put(
    "/cash-accounts/<account_id>/sessions/<session_id>/closing",
    summary="Confere e fecha o caixa; a diferença pede explicação e vira um lançamento",
    tags=SESSIONS,
)
def close_cash_session(account_id: str, session_id: str, closing: SessionClosing) -> CashSession:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return sessions.close(call, account_id, session_id, api.if_match, closing)
