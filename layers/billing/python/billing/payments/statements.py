"""Imported statements, and the results of their rows.

tenant#statements        statement#stm_...   an import
tenant#statement#stm_... line#000012         a row that brought money, in the transaction that received it
tenant#pix#pxr_...       receipt             a Pix from a row without an end-to-end id, so that it is received once
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from billing.core.entity import Entity
from billing.core.files import UploadForm
from billing.core.ids import ID_PATTERN
from billing.core.money import Money
from billing.core.table import Aggregate, entity_row, find
from billing.core.text import Line
from billing.payments.store import PaymentsTable

MOST_TEXT = 200


class StatementFormat(StrEnum):
    OFX = "ofx"
    CSV = "csv"


class StatementStatus(StrEnum):
    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"


class RowOutcome(StrEnum):
    SETTLED = "settled"
    HELD = "held"
    REPEATED = "repeated"  # known before: nothing changed
    PASSED_OVER = "passed_over"  # not a received Pix
    REFUSED = "refused"


class NewStatement(Entity):
    """O formato do extrato."""

    format: StatementFormat = Field(examples=["ofx"])


class StatementUpload(NewStatement, UploadForm):
    """Envie o arquivo com POST (multipart/form-data) para `url`: os campos de `fields` como vieram e, por último, o
    arquivo no campo `file`, em 15 minutos. Os Pix recebidos nele entram quando chega, em nome de quem pediu o endereço."""

    id: str


class StatementImport(NewStatement, Aggregate):
    """Importação de extrato."""

    id: str = Field(pattern=ID_PATTERN)
    profile_id: str
    company_id: str
    file_key: str
    version_id: str | None = None
    sent_by: str | None = None
    """Quem pediu o endereço e enviou o arquivo."""
    run_id: str
    received_at: datetime
    status: StatementStatus = StatementStatus.RECEIVED
    problem: str | None = None
    """Por que o arquivo foi recusado inteiro."""
    starts_on: date | None = None
    ends_on: date | None = None
    totals: dict[str, str] = {}
    """Linhas por resultado, e o valor que entrou."""


class StatementLine(Entity):
    """O que foi feito de uma linha do extrato."""

    line: int
    outcome: RowOutcome
    message: str
    posted_on: date | None = None
    amount: Money | None = None
    text: Line = Field(default="", max_length=MOST_TEXT)
    """O histórico, como o banco o escreveu."""


class StatementReport(Entity):
    lines: tuple[StatementLine, ...]


class StatementPix(Aggregate):
    """A Pix from a row without an end-to-end id, kept so that it is received only once."""

    id: str
    profile_id: str
    posted_on: date
    amount: Money
    fitid: Line = Field(default="", max_length=MOST_TEXT)


def import_row(tenant_id: str, imported: StatementImport) -> PaymentsTable:
    return entity_row(PaymentsTable, f"{tenant_id}#statements", f"statement#{imported.id}", imported)


def line_row(tenant_id: str, statement_id: str, line: StatementLine) -> PaymentsTable:
    return entity_row(PaymentsTable, *_line_key(tenant_id, statement_id, line.line), line)


def find_line(tenant_id: str, statement_id: str, number: int) -> StatementLine | None:
    return find(PaymentsTable, *_line_key(tenant_id, statement_id, number), StatementLine)


def pix_row(tenant_id: str, pix: StatementPix) -> PaymentsTable:
    return entity_row(PaymentsTable, f"{tenant_id}#pix#{pix.id}", "receipt", pix)


def find_pix(tenant_id: str, pix_id: str) -> StatementPix | None:
    return find(PaymentsTable, f"{tenant_id}#pix#{pix_id}", "receipt", StatementPix)


def _line_key(tenant_id: str, statement_id: str, number: int) -> tuple[str, str]:
    return f"{tenant_id}#statement#{statement_id}", f"line#{number:06d}"
