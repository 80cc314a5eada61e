"""What schedules trigger: interrupted debt agreements are completed, and each day those that are paid or broken are
ended."""

from datetime import datetime
from typing import Any

from billing.access.call import Actor, Call
from billing.agreements import sweeping
from billing.bank_files.ending import let_go, take_back
from billing.entry import log
from billing.members.store import tenants


def keep_agreements(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """`event` has the schedule's own time (ISO 8601) and, once a day, `work`: "end_due"."""
    at = datetime.fromisoformat(event["time"])
    work = sweeping.end_due if event.get("work") == "end_due" else sweeping.finish_open
    changed = []
    for tenant in tenants():
        call = Call.unattended(tenant.id, Actor("schedule"), at)
        for agreement in work(call, let_go, take_back):
            log.event("agreement_kept", agreement_id=agreement.id, status=agreement.status)
            changed.append(agreement.id)
    return {"changed": changed}
