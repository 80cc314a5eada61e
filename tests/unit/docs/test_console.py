"""What docs/console.md names exists: each row of its tables a screen, and a test or the requirement that it waits for."""

import re
from collections.abc import Iterator

import pytest

from infra.settings import ROOT

WEB = ROOT / "web"
NAMED = re.compile(r"`([^`]+)`")
ROUTE = re.compile(r'^  \["(/[^"]*)", \(\) => import', re.MULTILINE)
REQUIREMENT = re.compile(r"^- ([A-Z]{3}-\d\d) ", re.MULTILINE)


def rows() -> Iterator[tuple[str, str, str]]:
    for line in (ROOT / "docs" / "console.md").read_text().splitlines():
        if line.startswith("| ") and not line.startswith("| Sentence |"):
            sentence, screen, test = line.strip("| ").split(" | ")
            yield sentence, screen, test


def known_tests() -> set[str]:
    """As the tables name them: a walk, a test of the console, a file of tests."""
    files = (
        *(WEB / "walks").glob("*.walk.ts"),
        *(WEB / "src").rglob("*.test.ts"),
        *(ROOT / "tests").rglob("test_*.py"),
    )
    return {file.name.removesuffix(file.suffix) for file in files}


@pytest.mark.parametrize(("sentence", "screen", "test"), list(rows()))
def test_row_names_what_exists(sentence: str, screen: str, test: str) -> None:
    routes = set(ROUTE.findall((WEB / "src" / "routes.tsx").read_text()))
    paths = {name for name in NAMED.findall(screen) if name.startswith("/")}
    named = set(NAMED.findall(test))
    waits_for = set(REQUIREMENT.findall(f"- {test} "))

    assert paths - routes == set(), f"no screen has this address: {sentence}"
    assert named - known_tests() == set(), f"there is no such test: {sentence}"
    assert waits_for <= set(REQUIREMENT.findall((ROOT / "docs" / "requirements.md").read_text()))
    assert bool(named) != bool(waits_for), f"a test, or the requirement that it waits for: {sentence}"
    assert ("not yet" in screen) == bool(waits_for), sentence


def test_every_walk_is_named() -> None:
    named = {name for _, _, test in rows() for name in NAMED.findall(test)}

    assert {file.name.removesuffix(".ts") for file in (WEB / "walks").glob("*.walk.ts")} - named == set()
