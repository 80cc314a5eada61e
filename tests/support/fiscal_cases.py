"""The golden cases of fiscal documents (tests/golden/fiscal), by file."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "golden" / "fiscal"


def golden(name: str) -> dict[str, Any]:
    """A whole file; its `count` must match the number of cases in it, so that none is lost."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    if len(content["cases"]) != content["count"]:
        raise AssertionError(f"{name}: {len(content['cases'])} cases, {content['count']} announced")
    return content


def cases(name: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = golden(name)["cases"]
    return listed
