"""What an operator invokes once the cause of the failed events is fixed."""

from typing import Any

from billing.entry import log, wiring


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    """Send the events of the dead-letter queue to their functions again (PLT-01)."""
    redriven = wiring.dead_letters().redrive()
    log.event("redrive", given=str(redriven.given), left=str(redriven.left))
    return {"redriven": redriven.given, "left": redriven.left}
