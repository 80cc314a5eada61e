"""Fixtures of tests of the API."""

import pytest

from billing.entry import wiring
from tests.support.members import PaperDirectory


@pytest.fixture
def directory(monkeypatch: pytest.MonkeyPatch) -> PaperDirectory:
    """In place of the user pool."""
    paper = PaperDirectory()
    monkeypatch.setattr(wiring, "directory", lambda: paper)
    return paper
