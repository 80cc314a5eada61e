"""Send one message at most once, no matter what is killed at which moment (ADR 7).

    content stored -> row `sending` (must not exist) -> the provider's one call -> row `sent`

A kill before the row leaves no message. After the answer was stored, a repeat finds `sent`. In between, the message may
have gone out, and a repeat makes it `uncertain`. Nothing else in the product sends messages.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.clock import Clock
from billing.core.errors import Conflict, Transient
from billing.core.files import Files, Folder
from billing.core.ids import content_hash
from billing.core.pace import Pace
from billing.customers.model import Channel
from billing.customers.senders import require_proven
from billing.dispatch import store
from billing.dispatch.actions import MessageAction, TemplateAction
from billing.dispatch.model import Message, MessageState
from billing.dispatch.ports import Letter, Messengers, Rejected, Unanswered
from billing.dispatch.templates import Template

PdfOf = Callable[[Call, str, str], bytes]
"""The PDF of an invoice, by customer and invoice id. Passed in: it is drawn in a layer above. Raises BillingError."""

BACK_OFF_S = (1, 2, 4)
"""How many seconds to wait while the provider is throttling, before the message is left for a later attempt."""


@dataclass(frozen=True)
class Postman:
    """What sending needs from outside. `clock` is the real one: the instant of a run is not when a message was sent."""

    messengers: Messengers
    files: Files
    clock: Clock
    pdf_of: PdfOf
    pace: Pace


def content_key(tenant_id: str, customer_id: str, message_id: str, channel: Channel, content: bytes) -> str:
    """The key under which the sent content is stored; other content gets another file."""
    ending = "eml" if channel is Channel.EMAIL else "txt"
    return Folder.MESSAGES.key(tenant_id, customer_id, f"{message_id}-{content_hash(content)[:16]}.{ending}")


def standing(call: Call, postman: Postman, customer_id: str, message_id: str) -> Message | None:
    """The message as earlier attempts left it. It may be sent if it is None or `queued`; otherwise nothing more may be
    done. A message that was left in `sending` becomes uncertain here.
    """
    message = store.find_message(call.tenant_id, customer_id, message_id)
    if message is None or message.state is not MessageState.SENDING:
        return message
    try:
        return _keep(call, message.doubted(postman.clock.now()))
    except Conflict:
        return store.get_message(call.tenant_id, customer_id, message_id)  # its sender has just finished


def send(
    call: Call,
    postman: Postman,
    message: Message,
    content: bytes,
    *,
    sender: str,
    save: Template | None = None,
) -> Message:
    """Give a new or queued message to its provider, and return it in its new state; the template in `save` is stored
    with it.

    Raises Refused for an e-mail whose sender is not proven; Transient, with the message queued, if the provider keeps
    throttling. If another attempt is sending the message at this very moment, it is returned as stored.
    """
    if message.channel is Channel.EMAIL:
        require_proven(call.tenant_id, sender)
    key = content_key(call.tenant_id, message.customer_id, message.id, message.channel, content)
    postman.files.put(key, content, "application/octet-stream")
    postman.pace.wait()
    try:
        begun = _begin(call, message.sending(postman.clock.now()), save)
    except Conflict:
        return store.get_message(call.tenant_id, message.customer_id, message.id)
    letter = Letter(
        tenant_id=call.tenant_id,
        customer_id=message.customer_id,
        message_id=message.id,
        sender=sender,
        to=message.to,
        cc=message.cc,
        content=content,
    )
    try:
        provider_id = _post(postman, message.channel, letter)
    except Rejected as rejected:
        why = rejected.why
        return _conclude(call, begun, lambda current: current.failed(postman.clock.now(), why))
    except Unanswered:
        return _conclude(call, begun, lambda current: current.doubted(postman.clock.now()))
    except Transient:
        with suppress(Conflict):  # another attempt took it for cut off: it stays uncertain
            _keep(call, begun.requeued(postman.clock.now()), answers=False)
        raise
    return _conclude(call, begun, lambda current: current.sent(postman.clock.now(), provider_id))


def give_up(call: Call, postman: Postman, customer_id: str, message_id: str, why: str) -> Message:
    """Mark as failed a queued message that nobody will try again."""
    queued = store.get_message(call.tenant_id, customer_id, message_id)
    return _keep(call, queued.failed(postman.clock.now(), why))


def _post(postman: Postman, channel: Channel, letter: Letter) -> str:
    messenger = postman.messengers[channel]
    for seconds in BACK_OFF_S:
        try:
            return messenger.send(letter)
        except Transient:
            postman.pace.sleep(seconds)
    return messenger.send(letter)


def _begin(call: Call, message: Message, save: Template | None) -> Message:
    changes = Changes(call)
    changes.put(store.message_row(call.tenant_id, message), MessageAction.POSTED)
    if save is not None:
        changes.put(store.template_row(call.tenant_id, save), TemplateAction.ADDED)
    changes.commit()
    return message.evolve(version=message.version + 1)


def _conclude(call: Call, begun: Message, outcome: Callable[[Message], Message]) -> Message:
    """Store how the call ended; if another attempt took the message for cut off in the meantime, settle the doubt."""
    try:
        return _keep(call, outcome(begun))
    except Conflict:
        current = store.get_message(call.tenant_id, begun.customer_id, begun.id)
        if current.state is not MessageState.UNCERTAIN or outcome(begun).state is MessageState.UNCERTAIN:
            return current
        return _keep(call, outcome(current))


def _keep(call: Call, message: Message, *, answers: bool = True) -> Message:
    """Store the message's next state, without an audit entry, because a message is its own history."""
    changes = Changes(call)
    changes.include(store.message_row(call.tenant_id, message))
    if answers:
        return changes.commit_answering(message)
    changes.commit()
    return message.evolve(version=message.version + 1)
