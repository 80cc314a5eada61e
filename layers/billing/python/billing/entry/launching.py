"""A repeated request for long work: its run is launched if the first request was cut off before that."""

from typing import Any

from billing.entry import wiring
from billing.runs import service
from billing.runs.model import Run


def relaunch(tenant_id: str, answer: dict[str, Any]) -> None:
    """Launch the run in the kept answer; an attempt that was launched already is not launched again."""
    service.launch(wiring.processes(), tenant_id, Run.model_validate(answer))
