"""When runs start by themselves, in the time of São Paulo."""

from datetime import time

TIME_ZONE = "America/Sao_Paulo"


def daily(at: time) -> str:
    """The schedule's expression for every day at a time. A day without work plans no chunks and ends.

    >>> daily(time(3))
    'cron(0 3 * * ? *)'
    """
    return f"cron({at.minute} {at.hour} * * ? *)"


RECOVERY = "rate(5 minutes)"
"""How often runs whose execution is gone are looked for."""

FOLDING = "rate(5 minutes)"
"""How often small files of states become one, so that a list reads few beside its large one."""

CATCH_UP = "cron(30 0 * * ? *)"
"""When the day before is over."""

AGREEMENTS = "cron(0 5 * * ? *)"
"""When debt agreements are ended, after the returns of the day before and before anybody is at work."""
