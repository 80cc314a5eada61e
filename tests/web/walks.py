"""Walks of the console in a real browser over the local cloud: `python -m tests.web.walks FOLDER`.

A process of its own, for the stores take their tables' names from the environment once. The demonstration's companies
have lived one month; the clock stands at ten in the morning of the twentieth of the next, so that no walk depends on
the day on which it is walked.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from billing.core.period import Month
from infra.local.cloud import LocalCloud
from infra.local.console import WEB, build_console, serve_console
from infra.local.demo.cloud import DeployedCloud
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller
from infra.local.deploy import deploy
from infra.local.people import settle_people
from infra.local.synth import synthesise

MONTH = Month("2026-03")
NOW = datetime(2026, 4, 20, 10, tzinfo=ZoneInfo("America/Sao_Paulo"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """$CHROME, or the first of Debian's and Google's names on the PATH."""
    return os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)


def main(folder: Path, pattern: str = "") -> int:
    browser = find_browser()
    assert browser is not None, "install Chromium (apt-get install chromium)"
    dist = build_console()
    with LocalCloud(folder, enforce_grants=True) as cloud:
        outputs = deploy(cloud, synthesise())
        users = settle_people(cloud, outputs)
        deployed = DeployedCloud(cloud, outputs, users)
        story = Story(Teller(deployed, print), MONTH)
        story.found()
        story.month(MONTH)
        deployed.travel(NOW)
        origin = serve_console(cloud, outputs, dist, port=0)
        environment = {
            **os.environ,
            "CHROME": browser,
            "CONSOLE": origin,
            "USERS": json.dumps([asdict(user) for user in users]),
            "PICTURES": str(WEB.parent / "build" / "walks"),
        }
        command = [
            "npx",
            "vitest",
            "run",
            "--config",
            "walks/vitest.config.ts",
            *([pattern] if pattern else []),
        ]
        return subprocess.run(command, cwd=WEB, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
