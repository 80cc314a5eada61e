"""What each function imports when it starts: processor time and modules, compared with `pynamodb.models` in the same
run.

Each import runs in a new interpreter over compiled modules (as layers are built), all in one folder that a first,
uncounted import fills. Modules take turns, each followed by the baseline, so that other work on the machine affects
both alike; the medians of the times and of their ratio count. `api_import_ratio` is that of the slowest API function.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from infra.function import STARTS_QUICKLY, Woken
from infra.functions import ALL_FUNCTIONS

BASELINE = "pynamodb.models"
ROUNDS = 9
COMPILED = Path(__file__).parent.parent.parent / "build" / "pycache"
_PROGRAM = """
import sys, time
before, begun = len(sys.modules), time.process_time()
import {module}
print(time.process_time() - begun, len(sys.modules) - before)
"""


class Imported(NamedTuple):
    milliseconds: float
    times_baseline: float
    modules: int


def measure() -> dict[str, dict[str, object]]:
    """The ratio, and the milliseconds and modules of each function's module, slowest first."""
    imports = imports_of(sorted({function.module for function in ALL_FUNCTIONS}))
    slowest = max(imports[f.module].times_baseline for f in ALL_FUNCTIONS if f.woken is Woken.BY_A_REQUEST)
    return {
        "api_import_ratio": {"median": round(slowest, 2), "unit": f"x {BASELINE}"},
        **{
            f"import_ms_{module.removeprefix('functions.').replace('.', '_')}": {
                "median": round(measurement.milliseconds),
                "unit": f"ms, {measurement.times_baseline:.2f} x, {measurement.modules} modules",
            }
            for module, measurement in sorted(imports.items(), key=lambda item: -item[1].milliseconds)
        },
    }


def imports_of(modules: Iterable[str]) -> dict[str, Imported]:
    """Medians of each module's import, in turns, each next to an import of the baseline."""
    counts = {module: _import(module)[1] for module in (BASELINE, *modules)}  # compiles, too
    pairs: dict[str, list[tuple[float, float]]] = {module: [] for module in counts}
    for _ in range(ROUNDS):
        for module, taken in pairs.items():
            taken.append((_import(module)[0], _import(BASELINE)[0]))
    return {
        module: Imported(
            1000 * statistics.median(seconds for seconds, _ in taken),
            statistics.median(seconds / baseline for seconds, baseline in taken),
            counts[module],
        )
        for module, taken in pairs.items()
    }


def _import(module: str) -> tuple[float, int]:
    """Processor seconds and number of modules loaded by a fresh interpreter that imports `module`."""
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
