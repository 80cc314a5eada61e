"""What a change of due date or payment profile does to a contract's charges and invoices (CTR-06, CTR-07). Pure.

Unbilled and suspended charges move. An open invoice is replaced by a new one if INV-01 would let it be removed; other
invoices stay, each with its reasons. So do charges whose due date a person took off the contract's rule, and charges
that would fall due in the past.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from billing.audit.batches import as_reasons
from billing.banking.model import PaymentProfile
from billing.contract_changes.model import MovedCharge, Plan, ProRata, ReplacedInvoice, StayingItem, Terms
from billing.contracts.model import Contract
from billing.core.errors import Refusal, Refused
from billing.core.money import Money
from billing.customers.model import Customer
from billing.invoicing import refusals
from billing.invoicing.charge import Charge, OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.issue import Group
from billing.invoicing.making import Batch, LoadedCharges
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.payments.settings import Settings

MOST_CHARGES = 36
"""Charges of one replaced invoice: they move with it in one transaction, each with its audit entry."""

_MOVING = frozenset({ChargeStatus.UNBILLED, ChargeStatus.SUSPENDED})
_LIVE = frozenset({InvoiceStatus.OPEN, InvoiceStatus.SUSPENDED})

OFF_RULE = Refusal(
    "change.off_rule",
    "O vencimento desta conta não é o da regra do contrato: fica como está. Altere-o na própria conta.",
)
OTHER_PROFILE = Refusal(
    "change.other_profile",
    "O profile desta conta não é o do contrato: fica como está. Altere-o na própria conta.",
)
DUE_PAST = Refusal("change.due_past", "O novo vencimento já passou: fica como está.")
OVERDUE = Refusal("change.overdue", "A fatura já venceu: fica como está, com multa e juros.")
SUSPENDED = Refusal("change.suspended", "A fatura está suspensa: fica como está.")
BOOKLET_STAYS = Refusal(
    "change.booklet_stays",
    "A configuração “Apagar Fatura Carnê ao Mudar de Vencimento” está desligada: a fatura do carnê fica como está.",
)
OTHER_CHARGES = Refusal(
    "change.other_charges",
    "A fatura reúne também contas que não são deste contrato: fica como está. Remova-a, e as contas mudam.",
)
SEVERAL_PERIODS = Refusal(
    "change.several_due_dates",
    "As contas da fatura não vencem no mesmo dia: fica como está. Remova-a, e as contas mudam.",
)
TOO_MANY = Refusal(
    "change.too_many",
    f"A fatura reúne mais de {MOST_CHARGES} contas: fica como está. Remova-a, e as contas mudam.",
)


class PlanBasis(NamedTuple):
    """The data from which a change is planned."""

    contract: Contract
    after: Terms
    charges: Mapping[str, Charge]
    """All charges of the customer."""
    invoices: Mapping[str, Invoice]
    """The invoices of the contract's charges."""
    customer: Customer
    profiles: Mapping[str, PaymentProfile]
    settings: Settings
    series: str
    today: date

    @property
    def before(self) -> Terms:
        return Terms(due=self.contract.due, payment_profile_id=self.contract.payment_profile_id)


def plan(base: PlanBasis) -> Plan:
    """What moves, what is replaced and what stays, each ordered by due date."""
    moves: list[MovedCharge] = []
    replaced: list[ReplacedInvoice] = []
    stays: list[StayingItem] = []
    own = [charge for charge in base.charges.values() if _follows(base.contract, charge)]
    for charge in sorted(own, key=lambda charge: (charge.due_on, charge.id)):
        if charge.status not in _MOVING:
            continue
        reason = _against_moving(base, charge)
        if reason is not None:
            stays.append(_staying(charge.id, charge.title, charge.due_on, [reason]))
        elif moved_charge(charge, move := _move(base, charge)) != charge:
            moves.append(move)
    of_contract = {charge.invoice_id for charge in own if charge.status is ChargeStatus.BILLED}
    live = [
        billed for billed in base.invoices.values() if billed.id in of_contract and billed.status in _LIVE
    ]
    for invoice in sorted(live, key=lambda invoice: (invoice.due_on, invoice.number)):
        charges = [base.charges[charge_id] for charge_id in invoice.charge_ids if charge_id in base.charges]
        reasons = _against_replacing(base, invoice, charges)
        if reasons:
            stays.append(_staying(invoice.id, f"Fatura {invoice.number}", invoice.due_on, reasons))
            continue
        moving = tuple(_move(base, charge) for charge in charges)
        replaced.append(
            ReplacedInvoice(
                id=invoice.id,
                number=invoice.number,
                amount=invoice.amount,
                due_on=invoice.due_on,
                new_due_on=moving[0].new_due_on,
                charges=moving,
            )
        )
    proposed = Plan(charges=tuple(moves), invoices=tuple(replaced), stays=tuple(stays))
    return proposed.evolve(pro_rata=_pro_rata(base, proposed))


def moved_charge(charge: Charge, move: MovedCharge, invoice_id: str | None = None) -> Charge:
    """The charge on the new terms; if its invoice is replaced, in the new invoice."""
    discount = charge.discount
    if discount is not None and move.discount_until is not None:
        discount = OnTimeDiscount(amount=discount.amount, until=move.discount_until)
    return charge.moved(move.new_due_on, move.payment_profile_id, discount, invoice_id)


def _follows(contract: Contract, charge: Charge) -> bool:
    return charge.contract_id == contract.id and not charge.is_credit and charge.definition_id is not None


def _due_of(charge: Charge, terms: Terms) -> date:
    origin = charge.origin
    return terms.due.due_on(charge.reference if origin is None else origin.reference)


def _against_moving(base: PlanBasis, charge: Charge) -> Refusal | None:
    if base.after.due != base.before.due:
        if charge.due_on != _due_of(charge, base.before):
            return OFF_RULE
        new = _due_of(charge, base.after)
        if new != charge.due_on and new < base.today:
            return DUE_PAST
    is_other = charge.payment_profile_id != base.before.payment_profile_id
    if is_other and base.after.payment_profile_id != base.before.payment_profile_id:
        return OTHER_PROFILE
    return None


def _against_replacing(base: PlanBasis, invoice: Invoice, charges: list[Charge]) -> list[Refusal]:
    reasons = refusals.to_remove(invoice)
    if invoice.status is InvoiceStatus.SUSPENDED:
        reasons.append(SUSPENDED)
    if invoice.due_on < base.today:
        reasons.append(OVERDUE)
    changes_due = base.after.due != base.before.due
    if changes_due and not base.settings.replaces_booklet and any(charge.instalment for charge in charges):
        reasons.append(BOOKLET_STAYS)
    if len(charges) > MOST_CHARGES:
        reasons.append(TOO_MANY)
    if len(charges) < len(invoice.charge_ids) or not all(
        _follows(base.contract, followed) for followed in charges
    ):
        reasons.append(OTHER_CHARGES)
    if reasons:
        return reasons
    against = [reason for charge in charges if (reason := _against_moving(base, charge)) is not None]
    if against:
        return list(dict.fromkeys(against))
    moves = [_move(base, charge) for charge in charges]
    dates = {(charge.due_on, move.new_due_on) for charge, move in zip(charges, moves, strict=True)}
    if {due_on for due_on, _ in dates} != {invoice.due_on} or len(dates) > 1:
        return [SEVERAL_PERIODS]
    return _against_issuing(base, charges, moves)


def _against_issuing(base: PlanBasis, charges: list[Charge], moves: list[MovedCharge]) -> list[Refusal]:
    """Why the new invoice could not be made: a trial run before the existing one is touched."""
    moved = [moved_charge(charge, move) for charge, move in zip(charges, moves, strict=True)]
    group = group_of(base.contract.customer_id, moves)
    batch = Batch("trial", 0, base.contract.company_id, base.series, base.today, is_by_hand=True)
    loaded = LoadedCharges({}, {base.customer.id: base.customer}, dict(base.profiles))
    try:
        loaded.tried(group, moved, batch)
    except Refused as refused:
        return list(refused.reasons) or [Refusal(refused.code, refused.title)]
    return []


def group_of(customer_id: str, moves: list[MovedCharge], more: tuple[str, ...] = ()) -> Group:
    """The charges of the new invoice; `more` are those added to it."""
    first = moves[0]
    ids = tuple(move.id for move in moves)
    return Group(customer_id, first.new_due_on, first.payment_profile_id, (*ids, *more))


def _move(base: PlanBasis, charge: Charge) -> MovedCharge:
    changes_due = base.after.due != base.before.due
    changes_profile = base.after.payment_profile_id != base.before.payment_profile_id
    new = _due_of(charge, base.after) if changes_due else charge.due_on
    until = None
    if charge.discount is not None:
        by_days = new - charge.due_on if base.settings.moves_promotional_discount else new - new
        until = min(charge.discount.until + by_days, new)
    return MovedCharge(
        id=charge.id,
        title=charge.title,
        amount=charge.amount,
        due_on=charge.due_on,
        new_due_on=new,
        payment_profile_id=base.after.payment_profile_id if changes_profile else charge.payment_profile_id,
        discount_until=until,
    )


def _pro_rata(base: PlanBasis, proposed: Plan) -> ProRata | None:
    """The days between the old and the new due date, each 1/30 of the amount of what moves first; None unless the
    company configured it."""
    if not base.settings.prorates_due_change:
        return None
    changing: list[MovedCharge | ReplacedInvoice] = [*proposed.charges, *proposed.invoices]
    firsts = sorted(changing, key=lambda charge: (charge.due_on, charge.id))
    if not firsts or firsts[0].new_due_on == firsts[0].due_on:
        return None
    first = firsts[0]
    days = (first.new_due_on - first.due_on).days
    if isinstance(first, ReplacedInvoice):
        month = first.amount
    else:
        month = Money.sum(charge.amount for charge in proposed.charges if charge.due_on == first.due_on)
    amount = Money.rounded(Fraction(month.cents * days, 3000))
    if not amount:
        return None
    return ProRata(days=days, amount=amount, due_on=first.new_due_on, goes_with=first.id)


def _staying(item: str, title: str, due_on: date, reasons: list[Refusal]) -> StayingItem:
    return StayingItem(id=item, title=title, due_on=due_on, reasons=as_reasons(reasons))
