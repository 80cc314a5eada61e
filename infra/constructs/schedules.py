"""When runs start by themselves, in São Paulo time."""

from datetime import time

TIME_ZONE = "America/Sao_Paulo"


def daily(at: time) -> str:
    """The schedule expression for every day at a time. A day without work plans no chunks and ends.

    >>> daily(time(3))
    'cron(0 3 * * ? *)'
    """
    return f"cron({at.minute} {at.hour} * * ? *)"


RECOVERY = "rate(5 minutes)"
"""How often to look for runs whose execution is gone."""

FOLDING = "rate(5 minutes)"
"""How often small files of states are merged into one, so that a list reads few of them beside its large one."""

CATCH_UP = "cron(30 0 * * ? *)"
"""After the previous day is over."""

AGREEMENTS = "cron(0 5 * * ? *)"
"""When debt agreements are ended: after the returns of the day before, and before anybody is at work."""
