"""Return files are cut and read many lines at a time: whatever the block size, what is read and what is refused are the
same."""

from datetime import UTC, date, datetime
from itertools import product

import pytest

from billing.adapters.sandbox_bank.bank import paid, respond
from billing.banking import returns
from billing.banking.instructions import Instruction, Movement
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts import columns
from billing.banking.layouts.itau.cnab400 import RETURN_PIX, RETURN_TITLE
from billing.banking.layouts.return_file import numbered
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from tests.bench.bench_banking import itau, sicoob, title

PIECES = (1, 2, 3, 5, 250)


def _returned(terms):
    instructions = [Instruction(Movement.REGISTER, title(number)) for number in range(1, 7)]
    remittance = write_remittance(
        terms, instructions, sequence=1, created_at=datetime(2026, 3, 2, 12, tzinfo=UTC)
    )
    return respond(remittance, lambda seen: [paid(seen.amount)], sequence=1, on=date(2026, 3, 20))


def _renumbered(lines):
    return "".join(f"{line[:394]}{number:06d}\r\n" for number, line in enumerate(lines, 1)).encode("latin-1")


def _with_pix(content):
    header, *titles, trailer = content.decode("latin-1").splitlines()
    pix = RETURN_PIX.write_named({"erro_pix": "01"})
    return _renumbered([header, *(line for title in titles for line in (title, pix)), trailer])


def _with_a_segment_between(content):
    """A segment Y after the second title; the titles' own numbers and the trailers' counts are adjusted."""
    lines = content.decode("latin-1").splitlines()
    lines.insert(6, lines[5][:13] + "Y" + lines[5][14:])
    details = [f"{line[:8]}{number:05d}{line[13:]}" for number, line in enumerate(lines[2:-2], 1)]
    batch = f"{lines[-2][:17]}{len(details) + 2:06d}{lines[-2][23:]}"
    file = f"{lines[-1][:23]}{len(lines):06d}{lines[-1][29:]}"
    return "".join(f"{line}\n" for line in [*lines[:2], *details, batch, file]).encode("latin-1")


FOUR, TWO = _returned(itau()), _returned(sicoob())
FILES = {"400": FOUR, "400 with pix": _with_pix(FOUR), "240": TWO, "240 with y": _with_a_segment_between(TWO)}


@pytest.fixture(params=FILES)
def content(request):
    return FILES[request.param]


def _told(content):
    header, occurrences = read_return(content)
    return header, list(occurrences)


def _refused(content):
    with pytest.raises(InvalidReturn) as caught:
        read_return(content)
    return caught.value


def _spoilt(content, line, column, text):
    lines = content.splitlines(keepends=True)
    own = lines[line - 1]
    lines[line - 1] = own[: column - 1] + text + own[column - 1 + len(text) :]
    return b"".join(lines)


@pytest.mark.req("BNK-05")
def test_result_does_not_depend_on_how_the_file_is_split(monkeypatch, content):
    whole = _told(content)
    assert len(whole[1]) == 6
    for together in PIECES:
        monkeypatch.setattr(returns, "_TOGETHER", together)
        assert _told(content) == whole, together


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("content", "line", "column", "text", "code", "field"),
    [
        (FOUR, 5, 153, b"12A4", "field", "valor_titulo"),
        (FOUR, 5, 395, b"9", "sequence", "sequencial"),
        (FOUR, 6, 241, b"\x00", "character", "desconto"),
        (FOUR, 4, 1, b"0", "second_header", ""),
        (TWO, 6, 1, b"001", "bank", "banco"),
        (TWO, 6, 9, b"9", "sequence", "sequencial"),
        (TWO, 7, 82, b"9 9", "field", "valor_titulo"),
        (TWO, 8, 78, b"9 9", "field", "valor_pago"),
        (TWO, 7, 14, b"U", "second_u", "segmento"),
        (TWO, 3, 14, b"Y", "orphan_segment", "segmento"),
        (TWO, 9, 8, b"1", "record_order", "registro"),
    ],
)
def test_first_fault_is_named_however_the_file_is_split(
    monkeypatch, content, line, column, text, code, field
):
    later = min(10, len(content.splitlines()))
    once = _spoilt(content, line, column, text)
    for together, spoilt in product(PIECES, (once, _spoilt(once, later, 1, b"\x00"))):
        monkeypatch.setattr(returns, "_TOGETHER", together)
        fault = _refused(spoilt)
        assert (fault.code, fault.line, fault.field) == (f"return.{code}", line, field), together


def test_an_equal_line_in_another_piece_is_a_repeat(monkeypatch):
    header, *titles, trailer = FOUR.decode("latin-1").splitlines()
    cents = sum(int(line[152:165]) for line in [*titles, titles[0]])
    trailer = f"{trailer[:212]}{7:08d}{cents:014d}{trailer[234:]}"
    for together in PIECES:
        monkeypatch.setattr(returns, "_TOGETHER", together)
        _, occurrences = _told(_renumbered([header, *titles, titles[0], trailer]))
        assert [occurrence.repeat for occurrence in occurrences] == [0] * 6 + [1], together


def test_one_line_in_utf_8_does_not_change_how_the_others_are_read(monkeypatch):
    lines = FOUR.splitlines(keepends=True)
    lines[3] = lines[3][:37] + "é".encode() + lines[3][38:]
    for together in PIECES:
        monkeypatch.setattr(returns, "_TOGETHER", together)
        _, occurrences = _told(b"".join(lines))
        assert [occurrence.our_reference[0] for occurrence in occurrences] == [
            "i",
            "i",
            "é",
            "i",
            "i",
            "i",
        ], together


def test_a_memo_forgets_before_it_grows_without_bound(monkeypatch):
    monkeypatch.setattr(columns, "_MOST", 2)
    keys = []
    memo = columns.Memo(lambda key: keys.append(key) or key)
    assert [memo[key] for key in (1, 1, 2, 3, 1)] == [1, 1, 2, 3, 1]
    assert (keys, len(memo)) == ([1, 2, 3, 1], 2)


@pytest.mark.parametrize(("first", "count"), [(1, 1), (998, 3), (999, 1002), (2000, 1)])
def test_numbers_side_by_side_are_those_of_the_sequence(first, count):
    assert numbered(first, count, 6) == "".join(f"{number:06d}" for number in range(first, first + count))


def test_sequence_that_outgrew_its_columns_is_not_checked():
    assert numbered(99_999, 2, 5) == "99999100000"


def test_a_column_is_cut_once():
    with pytest.raises(ValueError, match="column 24 is in two cells"):
        columns.columns_of(RETURN_TITLE, "agencia conta", "conta")


def test_unicode_digit_is_not_a_digit():
    """A line in UTF-8 may contain any: it is a fault of its field, and a text field keeps it."""
    cut = columns.columns_of(RETURN_TITLE, "valor_titulo")
    [cell] = cut(["1".ljust(152) + "٣".rjust(13, "0") + " " * 235])["valor_titulo"]
    with pytest.raises(ValueError, match="is not a number"):
        columns.money_of(cell)


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize("more", [0, 1])
def test_blank_lines_at_the_end_are_taken_up_to_a_limit(more):
    blank = b"\r\n" * (returns._MOST_BLANK_LINES + more)

    if not more:
        assert read_return(FOUR + blank)[0].titles == 6
        return
    with pytest.raises(InvalidReturn, match="linhas em branco no fim"):
        read_return(FOUR + blank)
