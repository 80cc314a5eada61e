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

NOT_YET = {
    "BEY-02": "credit notes against a final invoice: the credit balance, its entries and their use are there",
    "CAT-02": "items made by metering: its events name items that exist, and no API adds one of that origin",
    "CAT-03": "the refusal for an item of metering's, which nothing makes yet",
    "FIS-02": "NFCom and NFS-e are kept, numbered, transmitted and printed; of 21 and 22 the pure rules are there; no substitution and no contingency from the screen",
    "FIS-03": "kept observations are edited by issuing anew with others, not by a command of their own",
    "FIS-04": "a rejected number is given back and a document is cancelled; annulling, of 21 and 22 alone, has no route",
    "FIS-05": "PDF, XML and the month's archive of NFCom and NFS-e: no 21/22, no e-mail",
    "FIS-07": "the CBS rate of 2027 is not fixed, and documents of that year are refused",
    "INV-01": "a reason that nothing raises yet: schedule suspended on the profile",
    "INV-03": "only the changes that the bank carries on the same title, as instructions; no alteration of the invoice itself",
    "INV-05": "fiscal documents are not attached",
    "INV-19": "locks that nothing sets yet: profile change, schedule suspended, pending billing, locked charge",
    "PAY-07": "the arithmetic with the federal table: no tenant keeps or edits its own, no boleto asks for the net",
    "SEC-01": "profiles that a tenant edits: the four are sets of permissions in the code",
    "WEB-04": "axe is run on every screen of the menu and the dialogs that walks open; by keyboard alone, three tasks are walked",
}
"""Requirements that tests prove in part, and what is missing or not proven yet."""


def not_yet() -> dict[str, list[str]]:
    """Requirement -> what is missing: as listed above, and as the sweep of the source finds it without a caller."""
    missing = {name: [text] for name, text in NOT_YET.items()}
    for identifier, name in {**UNCALLED, **UNSET_STATES, **UNSET_FIELDS}.items():
        missing.setdefault(name, []).append(f"no producer: `{identifier}`")
    return missing


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
    missing = not_yet()
    partly = sum(1 for name, _ in requirements if name in proofs and name in missing)
    none = len(requirements) - proven
    idle = len({*UNCALLED.values(), *UNSET_STATES.values(), *UNSET_FIELDS.values()})
    count = (
        f"{len(requirements)} requirements: {proven} with tests, of which {partly} only in part; {none} with none yet; "
        f"{idle} with rules that have no producer yet."
    )
    lines += [count, ""]
    for name, text in requirements:
        lines.append(f"- **{name}** {text[:100]}{'…' if len(text) > 100 else ''}")
        lines += [f"  - `{test}`" for test in sorted(proofs.get(name, ()))] or ["  - no test yet"]
        if name in missing:
            lines.append(f"  - not yet: {'; '.join(missing[name])}")
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
