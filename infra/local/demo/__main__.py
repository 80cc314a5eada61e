"""`make demo`: the story on the local cloud in a temporary folder, with its own clock, checked; the last line is JSON."""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from billing.core.period import Month
from infra.local.cloud import LocalCloud
from infra.local.demo.cloud import DeployedCloud
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller, Totals
from infra.local.deploy import deploy
from infra.local.people import settle_people
from infra.local.synth import synthesise

FIRST_MONTH = Month("2026-03")


def tell(folder: Path, months: int) -> Totals:
    """Deploy into `folder`, with the functions' grants enforced, and live through `months`."""
    assembly = synthesise()
    with LocalCloud(folder, enforce_grants=True) as cloud:
        outputs = deploy(cloud, assembly)
        deployed = DeployedCloud(cloud, outputs, settle_people(cloud, outputs))
        story = Story(Teller(deployed, _say), FIRST_MONTH)
        story.found()
        for n in range(months):
            story.month(FIRST_MONTH.plus(n))
        from infra.local.audit import (
            behind,
            findings,
        )  # the stores read the tables' names when they are imported

        story.teller.check("auditoria", list(findings()), [])
        story.teller.check("listas de todos os clientes", list(behind()), [])
    return story.teller.totals


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--months", type=int, default=2)
    months = options.parse_args().months
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mensal-demo-") as folder:
        totals = tell(Path(folder), months)
    figures = {
        name: value if isinstance(value, int) else str(value) for name, value in asdict(totals).items()
    }
    _say(json.dumps({**figures, "seconds": round(time.monotonic() - begun, 1)}))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
