"""The states of a message."""

from datetime import UTC, date, datetime, timedelta

import pytest

from billing.core.errors import Refused
from billing.customers.model import Channel
from billing.dispatch.model import MOVES, DispatchRequest, Message, MessageState, MessageStep, message_id
from billing.dispatch.templates import MessagePurpose, Template, demonstration

AT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def message(**changes) -> Message:
    fields = {
        "id": "msg_one1",
        "customer_id": "cus_joana",
        "company_id": "com_alfa",
        "channel": "email",
        "purpose": "invoice_issued",
        "to": ["joana@example.com"],
        "content_key": "ten_alfa/messages/cus_joana/msg_one1.eml",
        "sent_by": "usr_ana",
    }
    return Message.model_validate({**fields, **changes})


@pytest.mark.parametrize("before", list(MessageState))
@pytest.mark.req("MSG-04")
def test_only_the_moves_of_the_table_are_made(before):
    for after in MOVES[before]:
        assert message(state=before).moved(after, AT).steps == (MessageStep(state=after, at=AT),)
    for after in set(MessageState) - MOVES[before]:
        with pytest.raises(Refused, match=r"message\.move"):
            message(state=before).moved(after, AT)


@pytest.mark.req("MSG-03")
def test_uncertain_message_is_never_queued_again():
    assert not MOVES[MessageState.UNCERTAIN] & {MessageState.QUEUED, MessageState.SENDING}


@pytest.mark.req("MSG-04")
def test_a_message_tells_its_history():
    later = AT + timedelta(seconds=2)
    sent_message = message().sending(AT).doubted(AT).sent(later, "ses-1")

    assert (sent_message.state, sent_message.provider_id, sent_message.failure) == (
        MessageState.SENT,
        "ses-1",
        None,
    )
    assert sent_message.steps == (
        MessageStep(state=MessageState.SENDING, at=AT),
        MessageStep(state=MessageState.UNCERTAIN, at=AT),
        MessageStep(state=MessageState.SENT, at=later),
    )


@pytest.mark.req("MSG-04")
def test_message_cut_off_long_ago_is_seen_as_uncertain():
    sending = message().sending(AT)

    assert sending.seen_at(AT + timedelta(minutes=15)) == sending
    seen = sending.seen_at(AT + timedelta(minutes=15, seconds=1))
    assert (seen.state, seen.failure is not None) == (MessageState.UNCERTAIN, True)
    assert message().sending(AT).sent(AT, "ses-1").seen_at(AT + timedelta(days=1)).state is MessageState.SENT


@pytest.mark.req("MSG-03")
def test_same_content_to_the_same_person_is_the_same_message():
    one = (MessagePurpose.INVOICE_ISSUED, "inv_one1", Channel.EMAIL, "joana@example.com")
    others = [
        (MessagePurpose.DUE_REMINDER, *one[1:]),
        (one[0], "inv_two2", *one[2:]),
        (*one[:2], Channel.SMS, one[3]),
        (*one[:3], "ana@example.com"),
    ]

    assert message_id(*one) == message_id(*one)
    assert message_id(*one) not in {message_id(*other) for other in others}


def request(**changes) -> DispatchRequest:
    days = {"due_from": date(2026, 4, 9), "due_to": date(2026, 4, 10)}
    return DispatchRequest(**{"company_id": "com_alfa", **days, **changes})


def templates() -> list[Template]:
    """Two of the demonstration's templates are marked for when invoices are issued."""
    return [
        Template.model_validate({**new.__dict__, "id": f"tpl_{order:04d}"})
        for order, new in enumerate(demonstration())
    ]


@pytest.mark.req("MSG-03")
def test_dispatch_takes_the_templates_marked_for_its_purpose_unless_one_is_chosen():
    marked = request().with_templates(templates())
    chosen = request(sms_template_id="tpl_x000").with_templates(templates())

    assert marked.template_ids() == {Channel.EMAIL: "tpl_0000", Channel.SMS: "tpl_0001"}
    assert chosen.template_ids() == {Channel.SMS: "tpl_x000"}


@pytest.mark.req("MSG-03")
def test_dispatch_of_nothing_is_refused_with_every_reason():
    nothing = request(due_to=date(2026, 4, 8), purpose="due_reminder")
    with pytest.raises(Refused) as refused:
        nothing.with_templates(templates())

    assert [reason.code for reason in refused.value.reasons] == ["dispatch.range", "dispatch.no_template"]
