"""Start billing, and find what was billed."""

from collections.abc import Iterable

from billing.access.call import Call
from billing.core.errors import NotFound
from billing.core.ids import derived_id
from billing.core.period import Period
from billing.invoicing import numbering, store
from billing.invoicing.model import BillingRequest, Charge, Origin, charge_id
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import Run, RunKind, RunStatus
from billing.runs.processes import Processes


def start_billing(call: Call, processes: Processes, request: BillingRequest) -> Run:
    """Bill the company's unbilled charges due in the range. Going on, failed or cancelled the same day, it is the same run
    again, and converges; done, it is a new run over what is unbilled now."""
    call.require_company(request.company_id)
    request.checked()
    profile = request.payment_profile_id or ""
    asked = f"{request.company_id}#{request.due_from}#{request.due_to}#{profile}#{call.today}"
    order = 1
    while _is_done(call.tenant_id, f"{asked}#{order}"):
        order += 1
    return runs.start(
        call,
        processes,
        RunKind.BILLING_RUN,
        name=f"{asked}#{order}",
        company_id=request.company_id,
        input={name: value for name, value in request.to_map().items() if name != "company_id"},
    )


def _is_done(tenant_id: str, name: str) -> bool:
    try:
        run = run_rows.get(tenant_id, derived_id("run", tenant_id, RunKind.BILLING_RUN, name))
    except NotFound:
        return False
    return run.status is RunStatus.DONE


find_by_number = numbering.find_by_number
find_by_nosso_numero = numbering.find_by_nosso_numero


def existing_charges(tenant_id: str, customer_id: str, origins: Iterable[Origin]) -> list[Charge]:
    """All revisions of the charges of these origins, removed ones too: what `proposed_minus_existing` compares with."""
    found: list[Charge] = []
    looked_for, revision = list(dict.fromkeys(origins)), 0
    while looked_for:
        ids = {_id_of(origin, revision): origin for origin in looked_for}
        there = store.find_charges(tenant_id, [(customer_id, charge) for charge in ids])
        found += there.values()
        looked_for, revision = [ids[charge] for charge in there], revision + 1
    return sorted(found, key=lambda charge: (charge.definition_id or "", charge.revision))


def _id_of(origin: Origin, revision: int) -> str:
    period: Period = origin.reference
    return charge_id(origin.contract_id, origin.definition_id, period, revision)
