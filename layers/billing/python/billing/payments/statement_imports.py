"""Uploaded bank statements: the received Pix in them settle their invoices, each once (BNK-06, BNK-08, PAY-08).

The upload starts a run: the whole file is read and its rows are numbered; each chunk reads it again and receives its
rows, each in a transaction of its own (`statement_receipts`). The same file again, or one with overlapping days, adds
nothing.
"""

from collections import Counter
from collections.abc import Iterable

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.banking.statements.csv_file import read_csv
from billing.banking.statements.model import Aside, Row, Statement
from billing.banking.statements.ofx import read_ofx
from billing.banking.store import get_profile
from billing.core.errors import BillingError, Conflict, NotFound, Refused, Transient
from billing.core.files import Files, Folder
from billing.core.ids import derived_id, new_id
from billing.core.money import Money
from billing.core.page import Page, cursor_at, newest_first, number_in
from billing.core.table import find, rows_in
from billing.invoicing.letting_go import LetTitleGo
from billing.payments.actions import StatementAction
from billing.payments.pix_receipts import profile_for
from billing.payments.statement_receipts import numbered, receiver
from billing.payments.statement_rows import why_foreign
from billing.payments.statements import (
    MOST_TEXT,
    NewStatement,
    RowOutcome,
    StatementFormat,
    StatementImport,
    StatementLine,
    StatementReport,
    StatementStatus,
    StatementUpload,
    import_row,
)
from billing.payments.store import PaymentsTable
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, RunStatus
from billing.runs.processes import Processes
from billing.runs.service import Chunk, RunContext
from billing.uploads import service as uploads
from billing.uploads.model import Upload, UploadRule

UPLOADS = UploadRule(Folder.UPLOADED_STATEMENTS, max_bytes=10_000_000)
CHUNK_ROWS = 200


def offer_upload(call: Call, files: Files, profile_id: str, new: NewStatement) -> StatementUpload:
    """Where to send a statement, which is processed on the caller's behalf. Raises as `profile_for`."""
    profile = profile_for(call, profile_id)
    upload_id = new_id("stm")
    form = uploads.offer(call, files, UPLOADS, upload_id, {"format": new.format, "profile_id": profile.id})
    return StatementUpload(id=upload_id, **dict(new), **dict(form))


def receive(call: Call, processes: Processes, upload: Upload) -> StatementImport:
    """Start the run of a file that has arrived. The same event again changes nothing."""
    profile = profile_for(call, upload.request["profile_id"])
    imported = StatementImport(
        id=upload.id,
        format=StatementFormat(upload.request["format"]),
        profile_id=profile.id,
        company_id=profile.company_id,
        file_key=upload.key,
        version_id=upload.version_id,
        sent_by=call.actor_id,
        run_id=derived_id("run", call.tenant_id, RunKind.STATEMENT_IMPORT, upload.id),
        received_at=call.now,
    )
    changes = Changes(call)
    changes.put(import_row(call.tenant_id, imported), StatementAction.RECEIVED)
    try:
        imported = changes.commit_answering(imported)
    except Conflict:
        imported = _get(call.tenant_id, upload.id)
    if imported.status is StatementStatus.RECEIVED:
        runs.start(
            call,
            processes,
            RunKind.STATEMENT_IMPORT,
            name=upload.id,
            company_id=profile.company_id,
            input={"statement_id": upload.id, "companies": call.scope.text},
        )
    return imported


def read(context: RunContext) -> dict[str, object]:
    """Number the file's rows. A file that cannot be read, or that is from another account, is refused as a whole and
    fails the run with the reason."""
    try:
        return runs.plan(context, _plan, CHUNK_ROWS)
    except (Conflict, Transient):
        raise  # a concurrent attempt, or a temporary fault: the file is not to blame
    except BillingError as error:
        refused = {"status": StatementStatus.REFUSED, "problem": error.title}
        _change(context.call, context.run.input["statement_id"], **refused)
        raise


def receive_chunk(let_title_go: LetTitleGo, context: RunContext, chunk: Chunk) -> ChunkResult:
    call = context.call
    imported = _get(call.tenant_id, context.run.input["statement_id"])
    profile = get_profile(call.tenant_id, imported.profile_id)
    statement = _statement(context.files, imported)
    receive_row = receiver(call, profile, imported.id, let_title_go)
    wanted = set(map(int, chunk.keys))
    idle: list[Aside | Row] = [*statement.aside, *statement.balances]
    lines = [_without_effect(row) for row in idle if row.number in wanted]
    lines += [receive_row(row) for row in numbered(statement.rows) if row.row.number in wanted]
    report = StatementReport(lines=tuple(sorted(lines, key=lambda line: line.line)))
    report_key = _report_key(call.tenant_id, imported.id, chunk.number)
    context.files.put(report_key, report.model_dump_json().encode())
    return ChunkResult(chunk=chunk.number, keys=len(chunk.keys), totals=_totals(lines))


def finish(context: RunContext) -> dict[str, object]:
    """Close the run, and write the import's totals."""
    run = runs.check(context)
    if run.status is RunStatus.DONE:
        changed = {"status": StatementStatus.APPLIED, "totals": run.totals, "problem": None}
        _change(context.call, run.input["statement_id"], **changed)
    return runs.end_of(run)


def imports_for(call: Call, cursor: str | None = None) -> Page[StatementImport]:
    """The imports of the caller's companies, newest first. Raises InvalidInput for another list's cursor."""
    own_imports = rows_in(PaymentsTable, f"{call.tenant_id}#statements", "statement#", StatementImport)
    mine = (imported for imported in own_imports if call.works_for(imported.company_id))
    items, following = newest_first(f"{call.tenant_id}#statements", mine, cursor)
    return Page[StatementImport](items=items, next_cursor=following)


def get_for(call: Call, statement_id: str) -> StatementImport:
    """Raises NotFound, Forbidden for a statement of a company that the caller does not work for."""
    imported = _get(call.tenant_id, statement_id)
    call.require_company(imported.company_id)
    return imported


def lines_of(call: Call, files: Files, statement_id: str, cursor: str | None) -> Page[StatementLine]:
    """All its lines, one page for each chunk."""
    imported = get_for(call, statement_id)
    this = f"{call.tenant_id}#lines#{statement_id}"
    first = number_in(this, cursor)
    chunks = [
        result.chunk
        for result in run_rows.chunk_results(call.tenant_id, imported.run_id)
        if result.chunk >= first
    ]
    if not chunks:
        return Page[StatementLine](items=())
    report = StatementReport.model_validate_json(
        files.get(_report_key(call.tenant_id, statement_id, chunks[0]))
    )
    more = cursor_at(this, chunks[0] + 1) if len(chunks) > 1 else None
    return Page[StatementLine](items=report.lines, next_cursor=more)


def _get(tenant_id: str, statement_id: str) -> StatementImport:
    imported = find(PaymentsTable, f"{tenant_id}#statements", f"statement#{statement_id}", StatementImport)
    if imported is None:
        raise NotFound("statement.missing", "O extrato importado não existe.")
    return imported


def _plan(context: RunContext) -> tuple[Iterable[str], dict[str, str]]:
    call = context.call
    imported = _get(call.tenant_id, context.run.input["statement_id"])
    profile = profile_for(call, imported.profile_id)
    statement = _statement(context.files, imported)
    why = why_foreign(statement, profile)
    if why is not None:
        message = f"O extrato {why}. Nada foi importado; escolha o profile da conta dele."
        raise Refused("statement.foreign", message)
    numbers = [row.number for row in (*statement.rows, *statement.balances)]
    numbers += [aside.number for aside in statement.aside]
    if not numbers:
        raise Refused(
            "statement.empty", "O extrato não tem nenhuma linha. Exporte-o de novo, de dias com movimento."
        )
    _change(call, imported.id, starts_on=statement.starts_on, ends_on=statement.ends_on)
    return map(str, sorted(numbers)), {"company_id": imported.company_id}


def _statement(files: Files, imported: StatementImport) -> Statement:
    """Raises InvalidStatement, Refused for a file of several accounts."""
    data = files.get(imported.file_key, imported.version_id)
    statement = read_ofx(data) if imported.format is StatementFormat.OFX else read_csv(data)
    if len(statement) > 1:
        raise Refused(
            "statement.accounts", "O arquivo traz extratos de mais de uma conta. Exporte um por conta."
        )
    return statement[0]


def _without_effect(row: Aside | Row) -> StatementLine:
    """A row that is not a movement."""
    if isinstance(row, Aside):
        message = f"A linha não pode ser lida: {row.why}."
        return StatementLine(line=row.number, outcome=RowOutcome.REFUSED, message=message, text=row.text)
    return StatementLine(
        line=row.number,
        outcome=RowOutcome.PASSED_OVER,
        message="A linha traz só um saldo, sem movimento.",
        posted_on=row.posted_on,
        amount=row.amount,
        text=row.memo[:MOST_TEXT],
    )


def _totals(lines: Iterable[StatementLine]) -> dict[str, str]:
    counted = Counter(line.outcome for line in lines)
    entered = {RowOutcome.SETTLED, RowOutcome.HELD}
    money = Money.sum(line.amount for line in lines if line.amount is not None and line.outcome in entered)
    return {**{outcome.value: str(counted[outcome]) for outcome in RowOutcome}, "entered": str(money)}


def _report_key(tenant_id: str, statement_id: str, chunk: int) -> str:
    return Folder.IMPORT_REPORTS.key(tenant_id, statement_id, f"{chunk:06d}.json")


def _change(call: Call, statement_id: str, **changed: object) -> None:
    """Two attempts of the run may both write the summary: it is derived, so the later one counts."""
    before = _get(call.tenant_id, statement_id)
    after = before.evolve(**changed)
    if after != before:
        changes = Changes(call)
        changes.put(import_row(call.tenant_id, after), StatementAction.CHANGED, before=before, after=after)
        changes.commit()
