"""The story of the demonstration, in this process: two months, three kinds of company, every total checked."""

from pathlib import Path

import pytest

from billing.core.period import Month
from infra.local.audit import findings
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller
from tests.support.aws import InProcessAws
from tests.support.world import world


@pytest.mark.req(
    "CLO-01", "CLO-06", "CLO-12", "CON-06", "INV-17", "INV-18", "BNK-04", "BNK-05", "MSG-03", "PAY-08"
)
def test_two_months_of_three_kinds_of_company(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(monkeypatch, tmp_path) as cloud:
        story = Story(Teller(cloud, print), Month("2026-03"))
        story.found()
        story.month(Month("2026-03"))
        story.month(Month("2026-04"))
        assert list(findings()) == []

    assert story.teller.totals.customers == 60
    assert story.teller.totals.invoices == 120
