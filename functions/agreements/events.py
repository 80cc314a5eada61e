"""What schedules trigger: interrupted debt agreements are completed, and each day those that are paid or broken are
ended."""

from datetime import datetime
from functools import partial
from typing import Any

from billing.access.call import Actor, Call
from billing.access.tenants import Tenant
from billing.agreements import sweeping
from billing.bank_files.ending import let_go, take_back
from billing.core.sweep import Sweep
from billing.entry import log
from billing.members.store import tenants


def keep_agreements(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the schedule's own time (ISO 8601) and, once a day, `work`: "end_due". Raises NotAllDone once all the
    others are kept."""
    at = datetime.fromisoformat(event["time"])
    work = sweeping.end_due if event.get("work") == "end_due" else sweeping.finish_open
    changed: list[str] = []
    sweep = Sweep()

    def of_tenant(tenant: Tenant) -> None:
        call = Call.unattended(tenant.id, Actor("schedule"), at)
        for agreement in work(call, let_go, take_back, sweep):
            log.event("agreement_kept", agreement_id=agreement.id, status=agreement.status)
            changed.append(agreement.id)

    for tenant in tenants():
        sweep.attempt(tenant.id, partial(of_tenant, tenant))
    sweep.report()
    return {"changed": changed}
