"""Templates, one partition per tenant; messages, one partition per customer."""

from collections.abc import Collection, Iterable

from billing.core.errors import NotFound
from billing.core.names import Source
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in
from billing.dispatch.model import Message
from billing.dispatch.templates import Template


class DispatchTable(Table):
    Meta = meta("dispatch")


def template_row(tenant_id: str, template: Template) -> DispatchTable:
    return entity_row(DispatchTable, f"{tenant_id}#templates", f"template#{template.id}", template)


def get_template(tenant_id: str, template_id: str) -> Template:
    """Raises NotFound."""
    template = find(DispatchTable, f"{tenant_id}#templates", f"template#{template_id}", Template)
    if template is None:
        raise NotFound("template.missing", "O modelo de mensagem não existe.")
    return template


def templates(tenant_id: str) -> list[Template]:
    return list(rows_in(DispatchTable, f"{tenant_id}#templates", "template#", Template))


def names(tenant_id: str, template_ids: Collection[str]) -> dict[str, str]:
    return {one.id: one.name for one in templates(tenant_id) if one.id in template_ids}


NAMES = Source("tpl_", names)


def message_row(tenant_id: str, message: Message) -> DispatchTable:
    """Keyed by id alone, not by day, so that a repeat on another day finds it."""
    return entity_row(DispatchTable, f"{tenant_id}#{message.customer_id}", f"message#{message.id}", message)


def find_message(tenant_id: str, customer_id: str, message_id: str) -> Message | None:
    return find(DispatchTable, f"{tenant_id}#{customer_id}", f"message#{message_id}", Message)


def get_message(tenant_id: str, customer_id: str, message_id: str) -> Message:
    """Raises NotFound."""
    message = find_message(tenant_id, customer_id, message_id)
    if message is None:
        raise NotFound("message.missing", "A mensagem não existe.")
    return message


def find_messages(tenant_id: str, keys: Iterable[tuple[str, str]]) -> dict[str, Message]:
    """Messages by id, for (customer, message) pairs; those that do not exist are left out."""
    rows = [(f"{tenant_id}#{customer}", f"message#{message}") for customer, message in keys]
    return {message.id: message for message in find_many(DispatchTable, rows, Message).values()}


def messages_of(tenant_id: str, customer_id: str) -> list[Message]:
    """For the customer's panel, newest first."""
    messages = rows_in(DispatchTable, f"{tenant_id}#{customer_id}", "message#", Message)
    return sorted(messages, key=lambda message: (message.steps[0].at, message.id), reverse=True)
