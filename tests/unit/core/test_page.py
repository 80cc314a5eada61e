import base64
import json

import pytest

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
