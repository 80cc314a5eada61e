"""The file of a remittance: its titles are fixed, its sequence number is taken, it is written; each once (BNK-04)."""

from collections.abc import Iterable

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.actions import RemittanceAction
from billing.bank_files.instructions import of_title
from billing.bank_files.model import Remittance, RemittanceTitles
from billing.bank_files.titles import (
    LoadedTitles,
    check_of,
    entry_hash,
    groups,
    is_instruction,
    load,
    reasons_against,
)
from billing.banking.instructions import Instruction
from billing.banking.model import PaymentProfile
from billing.banking.remittance import write_remittance
from billing.banking.store import get_profile
from billing.core.clock import business_date
from billing.core.errors import Conflict, Transient
from billing.core.files import Files
from billing.core.ids import derived_id
from billing.core.money import Money
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import LockKind
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.model import Manifest, Run, RunStatus
from billing.runs.service import RunContext

CLAIMS = "claim"
"""Rows of the walk that claims titles; the run is checked by those of the walk that marks them."""
_ATTEMPTS = 3


def write(context: RunContext) -> dict[str, object]:
    """Fix the titles, take the sequence number, write the file: each once. Returns what the machine continues with."""
    call, run, files, manifest = context.call, context.run, context.files, context.manifest()
    titles = store.find_titles(files, call.tenant_id, run.id) or _pin(call, files, manifest)
    if titles is not None and titles.keys:
        profile = get_profile(call.tenant_id, run.input["profile_id"])
        remittance = store.find_of_run(call.tenant_id, run.id) or _record(call, run, profile, titles)
        instructions = _instructions(call, [*titles.keys])
        data = write_remittance(
            profile.terms, instructions, sequence=remittance.sequence, created_at=remittance.created_at
        )
        files.put_once(store.file_key(call.tenant_id, remittance), data)
    return runs.walk_of(context.event, manifest)


def _pin(call: Call, files: Files, manifest: Manifest) -> RemittanceTitles | None:
    """The titles that will be sent, or None for a cancelled run. Raises Conflict if a chunk was not claimed."""
    for _ in range(_ATTEMPTS):
        run = run_store.get(call.tenant_id, manifest.run_id)
        if run.status is RunStatus.CANCELLED:
            return None
        runs.walked(call, manifest, CLAIMS)
        titles = _choose(call, run, files, manifest)
        pinned = store.keep_titles(files, call.tenant_id, run.id, titles)
        changes = Changes(call)
        changes.include(store.titles_row(call.tenant_id, run.id, pinned))
        changes.require_unchanged(run_store.run_row(call.tenant_id, run))
        try:
            changes.commit()
        except Conflict:
            there = store.find_titles(files, call.tenant_id, run.id)
            if there is not None:
                return there  # a concurrent execution of this run fixed them
        else:
            return titles
    raise Transient(f"{manifest.run_id} keeps meeting other changes")


def _choose(call: Call, run: Run, files: Files, manifest: Manifest) -> RemittanceTitles:
    """The claimed titles that the bank would accept; the others with the reason (BEY-13)."""
    profile = get_profile(call.tenant_id, run.input["profile_id"])
    check = check_of(profile)
    keys: list[str] = []
    refused: dict[str, str] = {}
    ended: list[str] = []
    hashes: dict[str, str] = {}
    total = Money.from_cents(0)
    for chunk in range(len(manifest.chunks)):
        listed = run_store.chunk_keys(files, manifest, chunk)
        loaded = load(call, listed)
        for key in listed:
            invoice = loaded.invoice(key)
            if key in loaded.unreadable:
                refused[key] = loaded.unreadable[key].refused.title
                continue
            if invoice is None or not _is_ours(loaded, key, run):
                continue
            instruction = loaded.instructions.get(key)
            standing = [] if instruction is None else list(of_title(call, invoice, instruction.movement))
            reasons = standing or reasons_against(loaded, key, check)
            if reasons:
                refused[key] = " ".join(reason.message for reason in reasons)
                ended += [key] if standing else []
            else:
                keys.append(key)
                if instruction is None:
                    hashes[key] = entry_hash(loaded, key, profile) or ""
                total += Money.from_cents(0) if is_instruction(key) else invoice.amount
    return RemittanceTitles(
        keys=tuple(keys), refused=refused, ended=tuple(ended), entry_hashes=hashes, total=total
    )


def _record(call: Call, run: Run, profile: PaymentProfile, titles: RemittanceTitles) -> Remittance:
    """Take the profile's next sequence number in the transaction that records the remittance (BNK-04)."""
    for _ in range(_ATTEMPTS):
        last = store.get_sequence(call.tenant_id, profile.id)
        sequence = max(last.last + 1, profile.first_remittance)
        remittance = Remittance(
            id=derived_id("rem", call.tenant_id, run.id),
            run_id=run.id,
            company_id=profile.company_id,
            profile_id=profile.id,
            sequence=sequence,
            titles=sum(not is_instruction(key) for key in titles.keys),
            instructions=sum(map(is_instruction, titles.keys)),
            total=titles.total,
            file_name=f"{profile.terms.bank}-{business_date(run.at):%Y%m%d}-{sequence:06d}.rem",
            created_at=run.at,
        )
        changes = Changes(call)
        changes.include(store.sequence_row(call.tenant_id, profile.id, last.evolve(last=sequence)))
        changes.put(store.remittance_row(call.tenant_id, remittance), RemittanceAction.RECORDED)
        changes.include(store.of_run_row(call.tenant_id, remittance))
        try:
            changes.commit()
        except Conflict:
            there = store.find_of_run(call.tenant_id, run.id)
            if there is not None:
                return there  # a concurrent execution of this run recorded it
        else:
            return remittance
    raise Transient(f"the next remittance of {profile.id} keeps being taken by others")


def _instructions(call: Call, keys: list[str]) -> Iterable[Instruction]:
    for group in groups(keys):
        loaded = load(call, group)
        yield from map(loaded.instruction, group)


def _is_ours(loaded: LoadedTitles, key: str, run: Run) -> bool:
    if not is_instruction(key):
        return is_claimed(loaded.invoices[key], run)
    instruction = loaded.instructions.get(key)
    return instruction is not None and instruction.run_id == run.id


def is_claimed(invoice: Invoice, run: Run) -> bool:
    return any(lock.kind is LockKind.AWAITING_REMITTANCE and lock.cause == run.id for lock in invoice.locks)
