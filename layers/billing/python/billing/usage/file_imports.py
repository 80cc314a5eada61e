"""Files of usage events, readings, transactions and utility bills, uploaded by link and counted line by line (USE-03).

The upload starts a run: the file is read once as a stream and its lines are stored in chunks; each chunk counts its
lines as an API batch does, each completely or not at all; a chunk's report is a file, and the run's totals are their
sum. A file that is sent again, or a chunk that is retried, counts nothing twice.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from billing.access.call import Call
from billing.access.scope import Scope
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.errors import BillingError, Conflict, NotFound, Refusal, Refused
from billing.core.files import Files, Folder, UploadForm
from billing.core.ids import ID_PATTERN, derived_id, new_id
from billing.core.page import Page, cursor_at, newest_first, number_in
from billing.core.table import Aggregate, UnreadableRow, entity_row, find, rows_in
from billing.members.store import get_tenant
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, RunStatus
from billing.runs.processes import Processes
from billing.runs.service import Chunk, RunContext
from billing.uploads import service as uploads
from billing.uploads.model import Upload, UploadRule
from billing.usage import metering, service, utility_bills, work
from billing.usage.actions import ImportAction
from billing.usage.bills import NewUtilityBill
from billing.usage.events import ReadingEvent, TransactionEvent, UsageEvent
from billing.usage.file_lines import FileFormat, Unreadable, lines, numbered, record
from billing.usage.imports import FieldError, ImportOutcome, ImportReason, ImportReport
from billing.usage.store import UsageTable

UPLOADS = UploadRule(Folder.UPLOADED_USAGE, max_bytes=100_000_000)
CHUNK_LINES = 2000
"""Lines of one chunk: some forty transactions, a few seconds."""


class ImportKind(StrEnum):
    USAGE = "usage"
    READINGS = "readings"
    TRANSACTIONS = "transactions"
    UTILITY_BILLS = "utility_bills"


class ImportStatus(StrEnum):
    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"


class NewImport(Entity):
    """O que o arquivo tem, e como."""

    kind: ImportKind = Field(examples=["readings"])
    format: FileFormat = Field(examples=["csv"])


class ImportUpload(NewImport, UploadForm):
    """Envie o arquivo com POST (multipart/form-data) para `url`: os campos de `fields` como vieram e, por último, o
    arquivo no campo `file`, em 15 minutos. Ele é importado quando chega, compactado com gzip ou não, em nome de quem
    pediu o endereço."""

    id: str


class UsageImport(NewImport, Aggregate):
    """Importação de arquivo."""

    id: str = Field(pattern=ID_PATTERN)
    file_key: str
    version_id: str | None = None
    sent_by: str | None = None
    """Quem pediu o endereço e enviou o arquivo."""
    run_id: str
    received_at: datetime
    company_ids: tuple[str, ...]
    """As empresas de quem pediu o envio: leituras e transações valem só para os contratos delas."""
    status: ImportStatus = ImportStatus.RECEIVED
    problem: str | None = None
    """Por que o arquivo foi recusado inteiro."""
    totals: dict[str, str] = {}
    """Linhas recebidas, aceitas, já conhecidas e recusadas."""

    @property
    def scope(self) -> Scope:
        return Scope.of(*self.company_ids)


class ImportLine(Entity):
    """Uma linha que não foi aceita: já conhecida, ou recusada com os motivos."""

    line: int
    is_duplicate: bool
    reasons: tuple[ImportReason, ...] = ()


Count = Callable[[Call, Iterable[tuple[int, object]], FieldError, str | None], ImportOutcome[Any]]

RECORDS: dict[ImportKind, type[Entity]] = {
    ImportKind.USAGE: UsageEvent,
    ImportKind.READINGS: ReadingEvent,
    ImportKind.TRANSACTIONS: TransactionEvent,
    ImportKind.UTILITY_BILLS: NewUtilityBill,
}
_COUNTS: dict[ImportKind, Count] = {
    ImportKind.USAGE: service.count_events,
    ImportKind.READINGS: metering.count_readings,
    ImportKind.TRANSACTIONS: work.count_transactions,
    ImportKind.UTILITY_BILLS: utility_bills.count_bills,
}


def offer_upload(call: Call, files: Files, new: NewImport) -> ImportUpload:
    """Where to send a file, which is processed on behalf of the caller and the caller's companies."""
    import_id = new_id("imp")
    form = uploads.offer(call, files, UPLOADS, import_id, {"kind": new.kind, "format": new.format})
    return ImportUpload(id=import_id, **dict(new), **dict(form))


def receive(call: Call, processes: Processes, upload: Upload) -> UsageImport:
    """Start the run of a file that has arrived. The same event again changes nothing."""
    new = NewImport.model_validate(upload.request)
    imported = UsageImport(
        id=upload.id,
        **dict(new),
        file_key=upload.key,
        version_id=upload.version_id,
        sent_by=call.actor_id,
        run_id=derived_id("run", call.tenant_id, RunKind.USAGE_IMPORT, upload.id),
        received_at=call.now,
        company_ids=call.scope.company_ids(lambda: get_tenant(call.tenant_id).company_ids),
    )
    changes = Changes(call)
    changes.put(import_row(call.tenant_id, imported), ImportAction.RECEIVED)
    try:
        imported = changes.commit_answering(imported)
    except Conflict:
        imported = get(call.tenant_id, upload.id)
    if imported.status is ImportStatus.RECEIVED:
        run_input = {"import_id": upload.id, "companies": imported.scope.text}
        runs.start(call, processes, RunKind.USAGE_IMPORT, name=upload.id, input=run_input)
    return imported


def read(context: RunContext) -> dict[str, object]:
    """Store the file's lines in chunks. A file that cannot be read to the end is refused, and fails the run with the
    reason."""
    call, run = context.call, context.run
    try:
        return runs.plan(context, _plan, CHUNK_LINES)
    except Conflict:
        raise  # a concurrent attempt: the file is not to blame
    except BillingError as error:
        _change(call, run.input["import_id"], status=ImportStatus.REFUSED, problem=error.title)
        raise


def count_chunk(field_error: FieldError, context: RunContext, chunk: Chunk) -> ChunkResult:
    call, import_id = context.call, context.run.input["import_id"]
    report = _count(call, import_id, ImportKind(chunk.pinned["kind"]), chunk.keys, field_error)
    report_key = _report_key(call.tenant_id, import_id, chunk.number)
    context.files.put(report_key, report.model_dump_json().encode())
    totals = {
        "received": report.received,
        "accepted": report.accepted,
        "duplicates": len(report.duplicates),
        "refused": len(report.refused),
    }
    return ChunkResult(
        chunk=chunk.number, keys=len(chunk.keys), totals={name: str(n) for name, n in totals.items()}
    )


def finish(context: RunContext) -> dict[str, object]:
    """Close the run, and write the import's totals."""
    run = runs.check(context)
    if run.status is RunStatus.DONE:
        changed = {"status": ImportStatus.APPLIED, "totals": run.totals, "problem": None}
        _change(context.call, run.input["import_id"], **changed)
    return runs.end_of(run)


def lines_of(call: Call, files: Files, import_id: str, cursor: str | None) -> Page[ImportLine]:
    """The lines that were not accepted, one page for each chunk that has any."""
    imported = get_for(call, import_id)
    this = f"{call.tenant_id}#lines#{import_id}"
    first = number_in(this, cursor)
    reports = [
        result.chunk
        for result in run_rows.chunk_results(call.tenant_id, imported.run_id)
        if result.chunk >= first and result.totals["accepted"] != result.totals["received"]
    ]
    if not reports:
        return Page[ImportLine](items=())
    data = files.get(_report_key(call.tenant_id, import_id, reports[0]))
    report = ImportReport.model_validate_json(data)
    lines = [ImportLine(line=number, is_duplicate=True) for number in report.duplicates]
    lines += [
        ImportLine(line=refused.line, is_duplicate=False, reasons=refused.reasons)
        for refused in report.refused
    ]
    return Page[ImportLine](
        items=tuple(sorted(lines, key=lambda line: line.line)),
        next_cursor=cursor_at(this, reports[0] + 1) if len(reports) > 1 else None,
    )


def import_row(tenant_id: str, imported: UsageImport) -> UsageTable:
    return entity_row(UsageTable, f"{tenant_id}#imports", f"import#{imported.id}", imported)


def get(tenant_id: str, import_id: str) -> UsageImport:
    """Raises NotFound."""
    imported = find(UsageTable, f"{tenant_id}#imports", f"import#{import_id}", UsageImport)
    if imported is None:
        raise _missing()
    return imported


def _missing() -> NotFound:
    return NotFound("import.missing", "A importação não existe.")


def get_for(call: Call, import_id: str) -> UsageImport:
    """Raises NotFound, Forbidden for a file of a company that the caller does not work for."""
    imported = get(call.tenant_id, import_id)
    call.require_scope(imported.scope)
    return imported


def imports_for(call: Call, cursor: str | None = None) -> Page[UsageImport]:
    """The imports of the caller's companies, newest first. Raises InvalidInput for another list's cursor."""
    imports = rows_in(UsageTable, f"{call.tenant_id}#imports", "import#", UsageImport)
    mine = (usage_import for usage_import in imports if call.scope.covers(usage_import.scope))
    items, following = newest_first(f"{call.tenant_id}#imports", mine, cursor)
    return Page[UsageImport](items=items, next_cursor=following)


def _plan(context: RunContext) -> tuple[Iterable[str], dict[str, str]]:
    imported = get(context.call.tenant_id, context.run.input["import_id"])
    fields = RECORDS[imported.kind].model_fields
    file_lines = lines(context.files.chunks(imported.file_key, imported.version_id), imported.format, fields)
    return _some(file_lines), {"kind": imported.kind}


def _some(line_keys: Iterable[str]) -> Iterable[str]:
    empty = True
    for line in line_keys:
        empty = False
        yield line
    if empty:
        raise Refused("import.empty", "O arquivo não tem nenhuma linha. Confira o arquivo e envie de novo.")


def _count(
    call: Call, import_id: str, kind: ImportKind, keys: list[str], field_error: FieldError
) -> ImportReport:
    readable: list[tuple[int, object]] = []
    unreadable: dict[int, Refusal] = {}
    for number, text in map(numbered, keys):
        try:
            readable.append((number, record(text)))
        except Unreadable as fault:
            unreadable[number] = fault.reason
    try:
        outcome = _COUNTS[kind](call, readable, field_error, import_id)
    except UnreadableRow:
        outcome = _one_by_one(call, import_id, kind, readable, field_error)
    for number, reason in unreadable.items():
        outcome.refuse(number, [reason])
    return outcome.report()


def _one_by_one(
    call: Call, import_id: str, kind: ImportKind, lines: Iterable[tuple[int, object]], field_error: FieldError
) -> ImportOutcome[Any]:
    """Each line on its own: those whose customer or contract cannot be read are refused, the others are counted."""
    whole: ImportOutcome[Any] = ImportOutcome()
    for line in lines:
        try:
            whole.join(_COUNTS[kind](call, [line], field_error, import_id))
        except UnreadableRow as error:
            whole.refuse(line[0], [Refusal(error.refused.code, error.refused.title)])
    return whole


def _report_key(tenant_id: str, import_id: str, chunk: int) -> str:
    return Folder.IMPORT_REPORTS.key(tenant_id, import_id, f"{chunk:06d}.json")


def _change(call: Call, import_id: str, **changed: object) -> None:
    """Two attempts of the run may both write the summary: it is derived, so the later one counts."""
    before = get(call.tenant_id, import_id)
    after = before.evolve(**changed)
    if after != before:
        changes = Changes(call)
        changes.put(import_row(call.tenant_id, after), ImportAction.CHANGED, before=before, after=after)
        changes.commit()
