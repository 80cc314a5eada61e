"""The state machines, as data: where each is written, and how many chunks it works on side by side."""

from pathlib import Path

from billing.runs.model import RunKind
from infra.settings import ROOT

DEFINITIONS = ROOT / "statemachines"

MAIL_QUOTA_PER_SECOND = 14
"""SES outside the sandbox, until more is asked for: https://docs.aws.amazon.com/ses/latest/dg/quotas.html."""

LOCAL_CONCURRENCY = 2
"""Each chunk at work is a process; more than a machine's cores only wait for each other."""


def definition_file(kind: RunKind) -> Path:
    return DEFINITIONS / f"{kind}.asl.json"


def concurrency(kind: RunKind, *, local: bool) -> int:
    """Messages are sent by few, each of which has its part of the provider's quota."""
    if local:
        return LOCAL_CONCURRENCY
    return 2 if kind is RunKind.DISPATCH else 10


def sends_per_second(*, local: bool) -> int:
    """What one function at work may send, so that all of one run keep to the quota; the local mailbox has none.

    Where runs of several companies go on at once, the provider throttles: each then waits and tries again.
    """
    return 1000 if local else MAIL_QUOTA_PER_SECOND // concurrency(RunKind.DISPATCH, local=False)
