"""Carry out a change that a person confirmed. The outcome is the same however often it is started, cut off or run twice
at the same time.

1. The contract's new terms, the change itself and the first charges are stored in one transaction (`begin`).
2. The remaining charges move. A charge that was billed in the meantime stays, and is reported.
3. Each invoice is replaced in a transaction of its own: it ends, its title is let go of, and its charges belong to the
   new invoice, so that nothing else bills them. An invoice that was paid or remitted in the meantime stays, and is
   reported.
4. The new invoices are made, numbered without gaps (`invoicing.making`). If one cannot be made after all, its charges
   become unbilled again.
5. The change is done.
"""

from collections.abc import Sequence
from datetime import date

from billing.access.call import Call
from billing.audit.batches import as_reasons
from billing.audit.changes import Changes
from billing.contract_changes import store
from billing.contract_changes.model import (
    ChangeStatus,
    ContractTermsChange,
    MovedCharge,
    ProRata,
    ReplacedInvoice,
    StayingItem,
)
from billing.contract_changes.planning import group_of, moved_charge
from billing.contracts import store as contracts
from billing.contracts.actions import ContractAction
from billing.contracts.model import Contract
from billing.core.errors import Conflict, Refusal, Refused
from billing.core.ids import derived_id
from billing.core.period import Period
from billing.customers.company_store import get_company
from billing.invoicing import making
from billing.invoicing import store as invoicing
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge
from billing.invoicing.issue import Group
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.invoicing.making import Batch
from billing.invoicing.states import ChargeStatus, InvoiceStatus

TOGETHER = 40
"""Charges that move in one transaction, each with its audit entry."""

_MOVING = frozenset({ChargeStatus.UNBILLED, ChargeStatus.SUSPENDED})

BILLED_MEANWHILE = Refusal(
    "change.charge_taken",
    "A conta foi faturada, removida ou alterada enquanto a troca era feita: fica como está.",
)


def begin(call: Call, contract: Contract, change: ContractTermsChange) -> ContractTermsChange:
    """Store the new terms with everything that the change has to do. Raises Conflict if someone changed any of it in
    the meantime, or if a change of this contract is under way."""
    changes = Changes(call)
    after = contract.changed(change.after.due, change.after.payment_profile_id)
    changes.put(
        contracts.contract_row(call.tenant_id, after), ContractAction.CHANGED, before=contract, after=after
    )
    changes.include(store.change_row(call.tenant_id, change))
    changes.include(store.open_row(call.tenant_id, change))
    if _put_moved(call, changes, change, change.charges[:TOGETHER]):
        raise Conflict("conflict", "As contas do contrato acabam de mudar. Veja a nova proposta e confirme.")
    pro_rata = _pro_rata_charge(contract, change)
    if pro_rata is not None and not _goes_with_invoice(change):
        changes.put(invoicing.charge_row(call.tenant_id, pro_rata), ChargeAction.ADJUSTED)
    changes.commit()
    return change.evolve(version=1)


def carry_out(call: Call, change: ContractTermsChange, let_title_go: LetTitleGo) -> ContractTermsChange:
    """Do what is left of the change. Raises Conflict or Transient if others keep writing in between."""
    if change.status is ChangeStatus.DONE:
        return change
    contract = contracts.get(call.tenant_id, change.customer_id, change.contract_id)
    stays = list(change.stays)
    for first in range(0, len(change.charges), TOGETHER):
        changes = Changes(call)
        stays += _put_moved(call, changes, change, change.charges[first : first + TOGETHER])
        changes.commit()
    groups: dict[str, Group] = {}
    for replaced in change.invoices:
        group = _group(contract, change, replaced)
        refused = _replace(call, contract, change, replaced, group.invoice_id(change.id), let_title_go)
        if refused:
            title = f"Fatura {replaced.number}"
            reasons = as_reasons(refused)
            stays.append(StayingItem(id=replaced.id, title=title, due_on=replaced.due_on, reasons=reasons))
        else:
            groups[replaced.id] = group
    made, failed = _make(call, change, groups)
    return _finish(call, change.evolve(made=made, stays=(*stays, *failed), status=ChangeStatus.DONE))


def _put_moved(
    call: Call, changes: Changes, change: ContractTermsChange, moves: Sequence[MovedCharge]
) -> list[StayingItem]:
    """Move the charges that have not moved yet; returns those that stay."""
    keys = [(change.customer_id, move.id) for move in moves]
    charges = invoicing.find_charges(call.tenant_id, keys)
    stays = []
    for move in moves:
        before = charges[move.id]
        after = moved_charge(before, move, before.invoice_id)
        if after == before:
            continue
        if before.status not in _MOVING or before.due_on != move.due_on:
            reasons = as_reasons([BILLED_MEANWHILE])
            stays.append(StayingItem(id=move.id, title=move.title, due_on=before.due_on, reasons=reasons))
            continue
        row = invoicing.charge_row(call.tenant_id, after)
        changes.put(row, ChargeAction.MOVED, before=before, after=after)
    return stays


def _replace(
    call: Call,
    contract: Contract,
    change: ContractTermsChange,
    replaced: ReplacedInvoice,
    new_id: str,
    let_title_go: LetTitleGo,
) -> Sequence[Refusal]:
    """End the invoice, once, and pass its charges to the new one. Returns the reasons if it stays instead."""
    before = invoicing.get_invoice(call.tenant_id, change.customer_id, replaced.id)
    if before.replaced_by == new_id:
        return ()
    try:
        ended = before.replaced(new_id)
    except Refused as refused:
        return refused.reasons
    changes = Changes(call)
    why = LetGo(f"Fatura substituída na troca do contrato {contract.number}", before.id)
    after, _ = let_title_go(call, changes, ended, why)
    note = f"Troca do contrato {contract.number}"
    invoicing.put_invoice(call.tenant_id, changes, before, after, InvoiceAction.REPLACED, note=note)
    keys = [(change.customer_id, move.id) for move in replaced.charges]
    charges = invoicing.find_charges(call.tenant_id, keys)
    still_payable = before.id if before.is_at_the_bank else None
    for move in replaced.charges:
        charge = charges[move.id]
        moved = moved_charge(charge, move, new_id).leaving(still_payable)
        row = invoicing.charge_row(call.tenant_id, moved)
        changes.put(row, ChargeAction.MOVED, before=charge, after=moved, note=note)
    pro_rata = _pro_rata_charge(contract, change)
    if pro_rata is not None and _goes_with(change, replaced):
        changes.put(
            invoicing.charge_row(call.tenant_id, pro_rata.billed(new_id)), ChargeAction.ADJUSTED, note=note
        )
    changes.commit()
    return ()


def _make(
    call: Call, change: ContractTermsChange, groups: dict[str, Group]
) -> tuple[tuple[str, ...], list[StayingItem]]:
    """Make the new invoices. Returns their ids, and the invoices that could not be made after all."""
    if not groups:
        return (), []
    series = get_company(call.tenant_id, change.company_id).series
    batch = Batch(change.id, 0, change.company_id, series, call.today, is_by_hand=True)
    billed = making.bill(call, batch, list(groups.values()))
    standing = [
        billed_invoice
        for billed_invoice in billed.invoices
        if billed_invoice.status is not InvoiceStatus.CANCELLED
    ]
    parked = {group.key: refused for group, refused in billed.parked}
    failed = []
    for replaced_id, group in groups.items():
        if group.invoice_id(change.id) in {invoice.id for invoice in standing}:
            continue
        refused = parked.get(group.key)
        reasons = refused.reasons if refused is not None and refused.reasons else (BILLED_MEANWHILE,)
        failed.append(_give_up(call, change, replaced_id, group, reasons))
    return tuple(invoice.id for invoice in standing), failed


def _give_up(
    call: Call, change: ContractTermsChange, replaced_id: str, group: Group, reasons: Sequence[Refusal]
) -> StayingItem:
    """The old invoice stays ended, and its charges become unbilled again, on their new terms."""
    changes = Changes(call)
    new_id = group.invoice_id(change.id)
    before = invoicing.get_invoice(call.tenant_id, change.customer_id, replaced_id)
    note = "As contas voltaram a não faturadas: " + " ".join(reason.message for reason in reasons)
    if before.replaced_by == new_id:
        after = before.evolve(replaced_by=None)
        action = InvoiceAction.REPLACEMENT_FAILED
        invoicing.put_invoice(call.tenant_id, changes, before, after, action, note=note)
    keys = [(change.customer_id, charge_id) for charge_id in group.charge_ids]
    for charge in invoicing.find_charges(call.tenant_id, keys).values():
        if charge.invoice_id == new_id and charge.status is ChargeStatus.BILLED:
            row = invoicing.charge_row(call.tenant_id, charge.freed())
            changes.put(row, ChargeAction.FREED, note=note)
    changes.commit()
    return StayingItem(
        id=replaced_id,
        title=f"Fatura {before.number}: as contas voltaram a não faturadas",
        due_on=group.due_on,
        reasons=as_reasons(reasons),
    )


def _finish(call: Call, change: ContractTermsChange) -> ContractTermsChange:
    changes = Changes(call)
    changes.include(store.change_row(call.tenant_id, change))
    changes.drop(store.open_row(call.tenant_id, change, version=1))
    return changes.commit_answering(change)


def _group(contract: Contract, change: ContractTermsChange, replaced: ReplacedInvoice) -> Group:
    pro_rata = _pro_rata_charge(contract, change)
    more = (pro_rata.id,) if pro_rata is not None and _goes_with(change, replaced) else ()
    return group_of(change.customer_id, list(replaced.charges), more)


def _goes_with(change: ContractTermsChange, replaced: ReplacedInvoice) -> bool:
    return change.pro_rata is not None and change.pro_rata.goes_with == replaced.id


def _goes_with_invoice(change: ContractTermsChange) -> bool:
    return any(_goes_with(change, replaced) for replaced in change.invoices)


def _pro_rata_charge(contract: Contract, change: ContractTermsChange) -> Charge | None:
    """The days between the old and the new due date, as a charge of its own, which no closing proposes."""
    pro_rata = change.pro_rata
    if pro_rata is None:
        return None
    days = "1 dia" if abs(pro_rata.days) == 1 else f"{abs(pro_rata.days)} dias"
    first, last = sorted([pro_rata.due_on, _old_due(change, pro_rata)])
    return Charge(
        id=derived_id("chg", change.id, "pro_rata"),
        customer_id=change.customer_id,
        company_id=change.company_id,
        contract_id=change.contract_id,
        description=f"{contract.number} - Acerto da troca de vencimento ({days})",
        amount=pro_rata.amount,
        due_on=pro_rata.due_on,
        reference=Period(first, last),
        payment_profile_id=change.after.payment_profile_id,
        grouping=contract.grouping,
    )


def _old_due(change: ContractTermsChange, pro_rata: ProRata) -> date:
    items: list[MovedCharge | ReplacedInvoice] = [*change.charges, *change.invoices]
    return next(item.due_on for item in items if item.id == pro_rata.goes_with)
