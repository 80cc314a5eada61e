"""Files of every bank and layout, randomly corrupted: read, or refused with what is wrong; never a crash. `make fuzz`
runs this for longer."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.registry import DESCRIBED, kind_of
from billing.banking.returns import read_return
from tests.fuzz.bank_files import feed, seeds, spoilt

SEEDS = dict(seeds())


def test_every_layout_is_tested_with_damaged_files():
    kinds = {kind_of(content.split(b"\r\n")[0].decode("latin-1")) for content in SEEDS.values()}
    assert {(kind.bank, kind.length) for kind in kinds if kind.direction == "retorno"} == DESCRIBED
    written = {(kind.bank, kind.length) for kind in kinds if kind.direction == "remessa"}
    assert len(written) == len(DESCRIBED) - 1  # Inter


@pytest.mark.req("BNK-05")
@given(name=st.sampled_from(sorted(SEEDS)), seed=st.integers(0, 2**32))
def test_spoilt_file_is_read_or_refused(name, seed):
    feed(spoilt(SEEDS[name], Random(seed)))


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("name", "line", "start", "text"),
    [
        ("unicred_240.0.ret", -3, 60, b"A"),  # blanks of the batch's trailer, taken for totals
        ("unicred_240.0.ret", -2, 20, b"A"),  # blanks of the file's trailer, taken for a count
        ("unicred.0.ret", 1, 310, b"Y"),  # an amount that the manual calls text
    ],
)
def test_letter_in_an_amount_is_refused_if_the_amount_is_read(name, line, start, text):
    """Found by fuzzing: a stack trace instead of line and field."""
    lines = SEEDS[name].split(b"\r\n")
    lines[line] = lines[line][: start - 1] + text + lines[line][start:]
    content = b"\r\n".join(lines)
    if name == "unicred.0.ret":
        with pytest.raises(InvalidReturn, match="campo valor_liquido"):
            read_return(content)
    else:
        read_return(content)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", [name for name in SEEDS if name.endswith(".0.ret")] + ["inter.ret"])
def test_return_cut_anywhere_is_refused(name):
    """Except for what a bank itself leaves out at the end of its last line."""
    content = SEEDS[name]
    last = content.rstrip(b"\r\n").rindex(b"\n") + 1
    for end in (*range(0, last, 97), last):
        with pytest.raises(InvalidReturn):
            read_return(content[:end])
