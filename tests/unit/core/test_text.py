"""What free text may contain."""

from typing import Any

import pytest
from pydantic import ValidationError

from billing.core.entity import Entity
from billing.core.period import Day, Month
from billing.core.text import Id, Line, Text, shortened
from billing.entry.messages import field_error

pytestmark = pytest.mark.req("SEC-06")


class Form(Entity):
    line: Line = ""
    text: Text = ""
    id: Id | None = None
    on: Day | None = None
    month: Month | None = None


UNSEEN = "\x00\x07\x0b\x1b\x7f\x85\x9f\u00ad\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ue000\ufeff\uffff"


@pytest.mark.parametrize("field", ["line", "text"])
@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
def test_unseen_characters_are_refused(field: str, character: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({field: f"Ana{character}Silva"})

    reason = field_error(dict(refused.value.errors()[0]))
    assert (reason.code, reason.field) == ("text.characters", field)


@pytest.mark.parametrize(
    "text", ["Padaria São João Ltda. & Cia.", "n\u00ba\u00a012 – “B”", "👩\u200d💻", "日本", "e\u0301"]
)
def test_ordinary_text_is_accepted(text: str) -> None:
    assert Form(line=text, text=text).line == text


def test_only_a_text_has_lines() -> None:
    assert Form(text="Uma\r\nduas\ttrês\n").text == "Uma\r\nduas\ttrês"
    assert Form(line=" Ana\n").line == "Ana"  # stripped at the ends
    for broken in ("Ana\nSilva", "Ana\r\nBcc: x@y.com", "Ana\tSilva"):
        with pytest.raises(ValidationError):
            Form(line=broken)


@pytest.mark.parametrize("text", ["", "a#b", "a/b", "a b", "x" * 61, "_a", "é"])
def test_text_that_cannot_be_a_key_is_not_an_id(text: str) -> None:
    with pytest.raises(ValidationError):
        Form(id=text)


@pytest.mark.parametrize("day", ["1899-12-31", "2200-01-01", "0001-01-01", "9999-12-31"])
def test_dates_out_of_our_time_are_refused(day: str) -> None:
    for sent in ({"on": day}, {"month": day[:7]}):
        with pytest.raises(ValidationError) as refused:
            Form.model_validate(sent)
        assert refused.value.errors()[0]["type"] == "date.range"


@pytest.mark.parametrize(
    "day", [0, 86400, 1.5, True, "0", "0.00", "86400", "20260430", "2026-04-30T00:00:00"]
)
def test_date_is_written_as_one(day: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({"on": day})
    assert refused.value.errors()[0]["type"] == "date.form"


@pytest.mark.parametrize("day", ["1900-01-01", "2199-12-31"])
def test_first_and_last_day_are_taken(day: str) -> None:
    assert str(Form.model_validate({"on": day, "month": day[:7]}).on) == day


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("", ""),
        ("CEP do pagador", "CEP do pagador"),
        ("CEP do pagador.", "CEP do pagado…"),
        ("CEP do devedor inválido", "CEP do devedo…"),
        ("CEP de quem é inválido", "CEP de quem é…"),
    ],
)
def test_text_up_to_its_length_is_kept_and_a_longer_one_ends_in_an_ellipsis(text: str, short: str) -> None:
    assert shortened(text, 14) == short
