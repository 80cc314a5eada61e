"""The published examples of files are read, and every line of them is a record of its kind."""

import re
from pathlib import Path

import pytest

from billing.usage.file_imports import RECORDS, ImportKind
from billing.usage.file_lines import FileFormat, lines, numbered, record

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "usage_files.md"
EXAMPLES = re.findall(r"^## (\w+)\n\n```(\w+)\n(.+?)```", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_every_kind_has_an_example() -> None:
    assert [kind for kind, _, _ in EXAMPLES] == list(ImportKind)


@pytest.mark.req("USE-03", "USE-04", "USE-07")
@pytest.mark.parametrize(("kind", "file_format", "text"), EXAMPLES, ids=[kind for kind, _, _ in EXAMPLES])
def test_example_is_read(kind: str, file_format: str, text: str) -> None:
    model = RECORDS[ImportKind(kind)]
    records = [numbered(line) for line in lines([text.encode()], FileFormat(file_format), model.model_fields)]

    assert len(records) == len(text.splitlines()) - (file_format == "csv") > 0
    for _, line in records:
        model.model_validate(record(line))
