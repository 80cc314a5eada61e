import base64
import json
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core import page
from billing.core.errors import InvalidInput
from billing.core.page import cursor_at, number_in, part_of, place_in

LINES = "ten_alfa#lines#clo_1"


def crafted(key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


@pytest.mark.req("PLT-02")
def test_cursor_continues_where_the_page_ended() -> None:
    assert (place_in(LINES, None), number_in(LINES, None)) == (None, 0)
    assert place_in(LINES, cursor_at(LINES, "2026-03#clo_7")) == "2026-03#clo_7"
    assert number_in(LINES, cursor_at(LINES, 12)) == 12


@pytest.mark.req("PLT-02")
@pytest.mark.parametrize(
    "cursor",
    [
        "%%%",
        crafted([]),
        crafted({"partition": LINES}),
        crafted({"partition": {"S": LINES}}),
        crafted({"partition": {"S": 1}, "row": {"S": "1"}}),
        crafted({"partition": {"S": LINES}, "row": {"N": "1"}}),
        cursor_at("ten_alfa#lines#clo_2", 1),
        cursor_at("ten_beta#lines#clo_1", 1),
        cursor_at(LINES, -1),
        cursor_at(LINES, "²"),
        cursor_at(LINES, "2026-03"),
    ],
)
def test_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        number_in(LINES, cursor)
    assert refused.value.code == "page.cursor"


class Dropped(NamedTuple):
    id: str
    received_at: datetime


@given(st.lists(st.integers(0, 3), max_size=12), st.integers(1, 5))
def test_files_are_read_newest_first_each_once_whatever_the_page(minutes: list[int], size: int) -> None:
    files = [
        Dropped(f"f{n:02d}", datetime(2026, 4, 1, 10, minute, tzinfo=UTC)) for n, minute in enumerate(minutes)
    ]
    read: list[Dropped] = []
    cursor = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "MAX_PAGE", size)
        while True:
            items, cursor = page.newest_first("ten_a#files", files, cursor)
            assert len(items) <= size
            read += items
            if cursor is None:
                break
    assert read == sorted(files, key=lambda file: (file.received_at, file.id), reverse=True)
    with pytest.raises(InvalidInput):
        page.newest_first("ten_b#files", files, page.cursor_at("ten_a#files", "x"))


class Thing(NamedTuple):
    id: str


def things(*numbers: int) -> list[Thing]:
    return [Thing(f"inv_{number:04d}") for number in numbers]


@pytest.mark.req("PLT-02")
@given(count=st.integers(0, 12), most=st.integers(1, 5))
def test_pages_of_a_list_are_the_list_and_none_is_empty_but_that_of_nothing(count: int, most: int) -> None:
    whole = things(*range(count))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(page, "MOST_LISTED", most)
        part, cursor = part_of(LINES, whole, None)
        read = [part]
        while cursor is not None:
            part, cursor = part_of(LINES, whole, cursor)
            read.append(part)
    assert [thing for part in read for thing in part] == whole
    assert all(len(part) == most for part in read[:-1])
    assert bool(read[-1]) is bool(whole)


@pytest.mark.req("PLT-02")
@pytest.mark.parametrize(
    ("now", "following"),
    [
        (things(1, 2, 3, 4), things(3, 4)),
        (things(0, 1, 2, 3, 4), things(3, 4)),  # one more before it: none comes twice
        (things(2, 3, 4), things(3, 4)),  # one less before it: none is missed
        (things(1, 3, 4), things(4)),  # the last one read is gone: from its place
        (things(1), []),
    ],
)
def test_page_continues_after_the_last_thing_read_wherever_it_is_now(
    monkeypatch: pytest.MonkeyPatch, now: list[Thing], following: list[Thing]
) -> None:
    monkeypatch.setattr(page, "MOST_LISTED", 2)
    _, cursor = part_of(LINES, things(1, 2, 3, 4), None)
    assert list(part_of(LINES, now, cursor)[0]) == following


@pytest.mark.req("PLT-02", "SEC-06")
@pytest.mark.parametrize(
    "cursor", [cursor_at(LINES, "-1:inv_1"), cursor_at("ten_beta#lines#clo_1", "1:inv_1")]
)
def test_cursor_of_another_list_continues_no_list(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        part_of(LINES, things(1), cursor)
