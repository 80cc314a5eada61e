"""Keeps an emulator running: when it ends by itself, says so and starts it again on the same data."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

MOST_DEATHS = 3
WITHIN_SECONDS = 600.0
_POLL_SECONDS = 0.5


class Restartable(Protocol):
    @property
    def exit_code(self) -> int | None:
        """The exit code of an emulator that ended by itself; None while it runs."""
        ...

    def restart(self) -> None: ...


class KeepsDying(RuntimeError):
    """The emulator ended too often to be started again."""


def watch(cloud: Restartable, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Watch until `stop` is set. Raises KeepsDying at the third end within ten minutes, and CloudDidNotStart."""
    deaths: list[float] = []
    while not stop.wait(_POLL_SECONDS):
        code = cloud.exit_code
        if code is None:
            continue
        now = time.monotonic()
        deaths = [*(death for death in deaths if now - death < WITHIN_SECONDS), now]
        say(f"A nuvem local caiu (código {code}).")
        if len(deaths) == MOST_DEATHS:
            raise KeepsDying(f"A nuvem local caiu {MOST_DEATHS} vezes em {WITHIN_SECONDS / 60:.0f} minutos.")
        cloud.restart()
        say(
            "A nuvem local voltou, no mesmo endereço e com os mesmos dados. Execuções cortadas são retomadas."
        )
