"""The mutation check: pytest's tests, collected once, run on every mutant in a forked process (docs/mutation.md).

    python -m tests.mutation.run <report.json> <module.py>... -- <test files and options of pytest>

MUTANTS=<number> tries that many, drawn with a seed, of those that change a comparison or an amount. SECONDS=<number> after
the first of them no more are begun.

First each test runs once, and it is noted which functions it enters. Then, for each mutant, the tests that enter its
function run until one fails, first those that killed most and then the fastest. The report has the verdict of each mutant
and the changes of those that lived; what an earlier report has as killed, with the same text, is not tried again.
"""

import gc
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant, live_functions, mutants_of, patch

CPU_SECONDS = int(os.environ.get("CPU_SECONDS", "20"))
"""For one mutant; tests on the store take longer than those of arithmetic."""
SEED = 20261130
LAYER = Path("layers/billing/python")
SURVIVED, KILLED, TIMEOUT, NO_TEST = "survived", "killed", "timeout", "no test"
VERDICTS = (SURVIVED, KILLED, "not runnable")
"""The exit status of the forked process."""


class Check:
    """pytest's plugin: replaces its loop over the tests."""

    def __init__(self, report: Path, modules: Sequence[Path], sample: int | None, seconds: float) -> None:
        self.report = report
        self.modules = modules
        self.sample = sample
        self.time_for_mutants = seconds
        self.entered: dict[str, set[CodeType]] = {}
        self.live: dict[CodeType, list[FunctionType]] = {}
        self.seconds: dict[str, float] = {}
        self.kills: Counter[str] = Counter()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for item in session.items:
            if not self._watched(item):
                raise SystemExit(f"{item.nodeid} fails on the code as it is")
        self.live = live_functions([path.absolute() for path in self.modules])
        gc.freeze()  # collections do not walk what is forked, and so do not copy it
        items = sorted(session.items, key=lambda item: self.seconds[item.nodeid])
        before = json.loads(self.report.read_text()) if self.report.exists() else {}
        self._control(items)
        if self.sample is not None:
            self._try_sample(items, self.sample, before)
            return True
        verdicts: dict[str, dict[str, str]] = {}
        for path in self.modules:
            dotted = _dotted(path)
            for mutant in mutants_of(path.absolute(), dotted.removeprefix("billing.")):
                verdicts[mutant.name] = _killed_before(mutant, before) or self._tried(mutant, dotted, items)
            self.report.write_text(json.dumps({**before, **verdicts}, indent=1))
            print(f"{dotted:<44}", *_counted(verdicts, dotted.removeprefix("billing.")), flush=True)
        self.report.write_text(json.dumps(verdicts, indent=1))
        print("all", *_counted(verdicts, ""), flush=True)
        return True

    def _try_sample(self, items: Sequence[pytest.Item], size: int, before: dict[str, dict[str, str]]) -> None:
        """Only mutants that change a comparison or an amount; the report has those that survived, with their change."""
        mutants = [
            (mutant, _dotted(path))
            for path in self.modules
            for mutant in mutants_of(path.absolute(), _dotted(path).removeprefix("billing."))
            if mutant.changes_a_figure
        ]
        drawn = random.Random(SEED).sample(mutants, min(size, len(mutants)))
        until = time.monotonic() + self.time_for_mutants
        verdicts: dict[str, dict[str, str]] = {}
        for mutant, dotted in drawn:
            verdict = _killed_before(mutant, before)
            if verdict is None and time.monotonic() > until:
                continue
            verdict = verdicts[mutant.name] = verdict or self._tried(mutant, dotted, items)
            if verdict["diff"]:
                print(f"{verdict['verdict']}: {mutant.name}\n{verdict['diff']}", flush=True)
            self.report.write_text(json.dumps({**before, **verdicts}, indent=1))
        self.report.write_text(json.dumps(verdicts, indent=1))
        print(f"of {len(mutants)} mutants {len(drawn)} drawn, tried", *_counted(verdicts, ""), flush=True)

    def _watched(self, item: pytest.Item) -> bool:
        """Whether the test passes; records the code that it enters and how long it takes."""
        files = {str(path.absolute()) for path in self.modules}
        entered = self.entered[item.nodeid] = set()

        def note(frame: Any, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename in files:
                entered.add(frame.f_code)

        start = time.process_time()
        sys.setprofile(note)
        try:
            return _passes(item)
        finally:
            sys.setprofile(None)
            self.seconds[item.nodeid] = time.process_time() - start

    def _control(self, items: Sequence[pytest.Item]) -> None:
        """Code inserted as a mutant is, but without a change: no test may fail."""
        path, unit = next(
            (path, mutant.unit) for path in self.modules for mutant in mutants_of(path.absolute(), "control")
        )
        namespace = vars(import_module(_dotted(path)))
        if (
            self._forked(Mutant("control", unit, unit.text, changes_a_figure=False), namespace, items)
            != SURVIVED
        ):
            raise SystemExit("tests that pass once fail a second time")

    def _tried(self, mutant: Mutant, dotted: str, items: Sequence[pytest.Item]) -> dict[str, str]:
        verdict = self._verdict(mutant, vars(import_module(dotted)), items)
        return {"verdict": verdict, "text": mutant.text, "diff": "" if verdict == KILLED else mutant.diff()}

    def _verdict(self, mutant: Mutant, namespace: dict[str, Any], items: Sequence[pytest.Item]) -> str:
        codes = set(mutant.unit.codes())
        concerned = [item for item in items if not codes.isdisjoint(self.entered[item.nodeid])]
        if not concerned:
            return NO_TEST
        return self._forked(mutant, namespace, sorted(concerned, key=lambda item: -self.kills[item.nodeid]))

    def _forked(self, mutant: Mutant, namespace: dict[str, Any], items: Sequence[pytest.Item]) -> str:
        reader, tells = os.pipe()
        child = os.fork()
        if child == 0:
            self._try(mutant, namespace, items, tells)
        os.close(tells)
        killer = os.read(reader, 4096).decode()
        os.close(reader)
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            return TIMEOUT
        self.kills[killer] += 1
        return VERDICTS[os.WEXITSTATUS(status)]

    def _try(
        self, mutant: Mutant, namespace: dict[str, Any], items: Sequence[pytest.Item], tells: int
    ) -> NoReturn:
        """In the forked process: reports which test failed and exits with 1; with 0 if none did, 2 without a mutant."""
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        code = 2
        try:
            patch(mutant, namespace, self.live)
            code = 1
            killer = next((item.nodeid for item in items if not _passes(item)), None)
            code = 0 if killer is None else 1
            os.write(tells, (killer or "").encode())
        finally:
            os._exit(code)


def _killed_before(mutant: Mutant, before: dict[str, dict[str, str]]) -> dict[str, str] | None:
    known = before.get(mutant.name, {})
    return known if known.get("verdict") == KILLED and known.get("text") == mutant.text else None


def _passes(item: pytest.Item) -> bool:
    return all(not report.failed for report in runtestprotocol(item, log=False, nextitem=None))


def _dotted(path: Path) -> str:
    return ".".join((path.relative_to(LAYER) if path.is_relative_to(LAYER) else path).with_suffix("").parts)


def _counted(verdicts: dict[str, dict[str, str]], module: str) -> list[str]:
    of_module = [mutant["verdict"] for name, mutant in verdicts.items() if name.startswith(module)]
    return [
        f"{len(of_module)}:",
        *(f"{verdict} {count}" for verdict, count in Counter(of_module).most_common()),
    ]


if __name__ == "__main__":
    options = sys.argv[1:]
    report, *modules = options[: options.index("--")]
    sample = os.environ.get("MUTANTS")
    check = Check(
        Path(report),
        [Path(module) for module in modules if not module.endswith("__init__.py")],
        int(sample) if sample else None,
        float(os.environ.get("SECONDS") or "inf"),
    )
    arguments = [*options[options.index("--") + 1 :], "-q", "-p", "no:cacheprovider"]
    raise SystemExit(pytest.main(arguments, plugins=[check]))
