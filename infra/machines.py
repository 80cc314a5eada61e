"""The state machines, as data: where each kind's definition is, what it calls, and how many chunks it works on in
parallel."""

from pathlib import Path

from billing.runs.kinds import PROCESSES, RunKind
from infra.names import pascal_case
from infra.settings import ROOT

DEFINITIONS = ROOT / "statemachines"

MAIL_QUOTA_PER_SECOND = 14
"""SES outside the sandbox, until a higher quota is requested: https://docs.aws.amazon.com/ses/latest/dg/quotas.html."""

LOCAL_CONCURRENCY = 2
"""Each chunk at work is a process; more of them than a machine's cores would only wait for each other."""


def definition_file(kind: RunKind) -> Path:
    return DEFINITIONS / f"{PROCESSES[kind].machine}.asl.json"


def task_names(kind: RunKind) -> dict[str, str]:
    """The logical name of the function that plays each part of the definition."""
    return {part: pascal_case(task) for part, task in PROCESSES[kind].tasks.items()}


def concurrency(kind: RunKind, *, local: bool) -> int:
    return LOCAL_CONCURRENCY if local else PROCESSES[kind].concurrency


FISCAL_QUOTA_PER_SECOND = 10
"""How many requests one company's run may send to an authority. None publishes a limit; improper use is answered with
678 (MOC NFCom 1.00a, 8.2)."""


def asks_per_second(*, local: bool) -> int:
    """How many requests one function at work may send to the tax authorities; the local stand-in has no limit."""
    return 1000 if local else FISCAL_QUOTA_PER_SECOND // concurrency(RunKind.FISCAL, local=False)


def sends_per_second(*, local: bool) -> int:
    """How many messages one function at work may send, so that a whole run keeps to the quota; the local mailbox has
    none.

    If runs of several companies overlap, the provider throttles: each then waits and tries again.
    """
    return 1000 if local else MAIL_QUOTA_PER_SECOND // concurrency(RunKind.DISPATCH, local=False)
