"""What each function imports when it starts: processor time and modules, beside `pynamodb.models` in the same run.

Each import is a new interpreter over compiled modules (as layers are built), all kept in one folder that a first, uncounted
import fills. Modules take turns, the baseline among them, so that what else the machine does meets all alike; the median of
each counts. `api_import_ratio` is the slowest API function's time over that of pynamodb.models; `import_ms_<function>` is
each function's own, with the modules that it loads.
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
    """The ratio, and of each function's module its milliseconds and modules, slowest first."""
    found = imports_of(sorted({function.module for function in ALL_FUNCTIONS}))
    baseline, _ = found[BASELINE]
    slowest = max(found[f.module][0] for f in ALL_FUNCTIONS if f.woken is Woken.BY_A_REQUEST)
    ratio = {"median": round(slowest / baseline, 2), "unit": f"x {BASELINE}"}
    return {
        "api_import_ratio": ratio,
        **{
            f"import_ms_{module.removeprefix('functions.').replace('.', '_')}": {
                "median": round(seconds * 1000),
                "unit": f"ms, {count} modules",
            }
            for module, (seconds, count) in sorted(found.items(), key=lambda item: -item[1][0])
        },
    }


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
