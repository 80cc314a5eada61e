"""Charges and invoices over HTTP (CON-01..05, INV-01, INV-02, INV-04, INV-07, INV-13, INV-14)."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from billing.access.model import Permission
from billing.audit.batches import BatchAnswer, Chosen
from billing.audit.history import History
from billing.bank_files.ending import let_go
from billing.banking import store as profiles
from billing.contracts import store as contracts
from billing.core.files import Link
from billing.core.names import names_of, with_names
from billing.core.page import Page, part_of
from billing.core.period import Day, Month
from billing.core.text import Id, Line
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, DryRun, ListCursor
from billing.entry.launching import relaunch
from billing.invoicing import billing_run, charges, invoices, manual_billing
from billing.invoicing.billing_run import MOST_CONTRACTS, BillingRequest, ContractId, Preview
from billing.invoicing.charge import Charge, ChargeEdit
from billing.invoicing.charges import ChargeRemoval, Charges, Insertion, ShownCharge
from billing.invoicing.invoice import Invoice
from billing.invoicing.invoices import Comment, Removal, ShownInvoice, Suspension, Unmarking
from billing.invoicing.manual_billing import BillByHand
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.members import store as members
from billing.reports import service as printing
from billing.runs import store as runs
from billing.runs.model import Run

api = Api("invoicing", relaunch)
handler = api.handle
CHARGES = ["Contas"]
INVOICES = ["Faturas"]


class Printing(Chosen):
    """Faturas a imprimir, na ordem pedida."""

    form: printing.PaperForm = Field(default=printing.PaperForm.SHEETS, examples=["booklet"])
    """`sheets`: uma folha por fatura; `booklet`: carnê, três boletos por página."""


@api.get("/customers/<customer_id>/charges", summary="Lista as contas de um cliente", tags=CHARGES)
def list_customer_charges(
    customer_id: str, status: ChargeStatus | None = None, cursor: ListCursor = None
) -> Page[ShownCharge]:
    call = api.call(Permission.INVOICES_READ)
    this = f"{call.tenant_id}#charges#{customer_id}#{status}"
    part, following = part_of(this, list(charges.charges_of(call, customer_id, status)), cursor)
    page = Page[ShownCharge](items=charges.shown(call, part), next_cursor=following)
    sources = (
        profiles.NAMES,
        companies.NAMES,
        customers.NAMES,
        members.NAMES,
        runs.NAMES,
        contracts.plans_of(customer_id),
    )
    return with_names(call.tenant_id, page, *sources)


@api.post(
    "/customers/<customer_id>/charges",
    status_code=201,
    summary="Insere uma conta avulsa, com replicações",
    tags=CHARGES,
)
def insert_charge(customer_id: str, charge: Insertion) -> Charges:
    call = api.call(Permission.INVOICES_CHANGE)
    return charges.insert(call, customer_id, charge)


@api.get("/customers/<customer_id>/charges/<charge_id>", summary="Lê uma conta", tags=CHARGES)
def get_charge(customer_id: str, charge_id: str) -> Charge:
    call = api.call(Permission.INVOICES_READ)
    return charges.read(call, customer_id, charge_id)


@api.put(
    "/customers/<customer_id>/charges/<charge_id>",
    summary="Altera uma conta; `confirm` quando só se pede confirmação",
    tags=CHARGES,
)
def edit_charge(customer_id: str, charge_id: str, charge: ChargeEdit, confirm: bool = False) -> Charge:
    call = api.call(Permission.INVOICES_CHANGE)
    return charges.edit(call, customer_id, charge_id, api.if_match, charge, confirmed=confirm)


@api.get(
    "/customers/<customer_id>/charges/<charge_id>/history",
    summary="Tudo o que aconteceu com uma conta",
    tags=CHARGES,
)
def get_charge_history(customer_id: str, charge_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.INVOICES_READ)
    return history_page(call, charges.history_of(call, customer_id, charge_id), cursor, profiles.NAMES)


@api.post("/customers/<customer_id>/charges/suspend", summary="Suspende contas", tags=CHARGES)
def suspend_charges(customer_id: str, suspension: Suspension, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return charges.suspend(call, customer_id, suspension)


@api.post("/customers/<customer_id>/charges/unsuspend", summary="Cancela a suspensão de contas", tags=CHARGES)
def unsuspend_charges(customer_id: str, suspension: Suspension, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return charges.unsuspend(call, customer_id, suspension)


@api.post("/customers/<customer_id>/charges/remove", summary="Remove contas", tags=CHARGES)
def remove_charges(customer_id: str, removal: ChargeRemoval, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return charges.remove(call, customer_id, removal)


@api.post("/customers/<customer_id>/charges/bill", summary="Fatura contas escolhidas", tags=CHARGES)
def bill_charges(customer_id: str, choice: BillByHand, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_BILL, dry_run=dry_run)
    return manual_billing.bill(call, customer_id, choice)


@api.get(
    "/companies/<company_id>/billing-preview",
    summary="Prévia do faturamento em massa: totais e o que ficaria de fora",
    tags=CHARGES,
)
def preview_billing(
    company_id: str,
    due_from: Annotated[Day, Query(description="Primeiro vencimento, inclusive.")],
    due_to: Annotated[Day, Query(description="Último vencimento, inclusive; até 366 dias.")],
    payment_profile_id: Annotated[Id | None, Query(description="Só as contas deste profile.")] = None,
    reference: Annotated[
        Month | None, Query(description="Só as contas cuja referência começa neste mês.")
    ] = None,
    contract_ids: Annotated[
        list[ContractId] | None,
        Query(max_length=MOST_CONTRACTS, description="Só as contas destes contratos."),
    ] = None,
    grouping: Annotated[
        Line | None, Query(min_length=1, max_length=40, description="Só as contas deste agrupamento.")
    ] = None,
) -> Preview:
    call = api.call(Permission.INVOICES_BILL)
    request = BillingRequest(
        company_id=company_id,
        due_from=due_from,
        due_to=due_to,
        payment_profile_id=payment_profile_id,
        reference=reference,
        contract_ids=tuple(contract_ids or ()),
        grouping=grouping,
    )
    preview = billing_run.preview(call, request.checked())
    refused = {one.key for one in preview.refused}
    return preview.evolve(names=names_of(call.tenant_id, refused, customers.NAMES))


@api.get("/customers/<customer_id>/invoices", summary="Lista as faturas de um cliente", tags=INVOICES)
def list_customer_invoices(
    customer_id: str, status: InvoiceStatus | None = None, cursor: ListCursor = None
) -> Page[ShownInvoice]:
    call = api.call(Permission.INVOICES_READ)
    this = f"{call.tenant_id}#invoices#{customer_id}#{status}"
    part, following = part_of(this, list(invoices.invoices_of(call, customer_id, status)), cursor)
    shown = tuple(ShownInvoice.of(call, invoice) for invoice in part)
    sources = profiles.NAMES, companies.NAMES, customers.NAMES, members.NAMES
    return with_names(call.tenant_id, Page[ShownInvoice](items=shown, next_cursor=following), *sources)


@api.get("/customers/<customer_id>/invoices/<invoice_id>", summary="Lê uma fatura", tags=INVOICES)
def get_invoice(customer_id: str, invoice_id: str) -> ShownInvoice:
    call = api.call(Permission.INVOICES_READ)
    return ShownInvoice.of(call, invoices.get(call, customer_id, invoice_id))


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/history",
    summary="Tudo o que aconteceu com uma fatura",
    tags=INVOICES,
)
def get_invoice_history(customer_id: str, invoice_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.INVOICES_READ)
    return history_page(call, invoices.history_of(call, customer_id, invoice_id), cursor, profiles.NAMES)


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/comments",
    status_code=201,
    summary="Comenta uma fatura",
    tags=INVOICES,
)
def comment_invoice(customer_id: str, invoice_id: str, comment: Comment) -> Invoice:
    call = api.call(Permission.INVOICES_CHANGE)
    return invoices.comment(call, customer_id, invoice_id, comment)


@api.post("/customers/<customer_id>/invoices/remove", summary="Remove faturas", tags=INVOICES)
def remove_invoices(customer_id: str, removal: Removal, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return invoices.remove(call, customer_id, removal, let_go)


@api.post("/customers/<customer_id>/invoices/suspend", summary="Suspende faturas", tags=INVOICES)
def suspend_invoices(customer_id: str, suspension: Suspension, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return invoices.suspend(call, customer_id, suspension)


@api.post(
    "/customers/<customer_id>/invoices/unsuspend", summary="Cancela a suspensão de faturas", tags=INVOICES
)
def unsuspend_invoices(customer_id: str, suspension: Suspension, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return invoices.unsuspend(call, customer_id, suspension)


@api.post(
    "/customers/<customer_id>/invoices/remove-remittance-mark",
    summary="Tira a marca de remessa transmitida, para alterar as faturas e remeter de novo",
    tags=INVOICES,
)
def remove_remittance_mark(customer_id: str, unmarking: Unmarking, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.INVOICES_CHANGE, dry_run=dry_run)
    return invoices.unmark(call, customer_id, unmarking)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/pdf",
    summary="Endereço do PDF da fatura",
    tags=INVOICES,
)
def get_invoice_pdf(customer_id: str, invoice_id: str) -> Link:
    call = api.call(Permission.INVOICES_READ)
    return Link(url=printing.invoices_link(call, wiring.files(), customer_id, [invoice_id]))


@api.post(
    "/customers/<customer_id>/invoices/print",
    summary="Endereço de um PDF com as faturas escolhidas, em folhas ou em carnê",
    tags=INVOICES,
)
def print_invoices(customer_id: str, choice: Printing) -> Link:
    call = api.call(Permission.INVOICES_READ)
    return Link(url=printing.invoices_link(call, wiring.files(), customer_id, choice.ids, choice.form))


@api.get(
    "/customers/<customer_id>/closings/<closing_id>/pdf",
    summary="Endereço do PDF de um fechamento congelado: lançamentos e valores cobrados",
    tags=["Fechamentos"],
)
def get_closing_pdf(customer_id: str, closing_id: str) -> Link:
    call = api.call(Permission.CLOSINGS_READ)
    return Link(url=printing.closing_link(call, wiring.files(), customer_id, closing_id))


@api.post(
    "/runs/billing", status_code=202, summary="Fatura em massa as contas não faturadas", tags=["Execuções"]
)
def start_billing(request: BillingRequest) -> Run:
    call = api.call(Permission.RUNS_START, Permission.INVOICES_BILL)
    return billing_run.start(call, wiring.processes(), request)
