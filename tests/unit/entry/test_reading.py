"""JSON as the API reads it: strictly, and within limits that no request of ours comes near."""

import base64
import json
from typing import Any

import pytest
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st

from billing.core.errors import InvalidInput
from billing.entry.reading import MAX_DEPTH, MAX_DIGITS, MAX_KEYS, read_json, text_of

pytestmark = pytest.mark.req("SEC-06")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@given(JSON)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    for is_ascii in (True, False):
        assert read_json(json.dumps(value, ensure_ascii=is_ascii)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (nested(MAX_DEPTH + 1), "body.too_deep"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "body.too_deep"),
        ("[" * 50_000 + "]" * 50_000, "body.too_deep"),
        (nested(50_000), "body.too_deep"),
        ("1" * (MAX_DIGITS + 1), "body.number"),
        (f"-{'9' * 100_000}", "body.number"),
        (f"1.{'9' * 100_000}", "body.number"),
        ("1e99999999999999999999", "body.number"),
        ("NaN", "body.number"),
        ("[Infinity]", "body.number"),
        ("-Infinity", "body.number"),
        ("1e999", "body.number"),
        ('{"a": {"b": 1, "c": 2, "b": 1}}', "body.repeated_field"),
        (json.dumps(dict.fromkeys(map(str, range(MAX_KEYS + 1)))), "body.too_many_fields"),
        (r'"\ud800"', "body.encoding"),
        (r'{"\udfff": 1}', "body.encoding"),
    ],
)
def test_beyond_a_limit_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json(text)

    assert refused.value.code == code
    assert len(refused.value.title) < 150


def test_at_a_limit_is_read() -> None:
    assert read_json("1" * MAX_DIGITS) == int("1" * MAX_DIGITS)
    assert len(read_json(json.dumps(dict.fromkeys(map(str, range(MAX_KEYS)))))) == MAX_KEYS
    assert read_json(nested(MAX_DEPTH))
    assert read_json(r'"\ud83d\ude00"') == "😀"


@pytest.mark.parametrize("text", ["{", "sim", "{'a': 1}", '{"a": 1,}', '"a\nb"', "1 2", "\ufeff{}"])
def test_text_that_is_not_json_says_so(text: str) -> None:
    with pytest.raises(RequestValidationError) as refused:
        read_json(text)

    assert refused.value.errors()[0]["type"] == "json_invalid"


def test_bytes_that_are_not_text_are_refused() -> None:
    assert text_of({"body": base64.b64encode("é".encode()).decode(), "isBase64Encoded": True}) == "é"
    for body in (base64.b64encode(b"\xff\xfe").decode(), "x"):
        with pytest.raises(InvalidInput):
            text_of({"body": body, "isBase64Encoded": True})
