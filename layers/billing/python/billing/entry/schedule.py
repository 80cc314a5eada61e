"""What a schedule starts: one kind of run for every tenant, dated at the schedule's own time even if it fires late.

The window of each kind is defined here only: the day's closings; charges and titles due in the next 60 days; invoices
to send that are due in the next 20; fiscal documents for what was billed in the last 60.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from billing.access.call import Actor, Call
from billing.access.scope import Scope
from billing.access.tenants import Tenant
from billing.bank_files import remittances
from billing.bank_files.model import RemittanceRequest
from billing.banking.store import profiles
from billing.banking.terms import Layout
from billing.closings.starting import ClosingsRequest, start_closings
from billing.core.errors import BillingError
from billing.core.sweep import Sweep
from billing.dispatch import service as dispatch
from billing.dispatch.model import DispatchRequest
from billing.fiscal import run as fiscal_run
from billing.fiscal.run import FiscalRequest
from billing.fiscal.store import find_settings
from billing.invoicing import billing_run
from billing.invoicing.billing_run import BillingRequest
from billing.members.store import tenants
from billing.runs.kinds import RunKind
from billing.runs.model import Run
from billing.runs.processes import Execution, Executions, Processes
from billing.runs.recovery import lost_runs, take_up

T = TypeVar("T")

BILLED_AHEAD = timedelta(days=60)
SENT_AHEAD = timedelta(days=20)
ISSUED_BEFORE = timedelta(days=60)
"""Long, because a document that is issued on settlement waits for the payment."""


class Round(Sweep):
    """The result of one firing of a schedule, by tenant, or by tenant and company or profile."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self.refused: dict[str, str] = {}
        """The refusal code of each one that may not start (for want of a template, say): nobody has to look into it."""

    def attempt(self, subject: str, do: Callable[[], T]) -> T | None:
        def start() -> T | None:
            try:
                return do()
            except BillingError as error:
                self.refused[subject] = error.code
                return None

        return super().attempt(subject, start)


def start_for_all(kind: RunKind, at: datetime, processes: Processes) -> Round:
    """Start the runs of `kind` for every tenant; a schedule that fires twice starts the same runs again."""
    round_ = Round()
    for tenant in tenants():
        call = Call.unattended(tenant.id, Actor("schedule"), at)
        starts = partial(_starts, kind, call, tenant, processes)
        for part, start in round_.attempt(tenant.id, starts) or ():
            run = round_.attempt(f"{tenant.id}{part}", start)
            round_.runs.extend([] if run is None else [run])
    return round_


def recover_for_all(at: datetime, processes: Processes, executions: Executions) -> Round:
    """Restart every tenant's runs whose execution is gone."""
    round_ = Round()
    for tenant in tenants():
        call = Call.unattended(tenant.id, Actor("schedule"), at)
        for run, execution in round_.attempt(tenant.id, partial(_lost, call, executions)) or ():
            taken_up = round_.attempt(run.id, partial(take_up, call, processes, run, execution))
            round_.runs.extend([] if taken_up is None else [taken_up])
    return round_


def _lost(call: Call, executions: Executions) -> list[tuple[Run, Execution]]:
    return list(lost_runs(call, executions))


Starts = Iterable[tuple[str, Callable[[], Run]]]
"""What to start for one tenant, each on its own."""


def _starts(kind: RunKind, call: Call, tenant: Tenant, processes: Processes) -> Starts:
    return list(STARTERS[kind](call, tenant, processes))


def _closings(call: Call, tenant: Tenant, processes: Processes) -> Starts:
    """A run for each company, so that the people who work for it can follow it."""
    for company_id in call.scope.company_ids(lambda: tenant.company_ids):
        its = call._replace(scope=Scope.of(company_id))
        request = ClosingsRequest(on=call.today)
        yield f"/{company_id}", partial(start_closings, its, processes, request)


def _billing(call: Call, tenant: Tenant, processes: Processes) -> Starts:
    for company_id in call.scope.company_ids(lambda: tenant.company_ids):
        request = BillingRequest(company_id=company_id, due_from=call.today, due_to=call.today + BILLED_AHEAD)
        yield f"/{company_id}", partial(billing_run.start, call, processes, request)


def _remittances(call: Call, _tenant: Tenant, processes: Processes) -> Starts:
    for profile in profiles(call.tenant_id):
        if profile.is_active and profile.terms.layout is not Layout.NONE:
            request = RemittanceRequest(
                profile_id=profile.id, due_from=call.today, due_to=call.today + BILLED_AHEAD
            )
            yield f"/{profile.id}", partial(remittances.start, call, processes, request)


def _dispatches(call: Call, tenant: Tenant, processes: Processes) -> Starts:
    for company_id in call.scope.company_ids(lambda: tenant.company_ids):
        request = DispatchRequest(company_id=company_id, due_from=call.today, due_to=call.today + SENT_AHEAD)
        yield f"/{company_id}", partial(dispatch.start_dispatch, call, processes, request)


def _fiscal(call: Call, tenant: Tenant, processes: Processes) -> Starts:
    """For companies with automatic issuing: what was billed in the last days or was left over."""
    for company_id in call.scope.company_ids(lambda: tenant.company_ids):
        settings = find_settings(call.tenant_id, company_id)
        if settings is not None and settings.is_automatic:
            request = FiscalRequest(
                company_id=company_id, issued_from=call.today - ISSUED_BEFORE, issued_to=call.today
            )
            yield f"/{company_id}", partial(fiscal_run.start, call, processes, request)


STARTERS: dict[RunKind, Callable[[Call, Tenant, Processes], Starts]] = {
    RunKind.MONTHLY_CLOSING: _closings,
    RunKind.BILLING_RUN: _billing,
    RunKind.REMITTANCE: _remittances,
    RunKind.DISPATCH: _dispatches,
    RunKind.FISCAL: _fiscal,
}
