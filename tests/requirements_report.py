"""Which test proves which requirement: `python -m tests.requirements_report` (make requirements).

Reads the ids of docs/requirements.md and the `req` marks of the collected tests; writes build/requirements.md and
prints the counts. An id that a test names and the document lacks is an error.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.waiting import UNCALLED, UNSET_FIELDS, UNSET_STATES

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "requirements.md"
REPORT = ROOT / "build" / "requirements.md"
_ITEM = re.compile(r"^- ([A-Z]{3}-\d{2}) (.*)$", re.MULTILINE)

NO_PRODUCER = {
    "CAT-02": "items made by metering: its events name items that exist, and no API adds one of that origin",
    "CAT-03": "the refusal for an item of metering's, which nothing makes yet",
    "INV-01": "reasons that nothing raises yet: fiscal documents pending or issued, schedule suspended on the profile",
    "INV-19": "locks that nothing sets yet: fiscal document, profile change, schedule suspended, pending billing, locked charge",
    "INV-03": "only the changes that the bank carries on the same title, as instructions; no alteration of the invoice itself",
    "INV-09": "reasons that nothing raises yet: part of an agreement, fiscal document by the settled value",
    "PAY-07": "the arithmetic with the federal table: no tenant keeps or edits its own, no boleto asks for the net",
    "FIS-02": "the pure rules alone: no document is kept, numbered in a table, transmitted, no route; the stand-in for the authority answers in process alone",
    "FIS-03": "the rule on the entity and in the XML: nothing fills the observations in, keeps them or prints them",
    "FIS-04": "the rule on the entities: no route, no table of numbers",
    "FIS-05": "the page of an NFCom alone: no DANFSe, no 21/22, no e-mail, no route",
    "FIS-07": "the fields in the XML; the CBS rate of 2027 is not fixed, and documents of that year are refused",
    "SEC-01": "profiles that a tenant edits: the four are sets of permissions in the code",
}
"""Requirements proven on the entity, where part of what they name has no producer yet."""


def without_producer() -> dict[str, list[str]]:
    """Requirement -> what of it nothing makes or calls yet: as told above, and as the sweep of the source finds it."""
    waiting = {name: [text] for name, text in NO_PRODUCER.items()}
    for found, name in {**UNCALLED, **UNSET_STATES, **UNSET_FIELDS}.items():
        waiting.setdefault(name, []).append(f"`{found}`")
    return waiting


def requirement_ids() -> set[str]:
    return {name for name, _ in _ITEM.findall(DOCUMENT.read_text())}


class _Collector:
    def __init__(self) -> None:
        self.proofs: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            test = item.nodeid.split("[")[0]
            for mark in item.iter_markers("req"):
                for requirement in mark.args:
                    self.proofs[requirement].add(test)


def collect() -> dict[str, set[str]]:
    collector = _Collector()
    options = [
        "--collect-only",
        "-o",
        "addopts=--import-mode=importlib",
        "-p",
        "no:terminal",
        str(ROOT / "tests"),
    ]
    pytest.main(options, plugins=[collector])
    return collector.proofs


def render(proofs: dict[str, set[str]]) -> str:
    lines = ["# Requirements and the tests that prove them", ""]
    requirements = _ITEM.findall(DOCUMENT.read_text())
    proven = sum(1 for name, _ in requirements if name in proofs)
    waiting = without_producer()
    partly = sum(1 for name, _ in requirements if name in proofs and name in waiting)
    none = len(requirements) - proven
    count = f"{len(requirements)} requirements: {proven} with tests, of which {partly} lack a producer in part; {none} with none yet."
    lines += [count, ""]
    for name, text in requirements:
        lines.append(f"- **{name}** {text[:100]}{'…' if len(text) > 100 else ''}")
        lines += [f"  - `{test}`" for test in sorted(proofs.get(name, ()))] or ["  - no test yet"]
        if name in waiting:
            lines.append(f"  - no producer yet: {'; '.join(waiting[name])}")
    return "\n".join(lines) + "\n"


def main() -> int:
    proofs = collect()
    unknown = sorted(set(proofs) - requirement_ids())
    REPORT.parent.mkdir(exist_ok=True)
    report = render(proofs)
    REPORT.write_text(report)
    sys.stdout.write(f"{report.splitlines()[2]}\n{REPORT.relative_to(ROOT)}\n")
    if unknown:
        sys.stdout.write(f"tests name requirements that do not exist: {', '.join(unknown)}\n")
    return 1 if unknown or not proofs else 0


if __name__ == "__main__":
    raise SystemExit(main())
