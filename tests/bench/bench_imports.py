"""What each function imports when it starts: processor time and modules, beside `pynamodb.models` in the same run.

Each import is a new interpreter over compiled modules (as layers are built), all kept in one folder that a first, uncounted
import fills. Modules take turns, the baseline among them, so that what else the machine does meets all alike; the median of
each counts. `api_import_ratio` is the slowest API function's time over that of pynamodb.models.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from infra.functions import ALL_FUNCTIONS, STARTS_QUICKLY, Woken

BASELINE = "pynamodb.models"
ROUNDS = 11
COMPILED = Path(__file__).parent.parent.parent / "build" / "pycache"
_PROGRAM = """
import sys, time
before, begun = len(sys.modules), time.process_time()
import {module}
print(time.process_time() - begun, len(sys.modules) - before)
"""


def measure() -> dict[str, dict[str, object]]:
    times = {module: seconds for module, (seconds, _) in imports_of(_modules(Woken.BY_A_REQUEST)).items()}
    baseline = times.pop(BASELINE)
    return {
        "api_import_ratio": {
            "median": round(max(times.values()) / baseline, 2),
            "unit": f"x {BASELINE}",
        }
    }


def table() -> list[tuple[str, float, float, int]]:
    """Module, milliseconds, times the baseline, modules: of every function's module, slowest first."""
    found = imports_of(_modules(*Woken))
    baseline, _ = found[BASELINE]
    rows = [(module, seconds * 1000, seconds / baseline, count) for module, (seconds, count) in found.items()]
    return sorted(rows, key=lambda row: -row[1])


def imports_of(modules: Iterable[str]) -> dict[str, tuple[float, int]]:
    """Module, the baseline too -> median processor seconds of its import, in turns, and the modules loaded."""
    found = {module: _import(module) for module in (BASELINE, *modules)}  # compiles, and tells the count
    seconds: dict[str, list[float]] = {module: [] for module in found}
    for _ in range(ROUNDS):
        for module, times in seconds.items():
            times.append(_import(module)[0])
    return {module: (statistics.median(times), found[module][1]) for module, times in seconds.items()}


def _import(module: str) -> tuple[float, int]:
    """Processor seconds and modules loaded, of a fresh interpreter that imports `module`."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(module=module)],
        capture_output=True,
        text=True,
        check=True,
        env=environment | {**STARTS_QUICKLY, "PYTHONPYCACHEPREFIX": str(COMPILED)},
    )
    seconds, count = done.stdout.split()
    return float(seconds), int(count)


def _modules(*woken: Woken) -> list[str]:
    return sorted({f.module for f in ALL_FUNCTIONS if f.woken in woken})


if __name__ == "__main__":
    for module, milliseconds, ratio, count in table():
        sys.stdout.write(f"{module:<40} {milliseconds:8.0f} ms {ratio:8.2f} x {count:6d} modules\n")
