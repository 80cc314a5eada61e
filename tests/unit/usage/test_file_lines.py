"""Files of usage: every line is reported by its number, whatever is in it, and memory does not grow with the file."""

import gzip
import json
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing.core.errors import Refused
from billing.usage import file_lines
from billing.usage.file_lines import (
    LONGEST_LINE,
    MOST_BLANK_LINES,
    MOST_LINES_OF_A_RECORD,
    FileFormat,
    Unreadable,
    lines,
    numbered,
    record,
)

pytestmark = pytest.mark.req("USE-03")
FIELDS = ("event_key", "quantity", "restart")


def read(data: bytes, file_format: FileFormat = FileFormat.JSON_LINES, size: int = 7) -> dict[int, Any]:
    """The content of each line, or the code of why it has none."""
    chunks = (data[start : start + size] for start in range(0, len(data), size))
    records: dict[int, Any] = {}
    for number, text in map(numbered, lines(chunks, file_format, FIELDS)):
        try:
            records[number] = record(text)
        except Unreadable as fault:
            records[number] = fault.reason.code
    return records


def read_csv(data: bytes) -> dict[int, Any]:
    return read(data, FileFormat.CSV)


def test_json_lines_keep_their_numbers_and_exact_quantities() -> None:
    data = b'\xef\xbb\xbf{"event_key": "a", "quantity": 0.1}\r\n\n{"event_key": "b"}'

    assert read(data) == {1: {"event_key": "a", "quantity": Decimal("0.1")}, 3: {"event_key": "b"}}


def test_csv_has_a_header_with_commas_or_semicolons_and_nested_columns() -> None:
    with_commas = b'event_key,quantity,restart.old_final\na,1.5,\n"b,2",2,900\n'
    with_semicolons = b"event_key;quantity\r\nc;3\r\n\r\n;\r\nd;4\r\n"

    assert read_csv(with_commas) == {
        2: {"event_key": "a", "quantity": "1.5"},
        3: {"event_key": "b,2", "quantity": "2", "restart": {"old_final": "900"}},
    }
    assert read_csv(with_semicolons) == {
        2: {"event_key": "c", "quantity": "3"},
        5: {"event_key": "d", "quantity": "4"},
    }


def test_line_that_is_not_a_record_is_reported_and_the_others_count() -> None:
    data = b"\n".join(
        [b"nada", b"[1]", b'{"q": NaN}', b'{"q": "\xff"}', b"[" * 9000, b"x" * 40_000, b'{"q": 1}']
    )

    assert read(data) == {
        1: "import.json",
        2: "import.json",
        3: "import.json",
        4: "import.encoding",
        5: "import.json",
        6: "import.line_too_long",
        7: {"q": 1},
    }
    assert read_csv(b"event_key\na,b\nc\n") == {2: "import.cells", 3: {"event_key": "c"}}


def test_cell_with_a_line_end_is_reported_by_its_first_line() -> None:
    assert read_csv(b'event_key\n"a\nb"\nc\n') == {2: {"event_key": "ab"}, 4: {"event_key": "c"}}


@pytest.mark.parametrize("header", [b"event_key,customer\n", b"", b"event_key,event_key\n"])
def test_csv_with_other_columns_is_refused_whole(header: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_csv(header + b"a,b\n")

    assert refused.value.code == "import.columns"


@example(b"\r\x00", FileFormat.CSV, 1)  # a lone carriage return in the header
@given(st.binary(max_size=300), st.sampled_from(FileFormat), st.integers(1, 40))
def test_any_input_is_read_or_reported(data: bytes, file_format: FileFormat, size: int) -> None:
    code = None
    try:
        read(data, file_format, size)
    except Refused as refused:
        code = refused.code
    assert code in {None, "import.columns", "import.damaged"}


@given(st.lists(st.text(min_size=1, max_size=20), max_size=20), st.integers(1, 50))
def test_gzip_reads_as_the_plain_file(keys: list[str], size: int) -> None:
    data = "\n".join(json.dumps({"event_key": key}) for key in keys).encode()

    assert (
        read(gzip.compress(data), size=size)
        == read(data)
        == dict(enumerate([{"event_key": key} for key in keys if "\ufffd" not in key], start=1))
    )


def test_gzip_that_is_cut_is_refused_whole() -> None:
    data = gzip.compress(b'{"event_key": "a"}\n' * 1000)

    with pytest.raises(Refused) as refused:
        read(data[:-10])

    assert refused.value.code == "import.damaged"


def test_memory_does_not_grow_with_the_file_nor_with_a_line() -> None:
    def chunks() -> Iterator[bytes]:
        for n in range(15):
            yield b"".join(b'{"event_key": "%d-%d"}\n' % (n, i) for i in range(1000))
        for _ in range(100):
            yield b"x" * 65_536  # one line of 6 MB

    tracemalloc.start()
    read_lines = sum(1 for _ in lines(chunks(), FileFormat.JSON_LINES, FIELDS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read_lines == 15_001
    assert peak < 20 * LONGEST_LINE


def refusal_of(data: bytes, file_format: FileFormat) -> str | None:
    try:
        for _ in lines([data], file_format, FIELDS):
            pass
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize(("more", "code"), [(0, None), (1, "import.blank_lines")])
def test_blank_lines_are_taken_up_to_a_limit(more: int, code: str | None) -> None:
    count = MOST_BLANK_LINES + more

    assert refusal_of(b"\n" * count, FileFormat.JSON_LINES) == code
    assert refusal_of(b"event_key,quantity\n" + b",\n" * count, FileFormat.CSV) == code


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize(("lines_", "code"), [(3, None), (4, "import.too_many_lines")])
def test_lines_are_taken_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch, lines_: int, code: str | None
) -> None:
    monkeypatch.setattr(file_lines, "MOST_LINES", 3)

    assert refusal_of(b"{}\n" * lines_, FileFormat.JSON_LINES) == code
    assert refusal_of(b"event_key\n" + b"a\n" * (lines_ - 1), FileFormat.CSV) == code


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize(("size", "code"), [(100_000, None), (100_001, "import.too_large")])
@pytest.mark.parametrize("kind", ["one long line", "many lines"])
def test_decompressed_bytes_are_taken_up_to_a_limit(
    monkeypatch: pytest.MonkeyPatch, kind: str, size: int, code: str | None
) -> None:
    monkeypatch.setattr(file_lines, "MOST_BYTES", 100_000)
    data = (b"x" if kind == "one long line" else b"x" * 9 + b"\n") * size

    assert refusal_of(gzip.compress(data[:size]), FileFormat.JSON_LINES) == code


@pytest.mark.req("SEC-06")
def test_bomb_of_blank_lines_is_refused_before_it_is_unpacked() -> None:
    """1 GB of line ends in 970 KB: a fifth of it kept a reader busy for four minutes. Python 3.12 and later read 128 KB
    ahead."""
    taken, bomb = 0, gzip.compress(b"\n" * 2_000_000) * 500

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        for start in range(0, len(bomb), 512):
            taken += 1
            yield bomb[start : start + 512]

    with pytest.raises(Refused, match=r"import\.blank_lines"):
        list(lines(chunks(), FileFormat.JSON_LINES, FIELDS))
    assert len(bomb) > 4 * 200_000 > 4 * 512 * taken


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize(("more", "code"), [(0, None), (1, "import.record_too_long")])
def test_record_of_many_lines_is_refused_and_says_where_it_begins(more: int, code: str | None) -> None:
    inside = b"x\n" * (MOST_LINES_OF_A_RECORD - 1 + more)
    data = b'event_key\na\n"' + inside + b'"\n'

    assert refusal_of(data, FileFormat.CSV) == code
    if code:
        with pytest.raises(Refused, match="linha 3"):
            read_csv(data)
