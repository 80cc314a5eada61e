"""What a person does with charges: insert, edit, suspend, remove (CON-01 to CON-04)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import BatchAnswer, Chosen, ItemAnswer, done, each
from billing.audit.changes import Changes
from billing.audit.history import Recorded
from billing.audit.model import AuditEntry
from billing.banking.store import get_profile
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.ids import derived_id, new_id
from billing.core.period import Period, add_months
from billing.core.table import MAX_TRANSACTION_ITEMS, require_version
from billing.core.text import Text
from billing.customers import store as customers
from billing.invoicing import store
from billing.invoicing.actions import ChargeAction
from billing.invoicing.charge import Charge, ChargeEdit, NewCharge
from billing.invoicing.invoice import Invoice
from billing.invoicing.invoices import Suspension
from billing.invoicing.offers import ChargeOffer, of_charge
from billing.invoicing.states import ChargeStatus, InvoiceStatus

MOST_REPLICATIONS = 120
_TOGETHER = (MAX_TRANSACTION_ITEMS - 1) // 2
"""Each with its audit entry, beside the answer."""


class Insertion(NewCharge):
    """Conta avulsa, e quantas vezes mais ela se repete (CON-01)."""

    replications: int = Field(default=0, ge=0, le=MOST_REPLICATIONS)
    """Quantas além desta."""
    interval_days: Annotated[int, Field(ge=1, le=366)] | None = None
    """Dias entre o vencimento de uma e o da anterior; a referência anda junto."""
    interval_months: Annotated[int, Field(ge=1, le=12)] | None = None
    """Em vez de dias, meses, no mesmo dia do primeiro vencimento. Sem nenhum dos dois, um mês."""


NOTHING_ASKED = Refusal(
    "charge.zero", "O valor da conta não pode ser zero. Para não cobrar, remova a conta.", field="amount"
)


class Charges(Entity):
    items: tuple[Charge, ...]


class ShownCharge(Charge):
    """Conta como se lê."""

    actions: tuple[ChargeOffer, ...] = ()
    """O que quem pergunta pode fazer dela, e o que impede agora."""


class ChargeRemoval(Chosen):
    notes: Text = Field(min_length=1, max_length=300, examples=["Lançada em duplicidade"])


def get(call: Call, customer_id: str, charge_id: str) -> Charge:
    """Raises NotFound, and Forbidden for another company's."""
    charge = store.get_charge(call.tenant_id, customer_id, charge_id)
    call.require_company(charge.company_id)
    return charge


def read(call: Call, customer_id: str, charge_id: str) -> Charge:
    """As people see it: settled if its invoice is. Raises NotFound, Forbidden."""
    (charge,) = _as_seen(call, [get(call, customer_id, charge_id)])
    return charge


def charges_of(call: Call, customer_id: str, status: ChargeStatus | None) -> tuple[Charge, ...]:
    """The customer's charges with the caller's companies, by due date, as people see them."""
    kept = store.charges_of(call.tenant_id, customer_id)
    mine = _as_seen(call, [charge for charge in kept if call.works_for(charge.company_id)])
    with_status = [charge for charge in mine if status in {None, charge.status}]
    return tuple(sorted(with_status, key=lambda charge: (charge.due_on, charge.id)))


def _as_seen(call: Call, kept: list[Charge]) -> list[Charge]:
    """A charge stays billed while it is on an invoice; whether it was paid, which is what people want to know, its
    invoice knows."""
    keys = {(charge.customer_id, charge.invoice_id) for charge in kept if charge.invoice_id is not None}
    invoices = store.find_invoices(call.tenant_id, sorted(keys))
    settled = {invoice.id for invoice in invoices.values() if invoice.status is InvoiceStatus.SETTLED}
    return [
        charge.evolve(status=ChargeStatus.SETTLED, paid=charge.amount)
        if charge.status is ChargeStatus.BILLED and charge.invoice_id in settled
        else charge
        for charge in kept
    ]


def offered(call: Call, charges: Iterable[Charge]) -> dict[str, tuple[ChargeOffer, ...]]:
    """What the caller may do with each charge."""
    there = list(charges)
    keys = {(charge.customer_id, charge.invoice_id) for charge in there if charge.invoice_id is not None}
    invoices = store.find_invoices(call.tenant_id, sorted(keys))
    return {
        charge.id: of_charge(call.permissions, charge, invoices.get(charge.invoice_id or ""))
        for charge in there
    }


def shown(call: Call, charges: Sequence[Charge]) -> tuple[ShownCharge, ...]:
    actions = offered(call, charges)
    return tuple(ShownCharge(**charge.__dict__, actions=actions[charge.id]) for charge in charges)


def history_of(call: Call, customer_id: str, charge_id: str) -> Recorded:
    """Its history, including what was done to it along with other things: being made, being billed."""
    charge = get(call, customer_id, charge_id)
    row = store.charge_row(call.tenant_id, charge)
    kind, entries = Recorded.of(charge, row)
    along = [
        entry for entry in _along(call, charge, row.row) if entry.action not in {e.action for e in entries}
    ]
    return Recorded(
        kind,
        sorted([*along, *entries], key=lambda entry: (entry.at, entry.action == ChargeAction.CLAIMED)),
    )


def _along(call: Call, charge: Charge, subject: str) -> Iterator[AuditEntry]:
    """The audit entries of the thing that the charge was made with."""
    if charge.made_by is not None:
        yield AuditEntry(subject=subject, **charge.made_by.__dict__)
    invoice = _invoice_of(call, charge)
    if invoice is not None:  # of a large invoice, charges are claimed before it is written
        issued, *_ = store.history_of(call.tenant_id, invoice).entries
        yield issued.evolve(action=ChargeAction.CLAIMED, subject=subject, note=f"Fatura {invoice.number}")


def insert(call: Call, customer_id: str, new: Insertion) -> Charges:
    """Raises NotFound, Forbidden, and Refused for an inactive customer or another company's profile."""
    call.require_company(new.company_id)
    customer = customers.get(call.tenant_id, customer_id)
    profile = get_profile(call.tenant_id, new.payment_profile_id)
    reasons = list(_of_insertion(new))
    if not customer.is_active:
        reasons.append(Refusal("customer.inactive", "O cadastro do cliente está inativo."))
    if profile.company_id != new.company_id:
        message = "O profile de pagamento é de outra empresa."
        reasons.append(Refusal("charge.profile_company", message, field="payment_profile_id"))
    if reasons:
        raise Refused.because(reasons)
    return _keep_all(
        call, [_replicated(call, customer_id, new, order) for order in range(new.replications + 1)]
    )


def _replicated(call: Call, customer_id: str, new: Insertion, order: int) -> Charge:
    """The charge itself (0), or one of its replications: due date, reference and instalment move along."""
    key = call.idempotency.key if call.idempotency is not None else new_id("key")
    fields = {name: getattr(new, name) for name in NewCharge.model_fields}
    made = Charge(
        **fields, id=derived_id("chg", call.tenant_id, call.actor_id, key, order), customer_id=customer_id
    )
    if not new.replications:
        return made
    first, count = new.instalment or (1, new.replications + 1)
    moved = partial(_moved, new, order)
    period = Period(moved(new.reference.start), moved(new.reference.end))
    return made.evolve(due_on=moved(new.due_on), reference=period, instalment=(first + order, count))


def _moved(new: Insertion, order: int, day: date) -> date:
    if new.interval_days is not None:
        return day + timedelta(days=order * new.interval_days)
    return add_months(day, order * (new.interval_months or 1))


def _keep_all(call: Call, charges: list[Charge]) -> Charges:
    """In as many transactions as needed, the last one with the answer; a repeat continues with what is missing."""
    there = store.find_charges(call.tenant_id, [(charge.customer_id, charge.id) for charge in charges])
    left = [charge for charge in charges if charge.id not in there]
    changes = Changes(call)
    for place, charge in enumerate(left):
        if place and place % _TOGETHER == 0:
            changes.commit()
            changes = Changes(call)
        changes.put(store.charge_row(call.tenant_id, charge), ChargeAction.INSERTED)
    return changes.commit_answering(Charges(items=tuple(charge.evolve(version=1) for charge in charges)))


def _of_insertion(new: Insertion) -> Iterator[Refusal]:
    if not new.amount:
        yield NOTHING_ASKED
    if new.interval_days is not None and new.interval_months is not None:
        message = "Informe o intervalo em dias ou em meses, não os dois."
        yield Refusal("charge.interval", message, field="interval_months")
    if new.instalment is not None and new.instalment[0] + new.replications > new.instalment[1]:
        message = f"São {new.instalment[1]} parcelas no total: a partir da {new.instalment[0]}ª não cabem as replicações."
        yield Refusal("charge.instalments", message, field="replications")


def edit(
    call: Call, customer_id: str, charge_id: str, version: int, new: ChargeEdit, *, confirmed: bool
) -> Charge:
    """Raises Refused with every reason; those that only ask for confirmation are dropped once confirmed (CON-02)."""
    before = require_version(get(call, customer_id, charge_id), version)
    if before.amount and not new.amount:
        raise Refused.because([NOTHING_ASKED])
    after = before.edited(new, _invoice_of(call, before), confirmed=confirmed)
    changes = Changes(call)
    changes.put(store.charge_row(call.tenant_id, after), ChargeAction.EDITED, before=before, after=after)
    return changes.commit_answering(after)


def suspend(call: Call, customer_id: str, request: Suspension) -> BatchAnswer:
    """CON-03."""
    return _each(call, customer_id, request, Charge.suspended, ChargeAction.SUSPENDED, request.note)


def unsuspend(call: Call, customer_id: str, request: Suspension) -> BatchAnswer:
    """CON-03."""
    return _each(call, customer_id, request, Charge.unsuspended, ChargeAction.UNSUSPENDED, request.note)


def remove(call: Call, customer_id: str, request: ChargeRemoval) -> BatchAnswer:
    """CON-04."""
    return _each(call, customer_id, request, Charge.removed, ChargeAction.REMOVED, request.notes)


def _each(
    call: Call,
    customer_id: str,
    request: Chosen,
    change: Callable[[Charge, Invoice | None], Charge],
    action: ChargeAction,
    note: str,
) -> BatchAnswer:
    def one(part: Call, changes: Changes, item: str) -> ItemAnswer:
        before = get(part, customer_id, item)
        after = change(before, _invoice_of(part, before))
        row = store.charge_row(part.tenant_id, after)
        changes.put(row, action, before=before, after=after, note=note)
        return done(item)

    return each(call, request.ids, one)


def _invoice_of(call: Call, charge: Charge) -> Invoice | None:
    if charge.invoice_id is None:
        return None
    return store.find_invoice(call.tenant_id, charge.customer_id, charge.invoice_id)
