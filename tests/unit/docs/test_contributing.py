"""What CONTRIBUTING.md and the README name exists: files, folders, and the description of the example run."""

import re
from dataclasses import fields

import pytest

from billing.runs.kinds import Process
from infra.settings import ROOT

PRODUCT = ROOT / "layers" / "billing" / "python"
ROOTS = (ROOT, PRODUCT, PRODUCT / "billing", ROOT / "web", ROOT / "infra")
OF_EXAMPLES = {"banking/layouts/banco_novo/"}


@pytest.mark.parametrize("document", ["CONTRIBUTING.md", "README.md"])
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text()
    named = set(re.findall(r"`([\w.-]+/[\w./-]*)`", text)) | set(re.findall(r"\]\(([\w./-]+)\)", text))

    assert len(named) > 10
    missing = {path for path in named if not any((root / path).exists() for root in ROOTS)}
    assert missing - OF_EXAMPLES == set()


def test_example_of_a_run_is_described_as_runs_are() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    example = text[text.index("RunKind.READJUSTMENT: Process(") :].split("),\n```")[0]

    assert set(re.findall(r"^\+\s+(\w+)=", example, re.MULTILINE)) <= {
        field.name for field in fields(Process)
    }
