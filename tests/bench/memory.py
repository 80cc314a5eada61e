"""The most memory that a process has held."""

import re
from pathlib import Path


def peak_mb() -> float:
    """MB of this process, including interpreter and imports, since it began (VmHWM: `ru_maxrss` counts its parent's
    too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024
