"""Returns: a bank's file is checked as a whole, then each occurrence is applied once, however often it is sent.

An occurrence is identified by its content and its place among equal ones in the file (the second of two equal
payments is another payment). Its guard row is written in the transaction of its effect. Money that matches no open
title, or not as expected, is held and listed (PAY-08): nothing received is lost.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pydantic import TypeAdapter

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.actions import ReturnAction
from billing.bank_files.completion import complete
from billing.bank_files.effects import effect
from billing.bank_files.model import AppliedMark, OccurrenceOutcome, OccurrenceRow, ReturnFile, ReturnStatus
from billing.bank_files.occurrence_context import OccurrenceContext
from billing.bank_files.rejected_remittances import is_instruction, rejected_by, wait_again
from billing.banking.invalid_return import InvalidReturn
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import SETTLEMENTS, Occurrence
from billing.banking.returns import ReturnHeader, owner_in, read_return, remittance_answer
from billing.banking.store import get_profile, profiles
from billing.core.errors import BillingError, Conflict, Refused, Transient
from billing.core.files import Files, Folder, UploadForm
from billing.core.ids import content_hash, derived_id, new_id
from billing.core.money import Money
from billing.core.table import UnreadableRow
from billing.invoicing import numbering
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice
from billing.payments.store import get_account
from billing.runs import service as runs
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Parked, RunStatus
from billing.runs.processes import Processes
from billing.runs.service import Chunk, RunContext
from billing.uploads import service as uploads
from billing.uploads.model import StoredFile, UploadRule

UPLOADS = UploadRule(Folder.UPLOADED_RETURNS, max_bytes=20_000_000)
"""Some 50,000 lines; banks' own limits are far lower."""

OTHER_COMPANY = "O arquivo é da conta de uma empresa que não está entre as suas. Nada foi aplicado; peça o envio a quem atende essa empresa."
_ATTEMPTS = 5
_CAME_BEFORE = frozenset({OccurrenceOutcome.REPEATED, OccurrenceOutcome.COMPLETED})


class Nth(NamedTuple):
    """An occurrence, and its place among equal ones in its file, from 1."""

    n: int
    occurrence: Occurrence
    former: int = 1
    """Its place among equal ones by the former identity."""


_NTH = TypeAdapter(Nth)


def return_id(tenant_id: str, data: bytes) -> str:
    return derived_id("ret", tenant_id, content_hash(data))


class ReturnUpload(UploadForm):
    """Envie o arquivo com POST (multipart/form-data) para `url`: os campos de `fields` como vieram e, por último, o
    arquivo no campo `file`, em 15 minutos. Ele é processado quando chega, em nome de quem pediu o endereço."""

    id: str


def offer_upload(call: Call, files: Files, file_name: str | None = None) -> ReturnUpload:
    """Where to send a return, which is processed on behalf of the caller and the caller's companies."""
    upload_id = new_id("upl")
    request = {} if file_name is None else {"file_name": file_name}
    form = uploads.offer(call, files, UPLOADS, upload_id, request)
    return ReturnUpload(id=upload_id, **dict(form))


def receive(
    call: Call, files: Files, processes: Processes, file: StoredFile, file_name: str | None = None
) -> ReturnFile:
    """Keep the content of a file that has arrived and start its run; a file that was refused before is tried again.

    The same content, once applied, has no further effect, and its return counts how often it came. A file that is too
    large, or from an account of a company that the sender does not work for, is refused and changes nothing else.
    """
    if file.size > UPLOADS.max_bytes:
        return _refuse(call, file, file_name, "O arquivo passa de 20 MB. Peça ao banco o retorno em partes.")
    data = files.get(file.key, file.version)
    profile = _profile_named(call, data)
    if profile is not None and not call.works_for(profile.company_id):
        return _refuse(call, file, file_name, OTHER_COMPANY)
    identity = return_id(call.tenant_id, data)
    before = store.find_return(call.tenant_id, identity)
    if before is not None and before.status is ReturnStatus.APPLIED:
        after = before.evolve(repeats=before.repeats + 1)
        changes = Changes(call)
        changes.put(store.return_row(call.tenant_id, after), ReturnAction.REPEATED, note=file.key)
        return changes.commit_answering(after)
    files.put_once(store.return_key(call.tenant_id, identity), data)
    returned = before or _record(call, _new(call, identity, file, file_name))
    runs.start(
        call,
        processes,
        RunKind.BANK_RETURN,
        name=identity,
        company_id=profile.company_id if profile is not None else None,
        input={"return_id": identity, "companies": call.scope.text},
    )
    return returned


def read(context: RunContext) -> dict[str, object]:
    """Check the file as a whole and fix its occurrences. Any fault refuses the whole file and fails the run with the
    reason."""
    call, run = context.call, context.run
    try:
        return runs.plan(context, _plan)
    except Conflict:
        raise  # a concurrent attempt: the file is not to blame
    except BillingError as error:
        _change(call, run.input["return_id"], status=ReturnStatus.REFUSED, problem=error.title)
        raise


def apply(context: RunContext, chunk: Chunk) -> ChunkResult:
    """Apply the chunk's occurrences, each once."""
    call, identity = context.call, context.run.input["return_id"]
    profile = get_profile(call.tenant_id, chunk.pinned["profile_id"])
    totals: Counter[str] = Counter()
    parked: list[Parked] = []
    received = Money.from_cents(0)
    for key in chunk.keys:
        if is_instruction(key):
            wait_again(call, key)
            totals["waiting"] += 1
            continue
        nth = _NTH.validate_json(key)
        try:
            line = _apply_once(call, profile, identity, nth)
        except UnreadableRow as error:
            parked.append(_unreadable(nth, error))
            continue
        totals[line.outcome] += 1
        if line.kind in SETTLEMENTS and line.outcome not in _CAME_BEFORE:
            received += line.paid
            totals["payments"] += 1
    named = {name: str(count) for name, count in sorted(totals.items())}
    totals_by_name = {**named, "received": str(received)}
    return ChunkResult(chunk=chunk.number, keys=len(chunk.keys), totals=totals_by_name, parked=tuple(parked))


def _unreadable(nth: Nth, error: UnreadableRow) -> Parked:
    """Nothing of the line is applied; the run, started again, applies it once the row can be read."""
    line, refused = nth.occurrence.line_number, error.refused
    return Parked(key=str(line), code=refused.code, message=f"Linha {line}: {refused.title}")


def finish(context: RunContext) -> dict[str, object]:
    """Close the run and write the return's summary."""
    run = runs.check(context)
    if run.status is RunStatus.DONE:
        changed = {"status": ReturnStatus.APPLIED, "totals": run.totals, "problem": None}
        _change(context.call, run.input["return_id"], **changed)
    return runs.end_of(run)


def _new(call: Call, identity: str, file: StoredFile, file_name: str | None) -> ReturnFile:
    return ReturnFile(
        id=identity,
        run_id=derived_id("run", call.tenant_id, RunKind.BANK_RETURN, identity),
        file_key=file.key,
        file_name=file_name,
        sent_by=call.actor_id,
        received_at=call.now,
    )


def _refuse(call: Call, file: StoredFile, file_name: str | None, problem: str) -> ReturnFile:
    """Refused under its upload, not its content: the same file is accepted from a person who may send it."""
    identity = derived_id("ret", call.tenant_id, "refused", file.key, file.version or "")
    refused = _new(call, identity, file, file_name).evolve(status=ReturnStatus.REFUSED, problem=problem)
    return _record(call, refused)


def _record(call: Call, returned: ReturnFile) -> ReturnFile:
    changes = Changes(call)
    changes.put(store.return_row(call.tenant_id, returned), ReturnAction.RECEIVED)
    try:
        return changes.commit_answering(returned)
    except Conflict:
        return store.get_return(call.tenant_id, returned.id)  # it arrived twice at the same time


def _plan(context: RunContext) -> tuple[list[str], dict[str, str]]:
    call, files = context.call, context.files
    returned = store.get_return(call.tenant_id, context.run.input["return_id"])
    data = files.get(store.return_key(call.tenant_id, returned.id))
    about = remittance_answer(data)
    occurrences: Iterable[Occurrence] = []
    if about is not None:
        header = about[1]
    else:
        header, occurrences = read_return(data)
    profile = _profile_of(call, header)
    if profile is None:
        raise Refused(
            "return.account_unknown",
            f"O arquivo é do banco {header.bank}, conta {header.agreement}, e nenhum profile de pagamento tem esta conta.",
        )
    if not call.works_for(profile.company_id):
        raise Refused("return.other_company", OTHER_COMPANY)
    if profile.cash_account_id is not None:
        get_account(call.tenant_id, profile.cash_account_id).of_company(profile.company_id)
    waiting: list[str] = []
    if about is not None:
        occurrences, waiting = rejected_by(call, files, profile, about[0])
    named: Counter[str] = Counter()
    formerly: Counter[str] = Counter()
    keys = []
    for occurrence in occurrences:
        name, former = occurrence.name, occurrence.former_identity
        named[name] += 1
        formerly[former] += 1
        keys.append(_NTH.dump_json(Nth(named[name], occurrence, formerly[former])).decode())
    tried_again = returned.status is ReturnStatus.REFUSED
    _change(
        call,
        returned.id,
        **({"status": ReturnStatus.RECEIVED, "problem": None} if tried_again else {}),
        profile_id=profile.id,
        bank=header.bank,
        layout=header.layout.value,
        bank_sequence=header.sequence,
        created_on=header.created_on,
        occurrences=len(keys),
        answer=about[0].message if about is not None else None,
    )
    return [*keys, *waiting], {"profile_id": profile.id, "company_id": profile.company_id}


def _profile_named(call: Call, data: bytes) -> PaymentProfile | None:
    """The profile whose account the file names, if it names one; the run checks the rest."""
    try:
        return _profile_of(call, owner_in(data))
    except InvalidReturn:
        return None


def _profile_of(call: Call, header: ReturnHeader) -> PaymentProfile | None:
    return next((profile for profile in profiles(call.tenant_id) if header.is_of(profile.terms)), None)


def _apply_once(call: Call, profile: PaymentProfile, identity: str, nth: Nth) -> OccurrenceRow:
    occurrence_id = f"{nth.occurrence.name}-{nth.n}"
    former_id = f"{nth.occurrence.former_identity}-{nth.former}"
    line_number = nth.occurrence.line_number
    for _ in range(_ATTEMPTS):
        applied_id, mark = store.find_applied(call.tenant_id, profile.id, occurrence_id, former_id)
        if mark is not None and (mark.return_id, mark.line_number) == (identity, line_number):
            return store.get_line(call.tenant_id, identity, applied_id, line_number)
        try:
            if mark is not None:
                return _again(call, profile, nth.occurrence, applied_id, identity, mark)
            return _apply(call, profile, nth.occurrence, occurrence_id, identity)
        except (Conflict, Transient):
            continue  # somebody changed the invoice or closed the account, or is doing so now: look again
    raise Transient(f"line {line_number} of {identity} keeps meeting other changes")


def _again(
    call: Call,
    profile: PaymentProfile,
    occurrence: Occurrence,
    occurrence_id: str,
    identity: str,
    mark: AppliedMark,
) -> OccurrenceRow:
    """An occurrence that was applied before: no effect, or what it adds to the first one."""
    there = store.find_line(call.tenant_id, identity, occurrence_id, occurrence.line_number)
    if there is not None:
        return there
    changes = Changes(call)
    first = store.get_line(call.tenant_id, mark.return_id, occurrence_id, mark.line_number)
    done = complete(call, changes, profile, first, occurrence)
    line = OccurrenceRow.of(occurrence, occurrence_id, identity, done.outcome, done.message, first.invoice)
    changes.include(store.line_row(call.tenant_id, line))
    changes.commit()
    return line


def _apply(
    call: Call, profile: PaymentProfile, occurrence: Occurrence, occurrence_id: str, identity: str
) -> OccurrenceRow:
    invoice = _title_of(call, profile, occurrence)
    changes = Changes(call)
    done = effect(OccurrenceContext(call, changes, profile, occurrence, occurrence_id, invoice))
    key = f"{invoice.customer_id}/{invoice.id}" if invoice is not None else None
    line = OccurrenceRow.of(
        occurrence, occurrence_id, identity, done.outcome, done.message, key, done.instruction_id
    )
    changes.include(
        store.applied_row(
            call.tenant_id,
            profile.id,
            occurrence_id,
            AppliedMark(return_id=identity, line_number=occurrence.line_number),
        )
    )
    changes.include(store.line_row(call.tenant_id, line))
    changes.commit()
    return line


def _title_of(call: Call, profile: PaymentProfile, occurrence: Occurrence) -> Invoice | None:
    if not occurrence.nosso_numero.strip("0 "):
        return None
    title = numbering.find_by_nosso_numero(call.tenant_id, profile.id, occurrence.nosso_numero)
    return invoices.get_invoice(call.tenant_id, *title) if title is not None else None


def _change(call: Call, identity: str, **changed: object) -> None:
    """Two attempts of the run may both write the summary: it is derived, so the later one counts."""
    for _ in range(_ATTEMPTS):
        before = store.get_return(call.tenant_id, identity)
        after = before.evolve(**changed)
        if after == before:
            return
        changes = Changes(call)
        changes.put(store.return_row(call.tenant_id, after), ReturnAction.CHANGED, before=before, after=after)
        try:
            changes.commit()
        except Conflict:
            continue
        return
    raise Transient(f"return {identity} keeps meeting other changes")
