"""Months on the deployed template with the power cut in every run: `python -m tests.stories.killed FOLDER KEPT ROUNDS`.

KEPT has the story's base (`tests.stories.kept`). Each round kills the emulator (SIGKILL) inside one function of a run,
at a fraction of its usual time after it began. The states of a process take turns: those that were killed least come
first, some in one run. The watch of `make run` restarts the emulator, and what the schedule calls every five minutes
starts the run again; nothing else does. When the run is done, all stored data must add up (`make audit`), and no
message may have been sent twice. The output is a table with a line for each round; the last line is JSON. The cloud and
its story are kept in the folder, so that other tests can go on from there.

It runs in a process of its own, because the stores read their tables' names from the environment only once.
"""

import json
import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import urllib3

from billing.runs.kinds import PROCESSES, RunKind
from infra.functions import RECOVER_RUNS
from infra.local import watch as watching
from infra.local.cloud import CloudDidNotStart, LocalCloud
from infra.local.demo.cloud import Answer, DeployedCloud
from infra.local.demo.teller import Teller
from infra.local.deploy import Outputs
from infra.local.people import User, settle_people
from tests.stories import kept
from tests.stories.dying_server import USUAL_S

PATHS = {
    "/runs/closings": RunKind.MONTHLY_CLOSING,
    "/runs/billing": RunKind.BILLING_RUN,
    "/runs/remittances": RunKind.REMITTANCE,
    "/bank-returns": RunKind.BANK_RETURN,
    "/runs/dispatches": RunKind.DISPATCH,
}
"""By what starts the run."""
STATES = {
    kind: [task for part, task in PROCESSES[kind].tasks.items() if part != "Fail"] for kind in PATHS.values()
}
KILLS_A_RUN = {
    RunKind.MONTHLY_CLOSING: 3,
    RunKind.BILLING_RUN: 3,
    RunKind.REMITTANCE: 3,
    RunKind.BANK_RETURN: 1,
    RunKind.DISPATCH: 3,
}
"""A month has two remittances, six returns and one each of the others: room for each state of all."""
STARTS = 5
_BACK_SECONDS = 600.0

T = TypeVar("T")


class KilledCloud(DeployedCloud):
    """Survives the emulator's death: a request that fails then is sent again, with the same key, once it is back."""

    def __init__(self, cloud: LocalCloud, outputs: Outputs, users: list[User]) -> None:
        super().__init__(cloud, outputs, users)
        self.now = datetime.now().astimezone()

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
        key = key or f"killed-{next(self._keys)}"
        return self._surviving(
            lambda: super(KilledCloud, self).request(who, method, path, body, version=version, key=key)
        )

    def upload(self, link: dict[str, Any], data: bytes) -> None:
        self._surviving(lambda: super(KilledCloud, self).upload(link, data))

    def download(self, url: str) -> bytes:
        return self._surviving(lambda: super(KilledCloud, self).download(url))

    def travel(self, at: datetime) -> None:
        self.now = at
        super().travel(at)

    def recover(self) -> None:
        """What the schedule does every five minutes."""
        functions = self._cloud.client("lambda").get_paginator("list_functions").paginate()
        (name,) = [
            function["FunctionName"]
            for page in functions
            for function in page["Functions"]
            if function["Handler"] == RECOVER_RUNS.handler
        ]
        event = json.dumps({"time": self.now.isoformat()}).encode()
        self._cloud.client("lambda").invoke(FunctionName=name, Payload=event)

    def _surviving(self, do: Callable[[], T]) -> T:
        deadline = time.monotonic() + _BACK_SECONDS
        while True:
            try:
                return do()
            except (urllib3.exceptions.HTTPError, OSError):
                if time.monotonic() > deadline:
                    raise
                self._http.clear()
                time.sleep(0.2)


@dataclass
class KillingTeller(Teller):
    """Kills inside each run of the processes above; `cloud` is a KilledCloud."""

    folder: Path = Path()
    share: int = 0
    """Deaths that each state is to have, at work."""
    table: list[dict[str, Any]] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(20260401))
    inside: Counter[tuple[RunKind, str]] = field(default_factory=Counter)
    """Kills of each state while it was at work."""

    def run(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path not in PATHS:
            return super().run(path, body)
        return self._killed(path, lambda: super(KillingTeller, self).run(path, body))

    def returned(self, data: bytes) -> dict[str, Any]:
        return self._killed("/bank-returns", lambda: super(KillingTeller, self).returned(data))

    def check(self, what: str, actual: object, wanted: object) -> None:
        """A message that was cut off inside the provider's call is uncertain, and not sent again automatically."""
        if what == "mensagens a menos" and isinstance(actual, int) and actual <= self._cut_dispatches():
            return
        super().check(what, actual, wanted)

    def _wanted(self, kind: RunKind) -> list[str]:
        """The states of a process that still need rounds, those killed least first."""
        lacking = [state for state in STATES[kind] if self.inside[kind, state] < self.share]
        return sorted(lacking, key=lambda state: self.inside[kind, state])

    def _killed(self, path: str, follow: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        kind, orders = PATHS[path], self.folder / "die"
        before = len(self._deaths())
        wanted = self._wanted(kind)[: KILLS_A_RUN[kind]]
        orders.write_text("".join(f"{state} {self.dice.uniform(0.05, 0.8):.3f}\n" for state in wanted))
        begun = time.monotonic()
        run = follow()
        time.sleep(USUAL_S)  # an ordered death may come just after the run's end
        orders.write_text("")
        deaths = self._deaths()[before:]
        if deaths:
            self._record(kind, run, deaths, time.monotonic() - begun)
        return run

    def _record(self, kind: RunKind, run: dict[str, Any], deaths: list[str], seconds: float) -> None:
        from infra.local.audit import findings  # the stores read the tables' names when they are imported

        run_id = run["run_id"] if kind is RunKind.BANK_RETURN else run["id"]
        attempts = self.get(f"/runs/{run_id}")["attempt"]
        faults = [" ".join(finding) for finding in findings()] + self._sent_twice()
        for death in deaths:
            state, after_ms, at_work = death.split()
            self.inside[kind, state] += at_work == "during"
            row = {
                "round": len(self.table) + 1,
                "process": str(kind),
                "killed_in": state,
                "after_ms": int(after_ms),
                "at_work": at_work,
                "attempts": attempts,
                "seconds": round(seconds, 1),
                "findings": len(faults),
            }
            self.table.append(row)
            self.say("| " + " | ".join(str(value) for value in row.values()) + " |")
        super().check(f"auditoria da rodada {len(self.table)}", faults, [])

    def _sent_twice(self) -> list[str]:
        """A mailbox file is named after its message."""
        mailbox = self.folder / "mailbox"
        counted = Counter(re.sub(r"-[0-9a-f]{8}$", "", file.stem) for file in mailbox.glob("[!.]*.*"))
        return [
            f"message {message} went out {times} times" for message, times in counted.items() if times > 1
        ]

    def _deaths(self) -> list[str]:
        deaths = self.folder / "deaths"
        return deaths.read_text().splitlines() if deaths.exists() else []

    def _cut_dispatches(self) -> int:
        return sum(death.startswith("send_chunk") for death in self._deaths())


class RecoveringCloud(LocalCloud):
    """After each restart, what the schedule does is done at once."""

    recover: Callable[[], None]

    def restart(self) -> None:
        """However long it takes on a busy machine."""
        for left in reversed(range(STARTS)):
            try:
                super().restart()
                break
            except CloudDidNotStart:
                if not left:
                    raise
        self.recover()


def main(folder: Path, base: Path, rounds: int) -> None:
    cloud = RecoveringCloud(folder, enforce_grants=True, server="tests.stories.dying_server")
    begun = kept.take_up(base, cloud)
    with cloud:
        killed = KilledCloud(cloud, begun.outputs, settle_people(cloud, begun.outputs))
        cloud.recover = killed.recover
        share = -(-rounds // sum(map(len, STATES.values())))
        teller = KillingTeller(killed, _say, folder=folder, share=share)
        story = begun.told_by(teller)
        stop = threading.Event()
        watching.WITHIN_SECONDS = 0.0  # it may die as often as it likes
        threading.Thread(target=watching.watch, args=(cloud, stop, lambda _line: None), daemon=True).start()
        _say("| round | process | killed in | after ms | at work | attempts | seconds | findings |")
        _say("|---|---|---|---|---|---|---|---|")
        for later in range(share):
            story.month(kept.MONTH.plus(later))
        stop.set()
        kept.keep(cloud, begun.outputs, story)
    inside = {f"{kind} {state}": times for (kind, state), times in teller.inside.items() if times}
    _say(
        json.dumps(
            {
                "rounds": len(teller.table),
                "inside": inside,
                "findings": sum(row["findings"] for row in teller.table),
                **{name: str(value) for name, value in asdict(teller.totals).items()},
            }
        )
    )


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
