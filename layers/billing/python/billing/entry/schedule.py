"""What a schedule starts: one kind of run for every tenant, at the schedule's own time, however late it is tried.

The window of each kind is here and nowhere else:
closings of the day; charges and titles that fall due in the next 60 days; invoices to send that fall due in 20.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from billing.access.call import Call
from billing.access.tenants import Tenant
from billing.bank_files import remittances
from billing.bank_files.model import RemittanceRequest
from billing.banking.store import profiles
from billing.banking.terms import Layout
from billing.closings import service as closings
from billing.closings.model import ClosingsRequest
from billing.core.errors import BillingError
from billing.dispatch import service as dispatch
from billing.dispatch.model import DispatchRequest
from billing.invoicing import billing_run
from billing.invoicing.model import BillingRequest
from billing.members.store import tenants
from billing.runs.model import Run, RunKind
from billing.runs.processes import Processes

BILLED_AHEAD = timedelta(days=60)
SENT_AHEAD = timedelta(days=20)


def start_for_all(kind: RunKind, at: datetime, processes: Processes) -> tuple[list[Run], dict[str, str]]:
    """Start the runs of `kind` for every tenant; a schedule that fires twice starts the same runs again.

    Answers the runs, and the code of the refusal of each tenant that could not start (no template, say): the others do.
    """
    runs: list[Run] = []
    refused: dict[str, str] = {}
    for tenant in tenants():
        try:
            runs += _STARTERS[kind](_call(tenant, at), tenant, processes)
        except BillingError as error:
            refused[tenant.id] = error.code
    return runs, refused


def _call(tenant: Tenant, at: datetime) -> Call:
    return Call.for_run(tenant.id, "schedule", at)


def _closings(call: Call, tenant: Tenant, processes: Processes) -> Iterable[Run]:
    """A run for each company, so that who works for it follows it."""
    for company_id in tenant.company_ids:
        its = call._replace(company_ids=(company_id,))
        yield closings.start_closings(its, processes, ClosingsRequest(on=call.today))


def _billing(call: Call, tenant: Tenant, processes: Processes) -> Iterable[Run]:
    for company_id in tenant.company_ids:
        request = BillingRequest(company_id=company_id, due_from=call.today, due_to=call.today + BILLED_AHEAD)
        yield billing_run.start(call, processes, request)


def _remittances(call: Call, _tenant: Tenant, processes: Processes) -> Iterable[Run]:
    for profile in profiles(call.tenant_id):
        if profile.is_active and profile.terms.layout is not Layout.NONE:
            request = RemittanceRequest(
                profile_id=profile.id, due_from=call.today, due_to=call.today + BILLED_AHEAD
            )
            yield remittances.start(call, processes, request)


def _dispatches(call: Call, tenant: Tenant, processes: Processes) -> Iterable[Run]:
    for company_id in tenant.company_ids:
        request = DispatchRequest(company_id=company_id, due_from=call.today, due_to=call.today + SENT_AHEAD)
        yield dispatch.start_dispatch(call, processes, request)


_STARTERS: dict[RunKind, Callable[[Call, Tenant, Processes], Iterable[Run]]] = {
    RunKind.MONTHLY_CLOSING: _closings,
    RunKind.BILLING_RUN: _billing,
    RunKind.REMITTANCE: _remittances,
    RunKind.DISPATCH: _dispatches,
}
