"""`make bench`: every measurement of tests/bench, as a table and in build/bench.json (name -> median, unit, command).

Each bench_*.py has `measure()`, which repeats its measurements and returns medians. Nothing is asserted here.
"""

import json
import logging
import sys
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
RESULT = ROOT / "build" / "bench.json"


def main() -> int:
    logging.disable(logging.CRITICAL)  # people read the table
    figures: dict[str, dict[str, object]] = {}
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        command = f"python -m tests.bench {path.stem}"
        if len(sys.argv) > 1 and path.stem not in sys.argv[1:]:
            continue
        for name, figure in import_module(f"tests.bench.{path.stem}").measure().items():
            figures[name] = {**figure, "command": command}
            sys.stdout.write(f"{name:<34} {figure['median']:>14} {figure['unit']}\n")
            sys.stdout.flush()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(figures, indent=1) + "\n")
    sys.stdout.write(f"{RESULT.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
