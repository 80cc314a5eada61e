"""One month on the deployed template with the power cut in every run: `python -m tests.stories.deployed FOLDER KEPT`.

KEPT has the story's base (`tests.stories.kept`). It runs in a process of its own, because the stores read their tables'
names from the environment only once. The last line is JSON.
"""

import json
import re
import sys
import time
from dataclasses import asdict
from pathlib import Path

from infra.local.cloud import LocalCloud
from infra.local.demo.cloud import Answer, DeployedCloud
from infra.local.demo.teller import Teller
from infra.local.people import settle_people
from tests.stories import kept

CUT_AFTER_S = (0.05, 0.4, 0.9, 0.2, 0.6)


class CutCloud(DeployedCloud):
    """Kills the emulator a moment after each run is started, restarts it, and starts the run again."""

    cuts = 0

    def request(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Answer:
        answer = super().request(who, method, path, body, version=version, key=key)
        if method == "POST" and re.fullmatch(r"/runs/[a-z]+", path) and answer.status == 202:
            time.sleep(CUT_AFTER_S[self.cuts % len(CUT_AFTER_S)])
            self.cuts += 1
            self.cut()
            return super().request(who, "POST", f"/runs/{answer.body['id']}/start-again")
        return answer

    def cut(self) -> None:
        self._cloud.kill()
        self._cloud.start()
        self._http.clear()


def main(folder: Path, base: Path) -> None:
    cloud = LocalCloud(folder, enforce_grants=True)
    begun = kept.take_up(base, cloud)
    with cloud:
        deployed = CutCloud(cloud, begun.outputs, settle_people(cloud, begun.outputs))
        teller = Teller(deployed, print)
        story = begun.told_by(teller)
        story.month(kept.MONTH)
        kept.keep(cloud, begun.outputs, story)
    figures = {
        name: value if isinstance(value, int) else str(value) for name, value in asdict(teller.totals).items()
    }
    print(json.dumps({**figures, "cuts": deployed.cuts}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
