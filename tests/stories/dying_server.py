"""The emulator's process, which kills itself inside a function:
`python -m tests.stories.dying_server STATE_DIR CONTROL_FD`.

Each line of a file `die` in the state folder names a function's handler and the fraction of its usual time after which
the process dies (SIGKILL), such as "send_chunk 0.4"; a line is for one death, and stays until it has come. `deaths`
records each: handler, milliseconds, whether it was still at work.
"""

import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from infra.local import server

_FILES = threading.Lock()
_COMING: set[str] = set()
"""Handlers whose death has been ordered; another's may come first, and takes this process with it."""
USUAL_S = 0.5
"""For a function not yet seen, and the upper limit of what counts as usual: the first call starts a worker."""


def die_where_told(state_dir: Path) -> None:
    """Inside the next invocation of the handler that the file `die` names."""
    from infra.local.patches import lambdas

    execute, kept = lambdas._execute_in_worker, state_dir / "usual.json"
    usual: dict[str, float] = json.loads(kept.read_text()) if kept.exists() else {}

    def execute_and_die(function: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
        name = function["config"]["Handler"].rpartition(".")[2]
        begun, over = time.monotonic(), threading.Event()
        part = _taken(state_dir / "die", name)
        if part is not None:
            delay = part * usual.get(name, USUAL_S)
            threading.Thread(target=_die, args=(state_dir, name, delay, over), daemon=True).start()
        try:
            return execute(function, event, request_id)
        finally:
            over.set()
            with _FILES:
                usual[name] = min(time.monotonic() - begun, usual.get(name, USUAL_S))
                _keep(kept, json.dumps(usual))

    lambdas._execute_in_worker = execute_and_die


def _taken(orders: Path, name: str) -> float | None:
    """The fraction in the order for the function, once in the life of this process."""
    with _FILES:
        mine = (
            None if name in _COMING else next((line for line in _lines(orders) if _is_for(name, line)), None)
        )
        if mine is None:
            return None
        _COMING.add(name)
        return float(mine.partition(" ")[2])


def _lines(orders: Path) -> list[str]:
    return orders.read_text().splitlines() if orders.exists() else []


def _is_for(name: str, order: str) -> bool:
    return order.startswith(f"{name} ")


def _keep(path: Path, text: str) -> None:
    """Written completely or not at all: another thread may end the process at any moment."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.replace(path)


def _die(state_dir: Path, name: str, delay: float, over: threading.Event) -> None:
    time.sleep(delay)
    at_work = "during" if not over.is_set() else "after"
    with _FILES:
        orders = state_dir / "die"
        _keep(orders, "".join(f"{line}\n" for line in _lines(orders) if not _is_for(name, line)))
        with (state_dir / "deaths").open("a") as deaths:
            deaths.write(f"{name} {delay * 1000:.0f} {at_work}\n")
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    die_where_told(folder)
    server.serve(folder, socket.socket(fileno=int(sys.argv[2])))
