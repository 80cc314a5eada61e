"""What the schedule triggers: contract changes whose command was interrupted are completed."""

from datetime import datetime
from functools import partial
from typing import Any

from billing.access.call import Actor, Call
from billing.access.tenants import Tenant
from billing.bank_files.ending import let_go
from billing.contract_changes import service
from billing.core.sweep import Sweep
from billing.entry import log
from billing.members.store import tenants


def finish_changes(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the schedule's own time (ISO 8601). Raises NotAllDone once all the others are finished."""
    at = datetime.fromisoformat(event["time"])
    finished: list[str] = []
    sweep = Sweep()

    def of_tenant(tenant: Tenant) -> None:
        call = Call.unattended(tenant.id, Actor("schedule"), at)
        for change in service.finish_open(call, let_go, sweep):
            log.event("contract_change_finished", change_id=change.id)
            finished.append(change.id)

    for tenant in tenants():
        sweep.attempt(tenant.id, partial(of_tenant, tenant))
    sweep.report()
    return {"finished": finished}
