"""Remittances: titles and instructions are claimed, the file is written once under its own sequence number, and they
are marked as sent.

After a crash at any point, the run, started again, recognises its own claims. The list of titles is fixed before the
sequence number is taken, that before the file is written, and the file is written once. Fixing the list and
cancelling exclude each other: either all titles of a run are sent, or all are released.
"""

from collections.abc import Callable, Mapping
from datetime import date

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.ending import is_over, let_go
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.instructions import put, put_without_write_off
from billing.bank_files.model import RemittanceRequest, RemittanceTitles
from billing.bank_files.remittance_file import CLAIMS, is_claimed
from billing.bank_files.titles import (
    find_asked,
    find_titles,
    groups,
    is_instruction,
    is_to_register,
    key_of,
    title_key,
    unreadable_due,
    unreadable_instructions,
    waiting_instructions,
    waiting_titles,
)
from billing.banking.instructions import Movement
from billing.banking.store import get_profile
from billing.core.errors import Conflict, Refused, Transient
from billing.core.money import Money
from billing.invoicing import store as invoices
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetGo
from billing.invoicing.states import InvoiceStatus
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.actions import RunAction
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Parked, Run, RunStatus
from billing.runs.processes import Processes
from billing.runs.service import RunContext

Change = Callable[[Invoice], tuple[Invoice, InvoiceAction]]
"""The changed invoice, and the action for the audit."""

_ATTEMPTS = 3


def start(call: Call, processes: Processes, request: RemittanceRequest) -> Run:
    """Start a remittance of what waits in a profile and range; another request makes another file of what is new
    since then."""
    profile = get_profile(call.tenant_id, request.profile_id)
    call.require_company(profile.company_id)
    return runs.start(
        call,
        processes,
        RunKind.REMITTANCE,
        company_id=profile.company_id,
        input={
            "profile_id": profile.id,
            "due_from": request.due_from.isoformat(),
            "due_to": request.due_to.isoformat(),
        },
    )


def cancel(call: Call, processes: Processes, run_id: str) -> Run:
    """Give up the remittance before its titles are fixed; a further attempt of the run releases them. Raises Refused
    after that.

    Also for a failed run, and again for a cancelled one: the attempt that releases the titles may be cut off too.
    """
    run = runs.to_change(call, run_id).given_up(call.now)
    if store.find_pinned(call.tenant_id, run_id) is not None:
        raise Refused("remittance.written", "O arquivo desta remessa já foi gerado; não há o que cancelar.")
    changes = Changes(call)
    changes.put(run_store.run_row(call.tenant_id, run), RunAction.CANCELLED)
    store.require_no_titles(changes, call.tenant_id, run_id)
    run = changes.commit_answering(run)
    runs.launch(processes, call.tenant_id, run)
    return run


def plan(context: RunContext) -> tuple[list[str], dict[str, str]]:
    """The waiting write-offs, the titles waiting to be registered, by due date, and the other instructions, in the
    order requested: a replacement is registered after the boleto that it replaces is written off."""
    call, run = context.call, context.run
    profile = get_profile(call.tenant_id, run.input["profile_id"])
    due_from, due_to = (date.fromisoformat(run.input[name]) for name in ("due_from", "due_to"))
    titles = [key_of(invoice) for invoice in waiting_titles(call, profile, due_from, due_to)]
    waiting = waiting_instructions(call, profile)
    titles += unreadable_due(call, profile, due_from, due_to)  # only to be reported; nobody claims them
    write_offs = [one.key for one in waiting if one.movement is Movement.WRITE_OFF]
    others = [one.key for one in waiting if one.movement is not Movement.WRITE_OFF]
    others += unreadable_instructions(call, profile)
    return [*write_offs, *titles, *others], {"profile_id": profile.id}


def claim(context: RunContext) -> dict[str, object]:
    """Claim each title and instruction for this run, so that no other file takes it. Failures are reported when
    marking."""
    call, run = context.call, context.run
    if run.status is RunStatus.CANCELLED:
        return {}
    number, keys, _ = runs.chunk_of(context)
    titles = [key for key in keys if not is_instruction(key)]
    for group in groups(titles):
        titles_of_group = _load(call, group)
        _change_each(call, [i for i in titles_of_group if not is_claimed(i, run)], _claimer(call, run))
    for key in filter(is_instruction, keys):
        _claim_instruction(call, run, key)
    run_store.put_chunk(call, run, ChunkResult(chunk=number, keys=len(keys)), CLAIMS)
    return {}


def mark(context: RunContext) -> dict[str, object]:
    """Mark each title as sent, or release it if the pre-flight refused it or the run was cancelled before its list
    was fixed.

    Raises Transient while a title stays claimed.
    """
    call, run = context.call, context.run
    titles = store.find_titles(context.files, call.tenant_id, run.id)
    if titles is None and run.status is not RunStatus.CANCELLED:
        return {}  # it was cancelled, and started again since: the claims are that attempt's
    given_up = run if titles is None else None
    sent = set(titles.keys) if titles is not None else set()
    number, keys, _ = runs.chunk_of(context)
    for group in groups([key for key in keys if not is_instruction(key)]):
        claimed = [i for i in _load(call, group) if is_claimed(i, run)]
        going = [i for i in claimed if key_of(i) in sent]
        staying = [i for i in claimed if key_of(i) not in sent]
        hashes = titles.entry_hashes if titles is not None else {}
        failed = _change_each(call, going, _sender(run, hashes))
        release = _claimed_by(run, Invoice.released, InvoiceAction.REMITTANCE_GIVEN_UP)
        failed += _change_each(call, staying, release, given_up)
        if any(is_claimed(i, run) for i in _load(call, failed)):
            raise Transient(f"titles of {run.id} keep meeting other changes")
    for key in filter(is_instruction, keys):
        _mark_instruction(call, run, key, titles)
    if titles is not None:
        _let_go_of_ended(call, [key for key in keys if key in sent and not is_instruction(key)])
        run_store.put_chunk(call, run, _marked(call, number, keys, sent, titles.refused))
    return {}


def _let_go_of_ended(call: Call, keys: list[str]) -> None:
    """Let go of titles that were settled manually while the file was written: the bank has them now. Raises Conflict."""
    for invoice in _load(call, keys):
        if invoice.is_at_the_bank and is_over(call, invoice):
            changes = Changes(call)
            why = LetGo("A fatura foi liquidada enquanto a remessa era gerada.", invoice.id)
            after, _ = let_go(call, changes, invoice, why)
            if changes:
                invoices.put_invoice(call.tenant_id, changes, invoice, after, InvoiceAction.INSTRUCTED)
                changes.commit()


def _marked(call: Call, chunk: int, keys: list[str], sent: set[str], refused: dict[str, str]) -> ChunkResult:
    done = [key for key in keys if key in sent]
    titles = _load(call, [key for key in done if not is_instruction(key)])
    totals = {"titles": str(len(titles)), "remitted": str(Money.sum(i.amount for i in titles))}
    if len(done) > len(titles):
        totals["instructions"] = str(len(done) - len(titles))
    return ChunkResult(
        chunk=chunk,
        keys=len(keys),
        totals=totals,
        parked=tuple(
            Parked(key=key, code="remittance.refused", message=refused.get(key, _NOT_CLAIMED))
            for key in keys
            if key not in sent
        ),
    )


_NOT_CLAIMED = "O título ou a instrução já está em outra remessa, ou foi alterado; veja a fatura."


def _claim_instruction(call: Call, run: Run, key: str) -> None:
    """Claim it for this run, even if others try at the same time; does nothing if it is not free."""
    for _ in range(_ATTEMPTS):
        instruction = find_asked(call, [key]).things.get(key)
        if instruction is None or instruction.status is not InstructionStatus.WAITING:
            return
        changes = Changes(call)
        put(call, changes, instruction, instruction.claimed(run.id))
        try:
            changes.commit()
        except Conflict:
            continue
        return


def _mark_instruction(call: Call, run: Run, key: str, titles: RemittanceTitles | None) -> None:
    """Mark it as sent or waiting again, or end it if its title can have no more instructions. Raises Transient."""
    for _ in range(_ATTEMPTS):
        instruction = find_asked(call, [key]).things.get(key)
        if instruction is None or (instruction.status, instruction.run_id) != (
            InstructionStatus.CLAIMED,
            run.id,
        ):
            return
        changes = Changes(call)
        if titles is not None and key in titles.keys:
            after = instruction.sent()
        elif titles is not None and key in titles.ended:
            after = instruction.ended(titles.refused[key])
            put_without_write_off(call, changes, after, next(iter(_load(call, [title_key(key)])), None))
        else:
            after = instruction.released()
        if titles is None:
            changes.require_unchanged(run_store.run_row(call.tenant_id, run))
        put(call, changes, instruction, after)
        try:
            changes.commit()
        except Conflict:
            continue
        return
    raise Transient(f"instruction {key} keeps meeting other changes")


def _change_each(call: Call, titles: list[Invoice], change: Change, given_up: Run | None = None) -> list[str]:
    """Change all in one transaction; if that fails, each on its own, and return the keys of those that cannot be
    changed.

    With `given_up`, titles are released only while the run has not been started again.
    """
    if not titles:
        return []
    try:
        _commit(call, titles, change, given_up)
    except (Conflict, Refused, ValueError):
        failed = []
        for invoice in titles:
            try:
                _commit(call, _load(call, [key_of(invoice)]), change, given_up)
            except (Conflict, Refused, ValueError):
                failed.append(key_of(invoice))
        return failed
    return []


def _commit(call: Call, titles: list[Invoice], change: Change, given_up: Run | None) -> None:
    changes = Changes(call)
    if given_up is not None:
        changes.require_unchanged(run_store.run_row(call.tenant_id, given_up))
    for before in titles:
        after, action = change(before)
        invoices.put_invoice(call.tenant_id, changes, before, after, action)
    changes.commit()


def _claimer(call: Call, run: Run) -> Change:
    def claim_one(invoice: Invoice) -> tuple[Invoice, InvoiceAction]:
        if invoice.status is not InvoiceStatus.OPEN or invoice.locks or not is_to_register(invoice):
            raise Refused("remittance.not_claimed", _NOT_CLAIMED)
        return invoice.claimed(run.id, call.now), InvoiceAction.CLAIMED

    return claim_one


def _claimed_by(run: Run, become: Callable[[Invoice, str], Invoice], action: InvoiceAction) -> Change:
    def change(invoice: Invoice) -> tuple[Invoice, InvoiceAction]:
        if not is_claimed(invoice, run):
            raise Refused(
                "remittance.not_claimed", _NOT_CLAIMED
            )  # marked meanwhile, perhaps another run's by now
        return become(invoice, run.id), action

    return change


def _sender(run: Run, hashes: Mapping[str, str]) -> Change:
    def send(invoice: Invoice, cause: str) -> Invoice:
        return invoice.transmitted(cause, hashes.get(key_of(invoice)))

    return _claimed_by(run, send, InvoiceAction.REMITTED)


def _load(call: Call, keys: list[str]) -> list[Invoice]:
    """The invoices for the keys, in order; those that do not exist or cannot be read are left out."""
    titles = find_titles(call, keys).things
    return [titles[key] for key in keys if key in titles]
