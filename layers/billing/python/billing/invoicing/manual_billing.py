"""Manual billing of chosen charges: an invoice for each, or one for all (CON-05).

What is billed, with which credit, and what is refused is decided once and kept, so that repeating a command that was
cut off makes the same invoices.
"""

from collections.abc import Iterable, Mapping

from pydantic import Field

from billing.access.call import Call
from billing.audit.batches import BatchAnswer, Chosen, ItemAnswer, done, reasons_of, refusal_of
from billing.audit.changes import Changes, once
from billing.core.entity import Entity
from billing.core.errors import BillingError, Refusal, Refused, Severity
from billing.core.ids import derived_id, new_id
from billing.core.money import Money
from billing.core.period import Day
from billing.core.text import Id, Line
from billing.customers.company_store import get_company
from billing.invoicing import making, store
from billing.invoicing.charge import Charge
from billing.invoicing.charges import get
from billing.invoicing.invoice import Invoice
from billing.invoicing.issue import MOST_WITH_CREDIT, Group
from billing.invoicing.making import Batch
from billing.invoicing.states import ChargeStatus, InvoiceStatus


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

    @property
    def is_one_invoice(self) -> bool:
        return self.together and len(set(self.ids)) > 1


class ManualBilling(Entity):
    """What a command bills, which of the customer's credits it uses, and what it refuses."""

    charge_ids: tuple[str, ...] = ()
    credit_ids: tuple[str, ...] = ()
    refused: tuple[ItemAnswer, ...] = ()


CHANGED = Refused("charge.changed", "A conta foi alterada por outra pessoa. Recarregue.")
NOT_ALONE = Refused(
    "billing.together", "Não foi faturada: todas vão em uma só fatura, e outra das contas a impede."
)


def bill(call: Call, customer_id: str, request: BillByHand) -> BatchAnswer:
    """Each charge gets an answer of its own; with one invoice for all, none is billed if one cannot be.

    Raises Refused if the request as a whole is impossible.
    """
    _require_fields(request)
    key = call.idempotency.key if call.idempotency is not None else new_id("key")
    owner = derived_id("bil", call.tenant_id, call.actor_id, key)
    billing = _decided(call, customer_id, request)
    answers = {answer.id: answer for answer in billing.refused}
    if call.is_dry_run:  # an invoice takes its number when it is made
        answers |= {charge_id: done(charge_id) for charge_id in billing.charge_ids}
    elif billing.charge_ids:
        answers |= _bill(call, customer_id, request, billing, owner)
    items = tuple(answers[charge_id] for charge_id in dict.fromkeys(request.ids))
    return Changes(call).commit_answering(BatchAnswer(items=items))


def _bill(
    call: Call, customer_id: str, request: BillByHand, billing: ManualBilling, owner: str
) -> dict[str, ItemAnswer]:
    keys = [(customer_id, charge_id) for charge_id in billing.charge_ids]
    charges = store.find_charges(call.tenant_id, keys)
    chosen = [charges[charge_id] for charge_id in billing.charge_ids]
    groups = _groups(customer_id, chosen, request, billing.credit_ids)
    company = get_company(call.tenant_id, chosen[0].company_id)
    batch = Batch(owner, 0, company.id, company.series, call.today, is_by_hand=True)
    billed = making.bill(call, batch, groups)
    parked = dict(billed.parked)
    made = {invoice.id: invoice for invoice in billed.invoices}
    answers: dict[str, ItemAnswer] = {}
    for group in groups:
        invoice = made.get(group.invoice_id(owner))
        mine = [charge_id for charge_id in group.charge_ids if charge_id not in billing.credit_ids]
        if invoice is None or invoice.status is InvoiceStatus.CANCELLED:
            answers |= {id_: refusal_of(id_, parked.get(group, CHANGED)) for id_ in mine}
            continue
        answers |= {id_: done(id_, made=[invoice.id]) for id_ in mine}
        used = _credit_used(call, invoice, billing.credit_ids)
        answers[mine[0]] = done(mine[0], used, made=[invoice.id])
    return answers


def _groups(
    customer_id: str, chosen: list[Charge], request: BillByHand, credit: tuple[str, ...]
) -> list[Group]:
    """The groups, with the credit in the first one."""
    owed = [charge for charge in chosen if not charge.is_credit] or chosen
    if request.is_one_invoice:
        due_on = request.due_on or max(charge.due_on for charge in owed)
        profile_id = request.payment_profile_id or owed[0].payment_profile_id
        ids = tuple(sorted(charge.id for charge in chosen))
        groups = [Group(customer_id, due_on, profile_id, ids, request.description)]
    else:
        groups = [
            Group(customer_id, c.due_on, request.payment_profile_id or c.payment_profile_id, (c.id,))
            for c in chosen
        ]
    groups[0] = groups[0]._replace(charge_ids=(*groups[0].charge_ids, *credit))
    return groups


def _decided(call: Call, customer_id: str, request: BillByHand) -> ManualBilling:
    return once(
        call.part("decided"),
        ManualBilling,
        lambda part: Changes(part).commit_answering(_decide(part, customer_id, request)),
    )


def _decide(call: Call, customer_id: str, request: BillByHand) -> ManualBilling:
    refused: dict[str, BillingError] = {}
    chosen: list[Charge] = []
    for charge_id in dict.fromkeys(request.ids):
        try:
            charge = get(call, customer_id, charge_id)
            _require_billable(charge, chosen[0] if chosen else charge)
            chosen.append(charge)
        except BillingError as error:
            refused[charge_id] = error
    owed = [charge for charge in chosen if not charge.is_credit]
    if not (request.is_one_invoice and owed):
        refused |= {charge.id: _credit_alone(charge) for charge in chosen if charge.is_credit}
    if request.is_one_invoice:
        _require_together(chosen, owed, refused, request)
        if refused:
            refused |= {charge.id: NOT_ALONE for charge in chosen if charge.id not in refused}
    billed = [charge for charge in chosen if charge.id not in refused]
    return ManualBilling(
        charge_ids=tuple(charge.id for charge in billed),
        credit_ids=_credit(call, customer_id, billed, request) if billed and request.use_credit else (),
        refused=tuple(refusal_of(charge_id, error) for charge_id, error in refused.items()),
    )


def _credit(call: Call, customer_id: str, billed: list[Charge], request: BillByHand) -> tuple[str, ...]:
    """The customer's credits with the company that were not chosen and that fit on the first invoice."""
    unchosen = [
        charge.id
        for charge in store.charges_of(call.tenant_id, customer_id)
        if charge.is_credit
        and charge.status is ChargeStatus.UNBILLED
        and charge.company_id == billed[0].company_id
        and charge.id not in request.ids
    ]
    with_it = len(billed) if request.is_one_invoice else 1
    return tuple(unchosen) if with_it + 2 * len(unchosen) <= MOST_WITH_CREDIT else ()


def _credit_used(call: Call, invoice: Invoice, credit: Iterable[str]) -> list[Refusal]:
    """How much credit this invoice used, for the person who billed."""
    keys = [(invoice.customer_id, charge_id) for charge_id in credit if charge_id in invoice.charge_ids]
    used = -Money.sum(charge.amount for charge in store.find_charges(call.tenant_id, keys).values())
    if not used:
        return []
    message = f"A fatura {invoice.number} usou {used.format_br()} do crédito do cliente."
    return [Refusal("billing.credit_used", message, Severity.WARNS)]


def _require_fields(request: BillByHand) -> None:
    if not request.is_one_invoice and (request.due_on or request.description):
        message = "Com uma só conta por fatura, o vencimento e a descrição vêm do contrato."
        raise Refused.because([Refusal("billing.locked_fields", message, field="due_on")])


def _require_together(
    chosen: list[Charge], owed: list[Charge], refused: Mapping[str, BillingError], request: BillByHand
) -> None:
    """Raises Refused with what must be given for a single invoice of all these charges, and with each charge that
    prevents it."""
    reasons = []
    if request.due_on is None and len({charge.due_on for charge in owed}) > 1:
        message = "As contas têm vencimentos diferentes: informe o da fatura."
        reasons.append(Refusal("billing.due_date", message, field="due_on"))
    if request.payment_profile_id is None and len({charge.payment_profile_id for charge in owed}) > 1:
        message = "As contas têm profiles de pagamento diferentes: escolha o da fatura."
        reasons.append(Refusal("billing.profile", message, field="payment_profile_id"))
    if any(charge.agreed_part is not None for charge in chosen):
        message = "Parcela de um parcelamento se fatura só: fature as outras contas à parte."
        reasons.append(Refusal("billing.agreement_alone", message, field="ids"))
    given = len(chosen) - len(owed)
    if given and owed and len(owed) + 2 * given > MOST_WITH_CREDIT:  # its unused rest is written too (PAY-08)
        message = (
            f"Uma fatura com crédito leva no máximo {MOST_WITH_CREDIT} contas, e cada crédito conta como duas. "
            "Escolha menos contas."
        )
        reasons.append(Refusal("billing.too_many_with_credit", message, field="ids"))
    if reasons:
        places = {charge_id: place for place, charge_id in enumerate(dict.fromkeys(request.ids))}
        for charge_id, error in refused.items():
            reasons += [r._replace(field=f"ids.{places[charge_id]}") for r in reasons_of(error)]
        raise Refused.because(reasons)


def _require_billable(charge: Charge, first: Charge) -> None:
    called = charge.called
    words = {
        ChargeStatus.BILLED: ("charge.in_invoice", f"A Conta {called} faz parte de uma fatura"),
        ChargeStatus.SETTLED: ("charge.settled", f"A Conta {called} já está liquidada"),
        ChargeStatus.SUSPENDED: ("charge.suspended", f"A Conta {called} está com o status de suspenso."),
        ChargeStatus.REMOVED: ("charge.removed", f"A Conta {called} já foi removida"),
    }
    if charge.status in words:
        raise Refused(*words[charge.status])
    if charge.company_id != first.company_id:
        message = f"A Conta {called} é de outra empresa que a das contas antes dela: fature-a à parte."
        raise Refused("billing.companies", message)


def _credit_alone(charge: Charge) -> Refused:
    """A credit reduces an invoice and cannot be one by itself (PAY-08)."""
    message = f"A Conta {charge.called} é crédito do cliente e não se fatura só: fature-a junto com as contas que abate."
    return Refused("billing.credit_alone", message)
