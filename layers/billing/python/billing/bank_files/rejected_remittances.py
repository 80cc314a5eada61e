"""A remittance that the bank rejected before looking at its titles (pré-crítica): it is marked, and its contents are
sent again.

Each title is rejected once, with a line, as by a return; instructions wait again. Both are found in the remittance's
fixed list.
"""

from collections.abc import Iterator, Sequence

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files import store, titles
from billing.bank_files.actions import RemittanceAction
from billing.bank_files.instruction import InstructionStatus
from billing.bank_files.instructions import put
from billing.bank_files.model import WHOLE_FILE, Remittance
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import Occurrence, OccurrenceKind, OccurrenceReason
from billing.banking.remittance_answer import RemittanceAnswer, Verdict
from billing.core.errors import Conflict, NotFound, Refused, Transient
from billing.core.files import Files
from billing.core.money import ZERO
from billing.invoicing import store as invoices
from billing.invoicing.invoice import Invoice

_ATTEMPTS = 5


def rejected_by(
    call: Call, files: Files, profile: PaymentProfile, answer: RemittanceAnswer
) -> tuple[list[Occurrence], list[str]]:
    """Mark the remittance; returns the rejected titles as occurrences, and the keys of the instructions that wait
    again.

    Raises Refused if the profile has no such remittance.
    """
    if answer.verdict is Verdict.PROCESSED:
        return [], []
    try:
        remittance = store.get_remittance(call.tenant_id, profile.id, answer.sequence)
    except NotFound:
        message = f"O arquivo é do banco: {answer.message}. Este profile não tem a remessa {answer.sequence}."
        raise Refused("return.remittance_unknown", message) from None
    _mark(call, remittance, answer.message)
    pinned = store.find_titles(files, call.tenant_id, remittance.run_id)
    keys = list(pinned.keys) if pinned is not None else []
    instructions = [key for key in keys if titles.is_instruction(key)]
    sent = list(_invoices(call, [key for key in keys if not titles.is_instruction(key)]))
    if answer.verdict is Verdict.PARTLY:
        faults = {fault.nosso_numero: fault.reason for fault in answer.titles}
        sent = [invoice for invoice in sent if invoice.nosso_numero in faults]
        return [
            _occurrence(answer, one, n, faults[one.nosso_numero or ""]) for n, one in enumerate(sent, 1)
        ], []
    whole = "; ".join(answer.reasons)
    return [_occurrence(answer, one, n, whole, WHOLE_FILE) for n, one in enumerate(sent, 1)], instructions


def wait_again(call: Call, key: str) -> None:
    """Let an instruction of the rejected remittance wait again, unless it was answered or ended meanwhile. Raises
    Transient."""
    for _ in range(_ATTEMPTS):
        instruction = store.find_instructions(call.tenant_id, [key]).get(key)
        if instruction is None or instruction.status is not InstructionStatus.SENT:
            return
        changes = Changes(call)
        put(call, changes, instruction, instruction.released(), "remessa rejeitada pelo banco")
        try:
            changes.commit()
        except Conflict:
            continue
        return
    raise Transient(f"instruction {key} keeps meeting other changes")


def is_instruction(key: str) -> bool:
    """Whether a run's key is an instruction's and not an occurrence (JSON)."""
    return key[:1] not in "[{" and titles.is_instruction(key)


def _mark(call: Call, remittance: Remittance, message: str) -> None:
    """Mark it once; another attempt finds it marked. Raises Conflict if it is changed at the same time, so that the
    task is retried."""
    if remittance.rejection is not None:
        return
    after = remittance.evolve(rejection=message)
    changes = Changes(call)
    row = store.remittance_row(call.tenant_id, after)
    changes.put(row, RemittanceAction.REJECTED, before=remittance, after=after, note=message)
    changes.commit()


def _invoices(call: Call, keys: Sequence[str]) -> Iterator[Invoice]:
    for group in titles.groups(list(keys)):
        pairs = [(customer_id, invoice_id) for customer_id, invoice_id in (key.split("/") for key in group)]
        yield from invoices.find_invoices(call.tenant_id, pairs).values()


def _occurrence(
    answer: RemittanceAnswer, invoice: Invoice, number: int, reason: str, of_what: str = ""
) -> Occurrence:
    """The same occurrence for the same title, remittance and day, so that it is applied once."""
    return Occurrence(
        line_number=number,
        bank=answer.bank,
        agreement=answer.agreement,
        kind=OccurrenceKind.REMITTANCE_REJECTED,
        movement=f"remessa {answer.sequence} {of_what}".rstrip(),
        movement_text=f"Remessa {answer.sequence} rejeitada pelo banco",
        reasons=(OccurrenceReason("", f"remessa {answer.sequence} rejeitada pelo banco: {reason}"),),
        nosso_numero=invoice.nosso_numero or "",
        carteira="",
        our_reference=invoice.id,
        document_number=str(invoice.number),
        due_on=invoice.due_on,
        occurred_on=answer.answered_on,
        credited_on=None,
        title_amount=invoice.amount,
        paid_amount=ZERO,
        interest=ZERO,
        fine=ZERO,
        discount=ZERO,
        rebate=ZERO,
        tariff=ZERO,
        net_credited=ZERO,
        payment_channel="",
        pix_emv="",
        raw=(answer.raw,),
    )
