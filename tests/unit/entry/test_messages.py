"""What people are told about fields and refusals."""

import enum
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from billing.core.entity import Entity
from billing.core.errors import Refusal, Severity
from billing.entry.messages import MOST_REASONS, field_error, reasons_of, shortened, told_once


class Channel(enum.StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Form(Entity):
    channel: Channel | None = None
    kind: Literal[Channel.EMAIL, Channel.SMS] | None = None
    on: date | None = None
    name: str | None = Field(default=None, min_length=1)
    count: int = Field(default=0, ge=0, le=9)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"channel": "fax"}, "valor fora da lista: use email ou sms"),
        ({"kind": "fax"}, "valor fora da lista: use email ou sms"),
        ({"on": "2026-02-31"}, "esta data não existe no calendário"),
        ({"on": "2026-13-01"}, "esta data não existe no calendário"),
        ({"on": "31/01/2026"}, "deve ser uma data como 2026-04-30"),
        ({"on": "2026-01-31T10:00:00"}, "deve ser uma data como 2026-04-30, sem a hora"),
        ({"name": "  "}, "campo obrigatório"),
        ({"count": 10}, "deve ser menor ou igual a 9"),
        ({"count": "9" * 5000}, "número grande demais"),
        ({"other": 1}, "campo desconhecido"),
    ],
)
def test_faults_of_fields_are_explained_in_portuguese(sent: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate(sent)

    assert field_error(dict(refused.value.errors()[0])).message == message


@pytest.mark.parametrize(("choices", "listed"), [("ab", "a ou b"), ("abc", "a, b ou c"), ("a", "a")])
def test_choices_are_listed_with_ou_before_the_last(choices: str, listed: str) -> None:
    expected = ", ".join(f"'{choice}'" for choice in choices)
    message = field_error({"type": "enum", "ctx": {"expected": expected}}).message

    assert message == f"valor fora da lista: use {listed}"


@pytest.mark.parametrize(("sent", "kept"), [(59, 59), (60, 60), (61, 60)])
def test_name_that_somebody_sent_is_repeated_up_to_60_characters(sent: int, kept: int) -> None:
    assert shortened("a" * sent) == "a" * kept


def test_of_very_many_fields_the_first_are_listed_and_the_others_counted() -> None:
    with pytest.raises(ValidationError) as refused:
        Form.model_validate({f"a\u202e{n}": n for n in range(MOST_REASONS + 7)})
    reasons = reasons_of([{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()])

    assert len(reasons) == MOST_REASONS + 1
    assert (reasons[0].field, reasons[-1].message) == ("a0", "e mais 7 campos a corrigir")


REASONS = st.lists(
    st.builds(
        Refusal,
        code=st.just("x.y"),
        message=st.sampled_from(["Um.", "Dois.", "Três."]),
        severity=st.sampled_from(Severity),
        field=st.sampled_from([None, "amount"]),
    ),
    unique_by=lambda reason: reason.message,
)


@given(REASONS, st.sampled_from(["Um.", "Outro."]))
def test_no_message_of_several_appears_twice_and_none_is_lost(reasons: list[Refusal], title: str) -> None:
    heading, kept = told_once(title, reasons)
    said = [heading, *(reason.message for reason in kept)]

    assert {reason.message for reason in reasons} <= set(said)
    assert title in said
    if len(reasons) != 1:
        assert len(said) == len(set(said))
        assert list(kept) == reasons


def test_single_reason_stays_only_if_it_says_more_than_the_title() -> None:
    bare = Refusal("x.y", "Um.")

    assert told_once("Um.", [bare]) == ("Um.", ())
    for more in (bare._replace(field="amount"), bare._replace(severity=Severity.ASKS)):
        assert told_once("Um.", [more]) == ("Um.", [more])
