"""What an upload of usage wakes. The tenant is in the key, which the server chose."""

from typing import Any

from billing.access.call import Actor, Call
from billing.entry import log, wiring
from billing.usage import file_imports


def import_uploaded(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """What S3 tells EventBridge, at least once for each file. Keys are usage-imports/<tenant>/<kind>/<name>."""
    key: str = event["detail"]["object"]["key"]
    tenant_id = key.split("/")[1]
    call = Call.unattended(tenant_id, Actor("upload"), wiring.clock().now())
    imported = file_imports.receive(call, wiring.processes(), key)
    log.event("import", tenant_id=tenant_id, import_id=imported.id, run_id=imported.run_id)
    return {}
