"""What an upload of a return wakes. The tenant is in the key, which the server chose."""

from typing import Any

from billing.access.call import Actor, Call
from billing.bank_files import returns
from billing.entry import log, wiring


def return_uploaded(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """What S3 tells EventBridge, at least once for each file. Keys are returns/<tenant>/<name>.

    Banks use names again: what was put is read by its version, however late the event is handled.
    """
    put: dict[str, str] = event["detail"]["object"]
    key, tenant_id = put["key"], put["key"].split("/")[1]
    call = Call.unattended(tenant_id, Actor("upload"), wiring.clock().now())
    returned = returns.receive(call, wiring.files(), wiring.processes(), key, put.get("version-id"))
    log.event("return", tenant_id=tenant_id, return_id=returned.id, run_id=returned.run_id)
    return {}
