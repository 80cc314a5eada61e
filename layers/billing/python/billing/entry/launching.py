"""A repeated request for long work: what it was answered is launched, if that was cut off the first time."""

from typing import Any

from billing.entry import wiring
from billing.runs import service
from billing.runs.model import Run


def relaunch(tenant_id: str, answer: dict[str, Any]) -> None:
    """Launch the run that was answered; an attempt that was launched before is not launched again."""
    service.launch(wiring.processes(), tenant_id, Run.model_validate(answer))
