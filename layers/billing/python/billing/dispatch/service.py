"""Maintain templates, start mass dispatches, send single messages manually (MSG-01, MSG-02, MSG-03)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from billing.access.call import Call
from billing.audit.batches import all_of
from billing.audit.changes import Changes
from billing.core import emails
from billing.core.br import phones
from billing.core.emails import Email
from billing.core.entity import Entity
from billing.core.errors import InvalidInput, Refusal, Refused, Transient
from billing.core.ids import derived_id, new_id
from billing.core.table import require_version
from billing.core.text import Id, Line
from billing.customers import service as register
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.company_store import companies
from billing.customers.model import Channel, Customer
from billing.dispatch import sending, store, values, wildcards
from billing.dispatch.actions import TemplateAction
from billing.dispatch.composing import composed, filled, sender_of
from billing.dispatch.model import DispatchRequest, Message, MessageState, message_id
from billing.dispatch.sending import Postman
from billing.dispatch.templates import (
    BodyText,
    MessageContent,
    MessagePurpose,
    NewTemplate,
    SubjectLine,
    Template,
    TemplateChannel,
    demonstration,
)
from billing.dispatch.wildcards import TemplateKind
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import GONE, STATUS_PT
from billing.invoicing.store import find_charges
from billing.runs import service as runs
from billing.runs.kinds import RunKind
from billing.runs.model import Run
from billing.runs.processes import Processes

BUSY = "O provedor está sobrecarregado e não aceitou a mensagem. Envie de novo em alguns minutos."


class MessagePreview(Entity):
    """Um modelo, salvo ou não, para ler como um cliente o leria."""

    company_id: Id
    kind: TemplateKind = TemplateKind.SINGLE
    channel: TemplateChannel = Channel.EMAIL
    subject: SubjectLine = Field(default="", examples=["Seu boleto de #empresa#"])
    body: BodyText = Field(examples=["Olá, #cliente#! Segue o seu boleto de #empresa#."])
    invoice_id: Id | None = None
    """Fatura que dá valor aos coringas do envio em massa."""


class MessageDraft(Entity):
    """Mensagem como iria, com o destino preenchido."""

    to: tuple[str, ...]
    content: MessageContent


class NewMessage(Entity):
    """O que se envia a um cliente; “Enviar Boleto Individual” é isto com uma fatura anexada."""

    company_id: Id
    channel: TemplateChannel = Channel.EMAIL
    to: tuple[Annotated[Line, StringConstraints(max_length=254)], ...] = Field(default=(), max_length=10)
    """Destinatários; em branco, os do cadastro do cliente."""
    cc: tuple[Email, ...] = Field(default=(), max_length=10)
    """Cópias; só de e-mail."""
    subject: SubjectLine = ""
    body: BodyText
    invoice_ids: tuple[Id, ...] = Field(default=(), max_length=10)
    """Faturas anexas, em PDF; só em e-mail."""
    template_id: Id | None = None
    """Modelo de que o texto partiu."""
    save_as_template: Annotated[Line, Field(min_length=1, max_length=80)] | None = None
    """Guarda assunto e texto como modelo, com este nome."""

    def as_template(self, name: str) -> NewTemplate:
        """Raises Refused if it could not be sent."""
        return NewTemplate(
            name=name, kind=TemplateKind.SINGLE, channel=self.channel, subject=self.subject, body=self.body
        ).checked()


def add_template(call: Call, new: NewTemplate) -> Template:
    """Raises Refused, naming each wildcard that is not one of its kind's."""
    template = Template.model_validate({**new.checked().__dict__, "id": new_id("tpl")})
    _require_only_one(call, template)
    changes = Changes(call)
    changes.put(store.template_row(call.tenant_id, template), TemplateAction.ADDED)
    return changes.commit_answering(template)


def change_template(call: Call, template_id: str, version: int, new: NewTemplate) -> Template:
    before = require_version(store.get_template(call.tenant_id, template_id), version)
    _require_nobody_elses(call, before)
    after = before.evolve(**new.checked().__dict__)
    _require_only_one(call, after)
    changes = Changes(call)
    changes.put(store.template_row(call.tenant_id, after), TemplateAction.CHANGED, before=before, after=after)
    return changes.commit_answering(after)


def remove_template(call: Call, template_id: str, version: int) -> Template:
    """Runs that were planned with it continue: they have a copy of its text."""
    before = require_version(store.get_template(call.tenant_id, template_id), version)
    _require_nobody_elses(call, before)
    changes = Changes(call)
    changes.delete(store.template_row(call.tenant_id, before), TemplateAction.REMOVED, before=before)
    return changes.commit_answering(before)


def add_demonstration_templates(call: Call) -> list[Template]:
    """Add the templates that a new tenant starts with, except those that it already has by name."""
    there = {template.name for template in store.templates(call.tenant_id)}
    return [add_template(call.part(new.name), new) for new in demonstration() if new.name not in there]


def start_dispatch(call: Call, processes: Processes, request: DispatchRequest) -> Run:
    """Another request for the same range starts another run, which finds what was billed since; either run recognises a
    message that has gone out by its id."""
    request = checked(call, request)
    return runs.start(
        call,
        processes,
        RunKind.DISPATCH,
        company_id=request.company_id,
        input={name: str(value) for name, value in request.to_map().items()},
    )


def checked(call: Call, request: DispatchRequest) -> DispatchRequest:
    """The request with its templates. Raises Forbidden, NotFound, Refused."""
    call.require_company(request.company_id)
    request = request.with_templates(store.templates(call.tenant_id))
    for channel, template_id in request.template_ids().items():
        _require_mass_template(store.get_template(call.tenant_id, template_id), channel)
    return request


def preview(call: Call, customer_id: str, request: MessagePreview) -> MessageDraft:
    """What a real customer would read. Raises Refused as saving and sending would."""
    customer, company = _customer_and_company(call, customer_id, request.company_id)
    wildcards.require_known({"subject": request.subject, "body": request.body}, request.kind)
    values.require_portal_unused(request.subject, request.body)
    facts = values.of_customer(customer, company)
    if request.invoice_id is not None:
        invoice = _invoice(call, customer_id, request.invoice_id)
        keys = [(customer_id, charge_id) for charge_id in invoice.charge_ids]
        facts |= values.of_invoice(invoice, find_charges(call.tenant_id, keys).values())
    content = filled(request.channel, request.subject, request.body, facts, company)
    return MessageDraft(to=customer.contacts(request.channel), content=content)


def send_to(call: Call, postman: Postman, customer_id: str, new: NewMessage) -> Message:
    """Send one message manually (MSG-02); the same request again returns what became of it and sends nothing.

    Raises Refused or NotFound before anything is stored. A message that the provider refuses is stored as failed, and
    returned.
    """
    if call.idempotency is None:
        raise InvalidInput("idempotency.missing", "Envie o cabeçalho Idempotency-Key.")
    customer, company = _customer_and_company(call, customer_id, new.company_id)
    template = new.as_template(new.save_as_template or "Mensagem")
    values.require_portal_unused(new.subject, new.body)
    to = _destination(new, customer)
    sending_id = derived_id("ask", call.actor_id, call.idempotency.key, call.idempotency.request_hash)
    identity = message_id(MessagePurpose.SINGLE, sending_id, new.channel, customer_id)
    there = sending.standing(call, postman, customer_id, identity)
    if there is not None and there.state is MessageState.QUEUED:
        return sending.give_up(call, postman, customer_id, identity, BUSY)
    if there is not None:
        return there
    message, data = composed(
        call,
        postman,
        filled(new.channel, new.subject, new.body, values.of_customer(customer, company), company),
        message_id=identity,
        purpose=MessagePurpose.SINGLE,
        customer=customer,
        company=company,
        to=to,
        cc=new.cc,
        invoices=all_of("invoice_ids", new.invoice_ids, lambda id_: _invoice(call, customer_id, id_)),
        template_id=new.template_id,
    )
    save = None
    if new.save_as_template is not None:
        save = Template.model_validate({**template.__dict__, "id": derived_id("tpl", identity)})
    sender = sender_of(company, new.channel)
    try:
        return sending.send(call, postman, message, data, sender=sender, save=save)
    except Transient:
        return sending.give_up(call, postman, customer_id, identity, BUSY)


def messages_of(call: Call, customer_id: str) -> list[Message]:
    """Messages of the caller's companies, newest first (MSG-04)."""
    customers.get(call.tenant_id, customer_id)
    messages = store.messages_of(call.tenant_id, customer_id)
    return [message.seen_at(call.now) for message in messages if call.works_for(message.company_id)]


def message_of(call: Call, customer_id: str, message_key: str) -> Message:
    """Raises NotFound; Forbidden for a message of a company that the caller does not work for."""
    message = store.get_message(call.tenant_id, customer_id, message_key)
    call.require_company(message.company_id)
    return message.seen_at(call.now)


def _require_nobody_elses(call: Call, template: Template) -> None:
    """Raises Refused for a template with a purpose if the caller does not work for every company of the base: the
    scheduled dispatch of all of them uses it."""
    if template.purpose is None:
        return
    others = [one.trade_name for one in companies(call.tenant_id) if not call.works_for(one.id)]
    if others:
        message = f"O envio agendado de {', '.join(others)} usa o modelo “{template.name}”. Peça a quem atende todas."
        raise Refused.because([Refusal("template.in_use", message)])


def _require_only_one(call: Call, template: Template) -> None:
    """Raises Refused if another template is already the one for this channel and purpose."""
    if template.purpose is None:
        return
    for other in store.templates(call.tenant_id):
        if (other.channel, other.purpose) == (template.channel, template.purpose) and other.id != template.id:
            raise Refused.because(
                [
                    Refusal(
                        "template.purpose_taken",
                        f"O modelo “{other.name}” já é o desta finalidade. Retire a finalidade dele primeiro.",
                        field="purpose",
                    )
                ]
            )


def _customer_and_company(call: Call, customer_id: str, company_id: str) -> tuple[Customer, Company]:
    call.require_company(company_id)
    return customers.get(call.tenant_id, customer_id), register.company(call, company_id)


def _invoice(call: Call, customer_id: str, invoice_id: str) -> Invoice:
    """Raises NotFound; Forbidden if the caller does not work for its company; Refused if its status is in `GONE`."""
    invoice = invoicing.get_invoice(call.tenant_id, customer_id, invoice_id)
    call.require_company(invoice.company_id)
    if invoice.status in GONE:
        status = STATUS_PT[invoice.status].lower()
        message = f"A fatura {invoice.number} está com status de {status} e não se envia ao cliente."
        raise Refused.because([Refusal("message.invoice_gone", message, field="invoice_ids")])
    return invoice


def _destination(new: NewMessage, customer: Customer) -> tuple[str, ...]:
    """The recipients, as typed or from the register. Raises Refused or InvalidInput."""
    reasons = []
    if new.channel is Channel.SMS:
        if new.cc:
            reasons.append(Refusal("message.sms_copies", "Um SMS não tem cópias.", field="cc"))
        if new.invoice_ids:
            reasons.append(
                Refusal(
                    "message.sms_attachments",
                    "Um SMS não leva anexos: envie por e-mail.",
                    field="invoice_ids",
                )
            )
    to = new.to or customer.contacts(new.channel)
    if not to:
        reasons.append(
            Refusal(
                "message.no_destination",
                "Informe o destinatário: o cadastro do cliente não tem contato que aceite este canal.",
                field="to",
            )
        )
    if reasons:
        raise Refused.because(reasons)
    if new.channel is Channel.SMS:
        return (_telephone(to),)
    return tuple(dict.fromkeys(emails.validate(address) for address in to))


def _telephone(to: tuple[str, ...]) -> str:
    number = phones.validate(to[0])
    if len(to) > 1 or not phones.is_mobile(number):
        raise InvalidInput(
            "message.sms_destination", "Um SMS vai para um celular só: informe um número com DDD."
        )
    return number


def _require_mass_template(template: Template, channel: TemplateChannel) -> None:
    reasons = []
    if template.kind is not TemplateKind.MASS:
        reasons.append(
            Refusal(
                "dispatch.template_kind",
                f"O modelo “{template.name}” é de envio individual. Escolha um de envio em massa.",
            )
        )
    if template.channel is not channel:
        reasons.append(Refusal("dispatch.template_channel", f"O modelo “{template.name}” é de outro canal."))
    if reasons:
        raise Refused.because(reasons)
    values.require_portal_unused(template.subject, template.body)
