"""What keeps the states of rows beside the tables: the tables' streams, and schedules that fold files and catch up."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from billing.access.tenants import Tenant
from billing.core.clock import business_date
from billing.core.sweep import Sweep
from billing.entry import log, wiring
from billing.members.store import tenants
from billing.projections import follower, rebuilding
from billing.projections.engine import fold
from billing.projections.kinds import KINDS

DELTAS_LEFT = 24
"""Fewer files than this are read as quickly as they are folded."""


def follow_rows(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Handle one batch of a table's stream. Raises the bucket's errors, and is then given the batch again."""
    count = follower.follow(wiring.files(), event["Records"])
    log.event("states_followed", records=str(len(event["Records"])), states=str(count))
    return {}


def fold_states(_event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Fold the files of every kind and tenant that has many small ones. Raises NotAllDone once the others are folded."""
    files = wiring.files()
    sweep = Sweep()
    folded = [
        f"{tenant.id}/{kind.name}"
        for tenant in tenants()
        for kind in KINDS.values()
        if sweep.attempt(f"{tenant.id}/{kind.name}", partial(fold, files, tenant.id, kind, above=DELTAS_LEFT))
    ]
    log.event("states_folded", folded=" ".join(folded))
    sweep.report()
    return {"folded": folded}


def catch_up_states(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Update what changed on the day before the schedule's own `time` and since then: anything that a stream has
    lost. With `"everything": true`, which an operator sends once a kind of row is new, update every row. Raises
    NotAllDone once the other tenants are caught up."""
    today = business_date(datetime.fromisoformat(event["time"]))
    sweep = Sweep()

    def catch_up(tenant: Tenant) -> int:
        if event.get("everything"):
            return rebuilding.rebuild(wiring.files(), tenant.id, today)
        days = (today - timedelta(days=1), today)
        return sum(rebuilding.catch_up(wiring.files(), tenant.id, day) for day in days)

    counts = {tenant.id: sweep.attempt(tenant.id, partial(catch_up, tenant)) or 0 for tenant in tenants()}
    log.event("states_caught_up", states=str(sum(counts.values())))
    sweep.report()
    return {"states": counts}
