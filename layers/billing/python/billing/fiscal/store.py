"""Fiscal documents, their numbers, and what companies configured.

tenant#cus_...               document#inv_...#fis_...     a document, beside the others of its invoice; in the index by_month
tenant#fiscal#com_...        settings                     the company's configuration
tenant#fiscal#com_...        certificate                  its certificate; the private key is sealed
tenant#fiscal#com_...        month#2026-11                a competence, once somebody changed it
tenant#fiscal#com_...        series#env#model#series      the last number taken
tenant#fiscal#com_...        pause                        issuing stopped, and until when
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.core.errors import NotFound
from billing.core.page import encode_cursor, start_of
from billing.core.period import Month
from billing.core.table import Aggregate, Table, entity_row, find, find_many, meta, rows_in
from billing.core.text import Line
from billing.fiscal.certificates import KeptCertificate
from billing.fiscal.document import FiscalDocument, FiscalModel
from billing.fiscal.environment import Environment
from billing.fiscal.numbering import SeriesNumbers
from billing.fiscal.settings import FiscalMonth, FiscalSettings


class ByFiscalMonth(GlobalSecondaryIndex["FiscalTable"]):
    """Numbered documents: tenant#company#month, model#series#number."""

    class Meta:
        index_name = "by_month"
        projection = KeysOnlyProjection()

    month_key = UnicodeAttribute(hash_key=True)
    month_sort = UnicodeAttribute(range_key=True)


class FiscalTable(Table):
    Meta = meta("fiscal")

    month_key = UnicodeAttribute(null=True)
    month_sort = UnicodeAttribute(null=True)
    by_month = ByFiscalMonth()


class Pause(Aggregate):
    """Emissão parada: até quando e por quê."""

    until: datetime
    reason: Line


def document_row(tenant_id: str, document: FiscalDocument) -> FiscalTable:
    """In the index by month while it has a number."""
    is_numbered = document.number is not None
    return entity_row(
        FiscalTable,
        f"{tenant_id}#{document.customer_id}",
        f"document#{document.invoice_id}#{document.id}",
        document,
        month_key=_month_key(tenant_id, document.company_id, document.month) if is_numbered else None,
        month_sort=f"{document.model}#{document.series}#{document.number:015d}#{document.id}"
        if is_numbered
        else None,
    )


def get_document(tenant_id: str, customer_id: str, invoice_id: str, document_id: str) -> FiscalDocument:
    """Raises NotFound."""
    row = f"document#{invoice_id}#{document_id}"
    document = find(FiscalTable, f"{tenant_id}#{customer_id}", row, FiscalDocument)
    if document is None:
        raise NotFound("fiscal.document_missing", "O documento fiscal não existe.")
    return document


def documents_of(tenant_id: str, customer_id: str, invoice_id: str) -> list[FiscalDocument]:
    """Of one invoice, those that stand and those that do not any more."""
    return list(rows_in(FiscalTable, f"{tenant_id}#{customer_id}", f"document#{invoice_id}#", FiscalDocument))


def documents_of_customer(tenant_id: str, customer_id: str) -> list[FiscalDocument]:
    """Of all the customer's invoices, in no order that means anything."""
    return list(rows_in(FiscalTable, f"{tenant_id}#{customer_id}", "document#", FiscalDocument))


def documents_in(
    tenant_id: str, company_id: str, month: Month, *, limit: int, cursor: str | None
) -> tuple[list[FiscalDocument], str | None]:
    """A page of a month's numbered documents, in the order of their numbers."""
    key = _month_key(tenant_id, company_id, month)
    start = start_of(cursor, tenant_id, "month_key", key, "document#")
    rows = FiscalTable.by_month.query(key, limit=limit, last_evaluated_key=start)
    keys = [(row.partition, row.row) for row in rows]
    return _in_order(keys), encode_cursor(rows.last_evaluated_key)


def all_documents_in(tenant_id: str, company_id: str, month: Month) -> Iterator[FiscalDocument]:
    """Of a month, in the order of their numbers, a hundred in memory at once."""
    cursor = None
    while True:
        documents, cursor = documents_in(tenant_id, company_id, month, limit=100, cursor=cursor)
        yield from documents
        if cursor is None:
            return


def _in_order(keys: list[tuple[str, str]]) -> list[FiscalDocument]:
    documents = find_many(FiscalTable, keys, FiscalDocument)
    return [documents[key] for key in keys if key in documents]


def settings_row(tenant_id: str, settings: FiscalSettings) -> FiscalTable:
    return _of_company(tenant_id, settings.company_id, "settings", settings)


def find_settings(tenant_id: str, company_id: str) -> FiscalSettings | None:
    return find(FiscalTable, _company(tenant_id, company_id), "settings", FiscalSettings)


def certificate_row(tenant_id: str, certificate: KeptCertificate) -> FiscalTable:
    return _of_company(tenant_id, certificate.company_id, "certificate", certificate)


def find_certificate(tenant_id: str, company_id: str) -> KeptCertificate | None:
    return find(FiscalTable, _company(tenant_id, company_id), "certificate", KeptCertificate)


def certificates_of(tenant_id: str, companies: Iterable[str]) -> list[KeptCertificate]:
    """Of the companies that have one."""
    keys = [(_company(tenant_id, company_id), "certificate") for company_id in companies]
    return list(find_many(FiscalTable, keys, KeptCertificate).values())


def month_row(tenant_id: str, month: FiscalMonth) -> FiscalTable:
    return _of_company(tenant_id, month.company_id, f"month#{month.month}", month)


def get_month(tenant_id: str, company_id: str, month: Month) -> FiscalMonth:
    """Open, and without observation, before somebody changes it."""
    kept = find(FiscalTable, _company(tenant_id, company_id), f"month#{month}", FiscalMonth)
    return kept or FiscalMonth(company_id=company_id, month=str(month))


def series_row(
    tenant_id: str, company_id: str, environment: Environment, numbers: SeriesNumbers
) -> FiscalTable:
    row = f"series#{environment}#{numbers.model}#{numbers.series}"
    return _of_company(tenant_id, company_id, row, numbers)


def get_series(
    tenant_id: str, company_id: str, environment: Environment, model: FiscalModel, series: str
) -> SeriesNumbers:
    """No number taken, before the first."""
    row = f"series#{environment}#{model}#{series}"
    kept = find(FiscalTable, _company(tenant_id, company_id), row, SeriesNumbers)
    return kept or SeriesNumbers(model=model, series=series)


def pause_row(tenant_id: str, company_id: str, pause: Pause) -> FiscalTable:
    return _of_company(tenant_id, company_id, "pause", pause)


def find_pause(tenant_id: str, company_id: str) -> Pause | None:
    return find(FiscalTable, _company(tenant_id, company_id), "pause", Pause)


def _of_company(tenant_id: str, company_id: str, row: str, thing: Aggregate) -> FiscalTable:
    return entity_row(FiscalTable, _company(tenant_id, company_id), row, thing)


def _company(tenant_id: str, company_id: str) -> str:
    return f"{tenant_id}#fiscal#{company_id}"


def _month_key(tenant_id: str, company_id: str, month: Month) -> str:
    return f"{tenant_id}#{company_id}#{month}"
