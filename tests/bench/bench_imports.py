"""What each function imports when it starts: processor time and modules, beside `pynamodb.models` in the same run.

Each import is a new interpreter over compiled modules (as layers are built), all kept in one folder that the first, uncounted
import fills; the median of several is told. `api_import_ratio` is the slowest API function's time over that of
pynamodb.models alone.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.constructs.lambdas import STARTS_QUICKLY
from infra.functions import ALL_FUNCTIONS, Woken

RUNS = 5
COMPILED = Path(__file__).parent.parent.parent / "build" / "pycache"
_PROGRAM = """
import sys, time
before, begun = len(sys.modules), time.process_time()
import {module}
print(time.process_time() - begun, len(sys.modules) - before)
"""


def measure() -> dict[str, dict[str, object]]:
    baseline = import_of("pynamodb.models")[0]
    times = {module: import_of(module)[0] for module in _modules(Woken.BY_A_REQUEST)}
    return {
        "api_import_ratio": {"median": round(max(times.values()) / baseline, 2), "unit": "x pynamodb.models"}
    }


def table() -> list[tuple[str, float, int]]:
    """Module, milliseconds, modules: of every function's module, slowest first."""
    modules = {f.module for f in ALL_FUNCTIONS} | {"pynamodb.models"}
    measured: Mapping[str, tuple[float, int]] = {module: import_of(module) for module in sorted(modules)}
    rows = [(module, seconds * 1000, count) for module, (seconds, count) in measured.items()]
    return sorted(rows, key=lambda row: -row[1])


def import_of(module: str) -> tuple[float, int]:
    """Median processor seconds and modules loaded, of a fresh interpreter that imports `module`."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {**STARTS_QUICKLY, "PYTHONPYCACHEPREFIX": str(COMPILED)}
    found = []
    for _ in range(RUNS + 1):
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM.format(module=module)],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        seconds, count = done.stdout.split()
        found.append((float(seconds), int(count)))
    return statistics.median(seconds for seconds, _ in found[1:]), found[0][1]


def _modules(woken: Woken) -> list[str]:
    return sorted({f.module for f in ALL_FUNCTIONS if f.woken is woken})


if __name__ == "__main__":
    for module, milliseconds, count in table():
        sys.stdout.write(f"{module:<40} {milliseconds:8.0f} ms {count:6d} modules\n")
