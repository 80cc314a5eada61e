"""When runs start by themselves, in the time of São Paulo."""

from dataclasses import dataclass

from billing.runs.model import RunKind

TIME_ZONE = "America/Sao_Paulo"


@dataclass(frozen=True, slots=True)
class Daily:
    """A kind of run, every day at a time of São Paulo. A day without work plans no chunks and ends."""

    kind: RunKind
    hour: int
    minute: int

    @property
    def expression(self) -> str:
        return f"cron({self.minute} {self.hour} * * ? *)"


SCHEDULES: tuple[Daily, ...] = (
    Daily(RunKind.MONTHLY_CLOSING, 1, 0),
    Daily(RunKind.BILLING_RUN, 3, 0),
    Daily(RunKind.REMITTANCE, 5, 0),
    Daily(RunKind.DISPATCH, 8, 0),  # people are not woken by a text message
)
"""In the order in which a month is made. A bank's return has no time: its file starts it."""

RECOVERY = "rate(5 minutes)"
"""How often runs whose execution is gone are looked for."""

FOLDING = "rate(5 minutes)"
"""How often small files of states become one, so that a list reads few beside its large one."""

CATCH_UP = "cron(30 0 * * ? *)"
"""When the day before is over."""
