"""What the schedule triggers: contract changes whose command was interrupted are completed."""

from datetime import datetime
from typing import Any

from billing.access.call import Actor, Call
from billing.bank_files.ending import let_go
from billing.contract_changes import service
from billing.entry import log
from billing.members.store import tenants


def finish_changes(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the schedule's own time (ISO 8601). Raises the first error, which leaves the other changes for next
    time."""
    at = datetime.fromisoformat(event["time"])
    finished = []
    for tenant in tenants():
        for change in service.finish_open(Call.unattended(tenant.id, Actor("schedule"), at), let_go):
            log.event("contract_change_finished", change_id=change.id)
            finished.append(change.id)
    return {"finished": finished}
