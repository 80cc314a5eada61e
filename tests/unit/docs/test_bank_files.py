"""docs/formats/bank_files.md says what the code does: which banks, which files, which movements, which tests prove the
faults."""

import re
from pathlib import Path

import pytest

from billing.banking.boleto.bank import MODULES
from billing.banking.instructions import Movement
from billing.banking.layouts.registry import DESCRIBED
from billing.banking.remittance import movements_of
from billing.banking.terms import LENGTHS
from tests.support.bank_accounts import ACCOUNTS

TEXT = Path("docs/formats/bank_files.md").read_text(encoding="utf-8")
TESTS = Path("tests")


def rows_after(heading):
    """The cells of the table's rows."""
    lines = TEXT.split(heading, 1)[1].strip().splitlines()
    table = [line for line in lines[: lines.index("")] if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_boletos_named_are_those_that_are_issued():
    [named] = re.findall(r"^Boletos: ([\d, ]+)\.", TEXT, re.MULTILINE)
    assert set(named.split(", ")) == set(MODULES)


@pytest.mark.req("BNK-03")
def test_files_named_are_those_of_the_registry():
    named = [re.search(r"(\d{3}), CNAB (\d{3})", row[0]).groups() for row in rows_after("### Files")]
    assert sorted((bank, int(length)) for bank, length in named) == sorted(DESCRIBED)


@pytest.mark.req("BNK-04")
def test_movements_named_are_those_that_are_written():
    expected = {}
    for terms in ACCOUNTS.values():
        taken = movements_of(terms)
        name = f"{terms.bank}, CNAB {LENGTHS[terms.layout]}"
        expected[name] = ["yes" if movement in taken else "" for movement in Movement]
    assert {row[0]: row[1:] for row in rows_after("## Movements")} == expected


def test_every_fault_of_a_peer_has_tests_that_exist():
    known = set(
        re.findall(r"def (test_\w+)", "".join(p.read_text("utf-8") for p in TESTS.rglob("test_*.py")))
    )
    rows = rows_after("## Faults that others have")
    assert len(rows) >= 12
    for fault, tests in rows:
        named = re.findall(r"`(test_\w+)`", tests)
        assert named, fault
        assert set(named) <= known, fault
