"""Runs golden cases against the domain: `GOLDEN_DIR=<folder> python -m tests.golden.run` prints passed and failed by
op.

Every op is one of the domain's own functions; a runner that computed anything could be wrong in the same way as what it
checks. `expected: {"error": ...}` requires a refusal, whatever its words. Of an expected object only the given keys are
compared, and an absent amount equals zero. Without GOLDEN_DIR the project's own cases run.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from billing.core.errors import BillingError
from tests.golden.ops import OPS

OWN_CASES = Path(__file__).parent / "rating"


class Result(NamedTuple):
    case: dict[str, Any]
    passed: bool
    actual: Any


def cases_in(folder: Path) -> Iterator[dict[str, Any]]:
    """Every case of every JSON file, in the files' order."""
    for path in sorted(folder.glob("**/*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"), parse_float=_refuse_float)


def run_case(case: dict[str, Any]) -> Result:
    """One case; an op that is not mapped fails."""
    expected, op = case["expected"], OPS.get(case["op"])
    if op is None:
        return Result(case, False, f"op desconhecida: {case['op']}")
    wants_refusal = isinstance(expected, dict) and "error" in expected
    try:
        actual = op(case["input"])
    except (BillingError, ValueError, InvalidOperation) as refused:
        return Result(case, wants_refusal, f"refused: {refused!r}")
    except (KeyError, TypeError) as unreadable:
        return Result(case, False, f"unreadable: {unreadable!r}")
    return Result(case, not wants_refusal and agrees(expected, actual), actual)


def agrees(expected: Any, actual: Any) -> bool:
    """Equal as data: numbers by value whatever their text, objects by the expected keys, zero if a key is absent."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            agrees(value, actual.get(key, "0.00")) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(actual, list | tuple)
            and len(expected) == len(actual)
            and all(agrees(wanted, got) for wanted, got in zip(expected, actual, strict=True))
        )
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    wanted, got = _number(expected), _number(actual)
    return str(expected) == str(actual) if wanted is None or got is None else wanted == got


def main(folder: Path) -> int:
    """Prints a row per op and every failure; returns 0 only if there are cases and all passed."""
    results = [run_case(case) for case in cases_in(folder)]
    for line in report(results):
        print(line)
    return 0 if results and all(result.passed for result in results) else 1


def report(results: Iterable[Result]) -> Iterator[str]:
    listed = list(results)
    passed = Counter(result.case["op"] for result in listed if result.passed)
    failed = Counter(result.case["op"] for result in listed if not result.passed)
    yield f"{'op':<28}{'passed':>8}{'failed':>8}"
    for op in sorted(passed | failed):
        yield f"{op:<28}{passed[op]:>8}{failed[op]:>8}"
    yield f"{'total':<28}{passed.total():>8}{failed.total():>8}"
    for result in listed:
        if not result.passed:
            case = result.case
            yield f"FAILED {case['id']} {case['op']}: expected {case['expected']}, got {result.actual}"


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _refuse_float(text: str) -> str:
    """A number with a decimal point in a case stays text."""
    return text


if __name__ == "__main__":
    sys.exit(main(Path(os.environ.get("GOLDEN_DIR") or OWN_CASES)))
