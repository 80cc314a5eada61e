"""What a function is given from its environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing.adapters.local_mailbox import LocalProofs
from billing.adapters.ses import SesIdentities
from billing.entry import wiring


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    wiring.sender_proofs.cache_clear()
    yield
    wiring.sender_proofs.cache_clear()


def test_senders_are_proven_by_ses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILBOX_DIR", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "sa-east-1")

    assert isinstance(wiring.sender_proofs(), SesIdentities)


def test_senders_are_proven_by_the_local_twin_where_there_is_a_mailbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MAILBOX_DIR", str(tmp_path))

    assert isinstance(wiring.sender_proofs(), LocalProofs)
