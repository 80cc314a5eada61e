"""What a person does with charges: insert, edit, suspend, remove, bill by hand (CON-01 to CON-05)."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Annotated

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes, kept_answer
from billing.audit.history import Recorded
from billing.banking.store import get_profile
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, Severity
from billing.core.ids import derived_id, new_id
from billing.core.money import Money
from billing.core.period import Day, Period, add_months
from billing.core.table import MAX_TRANSACTION_ITEMS, require_version
from billing.core.text import Id, Line, Text
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.invoicing import making, store
from billing.invoicing.actions import ChargeAction
from billing.invoicing.batches import BatchAnswer, Chosen, ItemAnswer, done, each, refusal_of
from billing.invoicing.charge import Charge, ChargeEdit, NewCharge
from billing.invoicing.invoice import Invoice
from billing.invoicing.invoices import Suspension
from billing.invoicing.issue import MOST_WITH_CREDIT, Group
from billing.invoicing.making import Batch
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


class ChargeRemoval(Chosen):
    notes: Text = Field(min_length=1, max_length=300, examples=["Lançada em duplicidade"])


class BillByHand(Chosen):
    """Faturamento avulso (CON-05)."""

    together: bool = False
    """Todas em uma fatura; senão, uma fatura por conta."""
    due_on: Day | None = Field(default=None, examples=["2026-04-10"])
    """Vencimento da fatura de várias contas; com uma só, é o da conta."""
    description: Line | None = Field(
        default=None, min_length=1, max_length=120, examples=["Serviços de março"]
    )
    """Descrição da fatura de várias contas; com uma só, é a da conta."""
    payment_profile_id: Id | None = None
    """Ausente, o das contas."""
    use_credit: bool = True
    """O crédito do cliente abate a primeira das faturas, como no faturamento em massa; false o deixa para outra."""


class CreditChosen(Entity):
    """What of a customer's credit a command took up, kept so that its repeat makes the same invoices."""

    ids: tuple[str, ...] = ()


def get(call: Call, customer_id: str, charge_id: str) -> Charge:
    """Raises NotFound, and Forbidden for another company's."""
    charge = store.get_charge(call.tenant_id, customer_id, charge_id)
    call.require_company(charge.company_id)
    return charge


def read(call: Call, customer_id: str, charge_id: str) -> Charge:
    """As people see it: settled where its invoice is. Raises NotFound, Forbidden."""
    (charge,) = _as_seen(call, [get(call, customer_id, charge_id)])
    return charge


def charges_of(call: Call, customer_id: str, status: ChargeStatus | None) -> tuple[Charge, ...]:
    """Of the caller's companies, by due date, as people see them."""
    kept = store.charges_of(call.tenant_id, customer_id)
    mine = _as_seen(call, [charge for charge in kept if call.works_for(charge.company_id)])
    found = [charge for charge in mine if status in {None, charge.status}]
    return tuple(sorted(found, key=lambda charge: (charge.due_on, charge.id)))


def _as_seen(call: Call, kept: list[Charge]) -> list[Charge]:
    """A charge stays billed while it is in an invoice; people ask whether it was paid, which its invoice knows."""
    keys = {(charge.customer_id, charge.invoice_id) for charge in kept if charge.invoice_id is not None}
    invoices = store.find_invoices(call.tenant_id, sorted(keys))
    settled = {invoice.id for invoice in invoices.values() if invoice.status is InvoiceStatus.SETTLED}
    return [
        charge.evolve(status=ChargeStatus.SETTLED, paid=charge.amount)
        if charge.status is ChargeStatus.BILLED and charge.invoice_id in settled
        else charge
        for charge in kept
    ]


def history_of(call: Call, customer_id: str, charge_id: str) -> Recorded:
    """Since it was made by hand, or first changed."""
    charge = get(call, customer_id, charge_id)
    return Recorded.of(charge, store.charge_row(call.tenant_id, charge))


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
    """In as many transactions as they need, the last with the answer; a repeat goes on with what is not there yet."""
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
    """Raises Refused with every reason; one that only asks goes on when confirmed (CON-02)."""
    before = require_version(get(call, customer_id, charge_id), version)
    if before.amount and not new.amount:
        raise Refused.because([NOTHING_ASKED])
    after = before.edited(new, _invoice_of(call, before), confirmed=confirmed)
    changes = Changes(call)
    changes.put(store.charge_row(call.tenant_id, after), ChargeAction.EDITED, before=before, after=after)
    return changes.commit_answering(after)


def suspend(call: Call, customer_id: str, asked: Suspension) -> BatchAnswer:
    """CON-03."""
    return _each(call, customer_id, asked, Charge.suspended, ChargeAction.SUSPENDED, asked.note)


def unsuspend(call: Call, customer_id: str, asked: Suspension) -> BatchAnswer:
    """CON-03."""
    return _each(call, customer_id, asked, Charge.unsuspended, ChargeAction.UNSUSPENDED, asked.note)


def remove(call: Call, customer_id: str, asked: ChargeRemoval) -> BatchAnswer:
    """CON-04."""
    return _each(call, customer_id, asked, Charge.removed, ChargeAction.REMOVED, asked.notes)


def _each(
    call: Call,
    customer_id: str,
    asked: Chosen,
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

    return each(call, asked.ids, one)


def bill(call: Call, customer_id: str, asked: BillByHand) -> BatchAnswer:
    """One invoice per charge, or all in one; each answered by its first charge. A repeat makes the same invoices."""
    key = call.idempotency.key if call.idempotency is not None else new_id("key")
    owner = derived_id("bil", call.tenant_id, call.actor_id, key)
    chosen = [get(call, customer_id, charge_id) for charge_id in dict.fromkeys(asked.ids)]
    credit = _credit(call, customer_id, chosen, asked)
    groups = _groups(customer_id, chosen, asked, owner, credit)
    company = get_company(call.tenant_id, chosen[0].company_id)
    batch = Batch(owner, 0, company.id, company.series, call.today, is_by_hand=True)
    billed = making.bill(call, batch, groups)
    answers = {group: refusal_of(group.charge_ids[0], refused) for group, refused in billed.parked}
    made = {invoice.id: invoice for invoice in billed.invoices}
    for group in groups:
        invoice = made.get(group.invoice_id(owner))
        if invoice is not None and invoice.status is not InvoiceStatus.CANCELLED:
            answers[group] = done(group.charge_ids[0], _of_credit(call, invoice, credit), made=[invoice.id])
        elif group not in answers:
            changed = Refused("charge.changed", "A conta foi alterada por outra pessoa. Recarregue.")
            answers[group] = refusal_of(group.charge_ids[0], changed)
    return Changes(call).commit_answering(BatchAnswer(items=tuple(answers[group] for group in groups)))


def _credit(call: Call, customer_id: str, chosen: list[Charge], asked: BillByHand) -> tuple[str, ...]:
    """Credit with the company that nobody chose and that the first invoice has room for; a repeat takes the same."""
    part = call.part("credit")
    kept = kept_answer(part)
    if kept is not None:
        return CreditChosen.model_validate(kept).ids
    found = [
        charge.id
        for charge in store.charges_of(call.tenant_id, customer_id)
        if charge.is_credit
        and charge.status is ChargeStatus.UNBILLED
        and charge.company_id == chosen[0].company_id
        and charge.id not in asked.ids
    ]
    with_it = len(chosen) if asked.together else 1
    fits = with_it + 2 * len(found) <= MOST_WITH_CREDIT
    ids = tuple(found) if asked.use_credit and fits else ()
    return Changes(part).commit_answering(CreditChosen(ids=ids)).ids


def _of_credit(call: Call, invoice: Invoice, credit: tuple[str, ...]) -> list[Refusal]:
    """What of the credit taken up is in this invoice, said to who billed."""
    keys = [(invoice.customer_id, charge_id) for charge_id in credit if charge_id in invoice.charge_ids]
    used = -Money.sum(charge.amount for charge in store.find_charges(call.tenant_id, keys).values())
    if not used:
        return []
    message = f"A fatura {invoice.number} usou {used.format_br()} do crédito do cliente."
    return [Refusal("billing.credit_used", message, Severity.WARNS)]


def _groups(
    customer_id: str, chosen: list[Charge], asked: BillByHand, owner: str, credit: tuple[str, ...]
) -> list[Group]:
    """With the credit in the first. Raises Refused with every reason why the choice cannot be billed."""
    owed = [charge for charge in chosen if not charge.is_credit]
    several = asked.together and len(chosen) > 1
    if several:
        due_on = asked.due_on or max(charge.due_on for charge in owed or chosen)
        profile_id = asked.payment_profile_id or (owed or chosen)[0].payment_profile_id
        ids = tuple(sorted(charge.id for charge in chosen))
        groups = [Group(customer_id, due_on, profile_id, ids, asked.description)]
        reasons = _not_together(owed, asked)
    else:
        groups = [
            Group(customer_id, c.due_on, asked.payment_profile_id or c.payment_profile_id, (c.id,))
            for c in chosen
        ]
        reasons = []
        if asked.due_on or asked.description:
            message = "Com uma só conta por fatura, o vencimento e a descrição vêm do contrato."
            reasons.append(Refusal("billing.locked_fields", message, field="due_on"))
    groups[0] = groups[0]._replace(charge_ids=(*groups[0].charge_ids, *credit))
    if len({charge.company_id for charge in chosen}) > 1:
        reasons.append(Refusal("billing.companies", "As contas são de empresas diferentes: fature cada uma."))
    reasons += _of_credits(chosen, len(owed), several=several)
    made = {charge_id: group.invoice_id(owner) for group in groups for charge_id in group.charge_ids}
    for charge in chosen:
        if charge.invoice_id != made[charge.id]:  # else: this very command was cut off, and goes on
            reasons += _to_bill(charge)
    if reasons:
        raise Refused.because(reasons)
    return groups


def _not_together(chosen: list[Charge], asked: BillByHand) -> list[Refusal]:
    reasons = []
    if asked.due_on is None and len({charge.due_on for charge in chosen}) > 1:
        message = "As contas têm vencimentos diferentes: informe o da fatura."
        reasons.append(Refusal("billing.due_date", message, field="due_on"))
    if asked.payment_profile_id is None and len({charge.payment_profile_id for charge in chosen}) > 1:
        message = "As contas têm profiles de pagamento diferentes: escolha o da fatura."
        reasons.append(Refusal("billing.profile", message, field="payment_profile_id"))
    return reasons


def _of_credits(chosen: list[Charge], owed: int, *, several: bool) -> list[Refusal]:
    """A credit reduces an invoice and is none by itself; what is left of it is written with the invoice (PAY-08)."""
    given = [charge for charge in chosen if charge.is_credit]
    if given and not (several and owed):
        return [
            Refusal(
                "billing.credit_alone",
                f"A Conta {charge.code} é crédito do cliente e não se fatura só: fature-a junto com as contas que abate.",
            )
            for charge in given
        ]
    if given and owed + 2 * len(given) > MOST_WITH_CREDIT:
        message = (
            f"Uma fatura com crédito leva no máximo {MOST_WITH_CREDIT} contas, e cada crédito conta como duas. "
            "Escolha menos contas."
        )
        return [Refusal("billing.too_many_with_credit", message, field="ids")]
    return []


def _to_bill(charge: Charge) -> list[Refusal]:
    code = charge.code
    words = {
        ChargeStatus.BILLED: ("charge.in_invoice", f"A Conta {code} faz parte de uma fatura"),
        ChargeStatus.SETTLED: ("charge.settled", f"A Conta {code} já está liquidada"),
        ChargeStatus.SUSPENDED: ("charge.suspended", f"A Conta {code} está com o status de suspenso."),
        ChargeStatus.REMOVED: ("charge.removed", f"A Conta {code} já foi removida"),
    }
    return [Refusal(*words[charge.status])] if charge.status in words else []


def _invoice_of(call: Call, charge: Charge) -> Invoice | None:
    if charge.invoice_id is None:
        return None
    return store.find_invoice(call.tenant_id, charge.customer_id, charge.invoice_id)
