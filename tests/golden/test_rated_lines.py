"""Whole contracts, line by line, as `rating_lines/` has them."""

import pytest

from billing.rating.engine import rate
from tests.golden.rated_lines import CONTRACTS, FOLDER, text_of
from tests.support.rating import told_again


@pytest.mark.req("CHG-01", "CHG-02", "CHG-03", "CHG-06", "CHG-08", "CHG-09")
@pytest.mark.parametrize("name", CONTRACTS)
def test_contract_is_rated_and_explained_as_reviewed(name: str) -> None:
    rating = rate(CONTRACTS[name]())
    assert text_of(rating) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert told_again(rating.lines)


def test_every_reviewed_file_has_its_contract() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(CONTRACTS)
