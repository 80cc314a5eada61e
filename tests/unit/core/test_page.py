import base64
import json
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core import page
from billing.core.errors import InvalidInput
from billing.core.page import cursor_at, number_in, place_in

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
