"""A few rounds of kills inside remittance, return and dispatch; `make kills ROUNDS=30` makes more and prints the table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.synth import ROOT
from tests.stories.kept import founded

pytestmark = pytest.mark.slow
ROUNDS = 11
"""One for each state of the three processes: a month has room for them."""


@pytest.mark.req("PLT-04", "BNK-04", "BNK-05", "MSG-03")
def test_runs_that_are_killed_half_way_are_found_and_come_to_the_same(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = founded(tmp_path_factory)
    told = subprocess.run(
        [sys.executable, "-m", "tests.stories.killed", str(tmp_path), str(base), str(ROUNDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout[-3000:] + told.stderr[-3000:]
    figures = json.loads(told.stdout.splitlines()[-1])
    assert (figures["rounds"] >= ROUNDS, len(figures["inside"]), figures["findings"]) == (True, ROUNDS, 0)
