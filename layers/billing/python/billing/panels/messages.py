"""Messages to all customers: those sent, those not sent, and those that are uncertain (MSG-04)."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from billing.access.call import Call
from billing.core.br.text import search_key
from billing.core.clock import start_of_day
from billing.core.entity import Entity
from billing.core.files import Files
from billing.customers.model import Channel
from billing.dispatch import store
from billing.dispatch.model import Message, MessageState
from billing.dispatch.templates import MessagePurpose
from billing.panels.listing import CustomerName, ListSource, Where, read_list


class MessageOrder(StrEnum):
    LAST = "-at"
    CUSTOMER = "customer"


MESSAGES = ListSource(
    kinds=("message", "customer"),
    source="message AS row LEFT JOIN customer ON customer.id = row.customer_id",
    orders={
        MessageOrder.LAST: "row.moved_at DESC, row.id",
        MessageOrder.CUSTOMER: "customer.name_key, row.moved_at DESC, row.id",
    },
)


class MessageFilter(NamedTuple):
    company_id: str | None = None
    state: tuple[MessageState, ...] = ()
    channel: Channel | None = None
    purpose: MessagePurpose | None = None
    on_from: date | None = None
    on_to: date | None = None
    customer: str | None = None
    """Part of the name."""


class MessageListed(Message):
    """Uma mensagem com o nome do cliente."""

    customer: CustomerName | None = None
    state_label: str
    at: datetime | None = None
    """Quando chegou à situação em que está."""


class MessageList(Entity):
    """Mensagens a todos os clientes; `count` é de tudo o que o filtro abrange."""

    items: tuple[MessageListed, ...]
    count: int
    next_cursor: str | None = None


def messages(
    call: Call,
    files: Files,
    criteria: MessageFilter,
    *,
    sort: MessageOrder = MessageOrder.LAST,
    limit: int = 50,
    cursor: str | None = None,
) -> MessageList:
    """Messages of the caller's companies. Raises InvalidInput for a cursor from another list."""
    where = Where().within(call, "row.company_id").equal("row.company_id", criteria.company_id)
    where.one_of("row.state", criteria.state).equal("row.channel", criteria.channel)
    where.equal("row.purpose", criteria.purpose)
    if criteria.on_from is not None:
        where.add("row.moved_at >= ?", start_of_day(criteria.on_from).isoformat())
    if criteria.on_to is not None:
        where.add(
            "row.moved_at < ?",
            start_of_day(min(criteria.on_to, date(9999, 12, 30)) + timedelta(days=1)).isoformat(),
        )
    where.containing(
        "customer.name_key", None if criteria.customer is None else search_key(criteria.customer)
    )
    page = read_list(call, files, MESSAGES, where, sort=sort, limit=limit, cursor=cursor)
    present = store.find_messages(call.tenant_id, page.keys)
    return MessageList(
        items=tuple(
            _listed(present[message_id].seen_at(call.now), page.customers.get(customer_id))
            for customer_id, message_id in page.keys
            if message_id in present
        ),
        count=page.count,
        next_cursor=page.next_cursor,
    )


def _listed(message: Message, customer: CustomerName | None) -> MessageListed:
    return MessageListed(
        **message.__dict__,
        customer=customer,
        state_label=message.state.label,
        at=message.steps[-1].at if message.steps else None,
    )
