"""The emulator's own process: `python -m infra.local.server STATE_DIR CONTROL_FD`, started by `infra.local.cloud`.

The socket CONTROL_FD ties it to the process that started it. The word "save" is answered with "saved" once the state is
on disk; when the socket ends, however that process ended, this one ends too.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from infra.local import patches

SAVE_EVERY_SECONDS = 60.0
_SHUTDOWN_SECONDS = 10.0


def serve(state_dir: Path, control: socket.socket) -> None:
    """Run the emulator until it is told to stop or its owner is gone."""
    patches.apply_all(state_dir)
    # Only now: these import the emulator, whose version has been checked.
    from ministack import app

    from infra.local.patches import control_plane

    threading.Thread(target=_obey, args=(control, control_plane.save), daemon=True, name="control").start()
    control_plane.save_every(SAVE_EVERY_SECONDS)
    sys.argv = ["ministack"]  # it reads its own options from here
    app.main()


def _obey(control: socket.socket, save: Callable[[], None]) -> None:
    """Follow the owner's orders until there is no owner, then stop."""
    try:
        with control.makefile("r", encoding="ascii") as orders:
            for order in orders:
                if order.strip() == "save":
                    save()
                    control.sendall(b"saved\n")
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_SHUTDOWN_SECONDS)
        os._exit(1)  # a handler that hangs must not keep an orphan alive


if __name__ == "__main__":
    serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])))
