"""Make a debt agreement that a person confirmed. However often it is started, cut off or run twice at once, the result is the same.

1. The agreement is kept and its invoices are closed, in one transaction (`begin`): the debt is never charged twice.
2. The charges of the instalments are kept.
3. Each is billed in an invoice of its own, numbered without gap (`invoicing.making`). One that cannot be billed after all
   stays an unbilled charge.
4. The agreement is in force.
"""

from billing.access.call import Call
from billing.agreements import store
from billing.agreements.actions import AgreementAction
from billing.agreements.model import AgreedInstalment, AgreementStatus, InstalmentAgreement
from billing.agreements.store import AgreementListing
from billing.audit.batches import as_reasons
from billing.audit.changes import Changes
from billing.core.errors import Refusal
from billing.core.period import Month, Period
from billing.customers.company_store import get_company
from billing.invoicing import making
from billing.invoicing import store as invoicing
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import AgreedPart, Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.issue import Group
from billing.invoicing.letting_go import LetGo, LetTitleGo
from billing.invoicing.making import Batch

TOGETHER = 40
"""Charges written in one transaction, each with its audit entry."""


def begin(
    call: Call, agreement: InstalmentAgreement, invoices: list[Invoice], let_title_go: LetTitleGo
) -> InstalmentAgreement:
    """Raises Conflict if one of the invoices was changed meanwhile."""
    changes = Changes(call)
    warnings: dict[Refusal, None] = {}
    note = f"Parcelamento {agreement.code}"
    for before in invoices:
        renegotiated = before.renegotiated(agreement.id)
        after, its_warnings = let_title_go(call, changes, renegotiated, LetGo(note, agreement.id))
        warnings |= dict.fromkeys(its_warnings)
        action = InvoiceAction.RENEGOTIATED
        invoicing.put_invoice(call.tenant_id, changes, before, after, action, note=note)
    begun = agreement.evolve(warnings=as_reasons(warnings))
    changes.put(store.agreement_row(call.tenant_id, begun), AgreementAction.MADE)
    changes.include(store.listed_row(call.tenant_id, AgreementListing.UNDER_WAY, begun))
    changes.commit()
    return begun.evolve(version=1)


def carry_out(call: Call, agreement: InstalmentAgreement) -> InstalmentAgreement:
    """Do what is still to be done. Raises Conflict, or Transient if others keep changing the same rows."""
    if agreement.status is not AgreementStatus.STARTING:
        return agreement
    _keep_charges(call, agreement)
    series = get_company(call.tenant_id, agreement.company_id).series
    batch = Batch(agreement.id, 0, agreement.company_id, series, call.today, is_by_hand=True)
    making.bill(call, batch, [group_of(charge) for charge in charges_of(agreement)])
    after = agreement.begins()
    changes = Changes(call)
    changes.put(store.agreement_row(call.tenant_id, after), AgreementAction.BILLED)
    changes.drop(store.listed_row(call.tenant_id, AgreementListing.UNDER_WAY, after, version=1))
    changes.include(store.listed_row(call.tenant_id, AgreementListing.IN_FORCE, after))
    return changes.commit_answering(after)


def charges_of(agreement: InstalmentAgreement) -> list[Charge]:
    """The down payment and the instalments, unbilled."""
    return [_charge(agreement, part) for part in agreement.instalments]


def group_of(charge: Charge) -> Group:
    return Group(charge.customer_id, charge.due_on, charge.payment_profile_id, (charge.id,))


def _charge(agreement: InstalmentAgreement, part: AgreedInstalment) -> Charge:
    """It has a grouping of its own, so it is always billed alone."""
    count = agreement.instalments[-1].number
    is_down = not part.number
    return Charge(
        id=agreement.charge_id(part.number),
        customer_id=agreement.customer_id,
        company_id=agreement.company_id,
        description=f"Parcelamento {agreement.code}{' - Entrada' if is_down else ''}",
        amount=part.total,
        due_on=part.due_on,
        reference=Period.of_month(Month.of(part.due_on)),
        instalment=None if is_down else (part.number, count),
        payment_profile_id=agreement.payment_profile_id,
        grouping=f"{agreement.code}/{part.number}",
        agreed_part=AgreedPart(
            agreement_id=agreement.id,
            base=part.base,
            interest=part.instalment_interest,
            monthly_percent=agreement.instalment_interest_percent,
            agreed_on=agreement.agreed_on,
        ),
    )


def _keep_charges(call: Call, agreement: InstalmentAgreement) -> None:
    charges = charges_of(agreement)
    kept = invoicing.find_charges(call.tenant_id, [(charge.customer_id, charge.id) for charge in charges])
    missing = [charge for charge in charges if charge.id not in kept]
    for first in range(0, len(missing), TOGETHER):
        changes = Changes(call)
        for charge in missing[first : first + TOGETHER]:
            changes.put(invoicing.charge_row(call.tenant_id, charge), ChargeAction.AGREED)
        changes.commit()
