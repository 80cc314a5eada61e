"""Change a contract's due date or payment profile: propose, confirm, carry out (CTR-06, CTR-07)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from billing.access.call import Call
from billing.audit.batches import as_reasons
from billing.banking.store import profiles
from billing.contract_changes import carrying_out, store
from billing.contract_changes.model import (
    ConfirmedChange,
    ContractTermsChange,
    OpenChange,
    Plan,
    Terms,
    TermsChange,
    TermsProposal,
)
from billing.contract_changes.planning import PlanBasis, plan
from billing.contracts import store as contracts
from billing.contracts.model import Contract
from billing.core.errors import Refusal, Refused, Severity
from billing.core.ids import content_hash, derived_id, new_id
from billing.core.sweep import Sweep
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.invoicing import store as invoicing
from billing.invoicing.letting_go import LetTitleGo
from billing.payments import settings

LEFT_ALONE = timedelta(minutes=2)
"""A change that began less than this ago is still being carried out by its own request."""

SEND_AGAIN = Refusal(
    "change.send_again",
    "Os boletos já entregues das faturas substituídas deixam de valer: os novos terão de ser enviados novamente.",
    Severity.WARNS,
)


def propose(call: Call, customer_id: str, contract_id: str, change: TermsChange) -> TermsProposal:
    """What the change would do now; nothing is changed. Raises NotFound, Forbidden, Refused."""
    base = _base(call, contracts.get_for(call, customer_id, contract_id), change)
    return _proposal(base, plan(base))


def confirm(
    call: Call,
    customer_id: str,
    contract_id: str,
    change: ConfirmedChange,
    let_title_go: LetTitleGo,
) -> ContractTermsChange:
    """Do exactly what was shown, for the contract as it was then. If the request is repeated, it continues where it was
    cut off.

    Raises Refused if something changed since the proposal, or if another change of the contract is under way.
    """
    key = call.idempotency.key if call.idempotency is not None else new_id("key")
    change_id = derived_id("cch", call.tenant_id, call.actor_id, key)
    contract = contracts.get_for(call, customer_id, contract_id)
    begun = store.find_change(call.tenant_id, customer_id, change_id)
    if begun is None:
        _require_none_open(call, contract)
        base = _base(call, contract, change)
        planned = plan(base)
        if _proposal(base, planned).proposal != change.proposal:
            message = (
                "As contas ou faturas do contrato mudaram desde a proposta. Veja a nova proposta e confirme."
            )
            raise Refused.because([Refusal("change.outdated", message)])
        begun = carrying_out.begin(
            call,
            contract,
            ContractTermsChange(
                **dict(planned),
                id=change_id,
                customer_id=customer_id,
                contract_id=contract.id,
                company_id=contract.company_id,
                before=base.before,
                after=base.after,
                asked_by=call.actor_id,
                asked_at=call.now,
            ),
        )
    return carrying_out.carry_out(call, begun, let_title_go)


def changes_of(call: Call, customer_id: str, contract_id: str) -> tuple[ContractTermsChange, ...]:
    """Newest first. Raises NotFound, Forbidden."""
    contract = contracts.get_for(call, customer_id, contract_id)
    return tuple(store.changes_of(call.tenant_id, customer_id, contract.id))


def finish_open(call: Call, let_title_go: LetTitleGo, sweep: Sweep) -> Iterator[ContractTermsChange]:
    """Complete the tenant's changes whose request was cut off, each on its own."""

    def finish(opened: OpenChange) -> ContractTermsChange:
        change = store.get_change(call.tenant_id, opened.customer_id, opened.change_id)
        return carrying_out.carry_out(call, change, let_title_go)

    for opened in store.open_changes(call.tenant_id):
        if call.now - opened.asked_at < LEFT_ALONE:
            continue
        finished = sweep.attempt(opened.change_id, partial(finish, opened))
        if finished is not None:
            yield finished


def _base(call: Call, contract: Contract, change: TermsChange) -> PlanBasis:
    """Raises Refused if nothing would change, if the contract is cancelled, or if the profile cannot bill."""
    after = Terms(
        due=change.due or contract.due,
        payment_profile_id=change.payment_profile_id or contract.payment_profile_id,
    )
    if (after.due, after.payment_profile_id) == (contract.due, contract.payment_profile_id):
        message = "O contrato já tem este vencimento e este profile de pagamento."
        raise Refused.because([Refusal("change.nothing", message)])
    contract.changed(after.due, after.payment_profile_id)
    known = {profile.id: profile for profile in profiles(call.tenant_id)}
    profile = known.get(after.payment_profile_id)
    if profile is None or profile.company_id != contract.company_id:
        message = "O profile de pagamento não existe nesta empresa."
        raise Refused.because([Refusal("change.profile", message, field="payment_profile_id")])
    if not profile.is_active:
        message = f"O profile de pagamento “{profile.name}” está inativo."
        raise Refused.because([Refusal("change.profile_inactive", message, field="payment_profile_id")])
    charges = {charge.id: charge for charge in invoicing.charges_of(call.tenant_id, contract.customer_id)}
    of_contract = [charge_kept for charge_kept in charges.values() if charge_kept.contract_id == contract.id]
    keys = sorted(
        {
            (charge_kept.customer_id, charge_kept.invoice_id)
            for charge_kept in of_contract
            if charge_kept.invoice_id
        }
    )
    return PlanBasis(
        contract=contract,
        after=after,
        charges=charges,
        invoices=invoicing.find_invoices(call.tenant_id, keys),
        customer=customers.get(call.tenant_id, contract.customer_id),
        profiles=known,
        settings=settings.of_company(call.tenant_id, contract.company_id),
        series=get_company(call.tenant_id, contract.company_id).series,
        today=call.today,
    )


def _proposal(base: PlanBasis, planned: Plan) -> TermsProposal:
    contract, after = base.contract, base.after
    shown = json.dumps([contract.id, contract.version, after.to_map(), planned.to_map()], sort_keys=True)
    warnings = as_reasons([SEND_AGAIN] if planned.invoices else [])
    return TermsProposal(**dict(planned), warnings=warnings, proposal=content_hash(shown.encode())[:32])


def _require_none_open(call: Call, contract: Contract) -> None:
    if store.find_open(call.tenant_id, contract.id) is not None:
        message = "Uma troca deste contrato está em andamento. Espere que termine, em alguns minutos."
        raise Refused.because([Refusal("change.under_way", message)])
