"""The start of the monthly closing run (CLO-01), by a person or by the schedule."""

from pydantic import Field

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.period import Day
from billing.runs import service as runs
from billing.runs.kinds import RunKind
from billing.runs.model import Run
from billing.runs.processes import Processes


class ClosingsRequest(Entity):
    """Fechar os períodos que terminam até um dia."""

    on: Day | None = Field(default=None, examples=["2026-03-31"])
    """Ausente: hoje."""


def start_closings(call: Call, processes: Processes, request: ClosingsRequest) -> Run:
    """Close every period of the caller's companies that has ended by a day and is not frozen. Raises Refused for a day
    to come."""
    on = request.on or call.today
    if on > call.today:
        message = "Ainda não é possível fechar períodos de um dia que não chegou."
        raise Refused.because([Refusal("closings.future", message, field="on")])
    companies = call.scope.text
    return runs.start(
        call,
        processes,
        RunKind.MONTHLY_CLOSING,
        input={"on": on.isoformat(), "companies": companies},
    )
