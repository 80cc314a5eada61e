"""Clouds in which the story has begun, made once for all tests and started from copies: deploying one and creating its
base takes half a minute.

`python -m tests.stories.kept FOLDER` makes one with the demonstration's base. It runs in a process of its own, as does
each user of a copy, because the stores read their tables' names from the environment only once.
"""

import fcntl
import os
import pickle
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from billing.core.period import Month
from infra.local.cloud import LocalCloud
from infra.local.demo.base import SEED
from infra.local.demo.cloud import DeployedCloud
from infra.local.demo.people import invent_customers
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller, Totals
from infra.local.deploy import Outputs, deploy
from infra.local.people import settle_people
from infra.local.synth import ROOT, synthesise

MONTH = Month("2026-03")
PEOPLE = invent_customers(SEED)[::3]
"""A third of the demonstration's, of all three kinds of business: each process has the same states for fewer, and
test_two_months.py tells the story of all."""
KILLED_STATES = 17
"""Of the five processes that a month of the story runs: `tests.stories.killed` kills once in each."""
_STORY = "story.pickle"


@dataclass(frozen=True)
class Begun:
    """What a copy needs in addition to the cloud's own state."""

    port: int
    outputs: Outputs
    story: Story
    totals: Totals

    def told_by(self, teller: Teller) -> Story:
        """The story as it was left, for `teller` to continue."""
        teller.totals = self.totals
        return replace(self.story, teller=teller)


def keep(cloud: LocalCloud, outputs: Outputs, story: Story) -> None:
    """Next to the state of the cloud, which is on disk when it has stopped."""
    begun = (cloud.port, outputs, replace(story, teller=None), story.teller.totals)  # type: ignore[arg-type]
    (cloud.state_dir / _STORY).write_bytes(pickle.dumps(begun))


def take_up(kept: Path, cloud: LocalCloud) -> Begun:
    """Before the cloud starts: its folder becomes a copy of the stored one, at the cloud's own port."""
    shutil.copytree(kept, cloud.state_dir, dirs_exist_ok=True)
    begun = Begun(*pickle.loads((kept / _STORY).read_bytes()))
    old, new = f"localhost:{begun.port}".encode(), f"localhost:{cloud.port}".encode()
    for file in (cloud.state_dir / "state").glob("*.json"):
        content = file.read_bytes()
        if old in content:
            file.write_bytes(content.replace(old, new))
    return begun


def once(factory: pytest.TempPathFactory, module: str, *arguments: str) -> Path:
    """The folder in which `python -m MODULE FOLDER ARGUMENTS` has run, once for all workers; its output is in
    told.txt."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / module.rpartition(".")[2]
    output = folder / "told.txt"
    with (shared / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not output.exists():
            shutil.rmtree(folder, ignore_errors=True)
            run = subprocess.run(
                [sys.executable, "-m", module, str(folder), *arguments],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
            output.write_text(run.stdout)
    return folder


def founded(factory: pytest.TempPathFactory) -> Path:
    return once(factory, "tests.stories.kept")


def month_lived(factory: pytest.TempPathFactory) -> Path:
    """With the power cut in every state of every run of it; the figures are in the last line of told.txt."""
    return once(factory, "tests.stories.killed", str(founded(factory)), str(KILLED_STATES))


def deploy_base(folder: Path) -> None:
    """Deploy to the folder, and make the story's base."""
    with LocalCloud(folder, enforce_grants=True) as cloud:
        outputs = deploy(cloud, synthesise())
        teller = Teller(DeployedCloud(cloud, outputs, settle_people(cloud, outputs)), print)
        story = Story(teller, MONTH, people=PEOPLE)
        story.found()
        keep(cloud, outputs, story)


if __name__ == "__main__":
    deploy_base(Path(sys.argv[1]))
