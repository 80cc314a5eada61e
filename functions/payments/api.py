"""Settlements, receipts, cash accounts and held receipts over HTTP (INV-08..10, PAY-08, PAY-09)."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from billing.access.model import Permission
from billing.audit.batches import BatchAnswer
from billing.audit.history import History
from billing.bank_files.ending import let_go, take_back
from billing.banking import store as profiles
from billing.core.files import Link
from billing.core.names import with_names
from billing.core.page import MAX_PAGE, Page, part_of
from billing.core.period import Day, Month
from billing.core.text import Cursor
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, DryRun, ListCursor
from billing.members import store as members
from billing.payments import (
    outstanding,
    pix_receipts,
    reconciliation,
    reversing,
    service,
    settings,
    settled_insertion,
    settling,
    statement_imports,
    store,
)
from billing.payments.model import (
    CashAccount,
    CashBalance,
    CashMovement,
    HeldReceipt,
    NewCashAccount,
    Settlement,
)
from billing.payments.outstanding import Forgiveness, Rebilling
from billing.payments.pix_receipts import PixStatement
from billing.payments.reconciliation import CreditFound
from billing.payments.reversing import ReversalRequest
from billing.payments.service import ClosingOfAccount, Credit, ReopeningOfAccount, Resolving
from billing.payments.settings import Settings, SettingsData
from billing.payments.settled_insertion import SettledCharges, SettledInsertion
from billing.payments.settling import SettlementByHand
from billing.payments.statements import NewStatement, StatementImport, StatementLine, StatementUpload
from billing.reports import service as printing
from billing.runs import store as runs

api = Api("payments")
handler = api.handle
ACCOUNTS = ["Contas de dinheiro"]
HELD = ["Recebimentos retidos"]
SETTLEMENTS = ["Liquidações"]


@api.get("/cash-accounts", summary="Lista bancos, caixas e cofres", tags=ACCOUNTS)
def list_cash_accounts() -> Page[CashAccount]:
    call = api.call(Permission.PAYMENTS_READ)
    page = Page[CashAccount](items=service.accounts(call))
    return with_names(call.tenant_id, page, companies.NAMES)


@api.post("/cash-accounts", status_code=201, summary="Cria uma conta de dinheiro", tags=ACCOUNTS)
def add_cash_account(account: NewCashAccount) -> CashAccount:
    call = api.call(Permission.BANKING_CONFIGURE)
    return service.add_account(call, account)


@api.get("/cash-accounts/<account_id>", summary="Lê uma conta de dinheiro", tags=ACCOUNTS)
def get_cash_account(account_id: str) -> CashAccount:
    call = api.call(Permission.PAYMENTS_READ)
    return service.account(call, account_id)


@api.get(
    "/cash-accounts/<account_id>/history",
    summary="Tudo o que aconteceu com uma conta de dinheiro",
    tags=ACCOUNTS,
)
def get_account_history(account_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.PAYMENTS_READ)
    return history_page(call, service.history_of(call, account_id), cursor, companies.NAMES)


@api.get("/cash-accounts/<account_id>/movements", summary="Movimentos de um mês, por data", tags=ACCOUNTS)
def list_cash_account_movements(
    account_id: str,
    month: Annotated[Month, Query(description="Mês dos movimentos.")],
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Itens por página.")] = MAX_PAGE,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")] = None,
) -> Page[CashMovement]:
    call = api.call(Permission.PAYMENTS_READ)
    return service.movements(call, account_id, month, limit=limit, cursor=cursor)


@api.get("/cash-accounts/<account_id>/balance", summary="Soma dos movimentos de um intervalo", tags=ACCOUNTS)
def get_cash_account_balance(
    account_id: str,
    first: Annotated[Day, Query(alias="from", description="Primeiro dia, inclusive.")],
    last: Annotated[Day, Query(alias="to", description="Último dia, inclusive; até 366 dias.")],
) -> CashBalance:
    call = api.call(Permission.PAYMENTS_READ)
    return service.balance(call, account_id, first, last)


@api.post("/cash-accounts/<account_id>/closing", summary="Fecha o caixa até uma data", tags=ACCOUNTS)
def close_cash_account(account_id: str, closing: ClosingOfAccount) -> CashAccount:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return service.close_account(call, account_id, closing)


@api.post(
    "/cash-accounts/<account_id>/reopening",
    summary="Reabre o caixa depois de uma data; o motivo fica no histórico",
    tags=ACCOUNTS,
)
def reopen_cash_account(account_id: str, reopening: ReopeningOfAccount) -> CashAccount:
    call = api.call(Permission.BANKING_CONFIGURE)
    return service.reopen_account(call, account_id, reopening)


@api.get("/held-receipts", summary="Recebimentos retidos de um mês", tags=HELD)
def list_held_receipts(
    month: Annotated[Month, Query(description="Mês do pagamento.")], cursor: ListCursor = None
) -> Page[HeldReceipt]:
    call = api.call(Permission.PAYMENTS_READ)
    part, following = part_of(f"{call.tenant_id}#held#{month}", service.held_receipts(call, month), cursor)
    page = Page[HeldReceipt](items=part, next_cursor=following)
    sources = customers.NAMES, companies.NAMES, profiles.NAMES, members.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.post("/held-receipts/<month>/<receipt_id>/resolution", summary="Decide um recebimento retido", tags=HELD)
def resolve_held_receipt(
    month: Annotated[Month, Path()], receipt_id: str, resolving: Resolving
) -> HeldReceipt:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return service.resolve(call, month, receipt_id, resolving, let_go)


@api.post(
    "/payment-profiles/<profile_id>/pix-receipts",
    summary="Importa Pix recebidos na chave de um profile: liquidam a fatura do txid ou do valor, cada um uma vez",
    tags=HELD,
)
def import_pix_receipts(profile_id: str, statement: PixStatement, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.BANKING_RETURN, dry_run=dry_run)
    return pix_receipts.receive_all(call, profile_id, statement, let_go)


@api.post(
    "/payment-profiles/<profile_id>/statements",
    status_code=201,
    summary="Pede um endereço para enviar um extrato da conta: os Pix recebidos nele liquidam as suas faturas",
    description="OFX, ou CSV com cabeçalho (data, valor, histórico). A fatura é a do txid, a do número de boleto que está no histórico, "
    "ou a única em aberto do valor. O mesmo extrato, ou um de dias que se repetem, não tem efeito de novo.",
    tags=HELD,
)
def upload_statement(profile_id: str, new: NewStatement) -> StatementUpload:
    call = api.call(Permission.BANKING_RETURN)
    return statement_imports.offer_upload(call, wiring.files(), profile_id, new)


@api.get("/statements", summary="Lista os extratos importados, do mais novo ao mais antigo", tags=HELD)
def list_statements(cursor: Annotated[Cursor | None, Query()] = None) -> Page[StatementImport]:
    call = api.call(Permission.PAYMENTS_READ)
    page = statement_imports.imports_for(call, cursor)
    return with_names(call.tenant_id, page, companies.NAMES, members.NAMES, profiles.NAMES, runs.NAMES)


@api.get("/statements/<statement_id>", summary="Acompanha a importação de um extrato", tags=HELD)
def get_statement(statement_id: str) -> StatementImport:
    call = api.call(Permission.PAYMENTS_READ)
    return statement_imports.get_for(call, statement_id)


@api.get(
    "/statements/<statement_id>/lines",
    summary="Lista as linhas de um extrato, com o que foi feito de cada uma",
    tags=HELD,
)
def list_statement_lines(
    statement_id: str, cursor: Annotated[Cursor | None, Query()] = None
) -> Page[StatementLine]:
    call = api.call(Permission.PAYMENTS_READ)
    return statement_imports.lines_of(call, wiring.files(), statement_id, cursor)


@api.get("/customers/<customer_id>/credit", summary="O crédito de um cliente", tags=HELD)
def get_credit(customer_id: str, cursor: ListCursor = None) -> Credit:
    call = api.call(Permission.PAYMENTS_READ)
    return service.credit_of(call, customer_id, cursor)


@api.post("/settlements", summary="Liquida faturas manualmente (liquidação avulsa)", tags=SETTLEMENTS)
def settle_invoices(settlement: SettlementByHand, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.PAYMENTS_SETTLE, dry_run=dry_run)
    return settling.settle(call, settlement, let_go)


@api.post(
    "/customers/<customer_id>/settled-charges",
    status_code=201,
    summary="Insere contas já pagas: cada uma é faturada e liquidada hoje",
    tags=SETTLEMENTS,
)
def insert_settled_charges(customer_id: str, charges: SettledInsertion) -> SettledCharges:
    call = api.call(Permission.INVOICES_CHANGE, Permission.INVOICES_BILL, Permission.PAYMENTS_SETTLE)
    return settled_insertion.insert(call, customer_id, charges, let_go)


@api.post(
    "/outstanding-balances/settlement",
    summary="Recebe o que falta de faturas parcialmente liquidadas",
    tags=SETTLEMENTS,
)
def settle_outstanding_balance(settlement: SettlementByHand, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.PAYMENTS_SETTLE, dry_run=dry_run)
    return settling.settle_outstanding(call, settlement, let_go)


@api.post(
    "/outstanding-balances/forgiveness",
    summary="Perdoa o que falta de faturas parcialmente liquidadas: vira desconto",
    tags=SETTLEMENTS,
)
def forgive_outstanding_balance(forgiveness: Forgiveness, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.PAYMENTS_FORGIVE, dry_run=dry_run)
    return outstanding.forgive(call, forgiveness, let_go)


@api.post(
    "/outstanding-balances/rebilling",
    summary="Leva o que falta de faturas parcialmente liquidadas a contas novas, por faturar",
    tags=SETTLEMENTS,
)
def rebill_outstanding_balance(rebilling: Rebilling, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.PAYMENTS_SETTLE, Permission.INVOICES_CHANGE, dry_run=dry_run)
    return outstanding.rebill(call, rebilling, let_go)


@api.post(
    "/settlements/reversals",
    summary="Estorna uma liquidação; `confirm` quando só se pede confirmação",
    tags=SETTLEMENTS,
)
def reverse_settlement(reversal: ReversalRequest) -> Settlement:
    call = api.call(Permission.PAYMENTS_REVERSE)
    return reversing.reverse(call, reversal, take_back)


@api.post(
    "/settlements/reconciliation",
    summary="Concilia uma liquidação com o crédito do banco",
    tags=SETTLEMENTS,
)
def reconcile_settlement(credit: CreditFound) -> Settlement:
    call = api.call(Permission.PAYMENTS_SETTLE)
    return reconciliation.reconcile(call, credit)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/settlements",
    summary="Liquidações de uma fatura, também as estornadas",
    tags=SETTLEMENTS,
)
def list_settlements(customer_id: str, invoice_id: str, cursor: ListCursor = None) -> Page[Settlement]:
    call = api.call(Permission.PAYMENTS_READ)
    this = f"{call.tenant_id}#settlements#{invoice_id}"
    part, following = part_of(this, settling.settlements_of(call, customer_id, invoice_id), cursor)
    page = Page[Settlement](items=part, next_cursor=following)
    sources = customers.NAMES, companies.NAMES, profiles.NAMES, members.NAMES, store.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/settlements/<settlement_id>/receipt",
    summary="Endereço do recibo de uma liquidação",
    tags=SETTLEMENTS,
)
def get_settlement_receipt(customer_id: str, invoice_id: str, settlement_id: str) -> Link:
    call = api.call(Permission.PAYMENTS_READ)
    url = printing.receipt_link(call, wiring.files(), customer_id, invoice_id, settlement_id)
    return Link(url=url)


@api.get("/companies/<company_id>/payment-settings", summary="Configuração básica", tags=SETTLEMENTS)
def get_payment_settings(company_id: str) -> Settings:
    call = api.call(Permission.PAYMENTS_READ)
    return settings.get(call, company_id)


@api.put("/companies/<company_id>/payment-settings", summary="Altera a configuração básica", tags=SETTLEMENTS)
def change_payment_settings(company_id: str, data: SettingsData) -> Settings:
    call = api.call(Permission.BANKING_CONFIGURE)
    return settings.change(call, company_id, api.if_match, data)
