"""Fiscal documents over HTTP (FIS-01..06)."""

from operator import attrgetter
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from billing.access.call import Call
from billing.access.model import Permission
from billing.audit.history import History
from billing.core.entity import Entity
from billing.core.files import Link
from billing.core.names import with_names
from billing.core.page import MAX_PAGE, Page, part_of
from billing.core.period import Month
from billing.core.text import Cursor, Line
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import fiscal_office, wiring
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor
from billing.entry.launching import relaunch
from billing.fiscal import configuration, lists, panel, run
from billing.fiscal.certificates import CertificateInfo, NewCertificate
from billing.fiscal.configuration import FiscalMonthData, FiscalSettingsView
from billing.fiscal.document import DocumentState, FiscalDocument, Observations
from billing.fiscal.lists import PendingInvoice
from billing.fiscal.run import FiscalRequest
from billing.fiscal.settings import FiscalMonth, FiscalSettingsData
from billing.runs.model import Run

api = Api("fiscal", relaunch)
handler = api.handle
DOCUMENTS = ["Documentos fiscais"]
SETTINGS = ["Configuração fiscal"]


class Issuing(Entity):
    """Emissão dos documentos de uma fatura."""

    observations: Observations | None = None
    """No lugar das que o cadastro tem."""


class CancellationRequest(Entity):
    """Cancelamento de um documento autorizado, dentro do prazo."""

    reason: Line = Field(min_length=15, max_length=255, examples=["Serviço não prestado ao cliente"])
    """Vai ao autorizador."""


@api.get(
    "/companies/<company_id>/fiscal-settings",
    summary="Lê a configuração fiscal de uma empresa",
    tags=SETTINGS,
)
def get_fiscal_settings(company_id: str) -> FiscalSettingsView:
    call = api.call(Permission.FISCAL_READ)
    return configuration.view(call, company_id)


@api.put(
    "/companies/<company_id>/fiscal-settings",
    summary="Altera a configuração fiscal de uma empresa",
    tags=SETTINGS,
)
def change_fiscal_settings(company_id: str, settings: FiscalSettingsData) -> FiscalSettingsView:
    call = api.call(Permission.FISCAL_CONFIGURE)
    return configuration.change(call, company_id, api.if_match, settings)


@api.get(
    "/companies/<company_id>/fiscal-settings/history",
    summary="Tudo o que aconteceu com a configuração fiscal de uma empresa",
    tags=SETTINGS,
)
def get_fiscal_settings_history(company_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.FISCAL_READ)
    return history_page(call, configuration.settings_history(call, company_id), cursor)


@api.post(
    "/companies/<company_id>/fiscal-certificate",
    status_code=201,
    summary="Guarda o certificado digital da empresa, que depois só assina",
    tags=SETTINGS,
)
def add_fiscal_certificate(company_id: str, certificate: NewCertificate) -> CertificateInfo:
    call = api.call(Permission.FISCAL_CONFIGURE)
    return configuration.keep_certificate(
        call, fiscal_office.vault(), wiring.clock(), company_id, certificate
    )


@api.get("/companies/<company_id>/fiscal-months/<month>", summary="Lê uma competência", tags=SETTINGS)
def get_fiscal_month(company_id: str, month: Annotated[Month, Path()]) -> FiscalMonth:
    call = api.call(Permission.FISCAL_READ)
    return configuration.month(call, company_id, month)


@api.put(
    "/companies/<company_id>/fiscal-months/<month>",
    summary="Fecha ou reabre uma competência, e muda a sua observação",
    tags=SETTINGS,
)
def change_fiscal_month(
    company_id: str, month: Annotated[Month, Path()], data: FiscalMonthData
) -> FiscalMonth:
    call = api.call(Permission.FISCAL_CONFIGURE)
    return configuration.change_month(call, company_id, month, api.if_match, data)


@api.get(
    "/companies/<company_id>/fiscal-months/<month>/history",
    summary="Tudo o que aconteceu com uma competência",
    tags=SETTINGS,
)
def get_fiscal_month_history(
    company_id: str, month: Annotated[Month, Path()], cursor: ListCursor = None
) -> History:
    call = api.call(Permission.FISCAL_READ)
    return history_page(call, configuration.month_history(call, company_id, month), cursor)


@api.get(
    "/companies/<company_id>/fiscal-months/<month>/archive",
    summary="Endereço dos XML de uma competência em um zip, para a contabilidade",
    tags=DOCUMENTS,
)
def get_fiscal_archive(company_id: str, month: Annotated[Month, Path()]) -> Link:
    call = api.call(Permission.FISCAL_READ)
    return lists.archive_link(call, wiring.files(), company_id, month)


@api.get(
    "/companies/<company_id>/fiscal-pending",
    summary="Faturas geradas em um mês que ainda precisam de documento fiscal",
    tags=DOCUMENTS,
)
def list_fiscal_pending(
    company_id: str,
    month: Annotated[Month, Query(description="Mês em que as faturas foram geradas.")],
    cursor: ListCursor = None,
) -> Page[PendingInvoice]:
    call = api.call(Permission.FISCAL_READ)
    page = lists.pending(call, company_id, month, cursor)
    return with_names(call.tenant_id, page, customers.NAMES)


@api.get(
    "/companies/<company_id>/fiscal-documents",
    summary="Documentos fiscais de uma competência, por número",
    tags=DOCUMENTS,
)
def list_fiscal_documents(
    company_id: str,
    month: Annotated[Month, Query(description="Competência.")],
    state: DocumentState | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Documentos por página.")] = MAX_PAGE,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")] = None,
) -> Page[FiscalDocument]:
    call = api.call(Permission.FISCAL_READ)
    return _named(call, lists.issued(call, company_id, month, state, limit=limit, cursor=cursor))


@api.get(
    "/customers/<customer_id>/fiscal-documents",
    summary="Documentos fiscais de todas as faturas de um cliente, os últimos primeiro",
    tags=DOCUMENTS,
)
def list_customer_fiscal_documents(customer_id: str, cursor: ListCursor = None) -> Page[FiscalDocument]:
    call = api.call(Permission.FISCAL_READ)
    this = f"{call.tenant_id}#fiscal-documents#{customer_id}"
    part, following = part_of(this, lists.issued_to(call, customer_id), cursor)
    return _named(call, Page[FiscalDocument](items=part, next_cursor=following))


@api.get(
    "/customers/<customer_id>/fiscal-pending",
    summary="Faturas de um cliente que ainda precisam de documento fiscal",
    tags=DOCUMENTS,
)
def list_customer_fiscal_pending(customer_id: str, cursor: ListCursor = None) -> Page[PendingInvoice]:
    call = api.call(Permission.FISCAL_READ)
    this, owed = (
        f"{call.tenant_id}#fiscal-pending#{customer_id}",
        lists.pending_of_customer(call, customer_id),
    )
    part, following = part_of(this, owed, cursor, key=attrgetter("invoice_id"))
    page = Page[PendingInvoice](items=part, next_cursor=following)
    return with_names(call.tenant_id, page, customers.NAMES)


@api.post(
    "/runs/fiscal", status_code=202, summary="Emite os documentos fiscais pendentes", tags=["Execuções"]
)
def start_fiscal(request: FiscalRequest) -> Run:
    call = api.call(Permission.RUNS_START, Permission.FISCAL_ISSUE)
    return run.start(call, wiring.processes(), request)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents",
    summary="Documentos fiscais de uma fatura",
    tags=DOCUMENTS,
)
def list_invoice_fiscal_documents(
    customer_id: str, invoice_id: str, cursor: ListCursor = None
) -> Page[FiscalDocument]:
    call = api.call(Permission.FISCAL_READ)
    this = f"{call.tenant_id}#fiscal-documents#{invoice_id}"
    part, following = part_of(this, lists.of_invoice(call, customer_id, invoice_id), cursor)
    return _named(call, Page[FiscalDocument](items=part, next_cursor=following))


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents",
    summary="Emite os documentos fiscais de uma fatura, ou conclui os que ficaram no meio",
    tags=DOCUMENTS,
)
def issue_fiscal_documents(customer_id: str, invoice_id: str, request: Issuing) -> Page[FiscalDocument]:
    call = api.call(Permission.FISCAL_ISSUE)
    documents = panel.issue_one(call, fiscal_office.office, customer_id, invoice_id, request.observations)
    return _named(call, Page[FiscalDocument](items=tuple(documents)))


def _named(call: Call, page: Page[FiscalDocument]) -> Page[FiscalDocument]:
    return with_names(call.tenant_id, page, customers.NAMES, companies.NAMES, lists.plans_of(page.items))


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>",
    summary="Lê um documento fiscal",
    tags=DOCUMENTS,
)
def get_fiscal_document(customer_id: str, invoice_id: str, document_id: str) -> FiscalDocument:
    call = api.call(Permission.FISCAL_READ)
    return lists.get(call, customer_id, invoice_id, document_id)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>/history",
    summary="Tudo o que aconteceu com um documento fiscal",
    tags=DOCUMENTS,
)
def get_fiscal_document_history(
    customer_id: str, invoice_id: str, document_id: str, cursor: ListCursor = None
) -> History:
    call = api.call(Permission.FISCAL_READ)
    return history_page(
        call,
        configuration.document_history(call, lists.get(call, customer_id, invoice_id, document_id)),
        cursor,
    )


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>/xml",
    summary="Endereço do XML de um documento fiscal, como foi assinado e autorizado",
    tags=DOCUMENTS,
)
def get_fiscal_document_xml(customer_id: str, invoice_id: str, document_id: str) -> Link:
    call = api.call(Permission.FISCAL_READ)
    return lists.xml_link(call, wiring.files(), lists.get(call, customer_id, invoice_id, document_id))


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>/pdf",
    summary="Endereço da impressão (DANFE-COM) de um documento fiscal",
    tags=DOCUMENTS,
)
def get_fiscal_document_pdf(customer_id: str, invoice_id: str, document_id: str) -> Link:
    call = api.call(Permission.FISCAL_READ)
    return lists.pdf_link(call, wiring.files(), lists.get(call, customer_id, invoice_id, document_id))


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>/consultation",
    summary="Consulta um documento fiscal no autorizador",
    tags=DOCUMENTS,
)
def consult_fiscal_document(customer_id: str, invoice_id: str, document_id: str) -> FiscalDocument:
    call = api.call(Permission.FISCAL_ISSUE)
    return panel.consult(call, fiscal_office.office, customer_id, invoice_id, document_id)


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>/cancellation",
    summary="Cancela um documento fiscal no autorizador",
    tags=DOCUMENTS,
)
def cancel_fiscal_document(
    customer_id: str, invoice_id: str, document_id: str, request: CancellationRequest
) -> FiscalDocument:
    call = api.call(Permission.FISCAL_ISSUE)
    return panel.cancel(call, fiscal_office.office, customer_id, invoice_id, document_id, request.reason)


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/fiscal-documents/<document_id>/giving-up",
    summary="Desiste de um documento rejeitado: o seu número vai para o próximo",
    tags=DOCUMENTS,
)
def give_up_fiscal_document(customer_id: str, invoice_id: str, document_id: str) -> FiscalDocument:
    call = api.call(Permission.FISCAL_ISSUE)
    return panel.give_up(call, fiscal_office.office, customer_id, invoice_id, document_id)
