"""Compose a message from a template, the values of its wildcards and the attached invoices."""

from collections.abc import Iterable, Mapping

from billing.access.call import Call
from billing.core.errors import refusing_faults
from billing.customers.company import Company
from billing.customers.model import Channel, Customer
from billing.dispatch.letters import Attachment, email_bytes, email_content
from billing.dispatch.model import Message
from billing.dispatch.sending import Postman, content_key
from billing.dispatch.templates import MessageContent, MessagePurpose, TemplateChannel, sms_content
from billing.invoicing.invoice import Invoice

UNWRITABLE = "Esta mensagem não pode ser montada. Confira nome, endereço e e-mail do cliente e da empresa."
_parks = refusing_faults("message.unwritable", UNWRITABLE)
"""A name or a value that makes one message unwritable does not affect the others."""


@_parks
def filled(
    channel: TemplateChannel, subject: str, body: str, facts: Mapping[str, str], company: Company
) -> MessageContent:
    """What the customer will read. Raises Refused for an SMS that is too long, or for a message that cannot be
    written."""
    if channel is Channel.SMS:
        return sms_content(body, facts)
    return email_content(subject, body, facts, company)


@_parks
def composed(
    call: Call,
    postman: Postman,
    content: MessageContent,
    *,
    message_id: str,
    purpose: MessagePurpose,
    customer: Customer,
    company: Company,
    to: tuple[str, ...],
    cc: tuple[str, ...] = (),
    invoices: Iterable[Invoice] = (),
    template_id: str | None = None,
) -> tuple[Message, bytes]:
    """The message, and the bytes for its provider; an e-mail carries each invoice's PDF. Raises Refused."""
    invoices = tuple(invoices)
    if content.channel is Channel.SMS:
        data = content.text.encode()
    else:
        data = email_bytes(
            content,
            message_id=message_id,
            company=company,
            to=to,
            cc=cc,
            attachments=[
                Attachment(attachment_name(invoice), postman.pdf_of(call, customer.id, invoice.id))
                for invoice in invoices
            ],
            at=postman.clock.now(),
        )
    message = Message(
        id=message_id,
        customer_id=customer.id,
        company_id=company.id,
        channel=content.channel,
        purpose=purpose,
        to=to,
        cc=cc,
        subject=content.subject,
        template_id=template_id,
        invoice_ids=tuple(invoice.id for invoice in invoices),
        content_key=content_key(call.tenant_id, customer.id, message_id, content.channel, data),
        sent_by=call.actor.id,
        run_id=call.actor.run_id,
    )
    return message, data


def attachment_name(invoice: Invoice) -> str:
    return f"fatura-{invoice.series}-{invoice.number}.pdf"


def sender_of(company: Company, channel: Channel) -> str:
    return company.sender_email if channel is Channel.EMAIL else company.trade_name
