"""Remittances: titles are claimed, the file is written once under a sequence of its own, the titles are marked.

A crash anywhere leaves claims that the run, started again, finds as its own; the list of titles is pinned before the
sequence is taken, the sequence before the file is written, and the file is put once.
"""

from collections.abc import Callable, Iterable
from datetime import date

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.model import Remittance, RemittanceRequest, RemittanceTitles
from billing.banking.instructions import Discount, Instruction, Movement, Payer, Title
from billing.banking.model import PaymentProfile
from billing.banking.remittance import write_remittance
from billing.banking.store import get_profile
from billing.core.clock import business_date
from billing.core.errors import BillingError, Conflict, Refused
from billing.core.files import Files
from billing.core.ids import derived_id
from billing.core.money import Money
from billing.customers import store as customers
from billing.customers.model import Customer
from billing.invoicing import store as invoices
from billing.invoicing.model import Invoice
from billing.invoicing.states import InvoiceStatus, LockKind, RemittanceState
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.model import ChunkResult, Manifest, Parked, Run, RunEvent, RunKind, RunStatus
from billing.runs.processes import Processes

Change = Callable[[Invoice], tuple[Invoice, str]]
"""The invoice as it becomes, and what the audit calls that."""

TITLES_PER_TRANSACTION = 40
"""Each takes two rows, itself and its audit entry."""


def start(call: Call, processes: Processes, request: RemittanceRequest) -> Run:
    """The remittance of a profile and range, of today; the same again the same day is the same remittance."""
    profile = get_profile(call.tenant_id, request.profile_id)
    call.require_company(profile.company_id)
    name = f"{profile.id}:{call.today}:{request.due_from}:{request.due_to}:{request.label}"
    return runs.start(
        call,
        processes,
        RunKind.REMITTANCE,
        name=name,
        company_id=profile.company_id,
        input={
            "profile_id": profile.id,
            "due_from": request.due_from.isoformat(),
            "due_to": request.due_to.isoformat(),
        },
    )


def cancel(call: Call, files: Files, processes: Processes, run_id: str) -> Run:
    """Give the remittance up before its file is written; its machine lets go of the titles. Raises Refused after."""
    if store.find_titles(files, call.tenant_id, run_id) is not None:
        raise Refused("remittance.written", "O arquivo desta remessa já foi gerado; não há o que cancelar.")
    run = runs.cancel(call, run_id)
    runs.launch(processes, call.tenant_id, run)
    return run


def plan(call: Call, run: Run) -> tuple[list[str], dict[str, str]]:
    """The titles that wait to be registered, in due order."""
    profile = get_profile(call.tenant_id, run.input["profile_id"])
    due = invoices.invoices_due(
        call.tenant_id,
        profile.company_id,
        date.fromisoformat(run.input["due_from"]),
        date.fromisoformat(run.input["due_to"]),
    )
    found = invoices.find_invoices(call.tenant_id, due).values()
    waiting = [
        invoice
        for invoice in found
        if invoice.payment_profile_id == profile.id
        and invoice.status is InvoiceStatus.OPEN
        and invoice.barcode is not None
        and invoice.remittance in {RemittanceState.NONE, RemittanceState.REJECTED}
        and not invoice.locks
    ]
    waiting.sort(key=lambda invoice: (invoice.due_on, invoice.number))
    return [f"{invoice.customer_id}/{invoice.id}" for invoice in waiting], {"profile_id": profile.id}


def claim(call: Call, run: Run, _manifest: Manifest, chunk: int, keys: list[str]) -> ChunkResult:
    """Claim each title for this run, so that no other file takes it."""
    parked: list[Parked] = []
    for group in _groups(keys):
        found = _load(call, group)
        parked += _change_each(call, [i for i in found if not _is_claimed(i, run)], _claimer(call, run))
    return ChunkResult(
        chunk=chunk, keys=len(keys), totals={"titles": str(len(keys) - len(parked))}, parked=tuple(parked)
    )


def write(event: RunEvent, files: Files) -> dict[str, object]:
    """Pin the titles, take the sequence, put the file: each once. Answers what the machine goes on with."""
    call, run = runs.call_of(event)
    manifest = run_store.read_manifest(files, call.tenant_id, run.id)
    answer = {**event.to_map(), "chunks": list(range(len(manifest.chunks)))}
    titles = store.find_titles(files, call.tenant_id, run.id)
    if titles is None:
        if run.status is RunStatus.CANCELLED:
            return answer
        titles = store.pin_titles(files, call.tenant_id, run.id, _choose(call, run, files, manifest))
    if titles.keys:
        profile = get_profile(call.tenant_id, run.input["profile_id"])
        remittance = store.find_of_run(call.tenant_id, run.id) or _record(call, run, profile, titles)
        instructions = _instructions(call, titles.keys)
        data = write_remittance(
            profile.terms, instructions, sequence=remittance.sequence, created_at=remittance.created_at
        )
        files.put_once(store.file_key(call.tenant_id, remittance), data)
    return answer


def mark(event: RunEvent, files: Files) -> dict[str, object]:
    """Mark each title as sent, or let it go: refused by the pre-flight, or the run was cancelled before the file."""
    call, run = runs.call_of(event)
    manifest = run_store.read_manifest(files, call.tenant_id, run.id)
    titles = store.find_titles(files, call.tenant_id, run.id)
    sent = set(titles.keys) if titles is not None else set()
    refused = titles.refused if titles is not None else {}
    keys = run_store.chunk_keys(files, manifest, event.chunk)
    for group in _groups(keys):
        claimed = [i for i in _load(call, group) if _is_claimed(i, run)]
        waiting = [i for i in claimed if i.remittance is RemittanceState.AWAITING]
        _change_each(
            call,
            [i for i in waiting if _key(i) in sent],
            lambda i: (i.transmitted(run.id), "invoice.remitted"),
        )
        _change_each(
            call,
            [i for i in waiting if _key(i) not in sent],
            lambda i: (i.released(run.id), "invoice.remittance_given_up"),
        )
    done = [invoice for invoice in _load(call, keys) if _key(invoice) in sent]
    result = ChunkResult(
        chunk=event.chunk,
        keys=len(keys),
        totals={"titles": str(len(done)), "remitted": str(Money.sum(i.amount for i in done))},
        parked=tuple(
            Parked(key=key, code="remittance.refused", message=refused.get(key, _NOT_CLAIMED))
            for key in keys
            if key not in sent
        ),
    )
    run_store.put_chunk(call, run.id, result)
    return {}


_NOT_CLAIMED = "O título já está em outra remessa, ou foi alterado; veja a fatura."


def _choose(call: Call, run: Run, files: Files, manifest: Manifest) -> RemittanceTitles:
    """The claimed titles that the bank would take; each other with the reason (BEY-13)."""
    profile = get_profile(call.tenant_id, run.input["profile_id"])
    keys: list[str] = []
    refused: dict[str, str] = {}
    total = Money.from_cents(0)
    for chunk in range(len(manifest.chunks)):
        listed = run_store.chunk_keys(files, manifest, chunk)
        by_key = {_key(invoice): invoice for invoice in _load(call, listed)}
        people = _customers(call, listed)
        for key in listed:
            invoice = by_key.get(key)
            if invoice is None or not _is_claimed(invoice, run):
                continue
            try:
                _try(profile, _instruction(invoice, people.get(invoice.customer_id)), run)
            except BillingError as error:
                refused[key] = error.title
            else:
                keys.append(key)
                total += invoice.amount
    return RemittanceTitles(keys=tuple(keys), refused=refused, total=total)


def _try(profile: PaymentProfile, instruction: Instruction, run: Run) -> None:
    """Raises Refused for what the layout does not take, naming the field."""
    write_remittance(profile.terms, [instruction], sequence=1, created_at=run.at)


def _record(call: Call, run: Run, profile: PaymentProfile, titles: RemittanceTitles) -> Remittance:
    """Take the profile's next sequence in the transaction that records the remittance (BNK-04)."""
    while True:
        last = store.get_sequence(call.tenant_id, profile.id)
        sequence = last.last + 1
        remittance = Remittance(
            id=derived_id("rem", call.tenant_id, run.id),
            run_id=run.id,
            company_id=profile.company_id,
            profile_id=profile.id,
            sequence=sequence,
            titles=len(titles.keys),
            total=titles.total,
            file_name=f"{profile.terms.bank}-{business_date(run.at):%Y%m%d}-{sequence:06d}.rem",
            created_at=run.at,
        )
        changes = Changes(call)
        changes.put(store.sequence_row(call.tenant_id, profile.id, last.evolve(last=sequence)))
        changes.put(store.remittance_row(call.tenant_id, remittance), "remittance.recorded")
        changes.put(store.of_run_row(call.tenant_id, remittance))
        try:
            changes.commit()
        except Conflict:
            there = store.find_of_run(call.tenant_id, run.id)
            if there is not None:
                return there  # a twin of this run recorded it
        else:
            return remittance


def _instructions(call: Call, keys: tuple[str, ...]) -> Iterable[Instruction]:
    for group in _groups(list(keys)):
        by_key = {_key(invoice): invoice for invoice in _load(call, group)}
        people = _customers(call, group)
        for key in group:
            invoice = by_key[key]
            yield _instruction(invoice, people.get(invoice.customer_id))


def _instruction(invoice: Invoice, customer: Customer | None) -> Instruction:
    """Raises Refused for a payer whom no bank would register."""
    if customer is None or customer.document is None:
        raise Refused("remittance.payer_document", "Falta o CPF ou CNPJ do cliente no cadastro.")
    address = customer.billing_address
    if address is None:
        raise Refused("remittance.payer_address", "Falta o endereço do cliente no cadastro.")
    assert invoice.title_number is not None
    payer = Payer(
        document=customer.document,
        name=customer.name,
        street=f"{address.street} {address.number}",
        district=address.district,
        postcode=address.cep,
        city=address.city,
        state=address.uf,
        email=customer.emails[0] if customer.emails else "",
    )
    title = Title(
        nosso_numero=invoice.title_number,
        our_reference=invoice.id[-25:],
        document_number=str(invoice.number),
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        amount=invoice.amount,
        payer=payer,
        discount=None if (given := invoice.discount) is None else Discount(given.amount, given.until),
    )
    return Instruction(Movement.REGISTER, title)


def _change_each(call: Call, found: list[Invoice], change: Change) -> list[Parked]:
    """All in one transaction; where it is cancelled, each by itself, and those that cannot are told."""
    if not found:
        return []
    try:
        _commit(call, found, change)
    except (Conflict, Refused, ValueError):
        parked = []
        for invoice in found:
            try:
                _commit(call, _load(call, [_key(invoice)]), change)
            except (Conflict, Refused, ValueError):
                parked.append(Parked(key=_key(invoice), code="remittance.not_claimed", message=_NOT_CLAIMED))
        return parked
    return []


def _commit(call: Call, found: list[Invoice], change: Change) -> None:
    changes = Changes(call)
    for before in found:
        after, action = change(before)
        changes.put(invoices.invoice_row(call.tenant_id, after), action, before=before, after=after)
    changes.commit()


def _claimer(call: Call, run: Run) -> Change:
    def claim_one(invoice: Invoice) -> tuple[Invoice, str]:
        if invoice.status is not InvoiceStatus.OPEN or invoice.locks:
            raise Refused("remittance.not_claimed", _NOT_CLAIMED)
        return invoice.claimed(run.id, call.now), "invoice.claimed"

    return claim_one


def _is_claimed(invoice: Invoice, run: Run) -> bool:
    return any(lock.kind is LockKind.AWAITING_REMITTANCE and lock.cause == run.id for lock in invoice.locks)


def _load(call: Call, keys: list[str]) -> list[Invoice]:
    """The invoices of the keys, in their order; one that does not exist is left out."""
    found = invoices.find_invoices(call.tenant_id, map(_pair, keys))
    return [found[key] for _, key in map(_pair, keys) if key in found]


def _customers(call: Call, keys: list[str]) -> dict[str, Customer]:
    found = customers.get_many(call.tenant_id, {_pair(key)[0] for key in keys})
    return {customer.id: customer for customer in found}


def _groups(keys: list[str]) -> Iterable[list[str]]:
    return (keys[i : i + TITLES_PER_TRANSACTION] for i in range(0, len(keys), TITLES_PER_TRANSACTION))


def _key(invoice: Invoice) -> str:
    return f"{invoice.customer_id}/{invoice.id}"


def _pair(key: str) -> tuple[str, str]:
    customer_id, _, invoice_id = key.partition("/")
    return customer_id, invoice_id
